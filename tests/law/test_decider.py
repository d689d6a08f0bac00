"""What every aggregate shares: catching up with deadlines, commands, and the service's own numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.aggregate import LICENSE
from tests.law.application.cases import BEGIN, submitted


def test_nothing_is_due_where_there_is_no_case() -> None:
    assert APPLICATION.next_deadline(None) is None
    assert APPLICATION.advance(None, BEGIN + timedelta(days=4000)) == ()


def test_catching_up_in_one_step_or_in_many_is_the_same() -> None:
    late = submitted().later(days=120)
    stepwise = submitted()
    for _ in range(120):
        stepwise = stepwise.later(days=1).advanced()
    assert stepwise == late.advanced()


def test_catching_up_leaves_the_state_that_was_given_alone() -> None:
    state = submitted().opened
    text = state.model_dump_json()
    assert len(APPLICATION.advance(state, BEGIN + timedelta(days=400))) == 2
    assert state.model_dump_json() == text


@pytest.mark.parametrize("body", [*APPLICATION.commands.values(), *LICENSE.commands.values()])
def test_bodies_are_closed_and_immutable(body: type[Body]) -> None:
    assert body.model_config.get("extra") == "forbid"
    assert body.model_config.get("frozen")


def test_a_deadline_that_passes_and_still_stands_is_a_defect_and_no_endless_loop() -> None:
    forgetful = replace(APPLICATION, passed=_nothing_happens)
    with pytest.raises(AssertionError, match="initial_action has passed and is still to come"):
        forgetful.advance(submitted().opened, BEGIN + timedelta(days=400))


def _nothing_happens(state: ApplicationState, deadline: Deadline) -> tuple[Event, ...]:
    return ()
