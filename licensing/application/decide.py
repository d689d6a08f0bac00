"""What an application's commands mean, or why they are refused."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from licensing.application.commands import (
    DECISIONS,
    Answer,
    Assign,
    Countersign,
    Outcome,
    Recommend,
    RecordScreening,
    RequestInformation,
    ReturnWithoutAction,
    SignOff,
    Submit,
    Withdraw,
)
from licensing.application.dossier import Parties
from licensing.application.events import (
    ApplicationGranted,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CaseAssigned,
    ExecutiveSignedOff,
    InformationAnswered,
    InformationRequested,
    IntentToDenyIssued,
    PartiesScreened,
    RecommendationCountersigned,
    RecommendationMade,
    RecommendationSentBack,
)
from licensing.application.state import ApplicationState, dossier_digest
from licensing.application.transitions import TRANSITIONS
from licensing.authority import Actor, Role, role_objection
from licensing.commit import Event
from licensing.decider import Body, Command, Decision, Lacks
from licensing.model import ACN_PATTERN
from licensing.refusal import Refusal, RefusalCode
from licensing.tables import executive_sign_off


def decide(state: ApplicationState | None, command: Command[Body], now: datetime) -> Decision:
    """Decide a command at ``now``. All deadlines due by then must have been recorded before.

    The order of refusals is fixed: the stage, the persons, the dossier, then the matter itself.
    """
    cell = TRANSITIONS[state.stage if state else None][command.name]
    if isinstance(cell, RefusalCode):
        at = f"at stage {state.stage}" if state else "without a case"
        return Refusal(cell, f"{command.name} is not possible {at}: {cell.meaning}")
    if objection := role_objection(command.name, command.by.role if command.by else None):
        return objection
    if isinstance(command.body, Submit):
        return _submit(command.body, command, now)
    assert state is not None, "TRANSITIONS lets only a submission through without a case"
    for refusal in _objections(state, command):
        return refusal
    return _outcome(state, command, now)


def _submit(body: Submit, command: Command[Body], now: datetime) -> Decision:
    if not re.fullmatch(ACN_PATTERN, command.key):
        return Refusal(RefusalCode.MALFORMED, "the control number must be a letter and six digits")
    application = body.application
    submitted = ApplicationSubmitted(at=now, by=_sender(command), acn=command.key, application=application)
    return (submitted, *_screened(command, application.parties, now))


def _objections(state: ApplicationState, command: Command[Body]) -> Iterator[Refusal]:
    """Who may not send this, and on what basis it may not rest."""
    if command.by is not None:
        yield from _personal_objections(state, command.name, command.by)
    if command.name in DECISIONS:
        if command.dossier is None:
            yield Refusal(RefusalCode.DOSSIER_MISSING, f"{command.name} must name the dossier's digest")
        elif command.dossier != dossier_digest(state):
            yield Refusal(RefusalCode.DOSSIER_CHANGED, "the dossier is not the one that was signed")


def _personal_objections(state: ApplicationState, name: str, by: Actor) -> Iterator[Refusal]:
    applicant = state.submitted_by
    if by.role is Role.APPLICANT:
        if by.organisation != applicant.organisation:
            yield Refusal(RefusalCode.NOT_THE_APPLICANT, f"{name} is for {applicant.organisation} alone")
        return
    if by.organisation == applicant.organisation or by.person in state.acted_for_applicant:
        yield Refusal(RefusalCode.OWN_APPLICATION, f"{by.officer} acts for the applicant in this case")
    if name == "recommend" and state.assigned_to not in (None, by.officer):
        yield Refusal(RefusalCode.ASSIGNED_TO_ANOTHER, f"the case is with {state.assigned_to}")
    recommended = state.recommendation
    if name in {"countersign", "sign_off"} and recommended and recommended.by.person == by.person:
        yield Refusal(
            RefusalCode.OWN_RECOMMENDATION, f"{by.officer} and {recommended.by.officer} are one person"
        )


def _outcome(state: ApplicationState, command: Command[Body], now: datetime) -> Decision:
    match command.body:
        case RecordScreening() as body:
            return _record_screening(state, body, now)
        case Assign(officer=officer):
            return (CaseAssigned(at=now, by=_sender(command), officer=officer),)
        case RequestInformation(request=request):
            return (InformationRequested(at=now, by=_sender(command), request=request),)
        case Answer(answer=answer, parties=parties):
            answered = InformationAnswered(at=now, by=_sender(command), answer=answer, parties=parties)
            return (answered, *_screened(command, parties, now))
        case Recommend() as body:
            return _recommend(state, body, _sender(command), now)
        case Countersign() as body:
            return _countersign(state, body, command, now)
        case SignOff() as body:
            return _sign_off(state, body, command, now)
        case ReturnWithoutAction(ground=ground, reasons=reasons):
            return (ApplicationReturned(at=now, by=_sender(command), ground=ground, reasons=reasons),)
        case Withdraw(reason=reason):
            return (ApplicationWithdrawn(at=now, by=_sender(command), reason=reason),)
        case _:
            raise TypeError(f"{command.name} has no body {type(command.body).__name__}")


def _record_screening(state: ApplicationState, body: RecordScreening, now: datetime) -> Decision:
    """A screening of other parties than those of the case would let unscreened ones through."""
    if body.parties != state.parties:
        return Refusal(RefusalCode.DOSSIER_CHANGED, "the parties were replaced while they were screened")
    if not body.screening.covers(state.parties):
        return Refusal(RefusalCode.SCREENING_INCOMPLETE, "each party needs a finding of its own")
    return (PartiesScreened(at=now, screening=body.screening),)


def _screened(command: Command[Body], parties: Parties | None, now: datetime) -> tuple[Event, ...]:
    """The screening that came with new parties, if there is one; else the service has it to do yet."""
    if parties is None or command.screening is None or not command.screening.covers(parties):
        return ()
    return (PartiesScreened(at=now, screening=command.screening),)


def _recommend(state: ApplicationState, body: Recommend, by: Actor, now: datetime) -> Decision:
    offered = tuple(item.line for item in state.submission.items)
    lines = () if body.outcome is Outcome.DENY else tuple(sorted(set(body.lines or offered)))
    unknown = sorted(set(lines) - set(offered))
    if unknown:
        return Refusal(RefusalCode.UNKNOWN_ITEM, f"the application has no line {unknown[0]}")
    if lines and state.submission.all_or_nothing and len(lines) < len(offered):
        return Refusal(RefusalCode.ALL_OR_NOTHING, "the applicant takes all items or none")
    return (
        RecommendationMade(
            at=now,
            by=by,
            outcome=body.outcome,
            reasons=body.reasons,
            lines=lines,
            conditions=body.conditions,
            riders=body.riders,
            validity=body.validity,
        ),
    )


def _countersign(
    state: ApplicationState, body: Countersign, command: Command[Body], now: datetime
) -> Decision:
    by = _sender(command)
    if not body.agrees:
        return (RecommendationSentBack(at=now, by=by, comment=body.comment),)
    rule = executive_sign_off.TABLE.evaluate(_sign_off_facts(state))
    signed = RecommendationCountersigned(at=now, by=by, comment=body.comment, sign_off=rule)
    if rule.outcome == executive_sign_off.REQUIRED:
        return (signed,)
    end = _end(state, command, now)
    return end if isinstance(end, Lacks) else (signed, end)


def _sign_off(state: ApplicationState, body: SignOff, command: Command[Body], now: datetime) -> Decision:
    by = _sender(command)
    if not body.approves:
        return (RecommendationSentBack(at=now, by=by, comment=body.comment),)
    end = _end(state, command, now)
    if isinstance(end, Lacks):
        return end
    return (ExecutiveSignedOff(at=now, by=by, comment=body.comment), end)


def _end(state: ApplicationState, command: Command[Body], now: datetime) -> Event | Lacks:
    """What the recommendation comes to, now that every required signature is there."""
    recommended = _recommended(state)
    if recommended.outcome is Outcome.DENY:
        return IntentToDenyIssued(at=now, reasons=recommended.reasons)
    if command.license_number is None:
        return Lacks.LICENSE_NUMBER
    return ApplicationGranted(
        at=now,
        license_number=command.license_number,
        lines=recommended.lines,
        in_part=len(recommended.lines) < len(state.submission.items),
        conditions=recommended.conditions,
        riders=recommended.riders,
        validity=recommended.validity,
    )


def _sign_off_facts(state: ApplicationState) -> dict[str, executive_sign_off.Value]:
    recommended = _recommended(state)
    values: Counter[str] = Counter()
    for item in state.submission.items:
        values[item.value.currency] += item.value.minor_units
    return executive_sign_off.facts(
        # Screening is complete here; were it not, "unknown" must count as listed, never as clear.
        listed=state.listed is not False,
        outcome=recommended.outcome,
        values=dict(values),
        controlled=any(item.classification != "EAR99" for item in state.submission.items),
    )


def _recommended(state: ApplicationState) -> RecommendationMade:
    assert state.recommendation is not None, "TRANSITIONS lets no signature come before a recommendation"
    return state.recommendation


def _sender(command: Command[Body]) -> Actor:
    return cast(Actor, command.by)
