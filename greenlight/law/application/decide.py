"""Decide what an application's commands mean, or why they are refused."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from greenlight.kernel.acting import both_sides
from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import ACN_PATTERN
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.tables.domain import Fact
from greenlight.law.application.commands import (
    Advise,
    Answer,
    AnswerWording,
    Appeal,
    AskApplicant,
    Assign,
    ConfirmMatch,
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
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.denial.rules import decide_denial
from greenlight.law.application.dispute.language import Forum, disagrees
from greenlight.law.application.dispute.rules import decide_alone, escalate, turn_objection, vote
from greenlight.law.application.dossier import Submission
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
    RecommendationCountersigned,
    RecommendationMade,
    RecommendationSentBack,
)
from greenlight.law.application.expedite.commands import GrantExpedite, RefuseExpedite, RequestExpedite
from greenlight.law.application.expedite.rules import decide_expedite
from greenlight.law.application.filing import objection
from greenlight.law.application.flip.commands import NoteFlip, RecordFlip
from greenlight.law.application.flip.rules import decide_flip
from greenlight.law.application.freeze.rules import standing_still
from greenlight.law.application.interagency.events import WordingPutToAgencies
from greenlight.law.application.interagency.rules import answer_wording, decide_for_agency, refer
from greenlight.law.application.interagency.wording import (
    asked_agencies,
    conditions_with,
    to_ask,
    unasked_for,
)
from greenlight.law.application.needs import LicenseNumber, RolesOf, UnclassifiedAmong
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.review import sign_off_table as executive_sign_off
from greenlight.law.application.review.proposal import Standing, granted_lines, parts, standing, tainted
from greenlight.law.application.screening.rules import (
    confirm,
    filed_with,
    record_screening,
    resolve,
    screened,
)
from greenlight.law.application.state import ApplicationState


def rule(state: ApplicationState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``."""
    if isinstance(command.body, Submit):
        return _submit(command.body, command, now)
    assert state is not None, "TRANSITIONS lets only a submission through without a case"
    return _outcome(state, command, now)


def barred(state: ApplicationState, name: str, by: Actor) -> Refusal | None:
    """Whose turn it is not, who is not of the case, or too close to it."""
    if objection := standing_still(state, name) or turn_objection(state, name, by):
        return objection
    return next(_personal_objections(state, name, by), None)


def _submit(body: Submit, command: Command[Body], now: datetime) -> Ruling:
    if not re.fullmatch(ACN_PATTERN, command.key):
        return Refusal(RefusalCode.MALFORMED, "the control number must be a letter and six digits")
    application = body.application
    if refusal := objection(application, command):
        return refusal
    submitted = ApplicationSubmitted(
        at=now,
        by=command.sender,
        acn=command.key,
        application=application,
        unclassified=command.told(UnclassifiedAmong(application.items)),
        acted_before=_acted_before(application, command),
    )
    return (submitted, *screened(command, application, None, now))


def _assign(command: Command[Body], officer: str, now: datetime) -> Ruling:
    """Only who can work the case is given it, as the register has it now."""
    roles = command.told(RolesOf(officer))
    if roles is None:
        return Refusal(RefusalCode.UNKNOWN_OFFICER, f"the register has no officer {officer}")
    if Role.LICENSING_OFFICER not in roles:
        return Refusal(ApplicationRefusal.CANNOT_WORK_CASE, f"{officer} is no licensing officer now")
    return (CaseAssigned(at=now, by=command.sender, officer=officer),)


def _acted_before(application: Submission, command: Command[Body]) -> frozenset[str]:
    """The persons who acted for this applicant in the case that the application follows (15 CFR 748.4(g))."""
    if application.previous_acn is None:
        return frozenset()
    earlier = command.told(CaseOf(application.previous_acn))
    if earlier is None or earlier.submitted_by.organisation != command.sender.organisation:
        return frozenset()
    return earlier.acted_for_applicant


def _personal_objections(state: ApplicationState, name: str, by: Actor) -> Iterator[Refusal]:
    applicant = state.submitted_by
    if by.role is Role.APPLICANT:
        if by.organisation != applicant.organisation:
            yield Refusal(RefusalCode.NOT_THE_APPLICANT, f"{name} is for {applicant.organisation} alone")
        if objection := both_sides(by, state.acted_for_authority):
            yield objection
        return
    if by.organisation == applicant.organisation or by.person in state.acted_for_applicant:
        yield Refusal(RefusalCode.OWN_APPLICATION, f"{by.officer} acts for the applicant in this case")
    if name in _OF_THE_ASSIGNED and state.assigned_to not in (None, by.officer):
        yield Refusal(ApplicationRefusal.ASSIGNED_TO_ANOTHER, f"the case is with {state.assigned_to}")
    if name in _ON_A_PROPOSAL:
        for author, did in parts(state):
            if author.person == by.person:
                both = f"{by.officer} and {author.officer} are one person, who"
                problem = f"{by.officer if by.officer == author.officer else both} {did}"
                yield Refusal(RefusalCode.OWN_RECOMMENDATION, problem)


_OF_THE_ASSIGNED = frozenset({"note_flip", "recommend", "resolve_match"})
"""Commands that only the officer who has the case may give, once somebody has it."""

_ON_A_PROPOSAL = frozenset(
    {"answer_wording", "countersign", "sign_off", "decide_dispute", "vote", "decide_appeal"}
)
"""Commands that nobody may give on what they proposed or signed themselves."""


def _outcome(state: ApplicationState, command: Command[Body], now: datetime) -> Ruling:
    match command.body:
        case RecordScreening() as body:
            return record_screening(state, body, command, now)
        case ResolveMatch() as body:
            return resolve(state, body, command, now)
        case ConfirmMatch() as body:
            return confirm(state, body, command.sender, now)
        case Assign(officer=officer):
            return _assign(command, officer, now)
        case RequestInformation() | Answer() | PlaceHold() | LiftHold() as body:
            return _clock(state, body, command, now)
        case Refer() as body:
            return refer(state, body, command.sender, now)
        case Advise() | AskApplicant() | DelegateBack() as body:
            return decide_for_agency(state, body, command.sender, now)
        case AnswerWording() as body:
            return answer_wording(state, body, command.sender, now)
        case Vote() as body:
            return vote(state, body, command.sender, now)
        case Escalate() as body:
            return escalate(state, body, command.sender, now)
        case Recommend() | Countersign() | DecideDispute() | SignOff() as body:
            return _proposal(state, body, command, now)
        case RequestExpedite() | GrantExpedite() | RefuseExpedite() as body:
            return decide_expedite(state, body, command.sender, now)
        case RecordFlip() | NoteFlip() as body:
            return decide_flip(state, body, command, now)
        case Respond() | Reconsider() | Appeal() | DecideAppeal() as body:
            return decide_denial(state, body, command.sender, now)
        case ReturnWithoutAction(ground=ground, reasons=reasons):
            return (ApplicationReturned(at=now, by=command.sender, ground=ground, reasons=reasons),)
        case Withdraw(reason=reason):
            return (ApplicationWithdrawn(at=now, by=command.sender, reason=reason),)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _proposal(
    state: ApplicationState,
    body: Recommend | Countersign | DecideDispute | SignOff,
    command: Command[Body],
    now: datetime,
) -> Ruling:
    match body:
        case Recommend():
            return _recommend(state, body, command.sender, now)
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
) -> Ruling:
    by = command.sender
    match body:
        case RequestInformation(request=request):
            return (InformationRequested(at=now, by=by, request=request),)
        case PlaceHold(kind=kind, reason=reason):
            return (HoldPlaced(at=now, by=by, kind=kind, reason=reason),)
        case LiftHold(hold=number):
            inquiry = state.open_inquiry
            mine = number <= len(state.holds) and state.holds[number - 1].lifted_at is None
            frozen = state.freeze is not None and state.freeze.hold == number
            if not mine or frozen or (inquiry is not None and inquiry.hold == number):
                return Refusal(
                    ApplicationRefusal.NO_SUCH_HOLD,
                    f"hold {number}: {ApplicationRefusal.NO_SUCH_HOLD.meaning}",
                )
            return (HoldLifted(at=now, by=by, hold=number),)
        case Answer(answer=answer, parties=parties, agency=agency):
            asked = state.open_inquiry
            if agency is not None:
                referral = state.referral(agency)
                open_to_answer = referral is not None and referral.opinion is None
                asked = referral.open_inquiry if referral is not None and open_to_answer else None
            if asked is None:
                return Refusal(ApplicationRefusal.NO_OPEN_REQUEST, ApplicationRefusal.NO_OPEN_REQUEST.meaning)
            answered = InformationAnswered(at=now, by=by, answer=answer, parties=parties, agency=agency)
            if parties is None:
                return (answered,)
            return (answered, *screened(command, filed_with(state, parties), state, now))


def _recommend(state: ApplicationState, body: Recommend, by: Actor, now: datetime) -> Ruling:
    lines = granted_lines(state, body)
    if isinstance(lines, Refusal):
        return lines
    if condition := unasked_for(body.rewordings, state.referrals):
        return Refusal(ApplicationRefusal.UNKNOWN_CONDITION, f"no agency asked for: {condition}")
    made = RecommendationMade(
        at=now,
        by=by,
        outcome=body.outcome,
        reasons=body.reasons,
        lines=lines,
        conditions=conditions_with(body),
        riders=body.riders,
        validity=body.validity,
        modifications=body.modifications,
        confirmed=body.confirmed,
        rewordings=body.rewordings,
    )
    agencies = to_ask(body.rewordings, state.referrals, state.wordings)
    return (made, WordingPutToAgencies(at=now, agencies=agencies)) if agencies else (made,)


def _countersign(state: ApplicationState, body: Countersign, command: Command[Body], now: datetime) -> Ruling:
    by = command.sender
    if not body.agrees:
        return (RecommendationSentBack(at=now, by=by, comment=body.comment),)
    if objection := tainted(state):
        return objection
    if asked := asked_agencies(state):
        problem = f"{', '.join(asked)}: asked about reworded conditions, and not answered yet"
        return Refusal(ApplicationRefusal.AGENCIES_PENDING, problem)
    proposed = standing(state)
    agencies = disagrees(proposed.outcome, proposed.conditions, state.referrals, state.wordings)
    rule = executive_sign_off.TABLE.evaluate(_sign_off_facts(state, disputed=bool(agencies)))
    signed = RecommendationCountersigned(at=now, by=by, comment=body.comment, sign_off=rule)
    if agencies:
        return (signed, DisputeOpened(at=now, agencies=agencies))
    if rule.outcome == executive_sign_off.REQUIRED:
        return (signed,)
    return (signed, _end(state, proposed, command, now))


def _decide_dispute(
    state: ApplicationState, body: DecideDispute, command: Command[Body], now: datetime
) -> Ruling:
    """The President's decision is the last word; nobody signs it off."""
    decided = decide_alone(state, body, command.sender, now)
    if isinstance(decided, Refusal):
        return decided
    if decided.forum is not Forum.PRESIDENT:
        return (decided,)
    return (decided, _end(state, decided, command, now))


def _sign_off(state: ApplicationState, body: SignOff, command: Command[Body], now: datetime) -> Ruling:
    by = command.sender
    if not body.approves:
        return (RecommendationSentBack(at=now, by=by, comment=body.comment),)
    if objection := tainted(state):
        return objection
    proposed = standing(state)
    if command.inclusion is not None and command.inclusion.outcome != proposed.outcome:
        return Refusal(ApplicationRefusal.OUTCOME_CHANGED, f"the batch says {command.inclusion.outcome}")
    signed = ExecutiveSignedOff(at=now, by=by, comment=body.comment, inclusion=command.inclusion)
    return (signed, _end(state, proposed, command, now))


def _end(state: ApplicationState, proposed: Standing, command: Command[Body], now: datetime) -> Event:
    """Turn a proposal that has every required signature into the event that it comes to."""
    if proposed.outcome is Outcome.DENY:
        return IntentToDenyIssued(at=now, reasons=proposed.reasons, modifications=proposed.modifications)
    return ApplicationGranted(
        at=now,
        license_number=command.told(LicenseNumber(command.key)),
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
