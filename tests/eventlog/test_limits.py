"""A session ends what takes too long, so that whoever dies, hangs or is cut off leaves nothing locked."""

import asyncio

import pytest

from greenlight.eventlog.database import (
    BRIEF,
    LOST_CONNECTION,
    WHOLE,
    Connection,
    Limits,
    connect,
    connection,
)
from greenlight.eventlog.recorder import Recorder
from tests.eventlog.crowd import Crowd, assignment

PATIENCE = 30
HOLD = "SELECT FROM greenlight.log FOR UPDATE"
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dying'"


@pytest.mark.parametrize(
    ("limits", "statement", "lock", "idle"),
    [(BRIEF, "15s", "10s", "10s"), (WHOLE, "0", "10s", "15min")],
    ids=["brief", "whole"],
)
async def test_every_session_has_limits(
    dsn: str, limits: Limits, statement: str, lock: str, idle: str
) -> None:
    wanted = {
        "statement_timeout": statement,
        "lock_timeout": lock,
        "idle_in_transaction_session_timeout": idle,
        "client_connection_check_interval": "5s",
    }
    async with connection(dsn, application="test", limits=limits) as database:
        assert {name: await database.fetchval(f"SHOW {name}") for name in wanted} == wanted
        over_tcp = await database.fetchval("SELECT inet_client_addr() IS NOT NULL")
        keepalive = await database.fetchval("SHOW tcp_keepalives_idle")
        assert keepalive == ("30" if over_tcp else "0")


async def test_who_holds_the_log_and_says_no_more_is_ended(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with connection(dsn, application="hanging", limits=BRIEF._replace(idle=0.5)) as hanging:
        await hanging.execute("BEGIN")
        await hanging.execute(HOLD)
        async with asyncio.timeout(PATIENCE):
            said = await recorder.record(assignment(crowd.officer, "Z000001", 0))
        assert said.status == "recorded"
        with pytest.raises(LOST_CONNECTION):
            await hanging.execute("COMMIT")


async def test_who_is_cut_off_while_it_holds_the_log_lets_it_go(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    dying = await connect(dsn, application="dying")
    await dying.execute("BEGIN")
    await dying.execute(HOLD)
    dying.terminate()
    async with asyncio.timeout(PATIENCE):
        assert (await recorder.record(assignment(crowd.officer, "Z000001", 0))).status == "recorded"


async def test_who_is_cut_off_while_it_waits_is_not_waited_for(dsn: str, database: Connection) -> None:
    waiting = await connect(dsn, application="dying", limits=WHOLE._replace(lock=0))
    # What is asked of activity is kept for a transaction, so that another connection asks.
    async with database.transaction(), connection(dsn, application="test") as watching:
        await database.execute(HOLD)
        asked = asyncio.create_task(waiting.execute(HOLD))
        async with asyncio.timeout(PATIENCE):
            while not await watching.fetchval(f"{COUNT} AND wait_event_type = 'Lock'"):  # noqa: ASYNC110 - it is the server that goes on
                await asyncio.sleep(0.05)
            waiting.terminate()
            with pytest.raises(LOST_CONNECTION):
                await asked
            # It is found gone while the lock that it waits for is held all the same.
            while await watching.fetchval(COUNT):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
