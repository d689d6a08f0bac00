"""The picture of a reprieve: its terms, where none runs, where two do, and what was decided when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from greenlight.kernel.commit import Event
from greenlight.law.reprieve.events import DecisionMade, ReprieveEnded
from greenlight.law.reprieve.simulation.account import gaps
from greenlight.law.reprieve.versions import Interval, versions


@dataclass(frozen=True, slots=True)
class Bar:
    number: int
    begin: datetime
    end: datetime
    published: datetime | None
    citation: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """``gaps`` reach to the end of the reprieve, if it was ended."""

    title: str
    terms: tuple[Bar, ...]
    gaps: tuple[Interval, ...]
    overlaps: tuple[Interval, ...]
    marks: tuple[Mark, ...]

    @property
    def span(self) -> Interval:
        ends = [bar.end for bar in self.terms] + [mark.at for mark in self.marks]
        return min(bar.begin for bar in self.terms), max(ends)


def timeline(title: str, events: Iterable[Event]) -> Timeline:
    """Of a reprieve with a term, from its events."""
    told = tuple(events)
    latest = sorted((each for each in versions(told) if each.latest), key=lambda each: each.term.number)
    bars = tuple(
        Bar(
            each.term.number,
            each.term.effective,
            each.end,
            each.term.published,
            each.term.citation,
            each.term.reason,
        )
        for each in latest
        if each.term.effective < each.end
    )
    marks: list[Mark] = []
    for event in told:
        if isinstance(event, DecisionMade):
            marks.append(Mark(event.at, f"{event.evaluation.outcome}: {event.evaluation.row or 'no row'}"))
        elif isinstance(event, ReprieveEnded):
            marks.append(Mark(event.at, "ended"))
    ends = [bar.end for bar in bars] + [event.at for event in told if isinstance(event, ReprieveEnded)]
    spans = [(bar.begin, bar.end) for bar in bars]
    return Timeline(
        title=title,
        terms=bars,
        gaps=gaps(spans, min(bar.begin for bar in bars), max(ends)),
        overlaps=tuple(_overlaps(spans)),
        marks=tuple(marks),
    )


def _overlaps(spans: list[Interval]) -> Iterable[Interval]:
    """Find where more than one runs, cut at each beginning and end."""
    cuts = sorted({at for span in spans for at in span})
    for begin, end in pairwise(cuts):
        if sum(1 for starts, ends in spans if starts <= begin and end <= ends) > 1:
            yield begin, end
