"""Which of many names are worth a careful comparison with one.

A name can only match where most of what it counts meets something. So the rarest of its words are looked up,
as many as a match needs at least, each with the words near it; whoever has none of them is left aside.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz.distance.OSA import distance
from rapidfuzz.process import extract

from screening.alignment import near
from screening.compare import AT_HOME, COSTS, CUT_OFF, THRESHOLD, Comparison, compare_prepared, initials
from screening.people import FULL_NAMES
from screening.respelling import respelt, sounds_of
from screening.sounds import broad_sound, consonants, look, one_left_out
from screening.syllables import Readings, readings, readings_within
from screening.tokens import Kind, Prepared, read
from screening.vocabulary import Sort, Token

# So many are compared carefully, the most promising first.
MOST: Final = 250
# What words that are joined, or initials, may add to a score beyond what was looked up word by word.
_SLACK: Final = 15.0
_NOBODY: Final = array("I")


# Letters of an acronym that may stand for some words of a name.
_ACRONYM: Final = range(3, 7)


class _Shortened(NamedTuple):
    """What an acronym and the words that it stands for count, of the name that is sought and of another."""

    ours: float
    theirs: float


_NOT_SHORTENED: Final = _Shortened(0.0, 0.0)


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
        by_text: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        whole: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        acronyms: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        words: dict[tuple[str, str], Token] = {}
        for place, name in enumerate(self._names):
            for token in name.tokens:
                by_text[token.text].append(place)
                words.setdefault((token.text, token.word), token)
            for written in _as_whole(name):
                whole[hash(written)].append(place)
            for acronym in _acronyms(name):
                acronyms[hash(acronym)].append(place)
        self._by_text, self._whole, self._acronyms = dict(by_text), dict(whole), dict(acronyms)
        self._in_order = array("I", sorted(range(len(self._names)), key=lambda at: self._names[at].raw))
        self._words = list(words.values())
        self._spellings = [
            (at, text) for at, token in enumerate(self._words) for text in _spellings(token, kind)
        ]
        same: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        close: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        for at, token in enumerate(self._words):
            for key in _same_keys(token):
                same[key].append(at)
        for at, (_, text) in enumerate(self._spellings):
            for key in _close_keys(text, kind):
                close[key].append(at)
        self._same, self._close = dict(same), dict(close)
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
        weights = {text: token.weight for token, texts in meanings for text in texts}
        places: set[int] = set()
        for text in self._probed(sought, meanings):
            places.update(self._by_text[text])
        shortened = self._shortened(sought)
        promising = set(self._promising(sought, weights, dict.fromkeys(places, _NOT_SHORTENED) | shortened))
        read_so = _read(sought).others
        for word in {sought.squashed, *_joins(sought), *read_so, *initials(sought.name)}:
            promising.update(self._by_text.get(word, _NOBODY))
        for word in {sought.squashed, sought.raw, *read_so, *(token.word for token in sought.tokens)}:
            promising.update(self._whole.get(hash(word), _NOBODY))
        promising.update(self._longer(sought))
        return promising

    def _longer(self, sought: Prepared) -> Iterable[int]:
        """The names that begin as this one, which may be cut off."""
        if len(sought.raw) < CUT_OFF:
            return
        start = bisect_left(self._in_order, sought.raw, key=lambda at: self._names[at].raw)
        for at in self._in_order[start : start + MOST]:
            if not self._names[at].raw.startswith(sought.raw):
                return
            yield at

    def _shortened(self, sought: Prepared) -> dict[int, _Shortened]:
        """Names of which a word is the initials of some of this one's, or the other way round."""
        found: dict[int, _Shortened] = {}
        for token in sought.tokens if self._kind == "organisation" else ():
            if token.sort is Sort.OWN and len(token.text) in _ACRONYM:
                # Each of the words that it stands for counts one at most.
                counts = _Shortened(token.weight, float(len(token.text)))
                for text in {token.text, token.text[:-1] if token.text.endswith("c") else token.text}:
                    found.update(dict.fromkeys(self._acronyms.get(hash(text), _NOBODY), counts))
        for acronym, weight in _acronyms(sought).items():
            if places := self._by_text.get(acronym):
                # Found as a word of its own, it counts one at most.
                counts = _Shortened(weight, 1.0)
                found.update(dict.fromkeys(places, counts))
        return found

    def _meant_by(self, token: Token) -> frozenset[str]:
        """The words of these names that a word may stand for."""
        keys = _same_keys(token) | {hash(("initial", token.word[0]))}
        found = {at for key in keys for at in self._same.get(key, _NOBODY)}
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
        spellings = {at: self._spellings[at][1] for key in keys for at in self._close.get(key, _NOBODY)}
        slips = 1 if len(text) < 6 else 2 if len(text) < 12 else 3
        near_by = extract(text, spellings, scorer=distance, score_cutoff=slips, limit=None)
        return [self._spellings[at][0] for _, _, at in near_by]

    def _probed(self, sought: Prepared, meanings: list[tuple[Token, frozenset[str]]]) -> Iterator[str]:
        """The rarest words of a name, together more than what a match can do without."""
        met = COSTS[self._kind].more * self._threshold / (100 - self._threshold)
        weight = _weight(sought)
        dispensable = weight / (1 + met) + sought.weight - weight
        by_size = sorted(
            (sum(len(self._by_text[text]) for text in texts), token.weight, place)
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
        self, sought: Prepared, weights: Mapping[str, float], places: Mapping[int, _Shortened]
    ) -> Iterable[int]:
        """Those of the names whose score could reach the threshold at best."""
        costs = COSTS[self._kind]
        bounds: list[tuple[float, int]] = []
        weight = _weight(sought)
        initialled = sum(token.weight for token in sought.tokens if token.sort is Sort.INITIAL)
        for place, (our_own, their_own) in places.items():
            name = self._names[place]
            met = initialled + sum([weights[text] for text in name.texts if text in weights])
            ours, theirs = max(weight - met - our_own, 0.0), max(self._weights[place] - met - their_own, 0.0)
            met += max(our_own, their_own)
            lost = costs.instead * min(ours, theirs) + costs.more * abs(ours - theirs)
            bound = 100 * met / (met + lost)
            if bound >= self._threshold - _SLACK:
                bounds.append((bound, place))
        return [place for _, place in (nlargest(MOST, bounds) if len(bounds) > MOST else bounds)]


def _weight(name: Prepared) -> float:
    """What a name counts at least, with a place that it may do without as little as that ever counts."""
    return name.weight - sum([token.weight - AT_HOME for token in name.tokens if token.text == name.home])


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
    if token.sort is Sort.NUMBER or len(token.word) < 3:
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
        for length in _ACRONYM
        for at in range(len(tokens) - length + 1)
        for run in (tokens[at : at + length],)
    }


def _joins(name: Prepared) -> list[str]:
    return [one.word + other.word for one, other in pairwise(name.tokens)]


def _as_whole(name: Prepared) -> set[str]:
    """What one word of another name may be for a whole name, or for two words of it."""
    return {name.squashed, name.raw, *_joins(name), *_read(name).own, *initials(name.name)}


def _read(name: Prepared) -> Readings:
    """What a person's name, or three syllables in that of a firm, may be in Chinese or Korean."""
    words = tuple([token.word for token in name.tokens])
    return readings(words) if name.kind == "person" else readings_within(words)
