"""The likeness of two names, as a score that says where it comes from.

The score is what met, over what met and what speaks against it: 100 · met / (met + lost). Both are sums of
what words count (`tokens`). A word that met less than surely is lost in part. Words that met nothing cost
more where both names have such words, one instead of the other, than where one name merely says more.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, product
from typing import Final, NamedTuple

from rapidfuzz.distance.OSA import distance

from greenlight.screening.alignment import Alignment, align, near
from greenlight.screening.doubts import doubt
from greenlight.screening.explanation import explain
from greenlight.screening.normalise import folded_words, strip_legal_forms
from greenlight.screening.scripts import read_out
from greenlight.screening.syllables import remembered_readings
from greenlight.screening.tokens import Kind, Prepared, prepare
from greenlight.screening.vocabulary import Sort, Token

# The score from which two names may be one party's, found on the tuning part of tests/screening/labelled.
THRESHOLD: Final = 75.0


class Costs(NamedTuple):
    """The price of words that met nothing, as multiples of what they count.

    `instead` for a word of one name in the place of a word of the other, `more` for what only one name says;
    both times `alone` where less than `enough` distinctive words met, as then common words tell names apart.
    """

    instead: float
    more: float
    alone: float
    enough: int


COSTS: Final[dict[Kind, Costs]] = {
    "organisation": Costs(instead=2.0, more=0.65, alone=1.8, enough=1),
    "person": Costs(instead=2.0, more=0.35, alone=3.0, enough=2),
    "vessel": Costs(instead=2.0, more=1.0, alone=1.0, enough=1),
}

# What a place weighs that only one name says, beside words of its own that met: little where the name may
# well do without it, much where it is likely a branch or a subsidiary.
AT_HOME: Final = 0.1
_ELSEWHERE: Final = 1.0
# How sure a name is that stands within another, in brackets or instead of it.
_ASIDE: Final = 0.95

# What a word of a trade counts (`words.DESCRIBING`), and what next to nothing does.
_TRADE: Final = 0.6
_LITTLE: Final = 0.25
_SURE: Final = 0.95
_LOOSE: Final = ("short form", "transliteration", "jumbled")
# Where no more than initials or a given name met.
_WEAK: Final = 60.0
# At most, where nothing but initials and numbers met.
UNSPELT: Final = 50.0
# A field of a form has more letters than this, so a name with fewer was not cut off.
CUT_OFF: Final = 16
# Words of a name that may go by its initials.
SAID_BY_INITIALS: Final = 3
# Initials leave these out.
_UNSPOKEN: Final = frozenset("and of the for de des du del et y e i und".split())

# At most this much, where two names have different words of a sort that tells names apart.
_CAPS: Final = {
    Sort.NUMBER: (50.0, "the numbers differ"),
    Sort.PLACE: (60.0, "the places differ"),
    Sort.DIRECTION: (60.0, "the directions differ"),
    Sort.PATRONYMIC: (60.0, "the patronymics differ"),
}


class Comparison(NamedTuple):
    """The likeness of two names: `score` from 0 to 100, and whether it reaches `THRESHOLD`.

    `in_part` is the part of what somebody wrote that was compared, where it was not all of it (`parts`).
    """

    score: float
    match: bool
    first: Prepared
    second: Prepared
    alignment: Alignment
    remark: str | None = None
    in_part: str | None = None

    @property
    def explanation(self) -> tuple[str, ...]:
        """Short lines: what met what and how, what met nothing, what was ignored, and the score."""
        return (
            *((f"compared in part: {self.in_part}",) if self.in_part else ()),
            *explain(self.first, self.second, self.alignment),
            *((self.remark,) if self.remark else ()),
            f"score {self.score:.1f}, a match from {THRESHOLD:.0f}",
        )


def compare(a: str, b: str, *, kind: Kind = "organisation") -> Comparison:
    """Compare two names of one kind; which of them comes first changes nothing of the score.

    Of a name longer than 300 characters the beginning is compared. Nothing but punctuation scores 0.
    """
    return compare_prepared(prepare(a, kind), prepare(b, kind))


def compare_prepared(a: Prepared, b: Prepared) -> Comparison:
    """Compare two names that were prepared for the same kind, and what they are called within them."""
    score, alignment, remark = _in_order(a, b)
    for one, other in _within(a, b) if score < THRESHOLD else ():
        found = round(_in_order(one, other)[0] * _ASIDE, 1)
        if found > score:
            score, remark = found, f"compared as {' and '.join(sorted((one.name, other.name)))}"
    return Comparison(score, score >= THRESHOLD, a, b, alignment, remark)


def _within(a: Prepared, b: Prepared) -> Iterator[tuple[Prepared, Prepared]]:
    """Compare what either is called within it, or may be read as, beside what the other is, or is called."""
    if not a.asides and not b.asides:
        return
    for one, other in islice(product((a, *a.asides), (b, *b.asides)), 1, None):
        # Of two names in Chinese characters that differ, another reading says nothing.
        if not (one.han and other.han) or one.han == other.han:
            yield one, other


def _in_order(a: Prepared, b: Prepared) -> tuple[float, Alignment, str | None]:
    if a.name <= b.name:
        return _compared(a, b)
    # In one order only, so that ties between words are decided alike whichever name comes first.
    score, alignment, remark = _compared(b, a)
    return score, alignment.swapped(), remark


def _compared(a: Prepared, b: Prepared) -> tuple[float, Alignment, str | None]:
    if not a.tokens or not b.tokens:
        return 0.0, Alignment((), a.tokens, b.tokens), "nothing of a name is left to compare"
    if a.han and b.han and a.han != b.han and read_out(a.han) == read_out(b.han):
        return 50.0, Alignment((), (), ()), "they sound alike, in other characters"
    if a.says_nothing or b.says_nothing:
        same = a.raw == b.raw or a.squashed == b.squashed
        return 100.0 if same else 0.0, Alignment((), a.tokens, b.tokens), "nothing in a name says who it is"
    if a.chain and a.chain == b.chain[::-1]:
        return 50.0, Alignment((), (), ()), "parent and child are exchanged"
    if a.texts == b.texts:
        if len(a.tokens) == 1 and not _sounds_alike(a.tokens[0], b.tokens[0], a.kind):
            return _WEAK, Alignment((), (), ()), "one word alone, in another language: weak evidence"
        return 100.0, Alignment((), (), ()), None
    if a.squashed == b.squashed or a.raw == b.raw:
        return 100.0, Alignment((), (), ()), "the same letters in the same order"
    alignment = align(a, b)
    score, remark = _score(a, b, alignment)
    if score >= THRESHOLD and (why := doubt(a, b, alignment)) is not None:
        score, remark = _WEAK, f"{why}: weak evidence"
    if score < THRESHOLD and a.kind == "person" and _read_alike(a, b):
        score, remark = 85.0, "syllable by syllable one name in Chinese or Korean"
    if score < THRESHOLD and _cut_off(a, b):
        score, remark = 85.0, "one name is the other, cut off within a word"
    if score < THRESHOLD and min(len(a.tokens), len(b.tokens)) == 1:
        as_one, why = _as_one_word(a, b)
        if as_one > score:
            score, remark = as_one, why
    return round(score, 1), alignment, remark


class _Met(NamedTuple):
    """The weight of the words that met, what they count less as they met unsurely, and what they say.

    `own` is how many of them say who it is; `spelt` whether any is more than an initial or a number.
    """

    met: float
    lost: float
    own: int
    spelt: bool


def _score(a: Prepared, b: Prepared, alignment: Alignment) -> tuple[float, str | None]:
    person = a.kind == "person"
    met, lost, own, spelt = _what_met(a, b, alignment, person)
    if not spelt:
        return min(100 * met / (met + lost), UNSPELT) if met else 0.0, "nothing but initials and numbers met"
    only_a = sum([_against(token, person) for token in alignment.first])
    only_b = sum([_against(token, person) for token in alignment.second])
    if own and only_a != only_b:
        only_a += _placed(a, alignment.first, b)
        only_b += _placed(b, alignment.second, a)
    costs = COSTS[a.kind]
    more = 1.0 if person and _allows_for_nothing(a, b, alignment) else costs.more
    unmet = costs.instead * min(only_a, only_b) + more * abs(only_a - only_b)
    lost += unmet if own >= costs.enough else costs.alone * unmet
    return _capped(100 * met / (met + lost) if met else 0.0, a.kind, alignment, met, own)


def _what_met(a: Prepared, b: Prepared, alignment: Alignment, person: bool) -> _Met:
    met, lost, own, spelt, together = 0.0, 0.0, 0, False, 0.0
    for token in a.tokens:
        if token.text in b.texts:
            met += token.weight
            own += _is_own(token, person)
            together += token.weight if token.known or token.weight == _TRADE else 0.0
            spelt = spelt or (token.sort is not Sort.INITIAL and token.sort is not Sort.NUMBER)
    for meeting in alignment.met:
        met += meeting.weight * meeting.quality
        lost += meeting.weight * (1 - meeting.quality)
        if meeting.how == "another of one series":
            continue
        if meeting.how != "acronym":
            own += meeting.how == "initial" or all(_is_own(token, person) for token in meeting.first)
        spelt |= meeting.how != "initial"
    # Two words that many have, a surname or a trade, say together who it is.
    return _Met(met, lost, own + (together >= 1.0 and not person), spelt)


def _allows_for_nothing(a: Prepared, b: Prepared, alignment: Alignment) -> bool:
    """Tell whether nothing of a person's name may be left out: a syllable is no middle name, and who writes
    initials writes all of them."""
    if a.han or b.han:
        return True
    return any(meeting.how in ("initial", "short form") for meeting in alignment.met) and any(
        token.sort is Sort.OWN for token in (*alignment.first, *alignment.second)
    )


def _capped(score: float, kind: Kind, alignment: Alignment, met: float, own: int) -> tuple[float, str | None]:
    """The score, or what it may be at most where little says who it is, or something tells names apart."""
    if alignment.met:
        shortened = sum([it.weight * it.quality for it in alignment.met if it.how == "acronym"])
        if shortened and not own and met - shortened < _LITTLE:
            return min(score, _WEAK), "only initials say who it is: weak evidence"
        loose = [it.how for it in alignment.met if it.how in _LOOSE and it.quality < _SURE]
        if kind == "person" and loose and (own == 1 or (own == len(loose) and "short form" in loose)):
            return min(score, _WEAK), "nothing but other forms of a name met: weak evidence"
    if alignment.first and alignment.second:
        for sort in {token.sort for token in alignment.first} & {token.sort for token in alignment.second}:
            if sort in _CAPS and _CAPS[sort][0] < score:
                return _CAPS[sort]
    if kind == "vessel" and score >= THRESHOLD:
        for token in (*alignment.first, *alignment.second):
            if token.sort is Sort.NUMBER:
                return 50.0, "only one name has a number"
    return score, None


def _sounds_alike(one: Token, other: Token, kind: Kind) -> bool:
    """Tell whether a single word is the same in another spelling, rather than in translation."""
    if one.word == other.word or one.bare or other.bare or one.heard or other.heard or len(one.word) < 3:
        return True
    return near(one._replace(text=one.word, sort=Sort.OWN), other._replace(text=other.word), kind) is not None


def _against(token: Token, person: bool) -> float:
    """Weigh a word that met nothing: a common surname is weak evidence for a firm, not against it."""
    return 1.0 if token.known and not person else token.weight


def _is_own(token: Token, person: bool) -> bool:
    """Tell whether a word says who somebody is: any of a person's name, and what few organisations have."""
    return token.weight == 1.0 or token.sort is Sort.NUMBER or (person and token.sort is Sort.OWN)


def who_it_is(token: Token, kind: Kind) -> float:
    """Weigh what a word that met, as itself or otherwise, adds at most to the words that say who it is."""
    person = kind == "person"
    if _is_own(token, person) or token.sort is Sort.INITIAL:
        return 1.0
    return token.weight if not person and (token.known or token.weight == _TRADE) else 0.0


def _placed(name: Prepared, unmet: Sequence[Token], other: Prepared) -> float:
    """Weigh the places that only one name says: more, or less, than they would beside other places."""
    places = [token for token in unmet if token.sort is Sort.PLACE]
    if not places or any(token.sort is Sort.PLACE for token in other.tokens):
        return 0.0
    return sum([(AT_HOME if token.text == name.home else _ELSEWHERE) - token.weight for token in places])


def _read_alike(a: Prepared, b: Prepared) -> bool:
    ours = remembered_readings(tuple([token.word for token in a.tokens])).own
    if not ours:
        return False
    return not ours.isdisjoint(remembered_readings(tuple([token.word for token in b.tokens])).others)


def _cut_off(a: Prepared, b: Prepared) -> bool:
    """Tell whether one name ends within a word of the other, as where a field was too short for it."""
    short, long = (a, b) if len(a.raw) < len(b.raw) else (b, a)
    if len(short.raw) < CUT_OFF or not long.raw.startswith(short.raw):
        return False
    # Of nothing but legal forms, everyone's name may be the rest.
    if short.weight < 0.5 or len(short.squashed) < 5:
        return False
    return len(short.raw) not in accumulate(map(len, folded_words(long.name)))


def _as_one_word(a: Prepared, b: Prepared) -> tuple[float, str | None]:
    """A single word for a whole name: its letters run together, or its initials."""
    one, many = (a, b) if len(a.tokens) == 1 else (b, a)
    word = one.tokens[0].word
    if len(word) >= 9 and one.tokens[0].sort is Sort.OWN:
        apart = distance(word, many.squashed, score_cutoff=len(word) // 8)
        if apart <= len(word) // 8:
            return 100 - 150 * apart / len(word), "one name is the other written as one word"
    if (
        a.kind == "organisation"
        and len(many.tokens) >= SAID_BY_INITIALS
        and not _names_a_person(many)
        and (score := said_by_initials(word))
        and word in initials(many.name)
    ):
        return score, "one name is the initials of the other: weak evidence"
    return 0.0, None


def _names_a_person(name: Prepared) -> bool:
    """Tell whether a name is word by word what people are called: no firm goes by such a name's initials."""
    known = [token.known for token in name.tokens if token.sort is Sort.OWN]
    return len(known) == len(folded_words(name.name)) and sum(known) > 1


def said_by_initials(word: str) -> float:
    """The score of a name that is a word alone with the name whose initials that is."""
    if 3 < len(word) <= 6:
        return 78.0
    return _WEAK if len(word) == 3 else 0.0


def initials(name: str) -> tuple[str, str]:
    """The first letters of a name's words, without those of the little ones; with legal forms that are spelt
    out, and without."""
    words = folded_words(name)
    bare = words[:]
    strip_legal_forms(bare)
    spoken = [word for word in bare if word not in _UNSPOKEN and len(word) > 2]
    forms = [word for word in words[len(bare) :] if len(word) > 5] if words[: len(bare)] == bare else []
    first, second = ("".join([word[0] for word in of]) for of in ((*spoken, *forms), spoken))
    return first, second
