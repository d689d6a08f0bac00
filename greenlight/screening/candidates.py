"""Which of many names are worth a careful comparison with one.

A name can only match where most of what it counts meets something. So the rarest of its words are looked up,
as many as a match needs at least, each with the words near it; whoever has none of them is left aside.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, Final, NamedTuple

from rapidfuzz.distance.OSA import distance
from rapidfuzz.process import extract

from greenlight.screening.alignment import near
from greenlight.screening.bounds import APART, MOST, Bounds, MayMeet, Meanings, Together
from greenlight.screening.compare import (
    CUT_OFF,
    SAID_BY_INITIALS,
    THRESHOLD,
    Comparison,
    compare_prepared,
    initials,
    said_by_initials,
)
from greenlight.screening.keys import close_keys, kept_keys, middles, sought_keys
from greenlight.screening.late import Late
from greenlight.screening.postings import PackedPostings, Postings
from greenlight.screening.respelling import respelt
from greenlight.screening.sounds import broad_sound
from greenlight.screening.syllables import SYLLABLES, Readings, readings, readings_within
from greenlight.screening.tokens import Kind, Prepared, read
from greenlight.screening.vocabulary import Sort, Token

# Words that an acronym stands for: two only where many names have both (`align`).
_RUNS: Final = range(2, 7)
# Letters of a word that may be two of another name.
_JOINED: Final = 4
# Words written as one may say as much of who it is as any that are apart.
_SAYS_WHO: Final = 2.0


class Similar(NamedTuple):
    """One of the names, by its place, and how it compares."""

    place: int
    comparison: Comparison


class Candidates:
    """The names of one kind, by their words, by what those are near, and as a whole.

    A name matches from ``threshold`` on, a score from 0 to 100.
    """

    def __init__(
        self,
        names: Iterable[str],
        kind: Kind,
        threshold: float = THRESHOLD,
        before: "Candidates | None" = None,
        hashed: Callable[[Hashable], int] = hash,
    ) -> None:
        """Names that those ``before`` have, of the same kind, are not read again. ``hashed``: the number of a
        key; Python's own is another in each process."""
        self._kind: Kind = kind
        self._hash = hashed
        self._threshold = threshold
        known = {name.name: name for name in before._listed} if before else {}
        self._listed: Sequence[Prepared] = [known.get(name) or read(name, kind) for name in names]
        # The names within a name are looked up as names of their own; `_places` says whose they are.
        self._places = array("I")
        with_asides: list[Prepared] = []
        for place, name in enumerate(self._listed):
            with_asides += (name, *name.asides)
            self._places.extend([place] * (1 + len(name.asides)))
        self._names: Sequence[Prepared] = with_asides
        self._bounds = Bounds(self._names, kind, threshold)
        self._by_text = Postings()
        self._whole, self._runs, self._acronyms = PackedPostings(), PackedPostings(), PackedPostings()
        words: dict[tuple[str, str], Token] = {}
        for place, name in enumerate(self._names):
            for token in name.tokens:
                self._by_text.add(token.text, place)
                words.setdefault((token.text, token.word), token)
            for written in self._as_whole(name):
                self._whole.add(self._hash(written), place)
            for run in _as_one(name):
                self._runs.add(self._hash(run), place)
            for acronym in _acronyms(name):
                self._acronyms.add(self._hash(acronym), place)
        self._raw = [name.raw for name in self._names]
        self._in_order = array("I", written_in_order(self._raw))
        self._words = list(words.values())
        # The spellings of each word, and which word it is of which they are.
        self._spellings: list[str] = []
        self._word_of = array("I")
        for at, token in enumerate(self._words):
            spellings = _spellings(token, kind)
            self._spellings += spellings
            self._word_of.extend([at] * len(spellings))
        self._same, self._close = PackedPostings(), PackedPostings()
        for at, token in enumerate(self._words):
            for key in kept_keys(token):
                self._same.add(self._hash(key), at)
        for at, text in enumerate(self._spellings):
            for key in close_keys(text, kind):
                self._close.add(self._hash(key), at)
        for postings in (self._whole, self._runs, self._acronyms, self._same, self._close):
            postings.put_in_order()
        self._meanings = lru_cache(maxsize=16_384)(self._meant_by)

    def __getstate__(self) -> dict[str, Any]:
        """All but the names as read: to read the few that come into question takes less time than to load
        all. Of use to another process only where ``hashed`` is the same in both."""
        state: dict[str, Any] = {name: value for name, value in vars(self).items() if name != "_meanings"}
        return state | {"_listed": [name.name for name in self._listed], "_names": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        written: list[str] = state["_listed"]
        self._listed = Late(len(written), lambda place: read(written[place], self._kind))
        self._names = Late(len(self._places), self._with_asides)
        self._meanings = lru_cache(maxsize=16_384)(self._meant_by)

    def _with_asides(self, at: int) -> Prepared:
        place = self._places[at]
        name = self._listed[place]
        return (name, *name.asides)[at - bisect_left(self._places, place)]

    def similar(self, name: str) -> list[Similar]:
        """The names that match one, the closest first."""
        sought = read(name, self._kind)
        found = [
            Similar(place, comparison)
            for place in self._found(sought)
            if (comparison := compare_prepared(sought, self._listed[place])).score >= self._threshold
        ]
        found.sort(key=lambda similar: (-similar.comparison.score, similar.place))
        return found

    def everyone(self, name: str) -> list[Similar]:
        """Find what `similar` would with all the time in the world: a comparison with every name."""
        sought = read(name, self._kind)
        compared = (
            Similar(place, compare_prepared(sought, other)) for place, other in enumerate(self._listed)
        )
        found = [similar for similar in compared if similar.comparison.score >= self._threshold]
        found.sort(key=lambda similar: (-similar.comparison.score, similar.place))
        return found

    def _found(self, sought: Prepared) -> set[int]:
        """The places of names that are worth a comparison, be it for what either is called within itself."""
        return {self._places[at] for name in (sought, *sought.asides) for at in self._candidates(name)}

    def _candidates(self, sought: Prepared) -> set[int]:
        meanings = [(token, self._meanings(token)) for token in sought.tokens]
        may_meet = self._bounds.may_meet(meanings)
        apart: set[int] = set()
        for text in self._probed(sought, meanings, may_meet):
            apart.update(self._by_text.at(text))
        places = dict.fromkeys(apart, APART) | self._together(sought)
        promising = set(self._bounds.promising(sought, may_meet, places))
        for word in self._whole_of(sought):
            promising.update(self._whole.at(self._hash(word)))
        promising.update(self._of_one_word(sought))
        if len(sought.raw) > CUT_OFF:
            promising.update(self._shorter(sought.raw))
        promising.update(self._longer(sought))
        return promising

    def _as_whole(self, name: Prepared) -> set[str]:
        """Words that may be the whole of another name, be it spelt otherwise, for the whole of this one."""
        whole = {name.squashed, name.raw}
        if name.kind == "person":
            whole |= _read(name).own
        elif name.kind == "organisation" and len(name.tokens) >= SAID_BY_INITIALS:
            whole.update(filter(self._counts_as_initials, initials(name.name)))
        return whole

    def _whole_of(self, sought: Prepared) -> set[str]:
        """Under which of these a name stands that is the sought one, but for how it is spelt."""
        whole = {sought.squashed, sought.raw}
        return whole | _read(sought).others if sought.kind == "person" else whole

    def _of_one_word(self, sought: Prepared) -> Iterator[int]:
        """The names that are the initials of this one, and nothing else."""
        if sought.kind == "organisation" and len(sought.tokens) >= SAID_BY_INITIALS:
            for word in set(filter(self._counts_as_initials, initials(sought.name))):
                yield from (at for at in self._whole.at(self._hash(word)) if len(self._names[at].tokens) == 1)

    def _counts_as_initials(self, word: str) -> bool:
        return said_by_initials(word) >= self._threshold

    def _shorter(self, raw: str) -> Iterator[int]:
        """The names as which this one begins, which may be cut off."""
        end = bisect_left(self._in_order, raw, key=self._raw.__getitem__)
        while end and len(raw) >= CUT_OFF:
            end -= 1
            before = self._raw[self._in_order[end]]
            if raw.startswith(before) and len(before) >= CUT_OFF:
                yield self._in_order[end]
            else:
                # Between that and what both begin as there is none.
                raw = raw[: _alike_until(raw, before)]
                end = bisect_right(self._in_order, raw, hi=end, key=self._raw.__getitem__)

    def _longer(self, sought: Prepared) -> Iterable[int]:
        """The names that begin as this one, which may be cut off."""
        if len(sought.raw) < CUT_OFF:
            return
        start = bisect_left(self._in_order, sought.raw, key=self._raw.__getitem__)
        for at in self._in_order[start : start + MOST]:
            if not self._raw[at].startswith(sought.raw):
                return
            yield at

    def _together(self, sought: Prepared) -> dict[int, Together]:
        """Names of which a word stands for several words of this one, or the other way round."""
        found: dict[int, Together] = {}
        for added, places in chain(self._joined(sought), self._shortened(sought)):
            for at in places:
                found[at] = found.get(at, APART).plus(added)
        return found

    def _joined(self, sought: Prepared) -> Iterator[tuple[Together, Sequence[int]]]:
        for token in sought.tokens:
            if len(token.word) >= _JOINED:
                # Each of the words that it is made of counts one at most.
                yield (
                    Together(token.weight, token.weight, float(SYLLABLES + 1), _SAYS_WHO),
                    self._runs.at(self._hash(token.word)),
                )
        for run, weight in _as_one(sought).items():
            # Found as a word of its own, it counts one at most.
            yield Together(1.0, weight, 1.0, _SAYS_WHO), self._by_text.at(run)

    def _shortened(self, sought: Prepared) -> Iterator[tuple[Together, Sequence[int]]]:
        for token in sought.tokens if self._kind == "organisation" else ():
            if token.sort is Sort.OWN and len(token.text) in _RUNS:
                most = float(len(token.text))
                for text in {token.text, _without_c(token.text)}:
                    yield Together(most, token.weight, most, 0.0), self._acronyms.at(self._hash(text))
        for acronym, weight in _acronyms(sought).items():
            for text in (acronym, f"{acronym}c"):
                yield Together(weight, weight, 1.0, 0.0), self._by_text.at(text)

    def _meant_by(self, token: Token) -> frozenset[str]:
        """The words of these names that a word may stand for."""
        found: set[int] = set()
        for key in sought_keys(token):
            found.update(self._same.at(self._hash(key)))
        for text in _spellings(token, self._kind):
            found.update(self._close_to(text))
        others = [self._words[at] for at in found]
        meant = {
            other.text for other in others if other.text != token.text and near(token, other, self._kind)
        }
        return frozenset(meant | {token.text} if token.text in self._by_text else meant)

    def _close_to(self, text: str) -> Iterable[int]:
        """The words that are few letters from a spelling."""
        found: set[int] = set()
        for key in close_keys(text, self._kind) | middles(text):
            found.update(self._close.at(self._hash(key)))
        if not found:
            return ()
        places = [*found]
        slips = 1 if len(text) < 6 else 2 if len(text) < 12 else 3
        spellings = [self._spellings[at] for at in places]
        near_by = extract(text, spellings, scorer=distance, score_cutoff=slips, limit=None)
        return [self._word_of[places[at]] for _, _, at in near_by]

    def _probed(self, sought: Prepared, meanings: Meanings, may_meet: MayMeet) -> Iterator[str]:
        """The rarest words of a name, together more than what a match can do without."""
        who = [max([may_meet[text].who for text in texts], default=0.0) for _, texts in meanings]
        by_size = sorted(
            (sum([len(self._by_text.at(text)) for text in texts]), token.weight, place)
            for place, (token, texts) in enumerate(meanings)
            # Everyone whose name begins with the letter would be too many.
            if token.sort is not Sort.INITIAL
        )
        probed, left = 0.0, sum(who)
        for _, weight, place in by_size:
            yield from meanings[place][1]
            probed += weight
            left -= who[place]
            if probed > self._bounds.dispensable(sought, left):
                return


def _alike_until(one: str, other: str) -> int:
    """Count the letters at the beginning of two texts that are the same."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def written_in_order(names: Sequence[str]) -> Iterator[int]:
    """The places of the names in the order in which they are written. First letter by first letter: while
    all are sorted at once, no other thread runs."""
    places = defaultdict[str, list[int]](list)
    for place, name in enumerate(names):
        places[name[:1]].append(place)
    for letter in sorted(places):
        yield from sorted(places[letter], key=names.__getitem__)


def _spellings(token: Token, kind: Kind) -> set[str]:
    """Spell a word as it may be compared: as it stands, as what it counts as, a person's by its sound."""
    if token.sort in (Sort.INITIAL, Sort.NUMBER) or token.heard:
        return set()
    spellings = {token.word, token.text, *respelt(token.word)[:2]}
    return spellings | {broad_sound(token.word)} if kind == "person" and len(token.word) > 5 else spellings


def _acronyms(name: Prepared) -> dict[str, float]:
    """The initials of words that follow each other, with what those count."""
    tokens = name.tokens if name.kind == "organisation" else ()
    return {
        "".join([token.word[0] for token in run]): sum([token.weight for token in run])
        for length in _RUNS
        for at in range(len(tokens) - length + 1)
        for run in (tokens[at : at + length],)
        if length > 2 or all(token.sort is Sort.COMMON for token in run)
    }


def _without_c(acronym: str) -> str:
    """An acronym without the C of a company or corporation, which is no word that counts."""
    return acronym[:-1] if len(acronym) > 2 and acronym[-1] == "c" else acronym


def _as_one(name: Prepared) -> dict[str, float]:
    """Words of another name that may stand for several of this one, with what those count."""
    found = {name.squashed: name.weight} if len(name.tokens) > 1 else {}
    for one, other in pairwise(name.tokens):
        if len(one.word) + len(other.word) >= _JOINED:
            found[one.word + other.word] = one.weight + other.weight
    if name.kind != "person":
        # Each of the syllables counts one at most.
        found |= dict.fromkeys(_read(name).own, SYLLABLES + 1.0)
    return found


def _read(name: Prepared) -> Readings:
    """Readings of a person's name, or of three syllables in a firm's, in Chinese or Korean."""
    words = tuple([token.word for token in name.tokens])
    return readings(words) if name.kind == "person" else readings_within(words)
