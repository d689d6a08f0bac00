"""The account of a reprieve, in short: its terms, what was decided, the time without cover, how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, last_day
from greenlight.law.reprieve.events import (
    DecisionMade,
    OutcomeConfirmed,
    OutcomeMoot,
    OutcomeStopped,
    ReprieveEnded,
    TermIssued,
    TermTerminated,
)
from greenlight.law.reprieve.versions import versions
from greenlight.law.terms.deciding import LAPSE
from greenlight.law.terms.spans import NEVER, Interval, gaps


class Ending(StrEnum):
    """The reason why no term runs any more. ``lapsed``: so decided. ``unanswered``: referred, and nobody
    answered in time. ``moot``: the outcome came too late to mean anything. ``stopped``: the executive let
    nothing take effect. ``ended``: by the executive."""

    LAPSED = "lapsed"
    UNANSWERED = "unanswered"
    MOOT = "moot"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Decided:
    """``row`` is None where none fired."""

    due: datetime
    at: datetime
    outcome: str
    row: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """``terms``: from the first instant of each to the one after its last. ``ending`` is None while a term
    runs, or a decision is open that may yet bring one."""

    terms: tuple[Interval, ...]
    decisions: tuple[Decided, ...]
    ending: Ending | None

    def uncovered(self, begin: datetime, end: datetime) -> tuple[Interval, ...]:
        """When, from ``begin`` to ``end``, no term runs."""
        return gaps(self.terms, begin, end)

    @property
    def over(self) -> datetime:
        """The end of the term that ends last."""
        return max(end for _, end in self.terms)


def account(events: Iterable[Event], until: datetime) -> Account:
    """Tell what became of a reprieve by ``until``, from its events."""
    told = tuple(events)
    spans = {each.term.number: (each.term.effective, each.end) for each in versions(told) if each.latest}
    decisions = tuple(
        Decided(event.due, event.at, event.evaluation.outcome, event.evaluation.row)
        for event in told
        if isinstance(event, DecisionMade)
    )
    return Account(tuple(spans[number] for number in sorted(spans)), decisions, _ending(told, spans, until))


def days(intervals: Iterable[Interval]) -> tuple[date, ...]:
    """The days in Washington that ``intervals`` touch."""
    found: dict[date, None] = {}
    for begin, end in intervals:
        first, last = agency_date(begin), last_day(end)
        found.update((first + timedelta(days=n), None) for n in range((last - first).days + 1))
    return tuple(found)


def _ending(events: tuple[Event, ...], spans: dict[int, Interval], until: datetime) -> Ending | None:
    """Read off the last of the events that say what follows; what is still open ends nothing."""
    ends = max((end for _, end in spans.values()), default=NEVER)
    if ends > until:
        return None
    confirmed = False
    for event in reversed(events):
        match event:
            case ReprieveEnded():
                return Ending.ENDED
            case OutcomeMoot():
                return Ending.MOOT
            case OutcomeStopped():
                return Ending.STOPPED
            case OutcomeConfirmed():
                confirmed = True
            case TermTerminated():
                return Ending.ENDED
            case TermIssued():
                return None
            case DecisionMade():
                if event.closes is None:
                    return Ending.UNANSWERED
                if event.evaluation.outcome == LAPSE:
                    return Ending.LAPSED if confirmed or event.closes <= until else None
                return None
            case _:
                pass
    return None
