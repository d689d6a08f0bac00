"""The statutory deadlines of an application (15 CFR 750.4)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from greenlight.kernel.commit import Event
from greenlight.kernel.once import OncePerObject
from greenlight.kernel.time.calendar import end_of_day, last_day
from greenlight.kernel.time.deadlines import Deadline, Period, period_deadline
from greenlight.kernel.time.holds import HeldDays
from greenlight.law.application.denial.events import AppealPeriodEnded, ApplicationDenied
from greenlight.law.application.denial.language import (
    APPEAL_DAYS,
    FINAL_DAYS,
    RESPONSE_DAYS,
    Denial,
)
from greenlight.law.application.dispute.language import LADDER, Dispute, Forum
from greenlight.law.application.events import AgencyDeemedNoObjection, DeadlinePassed, DisputeSettled
from greenlight.law.application.freeze.rules import FREEZE, freeze_deadline, lapsed
from greenlight.law.application.interagency.agency import Agency, Referral
from greenlight.law.application.interagency.events import OriginalWordingKept
from greenlight.law.application.interagency.wording import open_wordings
from greenlight.law.application.review.proposal import decided_by_vote, standing
from greenlight.law.application.state import ApplicationState, Stage

INITIAL_ACTION = Period(
    kind="initial_action",
    label="Initial action",
    days=9,
    counted_from="registered",
    citation="15 CFR 750.4(c)",
)
RESOLUTION = Period(
    kind="resolution",
    label="Resolution",
    days=90,
    counted_from="registered",
    citation="15 CFR 750.4(a)(1)",
)
AGENCY_INFORMATION = Period(
    kind="agency_information",
    label="Request for missing information",
    days=10,
    counted_from="referred",
    citation="15 CFR 750.4(d)(1)",
)
AGENCY_RECOMMENDATION = Period(
    kind="agency_recommendation",
    label="Recommendation",
    days=30,
    counted_from="referred",
    citation="15 CFR 750.4(d)(2)",
)
WORDING = Period(
    kind="wording",
    label="Answer on reworded conditions",
    days=3,
    counted_from="asked",
    citation="Service policy",
)
RESPONSE = Period(
    kind="response",
    label="Response to the intent to deny",
    days=RESPONSE_DAYS,
    counted_from="notified",
    citation="15 CFR 750.6(b)",
)
DENIAL = Period(
    kind="denial",
    label="Denial final",
    days=FINAL_DAYS,
    counted_from="notified",
    citation="15 CFR 750.6(b)",
)
APPEAL = Period(
    kind="appeal",
    label="Appeal",
    days=APPEAL_DAYS,
    counted_from="denied",
    citation="15 CFR 756.2(b)(1)",
)
_NO_HOLDS = HeldDays.of(())
"""Holds stop the processing of an application (15 CFR 750.4(b)), not the applicant's own periods."""


@OncePerObject
def deadlines(state: ApplicationState) -> tuple[Deadline, ...]:
    """The deadlines still to be met: running ones by date, then those whose clock stands still."""
    if state.stage.closed:
        return ()
    done = state.passed | state.acted
    pending = [deadline for deadline in every(state) if deadline.kind not in done]
    running = sorted((d for d in pending if d.due is not None), key=lambda d: d.due or d.started_at)
    return (*running, *(d for d in pending if d.due is None))


def passed(state: ApplicationState, deadline: Deadline) -> tuple[Event, ...]:
    """Say what follows when a deadline comes before the action it is for; the case goes on."""
    if deadline.due is None:
        return ()
    kind, _, agency = deadline.kind.partition(".")
    match kind:
        case AGENCY_RECOMMENDATION.kind:
            return (AgencyDeemedNoObjection(at=deadline.due, agency=Agency(agency)),)
        case WORDING.kind:
            return (OriginalWordingKept(at=deadline.due, agency=Agency(agency)),)
        case _ if kind == FREEZE:
            return lapsed(state, deadline.due)
        case Forum.ACEP | Forum.EARB:
            return (decided_by_vote(state, at=deadline.due, counted_from=_last_instant(deadline.due)),)
        case "escalation":
            assert state.dispute is not None, "there is a window only while there is a dispute"
            return (DisputeSettled(at=deadline.due, forum=state.dispute.forum),)
        case DENIAL.kind:
            reasons = standing(state).reasons
            return (ApplicationDenied(at=deadline.due, denied_on=last_day(deadline.due), reasons=reasons),)
        case APPEAL.kind:
            return (AppealPeriodEnded(at=deadline.due),)
        case "initial_action" | "resolution" | "agency_information" | "operating_committee" | "response":
            # The Committee's days may be over before it has a dispute; legal time does not run backwards.
            opened = state.dispute.counted_from if state.dispute else deadline.due
            return (
                DeadlinePassed(
                    at=max(deadline.due, opened) if kind == "operating_committee" else deadline.due,
                    deadline=kind,
                    started_at=deadline.started_at,
                    citation=deadline.citation,
                    agency=Agency(agency) if agency else None,
                ),
            )
        case _:
            raise ValueError(f"no deadline is called {deadline.kind}")


def information_due(state: ApplicationState, referral: Referral) -> datetime | None:
    """Until when an agency may say what is missing; None while its clock stands still."""
    return _agency_deadline(AGENCY_INFORMATION, referral, state).due


def response_due(denial: Denial) -> datetime:
    """Until when the applicant may respond to the notice."""
    due = period_deadline(RESPONSE, denial.noticed_at, _NO_HOLDS).due
    assert due is not None, "nothing holds this period"
    return due


def every(state: ApplicationState) -> Iterator[Deadline]:
    """All deadlines of an open case, whether they passed, were met, or are to come."""
    if state.stage in {Stage.INTENT_TO_DENY, Stage.DENIED, Stage.APPEAL}:
        yield from _of_denial(state)
        return
    if state.freeze is not None:
        yield freeze_deadline(state.freeze)
    held = HeldDays.of(state.holds)
    yield period_deadline(INITIAL_ACTION, state.registered_at, held)
    yield period_deadline(RESOLUTION, state.registered_at, held)
    for referral in state.referrals:
        if referral.opinion is None:
            if not referral.inquiries:
                yield _agency_deadline(AGENCY_INFORMATION, referral, state, held)
            yield _agency_deadline(AGENCY_RECOMMENDATION, referral, state, held)
    for agency, asked_at in {each.agency: each.asked_at for each in open_wordings(state)}.items():
        # In days of the calendar in Washington, which holds of the case move: as agencies' other periods.
        yield period_deadline(_of_agency(WORDING, agency), asked_at, held)
    if state.dispute is not None:
        rung = LADDER[state.dispute.forum]
        period = rung.window if state.stage is Stage.ESCALATION else rung.period
        if period is not None:
            yield period_deadline(period, _started(state, state.dispute), held)


def _of_denial(state: ApplicationState) -> Iterator[Deadline]:
    """While a denial is on its way, no other period runs. The appeal's own decision has none."""
    denial = state.denials[-1]
    if state.stage is Stage.INTENT_TO_DENY:
        if denial.response is None:
            yield period_deadline(RESPONSE, denial.noticed_at, _NO_HOLDS)
        yield period_deadline(DENIAL, denial.noticed_at, _NO_HOLDS)
    elif state.stage is Stage.DENIED and denial.denied_on is not None:
        yield period_deadline(APPEAL, _last_instant(end_of_day(denial.denied_on)), _NO_HOLDS)


def _started(state: ApplicationState, dispute: Dispute) -> datetime:
    """The Operating Committee's days follow those of the agencies (15 CFR 750.4(f)(1)(i)), whenever these
    spoke and whenever the dispute was opened."""
    if state.stage is not Stage.OPERATING_COMMITTEE:
        return dispute.counted_from
    ends = (_agency_deadline(AGENCY_RECOMMENDATION, referral, state).due for referral in state.referrals)
    return max((_last_instant(due) for due in ends if due is not None), default=dispute.counted_from)


def _agency_deadline(
    period: Period, referral: Referral, state: ApplicationState, held: HeldDays | None = None
) -> Deadline:
    """On the agency's own clock: what holds the case holds the agency, and its own holds do besides."""
    if held is None or referral.holds:
        held = HeldDays.of((*state.holds, *referral.holds))
    return period_deadline(_of_agency(period, referral.agency), referral.referred_at, held)


@cache
def _of_agency(period: Period, agency: Agency) -> Period:
    kind, label = f"{period.kind}.{agency}", f"{period.label} of {agency.value.capitalize()}"
    return replace(period, kind=kind, label=label)


def _last_instant(due: datetime) -> datetime:
    """Of the last day, where ``due`` is the midnight after it: what follows counts from that day."""
    return due - timedelta(microseconds=1)
