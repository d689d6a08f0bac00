"""A case goes on in a new run when its history has grown long, and loses nothing on the way."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.kernel.commit import Receipt
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.commands import Assign, Countersign
from tests.conftest import temporal_server
from tests.law.application.cases import GRANT
from tests.workflows.office import Office, counted_refusals, eventually, open_office
from tests.workflows.raw import plain
from tests.workflows.reprieves import evidence
from tests.workflows.test_coverage import agrees, eventful

SHORT_HISTORIES = {"limit.historyCount.suggestContinueAsNew": "40"}
"""A server that suggests to continue as new after 40 events."""


@pytest_asyncio.fixture(scope="module")
async def short(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal that soon finds a history long."""
    folder = tmp_path_factory.mktemp("short")
    async with temporal_server(folder, target, SHORT_HISTORIES) as short:
        yield short


async def test_nothing_in_flight_is_lost_when_a_case_continues_as_new(
    settings: Settings, short: Target
) -> None:
    async with open_office(settings, short) as office:
        stream = await office.submitted()
        letters = [f"letter-{number}" for number in range(120)]

        async def assign(times: int) -> list[Receipt]:
            return [await office["olga"].decide(stream, Assign(officer="olga")) for _ in range(times)]

        before = await counted_refusals()
        await asyncio.gather(
            *(office.signal(stream, letter, plain({})) for letter in letters),
            assign(20),
            assign(20),
        )

        async def every_letter() -> bool:
            # One more than once, where a task of the workflow was done again.
            counted = await counted_refusals() - before
            assert set(counted) <= {RefusalCode.UNKNOWN_COMMAND}
            return counted.total() >= len(letters)

        await eventually(every_letter, "every letter counted")
        assert "CommandRefused" not in await office.types(stream)
        assert (await office.types(stream)).count("CaseAssigned") == 40
        await office.caught_up(stream)
        assert len(await runs_of(office, stream)) > 2

        # Timers do not survive it, deadlines do.
        await office.fast_forward(stream, timedelta(days=10))
        assert (await office.types(stream))[-1] == "DeadlinePassed"
        await office.send("olga", stream, GRANT)
        await office.send("carla", stream, Countersign(agrees=True))
        assert (await office.result(stream)).status.outcome == "granted"


async def test_a_reprieve_that_continued_as_new_knows_what_it_covered_before(
    settings: Settings, short: Target
) -> None:
    async with open_office(settings, short) as office:
        stream = await eventful(office)
        while len(await runs_of(office, stream)) < 3:
            await office.send("defense", stream, evidence())
        await office.caught_up(stream)
        assert await agrees(office, stream) > 20


async def runs_of(office: Office, stream: str) -> list[str]:
    """The runs of a workflow, the newest first."""
    runs = list[str]()
    run: str | None = (await office.described(stream)).run_id
    while run:
        runs.append(run)
        handle = office.temporal.get_workflow_handle(stream, run_id=run)
        (started, *_) = (await handle.fetch_history()).events
        run = started.workflow_execution_started_event_attributes.continued_execution_run_id
    return runs


async def test_no_run_of_a_busy_case_becomes_long(office: Office) -> None:
    """On a server that would suggest it at 4,096 events only."""
    stream = await office.submitted()

    async def assign() -> None:
        for _ in range(75):
            await office["olga"].decide(stream, Assign(officer="olga"))

    await asyncio.gather(*(assign() for _ in range(8)))
    assert (await office.types(stream)).count("CaseAssigned") == 600
    runs = await runs_of(office, stream)
    assert len(runs) > 1
    for run in runs:
        history = await office.history(stream, run)
        assert len(history.events) < 2_000
