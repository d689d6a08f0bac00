"""The state that a workflow holds is the one on which the desk decides; where it is not held, the log's."""

import itertools

import pytest

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.held import HELD, past_of
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import RequestInformation, Withdraw
from greenlight.law.application.state import ApplicationState
from tests.activities.test_desk import Clerk, Says, told
from tests.eventlog.crowd import Crowd
from tests.law.application.cases import BEGIN

_numbers = itertools.count(1)


@pytest.fixture
async def filed(log: Recorder, crowd: Crowd) -> tuple[Clerk[ApplicationState], Says]:
    clerk = Clerk(log, APPLICATION, application_stream(f"H{next(_numbers):06}"))
    says = Says(crowd, clerk)
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    return clerk, says


async def test_what_is_held_is_decided_on_and_not_read(filed: tuple[Clerk[ApplicationState], Says]) -> None:
    clerk, says = filed
    assert clerk.state is not None
    assert clerk.past is not None
    # Nobody was assigned on record: what is read of it later is of the state that was held.
    marked = clerk.state.model_copy(update={"assigned_to": "held-here"})
    HELD.hold(clerk.past, marked)
    answer = await clerk.handled(clerk.request(BEGIN, says(says.crowd.applicant, Withdraw())))
    made = HELD.taken(past_of(clerk.stream, answer.records, clerk.past))
    assert made is not None
    assert made.state.assigned_to == "held-here"


async def test_what_is_not_held_is_read_from_the_log(filed: tuple[Clerk[ApplicationState], Says]) -> None:
    clerk, says = filed
    clerk.past = None
    answer = await clerk.handled(clerk.request(BEGIN, says(says.crowd.applicant, Withdraw())))
    assert told(answer) == [("ApplicationWithdrawn", BEGIN)]


async def test_what_others_recorded_meanwhile_is_none_of_what_the_workflow_holds(
    filed: tuple[Clerk[ApplicationState], Says],
) -> None:
    clerk, says = filed
    asks = RequestInformation(request="Who operates the network?")
    request = clerk.request(BEGIN, says(says.crowd.officer, asks))
    await clerk.handled(clerk.request(BEGIN, says(says.crowd.applicant, Withdraw())))
    answer = await clerk.asks(request)
    assert [type_ for type_, _ in told(answer)] == ["ApplicationWithdrawn", "CommandRefused"]


async def test_a_past_that_the_log_does_not_have_is_begun_anew(
    filed: tuple[Clerk[ApplicationState], Says],
) -> None:
    clerk, _ = filed
    on_record = await clerk.on_record()
    clerk.past = past_of(clerk.stream, ("{}", *on_record[1:]))
    answer = await clerk.asks(clerk.request(BEGIN))
    assert answer.anew
    assert list(answer.records) == on_record
