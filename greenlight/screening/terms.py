"""Words of scripts that write no spaces, cut out of a name: what a table has, and what is left between.

A table writes `word=meaning`, with "/" between several words of meaning. A hyphen before a word says that it
stands behind something, one after it that it stands before all else.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

# What a cut costs; the cheapest cut of the whole name is taken. What stands in no table costs by its length
# and once more for each run of it, so that a term is taken unless it would break a run for one character.
_TERM: Final = 1.0
_BEHIND: Final = 0.9
_SINGLE: Final = 1.3
_RUN: Final = 1.0
_CHARACTER: Final = 1.2


class Piece(NamedTuple):
    """From `start` to `end` of a text, with what it means; None: it is in no table."""

    start: int
    end: int
    meaning: str | None


class _Way(NamedTuple):
    """The cheapest way to a place in a text, and the pieces of it."""

    cost: float
    piece: Piece | None = None
    before: "_Way | None" = None

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        way: _Way | None = self
        while way is not None and way.piece is not None:
            found.append(way.piece)
            way = way.before
        return found[::-1]


Pattern = tuple[re.Pattern[str], Callable[[str], str]]


class Terms:
    """A table of words, and a pattern of numbers or letters, which count as a word and are read otherwise."""

    def __init__(self, meanings: Mapping[str, str], pattern: Pattern | None = None) -> None:
        self._anywhere = {word: it for word, it in meanings.items() if "-" not in word}
        self._behind = {word[1:]: it for word, it in meanings.items() if word.startswith("-")}
        self._before = {word[:-1]: it for word, it in meanings.items() if word.endswith("-")}
        self._longest = max(map(len, meanings), default=0)
        self._pattern = pattern

    def cut(self, text: str) -> tuple[Piece, ...]:
        """A text as pieces that leave nothing out: as few, and with as little in no table, as can be."""
        after = [_Way(0.0)] + [_NOWHERE] * len(text)
        within = [_NOWHERE] * (len(text) + 1)
        for at in range(len(text)):
            _longer_run(at, after, within)
            before = min(after[at], within[at], key=_cost)
            for end, cost, meaning in self._from(text, at):
                if before.cost + cost < after[end].cost:
                    after[end] = _Way(before.cost + cost, Piece(at, end, meaning), before)
        return tuple(min(within[-1], after[-1], key=_cost).pieces())

    def _from(self, text: str, at: int) -> Iterator[tuple[int, float, str]]:
        for end in range(min(len(text), at + self._longest), at, -1):
            word = text[at:end]
            if (meaning := self._anywhere.get(word)) is not None:
                yield end, _TERM if len(word) > 1 else _SINGLE, meaning
            elif at and (meaning := self._behind.get(word)) is not None:
                yield end, _BEHIND, meaning
            elif not at and (meaning := self._before.get(word)) is not None:
                yield end, _TERM, meaning
        if self._pattern is not None and (found := self._pattern[0].match(text, at)) is not None:
            yield found.end(), _TERM, self._pattern[1](next(filter(None, found.groups())))


_NOWHERE: Final = _Way(float("inf"))


def _cost(way: _Way) -> float:
    return way.cost


def _longer_run(at: int, after: list[_Way], within: list[_Way]) -> None:
    """The run of what is in no table that ends behind the character at a place: begun there, or earlier."""
    begun, before = after[at].cost + _RUN, within[at]
    if before.piece is not None and before.cost <= begun:
        piece = Piece(before.piece.start, at + 1, None)
        within[at + 1] = _Way(before.cost + _CHARACTER, piece, before.before)
    else:
        within[at + 1] = _Way(begun + _CHARACTER, Piece(at, at + 1, None), after[at])
