"""What screening finds and what officers make of it (15 CFR 744.11(a)), as decisions."""

from datetime import datetime

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import RecordScreening, ResolveMatch
from greenlight.law.application.dossier import Match, Parties, Screening
from greenlight.law.application.events import PartiesScreened
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.resolution import (
    MatchResolved,
    remembered_of,
    resolutions_after,
    said_of,
)
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.transitions import TRANSITIONS


def record_screening(
    state: ApplicationState, body: RecordScreening, command: Command[Body], now: datetime
) -> Decision:
    """A screening of other parties than those of the case would let unscreened ones through.

    What every party was held against stands until it can be held against something else.
    """
    if body.parties != state.parties:
        return Refusal(RefusalCode.DOSSIER_CHANGED, "the parties were replaced while they were screened")
    if not body.screening.covers(state.parties):
        return Refusal(RefusalCode.SCREENING_INCOMPLETE, "each party needs a finding of its own")
    if state.screened:
        if not body.screening.complete:
            return Refusal(RefusalCode.SCREENING_INCOMPLETE, "the earlier screening was complete")
        if state.screening and body.screening.findings == state.screening.findings:
            return Refusal(RefusalCode.DOSSIER_CHANGED, "the parties were screened, and with the same result")
    return _found(body.screening, command, state, now)


def screened(
    command: Command[Body], parties: Parties | None, state: ApplicationState | None, now: datetime
) -> tuple[Event, ...]:
    """The screening that came with new parties, if there is one; else the service has it to do yet."""
    if parties is None or command.screening is None or not command.screening.covers(parties):
        return ()
    return _found(command.screening, command, state, now)


def resolve(
    state: ApplicationState, body: ResolveMatch, by: Actor, command: Command[Body], now: datetime
) -> Decision:
    """An officer's word on one hit, or on all of a party, and what is proposed on it."""
    said = said_of(state, body, command.entry, by, now)
    if isinstance(said, Refusal):
        return said
    return (*said, *_proposal(_known_after(state, said), command, state, now))


def known_after(
    state: ApplicationState, body: ResolveMatch, entry: Match | None, by: Actor, now: datetime
) -> Screened:
    """What is known of the parties once an officer has said this."""
    said = said_of(state, body, entry, by, now)
    return _known_after(state, () if isinstance(said, Refusal) else said)


def _known_after(state: ApplicationState, said: tuple[MatchResolved, ...]) -> Screened:
    known = state.resolutions
    for word in said:
        known = resolutions_after(known, word)
    return Screened(screening=state.screening, resolutions=known)


def _found(
    screening: Screening, command: Command[Body], state: ApplicationState | None, now: datetime
) -> tuple[Event, ...]:
    """What is remembered comes first: a pair that is known opens nothing, not for a moment."""
    earlier = state.resolutions if state else ()

    def partial(officer: Actor) -> bool:
        return _acts_for_applicant(officer, command, state)

    remembered = remembered_of(screening.findings, command.remembered, earlier, partial, now)
    found = (*remembered, PartiesScreened(at=now, screening=screening))
    for event in remembered:
        earlier = resolutions_after(earlier, event)
    known = Screened(screening=screening, resolutions=earlier)
    return (*found, *_proposal(known, command, state, now))


def _proposal(
    found: Screened, command: Command[Body], state: ApplicationState | None, now: datetime
) -> tuple[ReturnProposed, ...]:
    """A return is proposed where it is known who the parties are, and while an officer may return the
    case."""
    returns = state is None or not isinstance(TRANSITIONS[state.stage]["return_without_action"], RefusalCode)
    if command.proposed is None or not returns or not found.settled:
        return ()
    return (ReturnProposed(at=now, **dict(command.proposed)),)


def _acts_for_applicant(officer: Actor, command: Command[Body], state: ApplicationState | None) -> bool:
    """Who acts for the applicant decides nothing here, wherever they said it."""
    applicant = state.submitted_by if state else command.by
    assert applicant is not None, "an application is submitted by somebody"
    persons = (state.acted_for_applicant if state else frozenset[str]()) | {applicant.person}
    if command.by is not None:
        persons |= {command.by.person}
    return officer.organisation == applicant.organisation or officer.person in persons
