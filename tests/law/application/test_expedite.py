"""An applicant asks that a case come before others; an officer grants or refuses that, once each time."""

import pytest

from greenlight.answers.foreseen import possible
from greenlight.answers.moves import move, taken
from greenlight.kernel.body import Body
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.clock.days import days
from greenlight.law.application.deadlines import deadlines
from greenlight.law.application.expedite.events import ExpediteGranted, ExpediteRefused, ExpediteRequested
from greenlight.law.application.expedite.rules import told
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import Stage, dossier_digest
from greenlight.law.application.tasks import tasks
from greenlight.law.application.view import view
from greenlight.law.told import told_to
from tests.law import actors
from tests.law.application.cases import (
    BEGIN,
    LET,
    URGENT,
    WAIT,
    Case,
    in_review,
    submitted,
    with_countersigner,
    with_executive,
)
from tests.law.decisions import accepted, code_of


def test_it_is_asked_for_and_granted_with_reasons() -> None:
    case = in_review().to_be_expedited().after(LET)
    asked, granted = case.events[-2:]
    assert asked == ExpediteRequested(at=asked.at, by=actors.APPLICANT, reasons=URGENT.reasons)
    assert granted == ExpediteGranted(at=granted.at, by=actors.OFFICER, reasons=LET.reasons)
    assert case.opened.expedite is not None
    assert told(case.opened.expedite) == (
        f"asked by {actors.APPLICANT.officer} on 1 Sep 2026: The hospital opens in March.;"
        f" granted by {actors.OFFICER.officer} on 1 Sep 2026: It serves a hospital."
    )
    assert case.opened.stage is Stage.REVIEW


def test_it_is_asked_for_once_at_a_time_and_again_after_a_refusal() -> None:
    asked = in_review().to_be_expedited()
    assert code_of(asked.asked(URGENT)) is ApplicationRefusal.EXPEDITE_PENDING
    refused = asked.after(WAIT)
    assert isinstance(refused.events[-1], ExpediteRefused)
    granted = refused.to_be_expedited().after(LET)
    assert code_of(granted.asked(URGENT)) is ApplicationRefusal.ALREADY_EXPEDITED


def test_it_is_decided_once() -> None:
    case = in_review()
    for body in (LET, WAIT):
        assert code_of(case.asked(body)) is ApplicationRefusal.NO_EXPEDITE_REQUESTED
        for first in (LET, WAIT):
            decided = case.to_be_expedited().after(first)
            assert code_of(decided.asked(body)) is ApplicationRefusal.NO_EXPEDITE_REQUESTED


def test_each_is_for_their_role_and_not_for_both_sides() -> None:
    case = in_review()
    assert code_of(case.asked(URGENT, actors.OFFICER)) is RefusalCode.WRONG_ROLE
    assert code_of(case.asked(URGENT, actors.OTHER_APPLICANT)) is RefusalCode.NOT_THE_APPLICANT
    asked = case.to_be_expedited()
    for by in (actors.APPLICANT, actors.COUNTERSIGNER, actors.EXECUTIVE):
        assert code_of(asked.asked(LET, by)) is RefusalCode.WRONG_ROLE
        assert code_of(asked.asked(WAIT, by)) is RefusalCode.WRONG_ROLE


@pytest.mark.parametrize("body", [URGENT, LET, WAIT])
def test_what_is_decided_or_closed_is_not_expedited(body: Body) -> None:
    asked = with_executive().to_be_expedited()
    closed = asked.signed_off()
    assert closed.opened.stage.closed
    assert code_of(closed.asked(body)) is RefusalCode.CASE_CLOSED
    assert [task for task in tasks(closed.opened) if task.deadline == "expedite"] == []


def test_nothing_else_of_the_case_changes() -> None:
    """No deadline, nobody's days, and no dossier: who signs signs what they read."""
    before = with_countersigner()
    for after in (before.to_be_expedited(), before.to_be_expedited().after(LET)):
        assert deadlines(after.opened) == deadlines(before.opened)
        assert days(after.opened, BEGIN) == days(before.opened, BEGIN)
        assert dossier_digest(after.opened) == dossier_digest(before.opened)
        assert APPLICATION.status(after.opened) == APPLICATION.status(before.opened)


def test_an_officer_has_it_to_decide_beside_whoever_has_the_case() -> None:
    asked = with_countersigner().to_be_expedited()
    stages, to_decide = tasks(asked.opened)
    assert stages.role is Role.COUNTERSIGNER
    assert (to_decide.role, to_decide.deadline, to_decide.due) == (Role.LICENSING_OFFICER, "expedite", None)
    found = move(asked.opened.stage, to_decide.role, deadline=to_decide.deadline)
    assert [*taken(found, asked.opened.stage)] == ["grant_expedite", "refuse_expedite"]
    assert len(tasks(asked.after(WAIT).opened)) == 1


def test_the_docket_has_what_comes_before_others() -> None:
    case = submitted()
    for each, expedited in (
        (case, False),
        (case.to_be_expedited(), False),
        (case.to_be_expedited().after(WAIT), False),
        (case.to_be_expedited().after(LET), True),
    ):
        assert view(each.opened, 1).row["expedited"] is expedited


def offered(case: Case, by: Actor) -> set[str]:
    names = {each.body.declared.name for each in possible(APPLICATION, case.opened, by)}
    return {name for name in names if name.endswith("_expedite")}


def test_it_is_offered_where_there_is_something_to_ask_or_decide() -> None:
    case = in_review()
    asked = case.to_be_expedited()
    assert offered(case, actors.APPLICANT) == {"request_expedite"}
    assert offered(case, actors.OFFICER) == set()
    assert offered(asked, actors.APPLICANT) == set()
    assert offered(asked, actors.OFFICER) == {"grant_expedite", "refuse_expedite"}
    assert offered(asked.after(WAIT), actors.APPLICANT) == {"request_expedite"}
    assert offered(asked.after(LET), actors.APPLICANT) == set()


def test_the_applicant_reads_what_was_decided() -> None:
    (decided,) = accepted(in_review().to_be_expedited().asked(LET))
    content = decided.model_dump(mode="json")
    assert told_to(actors.APPLICANT, "application-Z000001", "ExpediteGranted", content)
    assert told_to(actors.APPLICANT, "application-Z000001", "ExpediteRefused", content)
