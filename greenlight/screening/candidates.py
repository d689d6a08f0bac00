"""Which of many names are worth a careful comparison with one.

A name can only match where most of what it counts meets something. So the rarest of its words are looked up,
as many as a match needs at least, each with the words near it; whoever has none of them is left aside.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import chain, pairwise
from typing import Final, NamedTuple

from rapidfuzz.distance.OSA import distance
from rapidfuzz.process import extract

from greenlight.screening.alignment import near
from greenlight.screening.compare import (
    AT_HOME,
    COSTS,
    CUT_OFF,
    SAID_BY_INITIALS,
    THRESHOLD,
    Comparison,
    compare_prepared,
    initials,
    said_by_initials,
)
from greenlight.screening.people import FULL_NAMES
from greenlight.screening.postings import PackedPostings, Postings
from greenlight.screening.respelling import respelt, sounds_of
from greenlight.screening.sounds import broad_sound, consonants, look, one_left_out
from greenlight.screening.syllables import SYLLABLES, Readings, readings, readings_within
from greenlight.screening.tokens import Kind, Prepared, read
from greenlight.screening.vocabulary import Sort, Token

# So many are compared carefully, the most promising first.
MOST: Final = 250
# What rounding may add to a score.
_ROUNDED: Final = 0.05

# Words that an acronym stands for: two only where many names have both (`align`).
_RUNS: Final = range(2, 7)
# Letters of a word that may be two of another name.
_JOINED: Final = 4


class _Together(NamedTuple):
    """What words add to what met that stand together for one of the other name, and take off either side."""

    met: float
    ours: float
    theirs: float

    # Part by part, where other tuples are joined.
    def __add__(self, other: "_Together") -> "_Together":  # type: ignore[override]
        return _Together(*map(sum, zip(self, other, strict=True)))


_APART: Final = _Together(0.0, 0.0, 0.0)


class Similar(NamedTuple):
    """One of the names, by its place, and how it compares."""

    place: int
    comparison: Comparison


class Candidates:
    """The names of one kind, by their words, by what those are near, and as a whole.

    A name matches from ``threshold`` on, a score from 0 to 100.
    """

    def __init__(self, names: Iterable[str], kind: Kind, threshold: float = THRESHOLD) -> None:
        self._kind: Kind = kind
        self._threshold = threshold
        self._listed = [read(name, kind) for name in names]
        # The names within a name are looked up as names of their own; `_places` says whose they are.
        self._places = array("I")
        self._names: list[Prepared] = []
        for place, name in enumerate(self._listed):
            self._names += (name, *name.asides)
            self._places.extend([place] * (1 + len(name.asides)))
        self._weights = [_weight(name) for name in self._names]
        self._by_text = Postings()
        self._whole, self._runs, self._acronyms = PackedPostings(), PackedPostings(), PackedPostings()
        self._heaviest: dict[str, float] = {}
        words: dict[tuple[str, str], Token] = {}
        for place, name in enumerate(self._names):
            for token in name.tokens:
                self._by_text.add(token.text, place)
                words.setdefault((token.text, token.word), token)
                if self._heaviest.get(token.text, 0.0) < token.weight:
                    self._heaviest[token.text] = token.weight
            for written in self._as_whole(name):
                self._whole.add(hash(written), place)
            for run in _as_one(name):
                self._runs.add(hash(run), place)
            for acronym in _acronyms(name):
                self._acronyms.add(hash(acronym), place)
        self._in_order = array("I", written_in_order(self._names))
        self._words = list(words.values())
        self._spellings = [
            (at, text) for at, token in enumerate(self._words) for text in _spellings(token, kind)
        ]
        self._same, self._close = PackedPostings(), PackedPostings()
        for at, token in enumerate(self._words):
            for key in _same_keys(token):
                self._same.add(key, at)
        for at, (_, text) in enumerate(self._spellings):
            for key in _close_keys(text, kind):
                self._close.add(key, at)
        for postings in (self._whole, self._runs, self._acronyms, self._same, self._close):
            postings.put_in_order()
        self._meanings = lru_cache(maxsize=16_384)(self._meant_by)

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
        """What `similar` would find with all the time in the world: a comparison with every name."""
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
        places = self._together(sought)
        for text in self._probed(sought, meanings):
            for at in self._by_text.at(text):
                places.setdefault(at, _APART)
        promising = set(self._promising(sought, meanings, places))
        for word in self._whole_of(sought):
            promising.update(self._whole.at(hash(word)))
        promising.update(self._of_one_word(sought))
        promising.update(self._longer(sought))
        return promising

    def _as_whole(self, name: Prepared) -> set[str]:
        """What may be the whole of another name, be it spelt otherwise, for the whole of this one."""
        whole = {name.squashed, name.raw}
        if name.kind == "person":
            whole |= _read(name).own
        elif name.kind == "organisation" and len(name.tokens) >= SAID_BY_INITIALS:
            whole.update(filter(self._counts_as_initials, initials(name.name)))
        return whole

    def _whole_of(self, sought: Prepared) -> set[str]:
        """Under which of these a name stands that is the sought one, but for how it is spelt or cut off."""
        whole = {sought.squashed, *(sought.raw[:end] for end in range(CUT_OFF, len(sought.raw))), sought.raw}
        return whole | _read(sought).others if sought.kind == "person" else whole

    def _of_one_word(self, sought: Prepared) -> Iterator[int]:
        """The names that are the initials of this one, and nothing else."""
        if sought.kind == "organisation" and len(sought.tokens) >= SAID_BY_INITIALS:
            for word in set(filter(self._counts_as_initials, initials(sought.name))):
                yield from (at for at in self._whole.at(hash(word)) if len(self._names[at].tokens) == 1)

    def _counts_as_initials(self, word: str) -> bool:
        return said_by_initials(word) >= self._threshold

    def _longer(self, sought: Prepared) -> Iterable[int]:
        """The names that begin as this one, which may be cut off."""
        if len(sought.raw) < CUT_OFF:
            return
        start = bisect_left(self._in_order, sought.raw, key=lambda at: self._names[at].raw)
        for at in self._in_order[start : start + MOST]:
            if not self._names[at].raw.startswith(sought.raw):
                return
            yield at

    def _together(self, sought: Prepared) -> dict[int, _Together]:
        """Names of which a word stands for several words of this one, or the other way round."""
        found: dict[int, _Together] = {}
        for added, places in chain(self._joined(sought), self._shortened(sought)):
            for at in places:
                found[at] = found.get(at, _APART) + added
        return found

    def _joined(self, sought: Prepared) -> Iterator[tuple[_Together, Sequence[int]]]:
        for token in sought.tokens:
            if len(token.word) >= _JOINED:
                # Each of the words that it is made of counts one at most.
                yield (
                    _Together(token.weight, token.weight, float(SYLLABLES + 1)),
                    self._runs.at(hash(token.word)),
                )
        for run, weight in _as_one(sought).items():
            # Found as a word of its own, it counts one at most.
            yield _Together(1.0, weight, 1.0), self._by_text.at(run)

    def _shortened(self, sought: Prepared) -> Iterator[tuple[_Together, Sequence[int]]]:
        for token in sought.tokens if self._kind == "organisation" else ():
            if token.sort is Sort.OWN and len(token.text) in _RUNS:
                most = float(len(token.text))
                for text in {token.text, _without_c(token.text)}:
                    yield _Together(most, token.weight, most), self._acronyms.at(hash(text))
        for acronym, weight in _acronyms(sought).items():
            for text in (acronym, f"{acronym}c"):
                yield _Together(weight, weight, 1.0), self._by_text.at(text)

    def _meant_by(self, token: Token) -> frozenset[str]:
        """The words of these names that a word may stand for."""
        keys = _same_keys(token) | {hash(("initial", token.word[0]))}
        found = {at for key in keys for at in self._same.at(key)}
        for text in _spellings(token, self._kind):
            found.update(self._close_to(text))
        others = [self._words[at] for at in found]
        meant = {
            other.text for other in others if other.text != token.text and near(token, other, self._kind)
        }
        return frozenset(meant | {token.text} if token.text in self._by_text else meant)

    def _close_to(self, text: str) -> Iterable[int]:
        """The words that are few letters from a spelling."""
        keys = _close_keys(text, self._kind) | _middles(text)
        spellings = {at: self._spellings[at][1] for key in keys for at in self._close.at(key)}
        slips = 1 if len(text) < 6 else 2 if len(text) < 12 else 3
        near_by = extract(text, spellings, scorer=distance, score_cutoff=slips, limit=None)
        return [self._spellings[at][0] for _, _, at in near_by]

    def _probed(self, sought: Prepared, meanings: list[tuple[Token, frozenset[str]]]) -> Iterator[str]:
        """The rarest words of a name, together more than what a match can do without."""
        spare = 100 - self._threshold
        weight = _weight(sought)
        without = weight * spare / (spare + COSTS[self._kind].more * self._threshold)
        dispensable = without + sought.weight - weight
        by_size = sorted(
            (sum([len(self._by_text.at(text)) for text in texts]), token.weight, place)
            for place, (token, texts) in enumerate(meanings)
            # Everyone whose name begins with the letter would be too many.
            if token.sort is not Sort.INITIAL
        )
        for _, weight, place in by_size:
            yield from meanings[place][1]
            dispensable -= weight
            if dispensable < 0:
                return

    def _promising(
        self,
        sought: Prepared,
        meanings: list[tuple[Token, frozenset[str]]],
        places: Mapping[int, _Together],
    ) -> Iterable[int]:
        """Those of the names whose score could reach the threshold at best."""
        costs = COSTS[self._kind]
        bounds: list[tuple[float, int]] = []
        weight = _weight(sought)
        ours = self._ours(meanings)
        initialled = sum(token.weight for token in sought.tokens if token.sort is Sort.INITIAL)
        for place, together in places.items():
            name = self._names[place]
            met = [text for text in name.texts if text in ours]
            our_own = initialled + sum([ours[text] for text in met])
            their_own = initialled + sum([self._heaviest[text] for text in met])
            best = min(our_own, their_own)
            our_rest = max(weight - our_own - together.ours, 0.0)
            their_rest = max(self._weights[place] - their_own - together.theirs, 0.0)
            best += together.met
            lost = costs.instead * min(our_rest, their_rest) + costs.more * abs(our_rest - their_rest)
            bound = 100 * best / (best + lost)
            if bound >= self._threshold - _ROUNDED:
                bounds.append((bound, place))
        return [place for _, place in (nlargest(MOST, bounds) if len(bounds) > MOST else bounds)]

    @staticmethod
    def _ours(meanings: list[tuple[Token, frozenset[str]]]) -> dict[str, float]:
        """What the words of the sought name count, by the words of these names that they may stand for."""
        ours: dict[str, float] = {}
        for token, texts in meanings:
            for text in texts:
                if ours.get(text, 0.0) < token.weight:
                    ours[text] = token.weight
        return ours


def _weight(name: Prepared) -> float:
    """What a name counts at least, with a place that it may do without as little as that ever counts."""
    return name.weight - sum([token.weight - AT_HOME for token in name.tokens if token.text == name.home])


def written_in_order(names: Sequence[Prepared]) -> Iterator[int]:
    """The places of the names in the order in which they are written. First letter by first letter: while
    all are sorted at once, no other thread runs."""
    places = defaultdict[str, list[int]](list)
    for place, name in enumerate(names):
        places[name.raw[:1]].append(place)
    for letter in sorted(places):
        yield from sorted(places[letter], key=lambda at: names[at].raw)


def _spellings(token: Token, kind: Kind) -> set[str]:
    """What a word may be compared by: as it stands, as what it counts as, and a person's by its sound."""
    if token.sort in (Sort.INITIAL, Sort.NUMBER) or token.heard:
        return set()
    spellings = {token.word, token.text, *respelt(token.word)[:2]}
    return spellings | {broad_sound(token.word)} if kind == "person" and len(token.word) > 5 else spellings


def _same_keys(token: Token) -> set[int]:
    """Two words that sound or look alike, or stand for each other, have one of these in common."""
    if token.sort is Sort.INITIAL:
        return {hash(("initial", token.text))}
    if token.sort is Sort.NUMBER or (len(token.word) < 3 and not token.bare):
        return set()
    key = consonants(token.word)
    keys = {hash(("consonants", not token.bare, key))}
    if token.bare:
        keys.add(hash(("consonants", True, key)))
    for text in {token.word, token.text}:
        keys.update([hash(("short", name)) for name in FULL_NAMES.get(text, ())])
    if len(token.word) > 4:
        keys.add(hash(("letters", *sorted(token.word))))
    for text in {token.word, token.text}:
        keys.add(hash(("look", look(text))))
        keys.update([hash(("sound", key)) for key in sounds_of(text, broad_sound)])
        if len(text) > 5 and text.startswith("al"):
            keys.add(hash(("sound", broad_sound(text[2:]))))
        if len(text) > 5 and text.endswith("sk"):
            keys.add(hash(("sound", broad_sound(text[:-2]))))
    return keys


def _close_keys(text: str, kind: Kind) -> set[int]:
    """Two words that are few letters apart have one of these in common, but for some with many errors."""
    length = len(text)
    if length < 4:
        return set()
    keys = set[int]()
    if length < 10:
        keys.add(hash(text))
        keys.update(map(hash, one_left_out(text)))
    # Shorter ones may have no second slip (`near`).
    if length > (6 if kind == "person" else 8):
        keys |= {hash(("start", text[:4])), hash(("end", text[-4:])), hash(("middle", _middle(text, 0)))}
    return keys


def _middle(text: str, shift: int) -> str:
    at = len(text) // 2 - 1 + shift
    return text[at : at + 3]


def _middles(text: str) -> set[int]:
    """Where the middle of another word may be, which had letters put in or left out before it."""
    return {hash(("middle", _middle(text, shift))) for shift in (-1, 1)} if len(text) > 6 else set()


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
    """What one word of another name may be for several of this one, with what those count."""
    found = {name.squashed: name.weight} if len(name.tokens) > 1 else {}
    for one, other in pairwise(name.tokens):
        if len(one.word) + len(other.word) >= _JOINED:
            found[one.word + other.word] = one.weight + other.weight
    if name.kind != "person":
        # Each of the syllables counts one at most.
        found |= dict.fromkeys(_read(name).own, SYLLABLES + 1.0)
    return found


def _read(name: Prepared) -> Readings:
    """What a person's name, or three syllables in that of a firm, may be in Chinese or Korean."""
    words = tuple([token.word for token in name.tokens])
    return readings(words) if name.kind == "person" else readings_within(words)
