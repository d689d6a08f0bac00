"""What follows the last term of a reprieve: whether that was decided, at any instant of what was known.

Until it is, a day beyond that term is neither covered nor not: the term may be extended as it stands. The
record says itself how far it goes, so no clock is asked: what lies before its last event is past.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.law.reprieve.events import (
    DecisionFellDue,
    DecisionMade,
    EntitiesChanged,
    ObjectionWindowClosed,
    OutcomeConfirmed,
    OutcomeMoot,
    OutcomeReplaced,
    OutcomeStopped,
    ReprieveEnded,
    ReprieveOpened,
    TermCorrected,
    TermExpired,
    TermIssued,
    TermPublished,
    TermTerminated,
)
from greenlight.law.reprieve.state import ReprieveState, Stage, evolve
from greenlight.law.reprieve.terms import entities_at
from greenlight.law.reprieve.versions import Version, versions
from greenlight.law.terms.ends import horizon
from greenlight.law.terms.knowing import Known
from greenlight.law.terms.spans import NEVER

TOLD = (
    ReprieveOpened,
    TermIssued,
    TermPublished,
    TermCorrected,
    TermTerminated,
    TermExpired,
    EntitiesChanged,
    DecisionFellDue,
    DecisionMade,
    ObjectionWindowClosed,
    OutcomeConfirmed,
    OutcomeReplaced,
    OutcomeStopped,
    OutcomeMoot,
    ReprieveEnded,
)
"""The events that say something of terms, and of what follows them; coverage needs no others."""

UNDECIDED = frozenset({Stage.RUNNING, Stage.GATHERING, Stage.PROPOSED, Stage.TAKING_EFFECT, Stage.REFERRED})
"""The stages at which nobody has decided what follows the last term."""


def settles(number: int) -> str:
    """What would tell how it goes on after the term of that number."""
    return f"what is decided to follow term {number}"


@dataclass(slots=True)
class _Course:
    """Of one term. ``late``: from when on something may follow it after its end, since a decision fell due,
    or another term was ordered that may not be printed yet. ``until``: when nothing was to follow it."""

    late: datetime = NEVER
    until: datetime = NEVER


class Following:
    """Of one reprieve, the term that ends last, as known at an instant, and whether more may follow."""

    def __init__(self, events: Iterable[Event], found: Iterable[Version] | None = None) -> None:
        told = [event for event in events if isinstance(event, TOLD)]
        found = tuple(versions(told) if found is None else found)
        self._courses = _courses(told)
        self._changes = [event for event in told if isinstance(event, EntitiesChanged)]
        self._seen = max((event.at for event in told), default=NEVER)
        self._latest = horizon(version for version in found if version.latest)
        instants = sorted({at for v in found for at in (v.known_from, v.known_until) if at != NEVER})
        lasts = (horizon(v for v in found if v.known_from <= at < v.known_until) for at in instants)
        self._known: Known[Version | None] = Known(zip(instants, lasts, strict=True), None)

    def undecided(self, at: datetime, known_at: datetime | None) -> Version | None:
        """The last term, if ``at`` lies beyond it and it is not decided what follows it; else None.

        Nothing follows a term that was ended early, and what is past when it is asked is decided.
        """
        last = self._latest if known_at is None else self._known.at(known_at)
        now = self._seen if known_at is None else known_at
        if last is None or at < last.end or at <= now or last.end < last.term.end:
            return None
        course = self._courses[last.number]
        if known_at is None:
            return last if course.until == NEVER else None
        return last if known_at < course.until and (known_at < last.end or course.late <= known_at) else None

    def entities(self, last: Version, at: datetime, known_at: datetime | None) -> frozenset[str]:
        """Whom an extension of ``last`` covers at ``at``, by the changes known."""
        known = (
            event.change
            for event in self._changes
            if known_at is None or (event.published or NEVER) <= known_at
        )
        return entities_at(last.entities, known, at)


def _courses(told: Iterable[Event]) -> dict[int, _Course]:
    courses: dict[int, _Course] = {}
    state: ReprieveState | None = None
    for event in told:
        state = evolve(state, event)
        match event:
            case TermIssued(term=term):
                for earlier in courses.values():
                    earlier.late = min(earlier.late, event.at)
                    # The outcome that it came of had settled them, in the same instant, and not to a lapse.
                    earlier.until = NEVER if earlier.until == event.at else earlier.until
                courses[term.number] = _Course()
            case DecisionFellDue(term=number):
                courses[number].late = min(courses[number].late, event.at)
            case _:
                pass
        decided = state.decision.term if state.decision else None
        last = decided or (state.horizon.number if state.horizon else None)
        if state.stage in UNDECIDED and last is not None:
            courses[last].until = NEVER
        elif state.stage not in UNDECIDED and not isinstance(event, TermTerminated | ReprieveOpened):
            # That a term is ended early is known by its version, from its publication on.
            for course in courses.values():
                course.until = min(course.until, event.at)
    return courses
