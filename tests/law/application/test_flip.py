"""An answer that became another one: it is recorded once, voids what rested on the old one, and waits for an
officer."""

from dataclasses import replace

import pytest

from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import ReturnWithoutAction
from greenlight.law.application.flip.language import FLIP, told
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.application.tasks import Task, tasks
from tests.law.actors import OFFICER, OTHER_OFFICER
from tests.law.application.cases import (
    GRANT,
    NOTED,
    OTHER_PARTIES,
    RETURN,
    TURNED,
    Case,
    flip,
    in_review,
    screening,
    submitted,
    to_be_denied,
)
from tests.law.decisions import code_of

PROPOSED = Proposed(reason="No license is required.", citation="15 CFR 736.2")
TO_NOTE = Task(role=Role.LICENSING_OFFICER, organisation=None, due=None, deadline=FLIP)
FREED = Turn(destination="NO", before=Said.REQUIRED, after=Said.NOT_REQUIRED)


def proposed() -> Case:
    """A case that is proposed to be returned, since no license is required."""
    found = screening("no_match", "no_match")
    return submitted().found(found, proposed=PROPOSED)


def flips(case: Case) -> list[Task]:
    return [task for task in tasks(case.opened) if task.deadline == FLIP]


def test_no_return_rests_on_an_answer_that_is_over_and_nobody_signs_what_they_saw_before() -> None:
    before = proposed()
    assert before.opened.return_proposed is not None
    seen = before.command(RETURN)
    after = before.flipped()
    assert after.opened.return_proposed is None
    assert code_of(after.decides(seen)) is RefusalCode.DOSSIER_CHANGED
    # Who has read the new answer decides as they see it.
    assert isinstance(RETURN, ReturnWithoutAction)
    assert after.after(RETURN).opened.stage is Stage.RETURNED


def test_where_no_license_is_needed_any_more_a_return_is_proposed() -> None:
    after = in_review().flipped(FREED, proposed=PROPOSED)
    assert [type(event).__name__ for event in after.events[-2:]] == ["AnswerFlipped", "ReturnProposed"]
    assert after.opened.return_proposed is not None
    # Of one destination alone that is not known to hold of the whole.
    both = in_review().flipped(FREED, TURNED, proposed=PROPOSED)
    assert both.opened.return_proposed is None


def test_the_same_instant_is_recorded_once() -> None:
    once = in_review()
    order = flip(once, TURNED)
    after = once.after(order)
    assert code_of(after.asked(order)) is RefusalCode.WRONG_STAGE
    assert len(after.flipped().opened.flips) == 2


def test_what_was_found_of_other_parties_is_not_recorded() -> None:
    case = in_review()
    order = flip(case, TURNED).model_copy(update={"parties": OTHER_PARTIES})
    assert code_of(case.asked(order)) is RefusalCode.DOSSIER_CHANGED


def test_an_officer_has_a_task_until_they_take_note() -> None:
    flipped = in_review().flipped().flipped()
    assert flips(flipped) == [TO_NOTE]
    noted = flipped.after(NOTED)
    assert flips(noted) == []
    assert {each.noted for each in noted.opened.flips} == {NOTED.reasons}
    assert code_of(noted.asked(NOTED)) is ApplicationRefusal.NOTHING_FLIPPED
    # The next one waits again, and what was said stays.
    assert flips(noted.flipped()) == [TO_NOTE]
    assert code_of(in_review().asked(NOTED)) is ApplicationRefusal.NOTHING_FLIPPED


def test_a_new_recommendation_is_an_answer_to_it_and_one_of_before_is_not() -> None:
    recommended = in_review().flipped().later(days=1).after(GRANT)
    assert flips(recommended) == []
    assert flips(in_review().after(GRANT).later(days=1).flipped()) == [TO_NOTE]


def test_only_who_has_the_case_takes_note() -> None:
    assigned = in_review().assigned().flipped()
    assert code_of(assigned.asked(NOTED, OTHER_OFFICER)) is ApplicationRefusal.ASSIGNED_TO_ANOTHER
    assert assigned.after(NOTED, OFFICER).opened.flips[0].noted_by == OFFICER.officer


@pytest.mark.parametrize("case", [to_be_denied(), to_be_denied().denied()])
def test_a_denial_does_not_keep_the_answer_from_being_told(case: Case) -> None:
    assert flips(case.flipped()) == [TO_NOTE]


def test_a_state_of_before_has_none() -> None:
    told_before = in_review().opened.model_dump(mode="json")
    del told_before["flips"]
    assert ApplicationState.model_validate(told_before).flips == ()
    assert "flips" not in APPLICATION.dossier(in_review().opened)


def test_it_is_told_in_a_sentence() -> None:
    (waiting,) = in_review().flipped().opened.flips
    assert told(waiting) == (
        "since 1 Sep 2026: required to NO, and not required before: Affiliates Rule: it is in force"
        " (90 FR 47201); no officer has taken note of it"
    )
    noted = replace(in_review().flipped()).after(NOTED).opened.flips[0]
    assert told(noted).endswith(f"noted by {OFFICER.officer} on 1 Sep 2026: {NOTED.reasons}")
