"""What follows the last term of a reprieve: whether that was decided, at any instant of what was known.

Until it is, a day beyond that term is neither covered nor not, a day gone by as well: another term may have
taken effect before anybody could know of it. So no clock is asked, and no end decides anything of itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

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
from greenlight.law.terms.knowing import Known, as_known
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


@dataclass(frozen=True, slots=True)
class _Issued:
    """A term on record: since when, since when it was known, and its first end."""

    at: datetime
    known: datetime
    end: datetime


class Following:
    """Of one reprieve, the term that ends last, as known at an instant, and whether more may follow."""

    def __init__(self, events: Iterable[Event], found: Iterable[Version] | None = None) -> None:
        told = [event for event in events if isinstance(event, TOLD)]
        found = tuple(versions(told) if found is None else found)
        self._ends = [event for event in told if isinstance(event, ReprieveEnded)]
        self._changes = [event for event in told if isinstance(event, EntitiesChanged)]
        self._latest = horizon(version for version in found if version.latest)
        instants = sorted({at for v in found for at in (v.known_from, v.known_until) if at != NEVER})
        lasts = (horizon(v for v in found if v.known_from <= at < v.known_until) for at in instants)
        self._known: Known[Version | None] = Known(zip(instants, lasts, strict=True), None)
        said = [*_said(told)]
        self._undecided = said[-1].undecided if said else False
        then = ((since, known[-1].undecided) for (since, _), known in as_known(said, lambda each: each.known))
        self._undecided_then = Known(then, nothing=False)
        first = {version.number: version.known_from for version in reversed(found)}
        self._issued = [
            _Issued(event.at, first[event.term.number], event.term.end)
            for event in told
            if isinstance(event, TermIssued)
        ]

    def undecided(self, at: datetime, known_at: datetime | None) -> Version | None:
        """The last term, if ``at`` lies beyond it and it is not decided what follows it; else None.

        Nothing follows a term that was ended early. What follows may have been issued and not printed yet.
        """
        last = self._latest if known_at is None else self._known.at(known_at)
        if last is None or at < last.end or last.end < last.term.end:
            return None
        if known_at is None:
            return last if self._undecided else None
        return last if self._undecided_then.at(known_at) or self._unprinted(last, known_at) else None

    def ended(self, entity: str, at: datetime, known_at: datetime | None) -> ReprieveEnded | None:
        """The end of the reprieve, if it was ended by ``at`` and its last term covered the entity."""
        if self._latest is None or entity not in self._latest.entities:
            return None
        known = (end for end in self._ends if known_at is None or _known(end) <= known_at)
        return next((end for end in known if end.at <= at), None)

    def _unprinted(self, last: Version, known_at: datetime) -> bool:
        return any(each.at <= known_at < each.known and last.end < each.end for each in self._issued)

    def entities(self, last: Version, at: datetime, known_at: datetime | None) -> frozenset[str]:
        """Whom an extension of ``last`` covers at ``at``, by the changes known."""
        known = (
            event.change
            for event in self._changes
            if known_at is None or (event.published or NEVER) <= known_at
        )
        return entities_at(last.entities, known, at)


class _Said(NamedTuple):
    """From when it was known that what follows is undecided, or is decided."""

    known: datetime
    undecided: bool


def _said(told: Iterable[Event]) -> Iterator[_Said]:
    """Every change of whether it is decided, in the order of the record."""
    state: ReprieveState | None = None
    before = False
    for event in told:
        stage = state.stage if state else None
        state = evolve(state, event)
        undecided = state.stage in UNDECIDED
        if isinstance(event, TermExpired) and stage is not Stage.REFERRED:
            # An end decides nothing, but that no answer came to what was referred.
            continue
        if undecided is not before:
            yield _Said(_known(event), undecided)
            before = undecided


def _known(event: Event) -> datetime:
    """From when it was known: of what is printed, not before that."""
    printed = event.published if isinstance(event, ReprieveEnded | TermTerminated) else None
    return max(event.at, printed or event.at)
