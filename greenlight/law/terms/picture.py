"""The picture of terms over time: where none runs, where two do, and what was decided or changed when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from greenlight.law.terms.run import Run
from greenlight.law.terms.spans import NEVER, Interval


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at an instant. In its label people read spaces for underscores."""

    at: datetime
    label: str

    @property
    def told(self) -> str:
        return self.label.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Words:
    """Names for a term, and a time in which none runs, or nobody knows, or two do at once; of marks
    what they are, and one of them before its label."""

    term: str
    gap: str
    overlap: str
    marks: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """The time in which something stands ``how`` its name says; ``said``: the same in words."""

    begin: datetime
    end: datetime
    how: str
    said: str

    @property
    def span(self) -> Interval:
        return self.begin, self.end


@dataclass(frozen=True, slots=True)
class Timeline:
    """Terms laid out from left to right. One that nothing ends runs on to the end of the picture. ``stands``:
    what all of them come to, phase after phase, where that is not the terms themselves."""

    title: str
    terms: tuple[Run, ...]
    gaps: tuple[Interval, ...]
    overlaps: tuple[Interval, ...]
    marks: tuple[Mark, ...]
    words: Words
    stands: tuple[Phase, ...] = ()

    @property
    def span(self) -> Interval:
        """All of it, and a tenth more where something goes on."""
        ends = [end for _, end in (*(run.span for run in self.terms), *self.gaps)]
        begin = min(run.begin for run in self.terms)
        last = max([end for end in ends if end != NEVER] + [mark.at for mark in self.marks] + [begin])
        return begin, last + max((last - begin) / 10, _LEAST) if NEVER in ends else last

    def within(self, interval: Interval) -> Interval:
        """As much of an interval as is in the picture."""
        begin, end = self.span
        return max(interval[0], begin), min(interval[1], end)


_LEAST = timedelta(days=30)
