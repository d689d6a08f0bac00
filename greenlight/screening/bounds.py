"""Upper bounds of the score of two names, by the words that could meet: no name that would match is lost.

It costs a fiftieth of the score. A word that may meet another counts as met for certain, and words that stand
together for others count what they may count at most; only the rest is lost.
"""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Final, NamedTuple

from greenlight.screening.compare import AT_HOME, COSTS, UNSPELT, who_it_is
from greenlight.screening.tokens import Kind, Prepared
from greenlight.screening.vocabulary import Sort, Token

# So many are compared carefully, the most promising first.
MOST: Final = 250
# What rounding may add to a score, and adding up may take off a count.
_ROUNDED: Final = 0.05
_NEARLY: Final = 1e-9

Meanings = Sequence[tuple[Token, frozenset[str]]]
"""The words of a name, each with the words of the index that it may stand for."""


class Together(NamedTuple):
    """Words that stand together for one of the other name: what they add to what met, and take off a side.

    `who` is what they say at most of who it is.
    """

    met: float
    ours: float
    theirs: float
    who: float

    def plus(self, other: "Together") -> "Together":
        return Together(
            self.met + other.met, self.ours + other.ours, self.theirs + other.theirs, self.who + other.who
        )


APART: Final = Together(0.0, 0.0, 0.0, 0.0)


class _Word(NamedTuple):
    """The most that a word counts, what it says at most of who it is, and whether it is more than an initial
    or a number."""

    weight: float
    who: float
    spelt: bool

    def or_else(self, other: "_Word") -> "_Word":
        return _Word(max(self.weight, other.weight), max(self.who, other.who), self.spelt or other.spelt)


class _Met(NamedTuple):
    """The weight of a word of the index that met in either name, and as in `_Word`."""

    ours: float
    theirs: float
    who: float
    spelt: bool


MayMeet = Mapping[str, _Met]
"""The words of the index that may meet one of a name, as what counts most."""


class Bounds:
    """The best that names of an index can reach, from a score of ``threshold`` on."""

    def __init__(self, names: Sequence[Prepared], kind: Kind, threshold: float) -> None:
        self._kind: Kind = kind
        self._threshold = threshold - _ROUNDED
        self._texts = [name.texts for name in names]
        self._weights = [least(name) for name in names]
        self._words: dict[str, _Word] = {}
        # Most words count alike.
        alike: dict[_Word, _Word] = {}
        for token in {token for name in names for token in name.tokens}:
            word = _word(token, kind)
            if (known := self._words.get(token.text)) is not None:
                word = word.or_else(known)
            self._words[token.text] = alike.setdefault(word, word)

    def dispensable(self, sought: Prepared, who: float) -> float:
        """The part of a name that a match can do without, if all else says at most so much of who it is."""
        costs, weight = COSTS[self._kind], least(sought)
        spare = 100 - self._threshold
        more = costs.more if who + _NEARLY >= costs.enough else costs.more * costs.alone
        return weight * spare / (spare + more * self._threshold) + sought.weight - weight

    def promising(self, sought: Prepared, may_meet: MayMeet, places: Mapping[int, Together]) -> list[int]:
        """Those of the places whose names could reach the threshold; `MOST` at most, the best of them."""
        instead, more, alone, enough = COSTS[self._kind]
        threshold, enough = self._threshold, enough - _NEARLY
        known = may_meet.keys()
        weight = least(sought)
        initials = [token.weight for token in sought.tokens if token.sort is Sort.INITIAL]
        initialled, initialled_who = sum(initials), float(len(initials))
        bounds: list[tuple[float, int]] = []
        for place, together in places.items():
            texts = self._texts[place]
            ours = theirs = initialled
            who = initialled_who
            spelt = False
            for text in known & texts:
                our, their, says, is_spelt = may_meet[text]
                ours += our
                theirs += their
                who += says
                spelt = spelt or is_spelt
            best = ours if ours < theirs else theirs
            ours, theirs = weight - ours, self._weights[place] - theirs
            if together is not APART:
                if not together.who and known.isdisjoint(texts):
                    # Initials stand for words only beside others.
                    continue
                best += together.met
                ours, theirs = ours - together.ours, theirs - together.theirs
                who += together.who
                spelt = True
            # What is left of either met nothing.
            less, rest = (ours, theirs) if ours < theirs else (theirs, ours)
            less, rest = (less, rest) if less > 0.0 else (0.0, max(rest, 0.0))
            lost = instead * less + more * (rest - less)
            if who < enough:
                lost *= alone
            bound = 100 * best / (best + lost)
            if bound >= threshold and (spelt or threshold <= UNSPELT or texts == sought.texts):
                bounds.append((bound, place))
        return [place for _, place in (nlargest(MOST, bounds) if len(bounds) > MOST else bounds)]

    def may_meet(self, meanings: Meanings) -> MayMeet:
        """Gather what the words of a name may meet."""
        may_meet: dict[str, _Met] = {}
        for token, texts in meanings:
            word = _word(token, self._kind)
            for text in texts:
                its = self._words[text]
                weight, who, spelt = word.weight, max(word.who, its.who), its.spelt
                if text == token.text:
                    spelt = spelt or word.spelt
                if (known := may_meet.get(text)) is not None:
                    weight, who, spelt = max(weight, known.ours), max(who, known.who), spelt or known.spelt
                may_meet[text] = _Met(weight, its.weight, who, spelt)
        return may_meet


def least(name: Prepared) -> float:
    """The least that a name counts, with a place that it may do without as little as that ever counts."""
    if not name.home:
        return name.weight
    return name.weight - sum([token.weight - AT_HOME for token in name.tokens if token.text == name.home])


def _word(token: Token, kind: Kind) -> _Word:
    numbered = token.sort is Sort.INITIAL or token.sort is Sort.NUMBER
    return _Word(token.weight, who_it_is(token, kind), not numbered)
