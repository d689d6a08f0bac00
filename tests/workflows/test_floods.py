"""A flood of messages on one case: it goes on to answer, and the log does not grow by what nobody signed."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.service import RPCError

from greenlight.client import LicensingClient
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from greenlight.kernel.commit import Receipt
from greenlight.kernel.refusal import MAX_REFUSALS, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Assign, LiftHold
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.contract import LOOK
from greenlight.law.officer.commands import RevokeKey
from greenlight.signing.keys import SigningKey
from tests.conftest import temporal_server
from tests.law.application.cases import CHECK
from tests.workflows.office import Office, counted_refusals, eventually, open_office, refusal
from tests.workflows.raw import plain

UNSIGNED = plain({"token": "nobody's", "body": {"officer": "olga"}})
AT_ONCE = 50
"""Signals of one sender that are under way."""
LONGEST_WAIT = timedelta(seconds=15)
PATIENCE = timedelta(seconds=120)
FILED = ["ApplicationSubmitted", "PartiesScreened"]


@pytest_asyncio.fixture(scope="module")
async def flooded(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal that nobody else is kept from."""
    async with temporal_server(tmp_path_factory.mktemp("flooded"), target) as flooded:
        yield flooded


async def flood(office: Office, stream: str, number: int, *inputs: object) -> None:
    """Send signals as fast as Temporal takes them."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with gate:
            await insistent(office, stream, *inputs)

    await asyncio.gather(*(one() for _ in range(number)))


async def insistent(office: Office, stream: str, *inputs: object) -> None:
    """Temporal takes none for a moment while a run ends."""
    while True:
        try:
            await office.signal(stream, "assign", *inputs)
        except RPCError:
            await asyncio.sleep(0.2)
        else:
            return


async def counted(before: Counter[str], number: int) -> Counter[str]:
    """What was counted since ``before``, once it is as many."""

    async def as_many() -> Counter[str] | None:
        more = await counted_refusals() - before
        return more if more.total() >= number else None

    return await eventually(as_many, f"{number} refusals counted", PATIENCE)


@pytest.mark.parametrize(
    ("number", "growth"), [(1_500, None), pytest.param(10_000, 50, marks=pytest.mark.large)]
)
async def test_a_case_answers_during_a_flood_that_leaves_nothing_on_record(
    settings: Settings, flooded: Target, number: int, growth: int | None
) -> None:
    async with open_office(settings, flooded) as office:
        stream = await office.submitted()
        before, memory = await counted_refusals(), resident()
        pouring = asyncio.create_task(flood(office, stream, number, UNSIGNED))
        waits: list[float] = []
        while not pouring.done():
            begun = time.monotonic()
            await office["olga"].decide(stream, Assign(officer="olga"))
            waits.append(time.monotonic() - begun)
            await asyncio.sleep(0.3)
        await pouring
        found = await counted(before, number)
        assert set(found) == {RefusalCode.UNSIGNED}
        assert await office.types(stream) == [*FILED, *["CaseAssigned"] * len(waits)]
        assert max(waits) <= LONGEST_WAIT.total_seconds()
        grown = resident() - memory
        print(
            f"{number} signals: {len(waits)} commands, longest wait {max(waits):.1f} s,"
            f" memory +{grown:.0f} MiB"
        )
        if growth is not None:
            assert grown <= growth


def resident() -> float:
    """MiB of memory that this process holds, the worker and all senders in it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


@pytest.mark.parametrize("number", [2_000, pytest.param(9_900, marks=pytest.mark.large)])
async def test_what_came_while_no_worker_was_there_does_not_wedge_a_case(
    settings: Settings, flooded: Target, number: int
) -> None:
    async with open_office(settings, flooded) as office:
        stream = await office.submitted()
    before = await counted_refusals()
    await flood(office, stream, number, UNSIGNED)
    deciding = asyncio.create_task(office["olga"].decide(stream, Assign(officer="olga")))
    async with open_office(settings, flooded) as office:
        begun = time.monotonic()
        await deciding
        assert time.monotonic() - begun <= LONGEST_WAIT.total_seconds()
        found = await counted(before, number)
        assert set(found) == {RefusalCode.UNSIGNED}
        assert await office.types(stream) == [*FILED, "CaseAssigned"]


async def test_who_signs_for_another_is_counted_and_no_more(office: Office) -> None:
    """By the hundred, too: a signature of a key that nobody registered is none."""
    stream = await office.submitted()
    stranger = office["olga"].signer.__class__(
        "olga", "olga", "agency", SigningKey.generate(), office["olga"].signer.log
    )
    forged = [stranger.sign("assign", stream, Assign(officer="olga")) for _ in range(300)]
    async with office.unrecorded(*[RefusalCode.KEY_NOT_VALID] * len(forged)):
        await asyncio.gather(*(office.signal(stream, "assign", each) for each in forged))
    assert await office.types(stream) == FILED


async def test_what_a_revoked_key_signed_goes_by_the_hundred(office: Office) -> None:
    stream = await office.submitted()
    account = await office.enrolled(Role.LICENSING_OFFICER)
    signed = [account.signer.sign("assign", stream, Assign(officer="olga")) for _ in range(300)]
    await office.register(account.signer.officer, RevokeKey(kid=account.signer.key.public.kid))
    async with office.unrecorded(*[RefusalCode.KEY_NOT_VALID] * len(signed)):
        await asyncio.gather(*(office.signal(stream, "assign", each) for each in signed))
    history = await office.history(stream)
    assert sum(event.HasField("marker_recorded_event_attributes") for event in history.events) < 100
    assert await office.types(stream) == FILED


async def test_signed_signals_among_the_unsigned_are_decided(office: Office) -> None:
    stream = await office.submitted()
    before = await counted_refusals()
    signed = [await office.signed("olga", stream, Assign(officer="olga")) for _ in range(5)]
    letters = [command for each in signed for command in (*[UNSIGNED] * 60, each)]
    await asyncio.gather(*(office.signal(stream, "assign", each) for each in letters))
    for each in signed:
        assert (await office.event_of(stream, each)).type == "CaseAssigned"
    await counted(before, 300)
    assert await office.types(stream) == [*FILED, *["CaseAssigned"] * 5]


async def test_many_who_knock_are_answered_together(office: Office) -> None:
    stream = await office.submitted()
    await asyncio.gather(*(office.signal(stream, LOOK) for _ in range(200)))
    await office.send("olga", stream, Assign(officer="olga"))
    history = await office.history(stream)
    assert sum(event.HasField("marker_recorded_event_attributes") for event in history.events) < 100


async def test_of_many_refusals_only_so_many_are_recorded(office: Office) -> None:
    stream = await office.submitted()
    lifts = [await office.signed("olga", stream, LiftHold(hold=1)) for _ in range(MAX_REFUSALS + 4)]
    codes = Counter(
        [(await refusal(office.update(stream, "lift_hold", lift))).code for lift in lifts[:MAX_REFUSALS]]
    )
    assert codes == Counter({ApplicationRefusal.NO_SUCH_HOLD: MAX_REFUSALS})
    async with office.unrecorded(*[RefusalCode.TOO_MANY_REFUSED] * 4):
        for lift in lifts[MAX_REFUSALS:]:
            told = await refusal(office.update(stream, "lift_hold", lift))
            assert told.code == RefusalCode.TOO_MANY_REFUSED
            assert "no_such_hold: " in str(told)
    # What was refused on record hears the same again, and what is in order is accepted.
    again = await refusal(office.update(stream, "lift_hold", lifts[0]))
    assert again.code == ApplicationRefusal.NO_SUCH_HOLD
    command = await office.signed("olga", stream, Assign(officer="olga"))
    assert (await office.update(stream, "assign", command)).stage == "review"
    assert (await office.update(stream, "assign", command)).duplicate
    assert (await office.types(stream)).count("CommandRefused") == MAX_REFUSALS


async def test_what_others_are_refused_leaves_room_for_the_refusal_of_ones_own(office: Office) -> None:
    """Else it would not use up its id: the same token, refused today, might count tomorrow."""
    stream = await office.submitted()
    lifts = [await office.signed("oscar", stream, LiftHold(hold=1)) for _ in range(MAX_REFUSALS)]
    await asyncio.gather(*(refusal(office.update(stream, "lift_hold", lift)) for lift in lifts))
    lift = await office.signed("olga", stream, LiftHold(hold=1))
    assert (await refusal(office.update(stream, "lift_hold", lift))).code == ApplicationRefusal.NO_SUCH_HOLD
    await office.send("olga", stream, CHECK)
    assert (await refusal(office.update(stream, "lift_hold", lift))).code == ApplicationRefusal.NO_SUCH_HOLD
    assert (await office.types(stream)).count("CommandRefused") == MAX_REFUSALS + 1


async def test_an_id_that_another_used_up_opens_no_more_room(office: Office) -> None:
    stream = await office.submitted()
    lift = office["olga"].signer.sign("lift_hold", stream, LiftHold(hold=1), command_id="one-of-olgas")
    await refusal(office.update(stream, "lift_hold", lift))
    lifts = [await office.signed("oscar", stream, LiftHold(hold=1)) for _ in range(MAX_REFUSALS)]
    await asyncio.gather(*(refusal(office.update(stream, "lift_hold", lift)) for lift in lifts))
    signer = office["oscar"].signer
    theirs = signer.sign("lift_hold", stream, LiftHold(hold=1), command_id="one-of-olgas")
    async with office.unrecorded(RefusalCode.TOO_MANY_REFUSED):
        told = await refusal(office.update(stream, "lift_hold", theirs))
        assert told.code == RefusalCode.TOO_MANY_REFUSED


async def test_forty_at_once_who_are_refused_are_each_recorded_once(office: Office) -> None:
    stream = await office.submitted()
    lifts = [await office.signed("olga", stream, LiftHold(hold=1)) for _ in range(40)]
    await asyncio.gather(*(refusal(office.update(stream, "lift_hold", lift)) for lift in lifts))
    assert (await office.types(stream)).count("CommandRefused") == 40


async def test_a_hundred_commands_of_twenty_clients_at_once_are_all_answered(
    settings: Settings, flooded: Target
) -> None:
    async with open_office(settings, flooded) as office:
        stream = await office.submitted()
        signer = office["olga"].signer
        clients = [LicensingClient(await connect(flooded), signer) for _ in range(20)]

        async def five(client: LicensingClient) -> list[Receipt]:
            return await asyncio.gather(*(client.decide(stream, Assign(officer="olga")) for _ in range(5)))

        begun = time.monotonic()
        receipts = [each for five in await asyncio.gather(*map(five, clients)) for each in five]
        print(f"a hundred commands at once: {time.monotonic() - begun:.1f} s")
        assert len({receipt.version for receipt in receipts}) == 100
        assert (await office.types(stream)).count("CaseAssigned") == 100
