"""What an application's commands mean, or why they are refused."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Decision, Lacks
from greenlight.kernel.body import Body, role_objection
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import ACN_PATTERN
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.tables.domain import Fact
from greenlight.law.application.commands import (
    Advise,
    Answer,
    Appeal,
    AskApplicant,
    Assign,
    Countersign,
    DecideAppeal,
    DecideDispute,
    DelegateBack,
    Escalate,
    LiftHold,
    Outcome,
    PlaceHold,
    Recommend,
    Reconsider,
    RecordScreening,
    Refer,
    RequestInformation,
    ResolveMatch,
    Respond,
    ReturnWithoutAction,
    SignOff,
    Submit,
    Vote,
    Withdraw,
)
from greenlight.law.application.denial.rules import decide_denial
from greenlight.law.application.dispute.language import Forum, disagrees
from greenlight.law.application.dispute.rules import decide_alone, escalate, turn_objection, vote
from greenlight.law.application.events import (
    ApplicationGranted,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CaseAssigned,
    DisputeOpened,
    ExecutiveSignedOff,
    HoldLifted,
    HoldPlaced,
    InformationAnswered,
    InformationRequested,
    IntentToDenyIssued,
    RecommendationCountersigned,
    RecommendationMade,
    RecommendationSentBack,
)
from greenlight.law.application.interagency.rules import decide_for_agency, refer
from greenlight.law.application.review import sign_off_table as executive_sign_off
from greenlight.law.application.review.proposal import Standing, granted_lines, proposers, standing
from greenlight.law.application.screening.rules import record_screening, resolve, screened
from greenlight.law.application.state import ApplicationState, dossier_digest
from greenlight.law.application.transitions import TRANSITIONS


def decide(state: ApplicationState | None, command: Command[Body], now: datetime) -> Decision:
    """Decide a command at ``now``. All deadlines due by then must have been recorded before.

    The order of refusals is fixed: the stage, the persons, the dossier, then the matter itself.
    """
    cell = TRANSITIONS[state.stage if state else None][command.name]
    if isinstance(cell, RefusalCode):
        at = f"at stage {state.stage}" if state else "without a case"
        return Refusal(cell, f"{command.name} is not possible {at}: {cell.meaning}")
    if objection := role_objection(command.body.declared, command.by.role if command.by else None):
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
    submitted = ApplicationSubmitted(
        at=now,
        by=_sender(command),
        acn=command.key,
        application=application,
        unclassified=command.unclassified,
    )
    return (submitted, *screened(command, application.parties, None, now))


def _objections(state: ApplicationState, command: Command[Body]) -> Iterator[Refusal]:
    """Who may not send this, and on what basis it may not rest."""
    if command.by is not None:
        if objection := turn_objection(state, command.name, command.by):
            yield objection
        yield from _personal_objections(state, command.name, command.by)
    if command.body.declared.decision:
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
    if name in _OF_THE_ASSIGNED and state.assigned_to not in (None, by.officer):
        yield Refusal(RefusalCode.ASSIGNED_TO_ANOTHER, f"the case is with {state.assigned_to}")
    if name in _ON_A_PROPOSAL:
        for author in proposers(state):
            if author.person == by.person:
                problem = f"{by.officer} and {author.officer} are one person"
                yield Refusal(RefusalCode.OWN_RECOMMENDATION, problem)


_OF_THE_ASSIGNED = frozenset({"recommend", "resolve_match"})
"""What only the officer who has the case does, once somebody has it."""

_ON_A_PROPOSAL = frozenset({"countersign", "sign_off", "decide_dispute", "vote", "decide_appeal"})
"""What nobody does on a proposal of their own."""


def _outcome(state: ApplicationState, command: Command[Body], now: datetime) -> Decision:
    match command.body:
        case RecordScreening() as body:
            return record_screening(state, body, command, now)
        case ResolveMatch() as body:
            return resolve(state, body, _sender(command), command, now)
        case Assign(officer=officer):
            return (CaseAssigned(at=now, by=_sender(command), officer=officer),)
        case RequestInformation() | Answer() | PlaceHold() | LiftHold() as body:
            return _clock(state, body, command, now)
        case Refer() as body:
            return refer(state, body, _sender(command), now)
        case Advise() | AskApplicant() | DelegateBack() as body:
            return decide_for_agency(state, body, _sender(command), now)
        case Vote() as body:
            return vote(state, body, _sender(command), now)
        case Escalate() as body:
            return escalate(state, body, _sender(command), now)
        case Recommend() | Countersign() | DecideDispute() | SignOff() as body:
            return _proposal(state, body, command, now)
        case Respond() | Reconsider() | Appeal() | DecideAppeal() as body:
            return decide_denial(state, body, _sender(command), now)
        case ReturnWithoutAction(ground=ground, reasons=reasons):
            return (ApplicationReturned(at=now, by=_sender(command), ground=ground, reasons=reasons),)
        case Withdraw(reason=reason):
            return (ApplicationWithdrawn(at=now, by=_sender(command), reason=reason),)
        case _:
            raise TypeError(f"{command.name} has no body {type(command.body).__name__}")


def _proposal(
    state: ApplicationState,
    body: Recommend | Countersign | DecideDispute | SignOff,
    command: Command[Body],
    now: datetime,
) -> Decision:
    match body:
        case Recommend():
            return _recommend(state, body, _sender(command), now)
        case Countersign():
            return _countersign(state, body, command, now)
        case DecideDispute():
            return _decide_dispute(state, body, command, now)
        case SignOff():
            return _sign_off(state, body, command, now)


def _clock(
    state: ApplicationState,
    body: RequestInformation | Answer | PlaceHold | LiftHold,
    command: Command[Body],
    now: datetime,
) -> Decision:
    by = _sender(command)
    match body:
        case RequestInformation(request=request):
            return (InformationRequested(at=now, by=by, request=request),)
        case PlaceHold(kind=kind, reason=reason):
            return (HoldPlaced(at=now, by=by, kind=kind, reason=reason),)
        case LiftHold(hold=number):
            inquiry = state.open_inquiry
            mine = number <= len(state.holds) and state.holds[number - 1].lifted_at is None
            if not mine or (inquiry is not None and inquiry.hold == number):
                return Refusal(RefusalCode.NO_SUCH_HOLD, f"hold {number}: {RefusalCode.NO_SUCH_HOLD.meaning}")
            return (HoldLifted(at=now, by=by, hold=number),)
        case Answer(answer=answer, parties=parties, agency=agency):
            asked = state.open_inquiry
            if agency is not None:
                referral = state.referral(agency)
                open_to_answer = referral is not None and referral.opinion is None
                asked = referral.open_inquiry if referral is not None and open_to_answer else None
            if asked is None:
                return Refusal(RefusalCode.NO_OPEN_REQUEST, RefusalCode.NO_OPEN_REQUEST.meaning)
            answered = InformationAnswered(at=now, by=by, answer=answer, parties=parties, agency=agency)
            return (answered, *screened(command, parties, state, now))


def _recommend(state: ApplicationState, body: Recommend, by: Actor, now: datetime) -> Decision:
    lines = granted_lines(state, body)
    if isinstance(lines, Refusal):
        return lines
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
            modifications=body.modifications,
            confirmed=body.confirmed,
        ),
    )


def _countersign(
    state: ApplicationState, body: Countersign, command: Command[Body], now: datetime
) -> Decision:
    by = _sender(command)
    if not body.agrees:
        return (RecommendationSentBack(at=now, by=by, comment=body.comment),)
    proposed = standing(state)
    agencies = disagrees(proposed.outcome, proposed.conditions, state.referrals)
    rule = executive_sign_off.TABLE.evaluate(_sign_off_facts(state, disputed=bool(agencies)))
    signed = RecommendationCountersigned(at=now, by=by, comment=body.comment, sign_off=rule)
    if agencies:
        return (signed, DisputeOpened(at=now, agencies=agencies))
    if rule.outcome == executive_sign_off.REQUIRED:
        return (signed,)
    end = _end(state, proposed, command, now)
    return end if isinstance(end, Lacks) else (signed, end)


def _decide_dispute(
    state: ApplicationState, body: DecideDispute, command: Command[Body], now: datetime
) -> Decision:
    """The President's decision is the last word; nobody signs it off."""
    decided = decide_alone(state, body, _sender(command), now)
    if isinstance(decided, Refusal):
        return decided
    if decided.forum is not Forum.PRESIDENT:
        return (decided,)
    end = _end(state, decided, command, now)
    return end if isinstance(end, Lacks) else (decided, end)


def _sign_off(state: ApplicationState, body: SignOff, command: Command[Body], now: datetime) -> Decision:
    by = _sender(command)
    if not body.approves:
        return (RecommendationSentBack(at=now, by=by, comment=body.comment),)
    proposed = standing(state)
    if command.inclusion is not None and command.inclusion.outcome != proposed.outcome:
        return Refusal(RefusalCode.OUTCOME_CHANGED, f"the batch says {command.inclusion.outcome}")
    end = _end(state, proposed, command, now)
    if isinstance(end, Lacks):
        return end
    signed = ExecutiveSignedOff(at=now, by=by, comment=body.comment, inclusion=command.inclusion)
    return (signed, end)


def _end(
    state: ApplicationState,
    proposed: Standing,
    command: Command[Body],
    now: datetime,
) -> Event | Lacks:
    """What a proposal comes to, now that every required signature is there."""
    if proposed.outcome is Outcome.DENY:
        return IntentToDenyIssued(at=now, reasons=proposed.reasons, modifications=proposed.modifications)
    if command.license_number is None:
        return Lacks.LICENSE_NUMBER
    return ApplicationGranted(
        at=now,
        license_number=command.license_number,
        lines=proposed.lines,
        in_part=len(proposed.lines) < len(state.submission.items),
        conditions=proposed.conditions,
        riders=proposed.riders,
        validity=proposed.validity,
    )


def _sign_off_facts(state: ApplicationState, *, disputed: bool) -> dict[str, Fact]:
    values: Counter[str] = Counter()
    for item in state.submission.items:
        values[item.value.currency] += item.value.minor_units
    return executive_sign_off.facts(
        # Screening is complete here; were it not, "unknown" must count as listed, never as clear.
        listed=state.listed is not False,
        disputed=disputed,
        outcome=standing(state).outcome,
        values=dict(values),
        controlled=any(item.classification != "EAR99" for item in state.submission.items),
    )


def _sender(command: Command[Body]) -> Actor:
    return cast(Actor, command.by)
