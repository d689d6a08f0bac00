"""What screening finds and what officers make of it (15 CFR 744.11(a)), as decisions."""

from datetime import datetime

from licensing.application.commands import RecordScreening, ResolveMatch
from licensing.application.dossier import Parties, Screening
from licensing.application.events import PartiesScreened
from licensing.application.matches import Resolution, Screened
from licensing.application.resolution import MatchResolved, ResolutionRemembered, resolutions_after
from licensing.application.returning import ReturnProposed
from licensing.application.state import ApplicationState
from licensing.application.transitions import TRANSITIONS
from licensing.authority import Actor
from licensing.commit import Event
from licensing.decider import Body, Command, Decision
from licensing.refusal import Refusal, RefusalCode


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
    """An officer's word on one hit, and what is proposed on it."""
    said = _resolved(state, body, by, now)
    if said is None:
        problem = f"party {body.party}: {RefusalCode.NO_SUCH_MATCH.meaning}"
        return Refusal(RefusalCode.NO_SUCH_MATCH, problem)
    return (said, *_proposal(known_after(state, body, by, now), command, state, now))


def known_after(state: ApplicationState, body: ResolveMatch, by: Actor, now: datetime) -> Screened:
    """What is known of the parties once an officer has said this."""
    said = _resolved(state, body, by, now)
    resolutions = resolutions_after(state.resolutions, said) if said else state.resolutions
    return Screened(screening=state.screening, resolutions=resolutions)


def _resolved(state: ApplicationState, body: ResolveMatch, by: Actor, now: datetime) -> MatchResolved | None:
    for hit in state.hits:
        if (hit.party, hit.match.listing) == (body.party, body.listing) and hit.match.pair is not None:
            return MatchResolved(
                at=now,
                by=by,
                party=body.party,
                listing=body.listing,
                pair=hit.match.pair,
                verdict=body.verdict,
                reason=body.reason,
            )
    return None


def _found(
    screening: Screening, command: Command[Body], state: ApplicationState | None, now: datetime
) -> tuple[Event, ...]:
    """What is remembered comes first: a pair that is known opens nothing, not for a moment."""
    earlier = state.resolutions if state else ()
    said = {resolution.pair: resolution for resolution in earlier}
    met = {match.pair: match.listing for finding in screening.findings for match in finding.matches}
    remembered = tuple(
        ResolutionRemembered(
            at=now,
            listing=met[each.pair],
            pair=each.pair,
            verdict=each.verdict,
            resolved_by=each.resolved_by,
            resolved_at=each.resolved_at,
            remembered_from=each.remembered_from,
        )
        for each in command.remembered
        if each.pair in met
        and each.remembered_from is not None
        and each != said.get(each.pair)
        and not _said_here(said.get(each.pair))
        and not _acts_for_applicant(each.resolved_by, command, state)
    )
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


def _said_here(resolution: Resolution | None) -> bool:
    """An officer of the case has spoken, and nobody else speaks for them."""
    return resolution is not None and resolution.remembered_from is None


def _acts_for_applicant(officer: Actor, command: Command[Body], state: ApplicationState | None) -> bool:
    """Who acts for the applicant decides nothing here, wherever they said it."""
    applicant = state.submitted_by if state else command.by
    assert applicant is not None, "an application is submitted by somebody"
    persons = (state.acted_for_applicant if state else frozenset[str]()) | {applicant.person}
    if command.by is not None:
        persons |= {command.by.person}
    return officer.organisation == applicant.organisation or officer.person in persons
