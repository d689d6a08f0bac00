"""`GET /events` on a real log: everything once and in order, for whom it is for."""

import asyncio
import json
import socket

import pytest

from greenlight.eventlog import following
from greenlight.eventlog.database import Connection
from greenlight.eventlog.read_events import StreamReader
from greenlight.eventlog.recorder import Recorder
from greenlight.feed import routes
from greenlight.feed.cloudevents import CloudEvent
from tests.eventlog.crowd import Crowd
from tests.eventlog.server import as_writer
from tests.feed.serving import REVIEWER, Door, ids, read, recorded, served, subscribed

WRITERS = 8
EACH = 12


async def test_every_event_comes_as_a_cloud_event_and_in_its_order(dsn: str) -> None:
    async with StreamReader(dsn) as reader:
        head = await reader.head()
        stored = [event async for event in reader.log()]
    async with served(dsn) as client:
        answer = await client.get("/events", params={"limit": 1000})
        assert answer.headers["content-type"] == "application/cloudevents-batch+json"
        told = answer.json()
    assert ids(told) == list(range(1, head.position + 1))
    for event, said in zip(stored, told, strict=True):
        assert said["data"] == json.loads(event.record)
        assert event.record in answer.text, "byte for byte"
        assert said == {
            "specversion": "1.0",
            "id": str(event.position),
            "source": head.origin,
            "type": f"greenlight.{event.type}",
            "subject": event.stream,
            "time": event.at.isoformat().replace("+00:00", "Z"),
            "recordedtime": event.recorded_at.isoformat().replace("+00:00", "Z"),
            "sequence": f"{event.position:020}",
            "streamversion": event.version,
            "datacontenttype": "application/json",
            "data": said["data"],
            **({"commandid": event.command_id} if event.command_id else {}),
        }


async def test_pages_end_where_the_next_begin(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    last = [await recorded(recorder, crowd, "A000001", version) for version in range(5)][-1]
    async with served(dsn) as client:
        for limit in (1, 3, 1000):
            assert ids(await read(client, limit=limit)) == list(range(1, last + 1))
        assert ids(await read(client, after=last - 2)) == [last - 1, last]


async def test_what_is_not_wanted_is_passed_over(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = [await recorded(recorder, crowd, "A000001", version) for version in range(3)]
    two = [await recorded(recorder, crowd, "A000002", version) for version in range(3)]
    # No more than two positions are looked at at once, whatever is found there.
    monkeypatch.setattr(following, "WINDOW", 2)
    monkeypatch.setattr("greenlight.feed.tail.MOST_EVENTS", 2)
    async with served(dsn) as client:
        assert ids(await read(client, streams="application-A000001")) == one
        assert ids(await read(client, streams="application-A000002,license")) == two
        assert ids(await read(client, types="CaseAssigned", limit=2)) == [*one, *two]
        assert await read(client, types="CaseAssigned", streams="officer") == []
        async with subscribed(client, "/events?streams=application-A000002") as stream:
            assert ids(await stream.some(3)) == two


async def test_a_poll_waits_for_what_comes(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    async with StreamReader(dsn) as reader:
        head = (await reader.head()).position
    async with served(dsn) as client:
        nothing = await client.get("/events", params={"after": head, "wait": 0.05})
        assert (nothing.json(), nothing.headers["greenlight-position"]) == ([], str(head))
        waiting = asyncio.create_task(client.get("/events", params={"after": head, "wait": 25}))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        position = await recorded(recorder, crowd, "A000001")
        assert ids((await waiting).json()) == [position]


async def test_nobody_misses_anything_while_many_record(dsn: str, crowd: Crowd) -> None:
    async with StreamReader(dsn) as reader:
        head = (await reader.head()).position
    last = head + WRITERS * EACH

    async def record(number: int) -> None:
        async with Recorder(as_writer(dsn)) as recorder:
            for version in range(EACH):
                await recorded(recorder, crowd, f"A00000{number}", version)

    async with served(dsn) as client:

        async def polled() -> list[int]:
            found: list[int] = []
            after = head
            while after < last:
                answer = await client.get("/events", params={"after": after, "wait": 20, "limit": 5})
                found += ids(answer.json())
                after = int(answer.headers["greenlight-position"])
            return found

        async def heard() -> list[int]:
            async with subscribed(client, f"/events?after={head}") as stream:
                return ids(await stream.some(WRITERS * EACH))

        following = [asyncio.create_task(each()) for each in (polled, heard, heard)]
        await asyncio.gather(*(record(number) for number in range(WRITERS)))
        for each in following:
            assert await each == list(range(head + 1, last + 1))


async def test_a_subscriber_goes_on_after_the_last_id_that_it_saw(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with served(dsn) as client:
        async with subscribed(client) as stream:
            await stream.some(2)
        position = await recorded(recorder, crowd, "A000001")
        async with subscribed(client, "/events?after=0", last_event_id=str(position - 1)) as stream:
            assert ids([await stream.next()]) == [position]


async def test_who_may_not_read_a_stream_does_not_hear_of_it(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "PULSE", 0.2)
    door = Door({"application-A000002"})
    hidden = await recorded(recorder, crowd, "A000001")
    seen = await recorded(recorder, crowd, "A000002")
    after_it = await recorded(recorder, crowd, "A000001", 1)
    async with served(dsn, door) as client:
        client.headers["x-officer"] = REVIEWER.officer
        answer = await client.get("/events")
        assert ids(answer.json()) == [seen]
        assert "A000001" not in answer.text
        assert answer.headers["greenlight-position"] == str(after_it)
        assert door.noted == [(REVIEWER.officer, frozenset({"application-A000002"}))]
        assert (await client.get("/events", params={"after": hidden - 1, "limit": 1})).json() == []
        async with subscribed(client) as stream:
            assert ids([await stream.next()]) == [seen]
            hidden = await recorded(recorder, crowd, "A000001", 2)
            assert await stream.until(hidden) == [], "the cursor moves on, without an event"
        assert len(door.noted) == 2, "of what was shown, once for each connection"
        # From the next event on somebody may read more.
        door.open_to.add("application-A000001")
        position = await recorded(recorder, crowd, "A000001", 3)
        # The server hears of it in its own time.
        answer = await client.get("/events", params={"after": position - 1, "wait": 20})
        assert ids(answer.json()) == [position]


async def test_all_connections_of_a_process_read_the_log_once(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    door = Door({"application-A000001"})
    async with served(dsn, door) as client, asyncio.TaskGroup() as group:
        heard = [asyncio.Event() for _ in range(40)]

        async def hear(number: int) -> None:
            async with subscribed(client, "/events?after=9", x_officer=REVIEWER.officer) as stream:
                heard[number].set()
                await stream.some(2)

        for number in range(len(heard)):
            group.create_task(hear(number))
        await asyncio.gather(*(each.wait() for each in heard))
        asked = door.asked
        for version in range(2):
            await recorded(recorder, crowd, "A000001", version)
    # Who is behind by now asks for themselves.
    assert door.asked - asked < len(heard), "what they may read is asked once for all of them"
    rows = await database.fetch(
        "SELECT FROM pg_stat_activity WHERE application_name LIKE 'greenlight-feed%'"
        " AND datname = current_database()"
    )
    assert len(rows) <= 2 + 4, "one that listens, one that reads, and those for who is behind"


async def test_it_goes_on_after_its_connections_were_lost(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    async with served(dsn) as client, subscribed(client, "/events?after=9") as stream:
        first = await recorded(recorder, crowd, "A000001")
        while (await stream.next())["id"] != str(first):
            pass
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'greenlight-feed%' AND datname = current_database()"
        )
        second = await recorded(recorder, crowd, "A000001", 1)
        assert ids([await stream.next()]) == [second]


async def test_who_takes_nothing_is_cut_off_and_holds_up_nobody(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "STALLED", 0.5)
    async with served(dsn) as client:
        silent = socket.socket()
        # So that the server notices soon that nothing is taken.
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.connect((client.base_url.host, client.base_url.port))
        silent.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
        text = CloudEvent.frame.fget
        assert text is not None
        monkeypatch.setattr(CloudEvent, "frame", property(lambda event: b": \n" * 400_000 + text(event)))
        async with subscribed(client, "/events?after=9") as stream:
            for version in range(6):
                position = await recorded(recorder, crowd, "A000001", version)
                while (await stream.next())["id"] != str(position):
                    pass
        await asyncio.sleep(2)
        silent.settimeout(20)
        came = 0
        while part := await asyncio.to_thread(_received, silent):
            came += len(part)
        assert came < 16 * 1_200_000, "the end came before all that there was"
        silent.close()


def _received(silent: socket.socket) -> bytes:
    try:
        return silent.recv(1 << 20)
    except ConnectionResetError:
        return b""


async def test_a_position_that_the_log_has_not_reached_is_an_error(dsn: str) -> None:
    async with served(dsn) as client:
        for headers in ({}, {"accept": "text/event-stream"}):
            answer = await client.get("/events", params={"after": 10_000}, headers=headers)
            assert answer.status_code == 409
            assert "10000" in answer.text


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("after=-1", "after"),
        ("after=1&after=2", "after"),
        ("after=one", "after"),
        ("after=9223372036854775808", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("wait=61", "wait"),
        ("wait=nan", "wait"),
        ("type=CaseAssigned", "type"),
        ("streams=a%00b", "streams"),
        (f"types={','.join('a' * 51)}", "types"),
        ("types=CaseAsigned", "types: there is no CaseAsigned; the nearest is CaseAssigned"),
    ],
)
async def test_a_question_that_makes_no_sense_is_said_to_make_none(dsn: str, asked: str, named: str) -> None:
    async with served(dsn) as client:
        answer = await client.get(f"/events?{asked}")
        assert answer.status_code == 400
        assert named in answer.text


async def test_a_stream_ends_when_its_proof_does(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "PULSE", 0.2)
    door = Door()
    async with served(dsn, door) as client, subscribed(client, "/events?after=10") as stream:
        door.closed = True
        await asyncio.sleep(0.5)
        await recorded(recorder, crowd, "A000001")
        assert all(event["subject"].startswith("officer") for event in await stream.rest())


async def test_nobody_opens_more_than_their_share(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "OF_ONE", 2)
    async with served(dsn) as client:
        async with subscribed(client), subscribed(client):
            for headers in ({}, {"accept": "text/event-stream"}):
                answer = await client.get("/events", headers=headers)
                assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
                assert answer.json()["code"] == "too_many_requests"
            other = await client.get("/events", headers={"x-officer": REVIEWER.officer})
            assert other.status_code == 200
        async with asyncio.timeout(20):
            while (await client.get("/events")).status_code != 200:  # noqa: ASYNC110  # Nothing tells.
                await asyncio.sleep(0.05)


async def test_who_is_not_let_in_hears_nothing(dsn: str) -> None:
    async with served(dsn) as client:
        for headers in ({}, {"accept": "text/event-stream"}):
            answer = await client.get("/events", headers={"x-officer": "nobody", **headers})
            assert answer.status_code == 401


@pytest.mark.parametrize("last", ["-1", "one", "9223372036854775808", "٣"])
async def test_a_last_id_that_is_none_is_refused(dsn: str, last: str) -> None:
    async with served(dsn) as client:
        headers = {"accept": "text/event-stream", "last-event-id": last.encode()}
        assert (await client.get("/events", headers=headers)).status_code == 400  # pyright: ignore[reportArgumentType]
