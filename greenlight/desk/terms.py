"""The picture of terms over time on a page, whatever they are the terms of."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from greenlight.law.terms.picture import Mark, Timeline, Words
from greenlight.law.terms.run import Run
from greenlight.law.terms.spans import NEVER, Interval

WIDE = 1_000
"""The width of a picture in its own units."""
_THIN = 4
"""The least width of what somebody may look for in it."""


class Part(NamedTuple):
    """A part of the picture, from left to right in its units; without ``end`` it goes on."""

    x: int
    width: int
    begin: datetime
    end: datetime | None


class Drawn(NamedTuple):
    """A term in the picture; ``published``: where on it that is; ``counted``: what is counted of it."""

    run: Run
    at: Part
    published: int | None
    counted: int | None


class Picture(NamedTuple):
    """Terms over time; ``now``: where in it today is, None: outside; ``counts``: what is counted of each."""

    words: Words
    begin: datetime
    end: datetime
    terms: tuple[Drawn, ...]
    gaps: tuple[Part, ...]
    overlaps: tuple[Part, ...]
    marks: tuple[Mark, ...]
    now: int | None
    counts: str | None


def drawn(shown: Timeline, now: datetime, counted: tuple[str, Mapping[int, int]] | None = None) -> Picture:
    """Lay out a timeline. ``counted``: something of each term, by its number, and what that is."""
    begin, end = shown.span
    scale = _Scale(shown)
    counts: Mapping[int, int] = counted[1] if counted else dict[int, int]()
    return Picture(
        words=shown.words,
        begin=begin,
        end=end,
        terms=tuple(
            Drawn(
                run,
                scale.part(run.span),
                None if run.published is None else scale.x(run.published),
                counts.get(run.number),
            )
            for run in shown.terms
        ),
        gaps=tuple(map(scale.part, shown.gaps)),
        overlaps=tuple(map(scale.part, shown.overlaps)),
        marks=shown.marks,
        now=scale.x(now) if begin <= now < end else None,
        counts=counted[0] if counted else None,
    )


class _Scale:
    def __init__(self, shown: Timeline) -> None:
        self._begin, self._end = shown.span
        self._seconds = (self._end - self._begin).total_seconds() or 1

    def x(self, at: datetime) -> int:
        inside = min(max(at, self._begin), self._end)
        return round(WIDE * (inside - self._begin).total_seconds() / self._seconds)

    def part(self, of: Interval) -> Part:
        x = min(self.x(of[0]), WIDE - _THIN)
        return Part(x, max(self.x(of[1]) - x, _THIN), of[0], None if of[1] == NEVER else of[1])
