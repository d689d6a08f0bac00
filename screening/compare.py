"""How alike two names are, as a score that says where it comes from.

The score is what met, over what met and what speaks against it: 100 · met / (met + lost). Both are sums of
what words count (`tokens`). A word that met less than surely is lost in part. Words that met nothing cost
more where both names have such words, one instead of the other, than where one name merely says more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from rapidfuzz.distance.OSA import distance

from screening.alignment import Alignment, align, near
from screening.explanation import explain
from screening.normalise import folded_words, strip_legal_forms
from screening.scripts import read_out
from screening.syllables import remembered_readings
from screening.tokens import Kind, Prepared, Sort, Token, prepare

# The score from which two names may be one party's, found on the tuning part of tests/screening/labelled.
THRESHOLD: Final = 75.0


class Costs(NamedTuple):
    """What words that met nothing cost, as multiples of what they count.

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

_LOOSE: Final = ("short form", "transliteration")
# Where no more than initials or a given name met.
_INITIALS_ALONE: Final = 60.0
# A field of a form has more letters than this, so a name with fewer was not cut off.
CUT_OFF: Final = 16

# Initials leave these out.
_UNSPOKEN: Final = frozenset("and of the for de des du del et y e i und".split())

# At most this much, where two names have different words of a sort that tells names apart.
_CAPS: Final = {
    Sort.NUMBER: (50.0, "the numbers differ"),
    Sort.PLACE: (60.0, "the places differ"),
    Sort.DIRECTION: (60.0, "the directions differ"),
    Sort.PATRONYMIC: (60.0, "the patronymics differ"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two names are: `score` from 0 to 100, and whether it reaches `THRESHOLD`."""

    score: float
    match: bool
    first: Prepared
    second: Prepared
    alignment: Alignment
    remark: str | None = None

    @property
    def explanation(self) -> tuple[str, ...]:
        """Short lines: what met what and how, what met nothing, what was ignored, and the score."""
        return (
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
    if score < THRESHOLD and (a.asides or b.asides):
        within = [(one, other) for one in (a, *a.asides) for other in (b, *b.asides)][1:]
        found, names = max(
            [(_in_order(*pair)[0] * _ASIDE, sorted((pair[0].name, pair[1].name))) for pair in within]
        )
        if found > score:
            score, remark = round(found, 1), f"compared as {' and '.join(names)}"
    return Comparison(score, score >= THRESHOLD, a, b, alignment, remark)


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
    if a.chain and a.chain == b.chain[::-1]:
        return 50.0, Alignment((), (), ()), "parent and child are exchanged"
    if a.texts == b.texts:
        if len(a.tokens) == 1 and not _sounds_alike(a.tokens[0], b.tokens[0], a.kind):
            return (
                _INITIALS_ALONE,
                Alignment((), (), ()),
                "one word alone, in another language: weak evidence",
            )
        return 100.0, Alignment((), (), ()), None
    if a.squashed == b.squashed or a.raw == b.raw:
        return 100.0, Alignment((), (), ()), "the same letters in the same order"
    alignment = align(a, b)
    score, remark = _score(a, b, alignment)
    if score < THRESHOLD and a.kind == "person" and _read_alike(a, b):
        score, remark = 85.0, "syllable by syllable one name in Chinese or Korean"
    if score < THRESHOLD and _cut_off(a, b):
        score, remark = 85.0, "one name is the other, cut off within a word"
    if score < THRESHOLD and min(len(a.tokens), len(b.tokens)) == 1:
        as_one, why = _as_one_word(a, b)
        if as_one > score:
            score, remark = as_one, why
    return round(score, 1), alignment, remark


def _score(a: Prepared, b: Prepared, alignment: Alignment) -> tuple[float, str | None]:
    costs = COSTS[a.kind]
    met, lost, own, spelt = 0.0, 0.0, 0, False
    for token in a.tokens:
        if token.text in b.texts:
            met += token.weight
            own += _is_own(token, a.kind)
            spelt |= token.sort not in (Sort.INITIAL, Sort.NUMBER)
    for meeting in alignment.met:
        met += meeting.weight * meeting.quality
        lost += meeting.weight * (1 - meeting.quality)
        if meeting.how == "another of one series":
            continue
        if meeting.how != "acronym":
            own += meeting.how == "initial" or all(_is_own(token, a.kind) for token in meeting.first)
        spelt |= meeting.how != "initial"
    if not spelt:
        return min(100 * met / (met + lost), 50.0) if met else 0.0, "nothing but initials and numbers met"
    only_a = sum([token.weight for token in alignment.first])
    only_b = sum([token.weight for token in alignment.second])
    if own and only_a != only_b:
        only_a += _placed(a, alignment.first, b)
        only_b += _placed(b, alignment.second, a)
    instead, more = min(only_a, only_b), abs(only_a - only_b)
    # A syllable is no middle name, which many leave out; nor does an initial allow for one.
    strict = a.kind == "person" and (a.han or b.han or any(it.how == "initial" for it in alignment.met))
    unmet = costs.instead * instead + (1.0 if strict else costs.more) * more
    lost += unmet if own >= costs.enough else costs.alone * unmet
    score = 100 * met / (met + lost) if met else 0.0
    if not own and any(meeting.how == "acronym" for meeting in alignment.met):
        return min(score, _INITIALS_ALONE), "only initials say who it is: weak evidence"
    if (
        a.kind == "person"
        and own == 1
        and any(it.quality < 0.95 and it.how in _LOOSE for it in alignment.met)
    ):
        return min(score, _INITIALS_ALONE), "one name alone, in another form: weak evidence"
    if only_a and only_b:
        for sort in {token.sort for token in alignment.first} & {token.sort for token in alignment.second}:
            if sort in _CAPS and _CAPS[sort][0] < score:
                return _CAPS[sort]
    if a.kind == "vessel" and score >= THRESHOLD:
        for token in (*alignment.first, *alignment.second):
            if token.sort is Sort.NUMBER:
                return 50.0, "only one name has a number"
    return score, None


def _sounds_alike(one: Token, other: Token, kind: Kind) -> bool:
    """Whether a single word is the same in another spelling, rather than in translation."""
    if one.word == other.word or one.bare or other.bare or one.heard or other.heard or len(one.word) < 3:
        return True
    return near(one._replace(text=one.word, sort=Sort.OWN), other._replace(text=other.word), kind) is not None


def _is_own(token: Token, kind: Kind) -> bool:
    """Whether a word says who somebody is: any of a person's name, and what few organisations have."""
    return token.sort is Sort.NUMBER or token.sort is Sort.OWN and (token.weight == 1.0 or kind == "person")


def _placed(name: Prepared, unmet: Sequence[Token], other: Prepared) -> float:
    """What the places that only one name says weigh more, or less, than they would beside other places."""
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
    """Whether one name ends within a word of the other, as where a field was too short for it."""
    short, long = (a, b) if len(a.raw) < len(b.raw) else (b, a)
    if len(short.raw) < CUT_OFF or len(short.squashed) < 5 or not long.raw.startswith(short.raw):
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
        and 3 <= len(word) <= 6
        and len(many.tokens) >= 3
        and word in initials(many.name)
    ):
        return (78.0 if len(word) > 3 else 60.0), "one name is the initials of the other: weak evidence"
    return 0.0, None


def initials(name: str) -> tuple[str, str]:
    """The first letters of a name's words, without those of the little ones; with legal forms that are spelt
    out, and without."""
    words = folded_words(name)
    bare = words[:]
    strip_legal_forms(bare)
    spoken = [word for word in bare if word not in _UNSPOKEN]
    forms = [word for word in words[len(bare) :] if len(word) > 5] if words[: len(bare)] == bare else []
    first, second = ("".join([word[0] for word in of]) for of in ((*spoken, *forms), spoken))
    return first, second
