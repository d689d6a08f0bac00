"""A denial on its way: notice, response, denial, appeal (15 CFR 750.6, 756.2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Appeal,
    Countersign,
    DecideAppeal,
    DecideDispute,
    Outcome,
    Recommend,
    Respond,
)
from greenlight.law.application.deadlines import APPEAL, DENIAL, RESPONSE
from greenlight.law.application.denial.events import ApplicationDenied, IntentToDenyIssued
from greenlight.law.application.denial.language import APPEAL_DAYS, FINAL_DAYS, RESPONSE_DAYS, notice_due
from greenlight.law.application.events import DeadlinePassed
from greenlight.law.application.state import Stage
from greenlight.law.application.tasks import tasks
from tests.kernel.time.samples import washington
from tests.law.actors import APPLICANT, APPLICANTS_COLLEAGUE, EXECUTIVE, OFFICER
from tests.law.application.cases import (
    DECIDED_DENY,
    DECIDED_GRANT,
    DENY,
    DENY_UNLESS,
    GRANT,
    Case,
    before_president,
    disputed,
    submitted,
    to_be_denied,
    with_executive,
)
from tests.law.application.stories import Story
from tests.law.decisions import accepted, code_of

RESPOND = Respond(response="Our buyer is known to you.")
APPEALED = Appeal(grounds="The end user was confirmed.")
UPHELD = DecideAppeal(upholds=True, reasons="On the file.")


def due(case: Case) -> dict[str, str]:
    return {d.kind: d.explanation.split(":")[0] for d in APPLICATION.deadlines(case.opened)}


def waits_for(case: Case) -> str:
    return APPLICATION.status(case.opened).waiting_for


def test_the_periods_are_those_of_the_regulation() -> None:
    assert (RESPONSE_DAYS, FINAL_DAYS, APPEAL_DAYS) == (20, 45, 45)
    assert [period.days for period in (RESPONSE, DENIAL, APPEAL)] == [20, 45, 45]


def test_a_notice_resolves_the_application_in_time() -> None:
    """Its periods are the only ones left, and nothing is overdue after the 90 days."""
    case = to_be_denied()
    assert set(due(case)) == {"response", "denial"}
    events = case.later(days=100).advanced().events
    assert [event.deadline for event in events if isinstance(event, DeadlinePassed)] == ["response"]


def test_no_response_is_not_counted_as_overdue() -> None:
    case = to_be_denied().later(days=21).advanced()
    assert "response" in case.opened.passed
    assert APPLICATION.view(case.opened, 9).row["overdue"] is None


@pytest.mark.parametrize("modifications", [None, "Leave out the core router."])
def test_the_notice_offers_what_was_recommended(modifications: str | None) -> None:
    recommendation = DENY.model_copy(update={"modifications": modifications})
    notice = to_be_denied(recommendation).events[-1]
    assert isinstance(notice, IntentToDenyIssued)
    assert notice.modifications == modifications


def test_the_president_can_offer_modifications_too() -> None:
    offer = {"modifications": "Leave out the core router."}
    notice = before_president().decided(DECIDED_DENY.model_copy(update=offer)).events[-1]
    assert isinstance(notice, IntentToDenyIssued)
    assert notice.modifications == "Leave out the core router."


def test_a_vote_for_a_denial_keeps_the_modifications_that_were_offered() -> None:
    offered = disputed(DENY_UNLESS).decided(DECIDED_GRANT).escalated().voted(*[Outcome.DENY] * 4)
    assert offered.opened.decision is not None
    assert offered.opened.decision.modifications == DENY_UNLESS.modifications


@pytest.mark.parametrize("kind", [Recommend, DecideDispute])
def test_modifications_are_offered_with_a_denial_alone(kind: type[Recommend | DecideDispute]) -> None:
    with pytest.raises(ValueError, match="modifications are offered with a denial"):
        kind(outcome=Outcome.GRANT, reasons="Civil end use.", modifications="None.")


def test_who_must_act_follows_the_notice() -> None:
    case = to_be_denied()
    assert waits_for(case) == "applicant"
    assert waits_for(case.responded()) == "licensing_officer"
    assert waits_for(case.later(days=21).advanced()) == "licensing_officer"
    assert waits_for(case.denied()) == "applicant"
    assert waits_for(case.denied().appealed()) == "executive"
    assert waits_for(case.denied().appealed().judged(upholds=True)) == "nobody"


@pytest.mark.parametrize(
    ("story", "turn"),
    [
        (to_be_denied, (Role.APPLICANT, APPLICANT.organisation, "response")),
        (lambda: to_be_denied().responded(), (Role.LICENSING_OFFICER, None, "denial")),
        (lambda: to_be_denied().later(days=21).advanced(), (Role.LICENSING_OFFICER, None, "denial")),
        (lambda: to_be_denied().denied(), (Role.APPLICANT, APPLICANT.organisation, "appeal")),
        (lambda: to_be_denied().denied().appealed(), (Role.EXECUTIVE, None, None)),
    ],
    ids=["noticed", "responded", "not responded", "denied", "appealed"],
)
def test_whose_turn_it_is_and_until_when(story: Story, turn: tuple[Role, str | None, str | None]) -> None:
    (task,) = tasks(story().opened)
    assert (task.role, task.organisation, task.deadline) == turn


def test_a_denial_is_final_with_its_day_45_and_says_why() -> None:
    denied = to_be_denied().denied()
    event = denied.events[-1]
    assert isinstance(event, ApplicationDenied)
    assert event.denied_on == date(2026, 9, 1) + timedelta(days=45)
    assert event.reasons == DENY.reasons
    assert denied.opened.decided_at == event.at


def test_the_outcome_is_a_denial_while_an_appeal_is_pending() -> None:
    """It does not suspend the denial."""
    for case in (to_be_denied().denied(), to_be_denied().denied().appealed()):
        status = APPLICATION.status(case.opened)
        assert (status.outcome, status.closed) == ("denied", False)


def test_an_appeal_that_is_won_leaves_no_outcome() -> None:
    won = to_be_denied().denied().appealed().judged(upholds=False)
    row = APPLICATION.view(won.opened, 12).row
    assert (row["stage"], row["outcome"], row["decided_at"]) == ("review", None, None)
    again = won.recommended(GRANT).countersigned().signed_off()
    assert again.opened.stage is Stage.GRANTED


@pytest.mark.parametrize(
    "again",
    [
        lambda: to_be_denied().responded().reconsidered(),
        lambda: to_be_denied(DENY_UNLESS).responded(accepts=True),
        lambda: to_be_denied().denied().appealed().judged(upholds=False),
    ],
    ids=["reconsidered", "modifications accepted", "appeal won"],
)
def test_a_case_in_review_again_needs_every_signature_anew(again: Story) -> None:
    case = again()
    assert case.opened.stage is Stage.REVIEW
    assert case.opened.recommendation is None
    assert case.opened.countersignature is None
    assert case.opened.signed_off_by is None
    assert code_of(case.asked(Countersign(agrees=True))) is RefusalCode.WRONG_STAGE


def test_what_was_signed_before_the_denial_was_reconsidered_holds_no_more() -> None:
    noticed = to_be_denied()
    again = noticed.reconsidered().recommended(DENY).countersigned()
    assert again.now == noticed.now
    assert again.digest != noticed.digest


def test_a_second_notice_has_periods_of_its_own() -> None:
    first = to_be_denied().later(days=21).advanced().reconsidered()
    second = first.recommended(DENY).countersigned().signed_off()
    assert [denial.noticed_at for denial in second.opened.denials] == [to_be_denied().now, second.now]
    assert set(due(second)) == {"response", "denial"}
    assert second.responded().opened.denials[0].response is None


def test_a_response_is_part_of_what_the_officer_decides_on() -> None:
    case = to_be_denied()
    assert case.digest != case.responded().digest
    appealed = case.denied().appealed()
    stale = replace(appealed.command(UPHELD), dossier=case.denied().digest)
    assert code_of(appealed.decides(stale)) is RefusalCode.DOSSIER_CHANGED


@pytest.mark.parametrize(
    ("case", "body"),
    [(to_be_denied, RESPOND), (lambda: to_be_denied().denied(), APPEALED)],
    ids=["respond", "appeal"],
)
def test_only_the_applicant_answers_to_a_denial(case: Story, body: Body) -> None:
    other = APPLICANT.model_copy(update={"organisation": "globex", "person": "somebody"})
    assert code_of(case().asked(body, other)) is RefusalCode.NOT_THE_APPLICANT
    accepted(case().asked(body, APPLICANTS_COLLEAGUE))


def test_who_answers_to_a_denial_acts_for_the_applicant() -> None:
    lawyer = APPLICANT.model_copy(update={"person": "person-lawyer", "officer": "lawyer"})
    judge = EXECUTIVE.model_copy(update={"person": lawyer.person})
    responded = to_be_denied().after(RESPOND, lawyer).denied().appealed()
    appealed = to_be_denied().denied().after(APPEALED, lawyer)
    for case in (responded, appealed):
        assert code_of(case.asked(UPHELD, judge)) is RefusalCode.OWN_APPLICATION


def test_nobody_judges_an_appeal_against_their_own_recommendation() -> None:
    case = to_be_denied().denied().appealed()
    judge = EXECUTIVE.model_copy(update={"person": OFFICER.person})
    assert code_of(case.asked(UPHELD, judge)) is RefusalCode.OWN_RECOMMENDATION


def test_a_late_worker_finds_everything_at_its_own_instant() -> None:
    """Three events, in order, by one look at the clock."""
    late = to_be_denied().later(days=200).advanced()
    step_by_step = to_be_denied()
    for _ in range(200):
        step_by_step = step_by_step.later(days=1).advanced()
    assert late.events == step_by_step.events
    assert late.opened.stage is Stage.FINALLY_DENIED


def test_a_grant_has_no_denial() -> None:
    assert with_executive().signed_off().opened.denials == ()
    assert submitted().opened.denials == ()


@pytest.mark.parametrize(
    ("decided_at", "due"),
    [
        (washington(2026, 9, 1), datetime(2026, 9, 7, 4, tzinfo=UTC)),
        (washington(2026, 9, 1, 23, 59), datetime(2026, 9, 7, 4, tzinfo=UTC)),
        # Clocks are put back on 1 November 2026, and days stay days.
        (washington(2026, 10, 30), datetime(2026, 11, 5, 5, tzinfo=UTC)),
    ],
)
def test_a_notice_goes_out_within_five_days(decided_at: datetime, due: datetime) -> None:
    assert notice_due(decided_at) == due
