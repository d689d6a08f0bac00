"""A log that was restored to an older state than Temporal's: the log wins, and every case goes on from it.

All cases are made ready together, on a Temporal and a log of their own; each test then sends to one of them.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
import pytest_asyncio
from structlog.testing import capture_logs
from temporalio.common import SearchAttributeKey

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import batch_stream, license_stream
from greenlight.law.application.commands import Assign, Countersign, RequestInformation, SignOff
from greenlight.law.contract import SearchAttribute
from greenlight.service.folding import records_of
from greenlight.service.foreign import AHEAD, start_again, terminated, unlike
from tests.conftest import temporal_server
from tests.law.application.cases import DENY, new_submission
from tests.workflows.batches import prepared
from tests.workflows.office import (
    Office,
    counted,
    eventually,
    failure,
    nothing_is_a_fault,
    open_office,
    refusal,
)
from tests.workflows.restoring import Site, new_site, went_on
from tests.workflows.stories import APPROVED, FILED, LISTED, SIGNED

TO_OLGA, TO_OSCAR = Assign(officer="olga"), Assign(officer="oscar")
QUESTION = RequestInformation(request="Who operates the network?")
DUE = SearchAttributeKey.for_datetime(SearchAttribute.DUE.value)
A_FEW = 120
"""Transactions in a test's time: what the worker does in the background, and some for the case."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The office on the restored log, and the cases that went on after the backup."""

    office: Office
    site: Site
    countersigned: str
    asked: str
    assigned: str
    beside: str
    level: str
    told: str
    granted: str
    lost: str
    batch: str


@pytest_asyncio.fixture(scope="module")
async def restored(
    settings: Settings, target: Target, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Restored]:
    folder = tmp_path_factory.mktemp("restored")
    async with temporal_server(folder, target) as temporal:
        site = await new_site(settings, temporal, "restored", folder / "data")
        async with open_office(site.settings, site.target) as office:
            countersigned, granted = await office.recommended(application=LISTED), await office.recommended()
            asked, assigned, beside, level, told = [await office.submitted() for _ in range(5)]
            denied = await office.countersigned(DENY)
            batch = await prepared(office, [denied])
        await site.keep()
        async with open_office(site.settings, site.target) as office:
            for stream in (countersigned, granted):
                await office.send("carla", stream, Countersign(agrees=True))
            await office.send("olga", asked, QUESTION)
            for stream in (assigned, beside, level, told):
                await office.send("olga", stream, TO_OLGA)
                await office.send("olga", stream, TO_OSCAR)
            lost = await office.submitted()
            await office["vera"].dossier(denied)
            # It does not answer, so that the batch is still under way.
            await office.handle(denied).terminate("lost")
            await office["vera"].sign_batch(batch)
        await site.restore()
        async with open_office(site.settings, site.target) as office:
            yield Restored(
                office, site, countersigned, asked, assigned, beside, level, told, granted, lost, batch
            )
        await nothing_is_a_fault(site.target)


async def ahead() -> Counter[str]:
    """Cases and licenses that were found ahead of the log. What else is so, is found when its turn comes."""
    found = await counted(AHEAD, "kind")
    return Counter({kind: found[kind] for kind in ("application", "license") if found[kind]})


async def test_a_case_ahead_of_the_log_goes_on_from_it_and_uses_up_no_numbers(
    restored: Restored, capsys: pytest.CaptureFixture[str]
) -> None:
    office, stream = restored.office, restored.countersigned
    assert (await office.status(stream)).version == 4, "the workflow does not know it yet"
    numbers, transactions = await restored.site.numbers_given_out(), await restored.site.transactions()
    before = await ahead()
    refused = await refusal(office["vera"].decide(stream, SignOff(approves=True)))
    assert refused.code == RefusalCode.WRONG_STAGE
    assert await ahead() - before == {"application": 1}
    told = [line for line in capsys.readouterr().out.splitlines() if "the workflow has what" in line]
    (line,) = [line for line in told if f"case={stream}" in line]
    assert "[error" in line
    assert "workflow_version=4" in line
    case = await office.status(stream)
    assert (case.status.stage, case.version) == ("countersignature", 4)
    assert "RecommendationMade" not in await office.details(stream)

    await office.send("carla", stream, Countersign(agrees=True))
    await office.signed_off(stream)
    assert await office.types(stream) == [*FILED, SIGNED[0], "CommandRefused", SIGNED[1], *APPROVED]
    await office.result(stream)
    assert await restored.site.numbers_given_out() == numbers + 1
    # The server counts with a second's delay.
    await asyncio.sleep(1.5)
    assert await restored.site.transactions() - transactions < A_FEW
    assert await ahead() - before == {"application": 1, "license": 1}, "once is enough"


async def test_what_is_shown_and_waited_for_is_the_logs(restored: Restored) -> None:
    """The workflow believes that the clock stands still; the log has a question that was never asked."""
    office, stream = restored.office, restored.asked
    assert (await office.status(stream)).status.due is None
    await office.look(stream)
    case = await office.caught_up(stream)
    assert (case.version, case.status.stage) == (2, "review")
    assert case.status.due is not None

    async def listed() -> bool:
        shown = (await office.described(stream)).typed_search_attributes
        return shown.get(DUE) == case.status.due

    await eventually(listed, "the due date of the log among the search attributes")
    await office.fast_forward(stream, timedelta(days=10))
    await office.settled(stream)
    assert await office.types(stream) == [*FILED, "DeadlinePassed"]


async def test_a_deadline_of_the_workflow_is_recorded_on_what_the_log_has(restored: Restored) -> None:
    office, stream = restored.office, restored.assigned
    await office.fast_forward(stream, timedelta(days=10))
    await office.settled(stream)
    assert await office.types(stream) == [*FILED, "DeadlinePassed"]
    assert (await office.caught_up(stream)).version == 3


async def test_a_log_that_went_another_way_and_further_wins(restored: Restored) -> None:
    office, stream = restored.office, restored.beside
    await went_on(office, stream, TO_OSCAR, TO_OLGA, TO_OSCAR)
    assert (await office.status(stream)).version == 4
    await office.send("olga", stream, TO_OLGA)
    events = [event.content.get("officer") for event in await office.events(stream)]
    assert events[2:] == ["oscar", "olga", "oscar", "olga"]
    assert (await office.caught_up(stream)).version == 6


async def test_a_log_that_went_another_way_to_the_same_version_wins(restored: Restored) -> None:
    office, stream = restored.office, restored.level
    await went_on(office, stream, TO_OSCAR, TO_OLGA)
    before = await ahead()
    await office.send("olga", stream, TO_OLGA)
    assert await ahead() - before == {"application": 1}
    assert (await office.caught_up(stream)).version == 5


async def test_a_case_that_says_otherwise_than_the_log_is_resumed(restored: Restored) -> None:
    """As ``resume`` does it with every open case."""
    office, stream = restored.office, restored.told
    found = await unlike(office.temporal, partial(records_of, office.service.recorder), stream)
    assert found is not None
    before = await ahead()
    with capture_logs() as lines:
        await terminated(office.temporal, found)
    assert await ahead() - before == {"application": 1}
    assert [line["event"] for line in lines if line.get("case") == stream] == [
        "the workflow has what the log has not, and is ended"
    ]
    await start_again(office.temporal, stream)
    case = await office.caught_up(stream)
    assert (case.version, case.status.officer) == (2, None)


async def test_a_case_of_which_the_log_has_nothing_ends_and_may_be_filed_again(restored: Restored) -> None:
    office, stream = restored.office, restored.lost
    refused = await refusal(office["olga"].decide(stream, TO_OLGA))
    assert refused.code == RefusalCode.NO_SUCH_CASE
    ended = await failure(office.handle(stream))
    assert ended.code == RefusalCode.NO_SUCH_CASE
    assert await office.types(stream) == []
    again = await office["acme"].submit(new_submission(), acn=stream.removeprefix("application-"))
    assert again.stream == stream
    assert await office.types(stream) == [*FILED]


async def test_a_batch_that_the_log_has_no_signature_of_waits_for_it_again(restored: Restored) -> None:
    """It finds out at its next round, where there is nothing to take to anybody."""
    office, stream = restored.office, batch_stream(restored.batch)

    async def prepared_again() -> bool:
        return (await office.status(stream)).status.stage == "prepared"

    await eventually(prepared_again, "the batch as the log has it", timedelta(seconds=30))
    assert await office.types(stream) == ["BatchOpened"]
    assert await office.runs(stream)


async def test_a_license_that_the_log_does_not_have_gives_way_to_the_one_that_is_granted(
    restored: Restored,
) -> None:
    office, stream = restored.office, restored.granted
    number = (await office.result(stream)).status.license_number
    assert number is not None
    assert await office.runs(license_stream(number))
    await office.start("LicenseApplication", stream, {"resume": True})
    await office.send("carla", stream, Countersign(agrees=True))
    case = await office.result(stream)
    assert case.status.license_number is not None
    licensed = license_stream(case.status.license_number)
    assert await office.types(licensed) == ["LicenseIssued"]
    assert (await office.caught_up(licensed)).version == 1
