"""The picture of a reprieve: its terms, where none runs, where two do, and what was decided when."""

from collections.abc import Iterable

from greenlight.kernel.commit import Event
from greenlight.law.reprieve.events import DecisionMade, ReprieveEnded
from greenlight.law.reprieve.versions import versions
from greenlight.law.terms.picture import Mark, Timeline, Words
from greenlight.law.terms.spans import gaps, overlaps

WORDS = Words(term="term", gap="no cover", overlap="two terms", marks="decisions", mark="decided, ")


def timeline(title: str, events: Iterable[Event]) -> Timeline:
    """Of a reprieve with a term, from its events. Gaps reach to its end, if it was ended."""
    told = tuple(events)
    latest = sorted((each for each in versions(told) if each.latest), key=lambda each: each.term.number)
    runs = tuple(each.run for each in latest if each.term.effective < each.end)
    spans = [run.span for run in runs]
    ends = [run.end for run in runs] + [event.at for event in told if isinstance(event, ReprieveEnded)]
    return Timeline(
        title=title,
        terms=runs,
        gaps=gaps(spans, min(run.begin for run in runs), max(ends)),
        overlaps=overlaps(spans),
        marks=tuple(mark for event in told for mark in _marks(event)),
        words=WORDS,
    )


def _marks(event: Event) -> Iterable[Mark]:
    match event:
        case DecisionMade():
            yield Mark(event.at, f"{event.evaluation.outcome}: {event.evaluation.row or 'no row'}")
        case ReprieveEnded():
            yield Mark(event.at, "ended")
        case _:
            pass
