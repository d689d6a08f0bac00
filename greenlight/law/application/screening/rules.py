"""Decide what screening finds and what officers make of it (15 CFR 744.11(a))."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import ConfirmMatch, RecordScreening, ResolveMatch
from greenlight.law.application.dossier import Match, Parties, Screening, Submission, named
from greenlight.law.application.events import PartiesScreened
from greenlight.law.application.needs import EntryOf, ScreeningOf, WhyNotRequired
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.resolution import (
    confirmed_of,
    remembered_of,
    resolutions_after,
    said_of,
)
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.transitions import TRANSITIONS


def record_screening(
    state: ApplicationState, body: RecordScreening, command: Command[Body], now: datetime
) -> Ruling:
    """A screening of other parties than those of the case would let unscreened ones through.

    What every party was held against stands until it can be held against something else.
    """
    if body.parties != state.parties:
        return Refusal(RefusalCode.DOSSIER_CHANGED, "the parties were replaced while they were screened")
    if not body.screening.covers(state.parties):
        return Refusal(RefusalCode.SCREENING_INCOMPLETE, "each party and owner needs a finding of its own")
    if state.screened:
        if not body.screening.complete:
            return Refusal(RefusalCode.SCREENING_INCOMPLETE, "the earlier screening was complete")
        if state.screening and body.screening.findings == state.screening.findings:
            return Refusal(RefusalCode.DOSSIER_CHANGED, "the parties were screened, and with the same result")
    return _found(body.screening, filed_with(state, body.parties), command, state, now)


def filed_with(state: ApplicationState, parties: Parties) -> Submission:
    """The application with the parties that are named now."""
    return state.submission.model_copy(update={"parties": parties})


def screened(
    command: Command[Body], filed: Submission, state: ApplicationState | None, now: datetime
) -> tuple[Event, ...]:
    """The screening of the parties that a command brings, so that they are never on record without."""
    screening = command.told(ScreeningOf(named(filed.parties)))
    return _found(screening, filed, command, state, now) if screening.covers(filed.parties) else ()


def resolve(state: ApplicationState, body: ResolveMatch, command: Command[Body], now: datetime) -> Ruling:
    """An officer's word on one hit, or on all of a party, and what is proposed on it."""
    said = said_of(state, body, _entry(state, body, command), command.sender, now)
    if isinstance(said, Refusal):
        return said
    known = state.resolutions
    for word in said:
        known = resolutions_after(known, word)
    found = Screened(screening=state.screening, resolutions=known)
    return (*said, *return_proposed(found, filed_with(state, state.parties), command, state, now))


def confirm(state: ApplicationState, body: ConfirmMatch, by: Actor, now: datetime) -> Ruling:
    """A second officer's word, which lets false matches count in other cases."""

    def partial(officer: Actor) -> bool:
        return officer.person in state.acted_for_applicant

    return confirmed_of(state, body, partial, by, now)


def _entry(state: ApplicationState, body: ResolveMatch, command: Command[Body]) -> Match | None:
    """The entry that an officer names who looked a party up; None where none is named, or none of that key
    counts. What the screening met is known without the list, which takes seconds to read."""
    names = named(state.parties)
    if body.listing is None or body.party >= len(names):
        return None
    if any(hit.party == body.party and hit.match.listing == body.listing for hit in state.met):
        return None
    return command.told(EntryOf(body.listing, names[body.party]))


def _found(
    screening: Screening,
    filed: Submission,
    command: Command[Body],
    state: ApplicationState | None,
    now: datetime,
) -> tuple[Event, ...]:
    """Take what is remembered first: a pair that is known opens nothing, not for a moment."""
    earlier = state.resolutions if state else ()

    def partial(officer: Actor) -> bool:
        return _acts_for_applicant(officer, command, state)

    remembered = remembered_of(command, screening.findings, earlier, partial, now)
    found = (*remembered, PartiesScreened(at=now, screening=screening))
    for event in remembered:
        earlier = resolutions_after(earlier, event)
    known = Screened(screening=screening, resolutions=earlier)
    return (*found, *return_proposed(known, filed, command, state, now))


def return_proposed(
    found: Screened,
    filed: Submission,
    command: Command[Body],
    state: ApplicationState | None,
    now: datetime,
) -> tuple[ReturnProposed, ...]:
    """A return is proposed where it is known who the parties are, and while an officer may return the
    case."""
    returns = state is None or not isinstance(TRANSITIONS[state.stage]["return_without_action"], Code)
    proposed = command.told(WhyNotRequired(filed, found)) if returns and found.settled else None
    return () if proposed is None else (ReturnProposed(at=now, **dict(proposed)),)


def _acts_for_applicant(officer: Actor, command: Command[Body], state: ApplicationState | None) -> bool:
    """Tell whether the officer acts for the applicant, and so decides nothing here, wherever they said it."""
    applicant = state.submitted_by if state else command.by
    assert applicant is not None, "an application is submitted by somebody"
    persons = (state.acted_for_applicant if state else frozenset[str]()) | {applicant.person}
    if command.by is not None:
        persons |= {command.by.person}
    return officer.organisation == applicant.organisation or officer.person in persons
