"""What a worker does beside its workflows goes on whatever happens, says how it stands, and ends."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from structlog.testing import capture_logs
from temporalio.common import MetricMeter
from temporalio.service import RPCError, RPCStatusCode

from greenlight.eventlog.session import LogUnavailableError
from greenlight.service.background import LONGEST_REST_OF_ITEM, Background, Backoff, Items, Task
from greenlight.service.health import Health, HealthError, TaskHealth, served
from greenlight.service.unforeseen import places
from tests.addresses import free_address

SECRET = "rotary kilns for Example Networks"
SOON = 0.001


class Panic(BaseException):
    """As a library in Rust ends."""


def background(*tasks: Task, limit: float = 5) -> Background:
    return Background(tasks, MetricMeter.noop, limit=limit)


def failing_twice(error: BaseException, done: asyncio.Event) -> Callable[[Items], Awaitable[None]]:
    tried: list[None] = []

    async def act(_: Items) -> None:
        tried.append(None)
        if len(tried) < 3:
            raise error
        done.set()

    return act


@pytest.mark.parametrize(
    "error",
    [RuntimeError(SECRET), Panic(SECRET), asyncio.CancelledError(SECRET), OSError("the disk is full")],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_fails_is_told_without_its_words_and_tried_again(error: BaseException) -> None:
    done = asyncio.Event()
    run = background(Task("trying", failing_twice(error, done), SOON))
    with capture_logs() as lines:
        async with asyncio.timeout(5), run.running():
            await done.wait()
            await asyncio.sleep(5 * SOON)
    failures = [line for line in lines if line["log_level"] == "error"]
    assert [line["failures"] for line in failures] == [1, 2]
    assert {line["task"] for line in failures} == {"trying"}
    assert SECRET not in repr(lines)
    assert all(type(error).__name__ in line["error"] for line in failures)
    if isinstance(error, OSError):
        assert failures[0]["error"] == "OSError: the disk is full"
    else:
        assert any(
            "test_background.py" in place and place.endswith("in act") for place in failures[0]["where"]
        )
    assert lines[-1]["event"] == "background task goes on"
    (task,) = run.health.tasks
    assert (task.failures, task.error) == (0, None)
    assert task.last_success is not None


async def test_what_hangs_is_ended_and_tried_again() -> None:
    tried: list[None] = []
    second = asyncio.Event()

    async def act(_: Items) -> None:
        tried.append(None)
        if len(tried) == 1:
            await asyncio.Event().wait()
        second.set()

    async with asyncio.timeout(5), background(Task("hanging", act, SOON), limit=0.05).running():
        await second.wait()


async def test_one_that_fails_keeps_no_other_and_nobody_from_ending() -> None:
    third, ended = asyncio.Event(), list[str]()

    async def fails(_: Items) -> None:
        ended.append("fails")
        raise RuntimeError

    async def stubborn(_: Items) -> None:
        third.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            # As a connection that does not close.
            raise TimeoutError from None

    async def last(_: Items) -> None:
        ended.append("last")

    run = background(
        Task("first", last, 600, at_the_end=True),
        Task("fails", fails, 600, at_the_end=True),
        Task("stubborn", stubborn, SOON),
    )
    async with asyncio.timeout(5), run.running():
        await third.wait()
    assert ended == ["fails", "last"], "the last one first"


async def test_what_is_done_once_is_done_until_it_succeeds() -> None:
    done = asyncio.Event()
    run = background(Task("once", failing_twice(RuntimeError(), done), SOON, once=True))
    async with asyncio.timeout(5), run.running():
        await done.wait()
        done.clear()
        await asyncio.sleep(20 * SOON)
    assert not done.is_set()
    assert run.health.well


async def test_who_has_no_success_for_long_is_unwell(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_: Items) -> None:
        raise RuntimeError

    async def works(_: Items) -> None:
        pass

    monkeypatch.setattr("greenlight.service.background.PATIENCE", 0.2)
    run = background(Task("fails", fails, SOON), Task("works", works, SOON))
    async with run.running():
        assert run.health.well, "it has only begun"
        async with asyncio.timeout(5):
            while run.health.well:  # noqa: ASYNC110 - it is a matter of time alone
                await asyncio.sleep(SOON)
        health = {task.task: task for task in run.health.tasks}
    assert (health["fails"].well, health["works"].well) == (False, True)
    assert health["fails"].error == "RuntimeError"


def test_rests_double_up_to_a_bound_and_differ() -> None:
    longest = Backoff(2, 30, lambda: 1)
    assert [longest.failed() for _ in range(6)] == [2, 4, 8, 16, 30, 30]
    shortest = Backoff(2, 30, lambda: 0)
    assert [shortest.failed() for _ in range(3)] == [1, 2, 4]
    longest.succeeded()
    assert longest.failed() == 2
    for _ in range(5_000):
        assert longest.failed() <= 30


def test_an_item_rests_alone_and_longer_each_time() -> None:
    now = 0.0
    items = Items(2, lambda: now)
    rest = items.failed("one")
    assert 1 <= rest <= 2
    assert items.resting() == ("one",)
    now = 2.0
    assert items.resting() == ()
    assert len(items) == 1
    assert items.failed("one") >= 2
    items.done("one")
    assert (items.resting(), len(items)) == ((), 0)


def test_an_item_of_which_nothing_is_heard_any_more_is_forgotten() -> None:
    now = 0.0
    items = Items(2, lambda: now)
    items.failed("one")
    now = LONGEST_REST_OF_ITEM
    assert len(items) == 1
    now += 2
    assert len(items) == 0


@pytest.mark.parametrize("error", [RuntimeError(SECRET), Panic(SECRET), OSError("no room")])
def test_what_fails_of_an_item_is_its_own_and_told_without_its_words(error: BaseException) -> None:
    items = Items(2)
    with capture_logs() as lines:
        with items.one("one"):
            raise error
        with items.one("another"):
            pass
    assert items.resting() == ("one",)
    (line,) = lines
    assert (line["log_level"], line["item"]) == ("error", "one")
    assert SECRET not in repr(line)
    with items.one("one"):
        pass
    assert items.resting() == ()


def test_that_a_server_is_away_is_no_items_own() -> None:
    items = Items(2)
    for away in (LogUnavailableError("away"), RPCError("away", RPCStatusCode.UNAVAILABLE, b"")):
        with pytest.raises(type(away)), items.one("one"):
            raise away
    assert len(items) == 0


def test_where_an_error_came_about_is_told_with_what_led_to_it() -> None:
    def inner() -> None:
        raise ValueError(SECRET)

    def outer() -> None:
        try:
            inner()
        except ValueError as error:
            raise KeyError(SECRET) from error

    with pytest.raises(KeyError) as caught:
        outer()
    told = places(caught.value)
    assert any(place.startswith("tests/service/test_background.py:") for place in told)
    assert "after ValueError" in told
    assert any(place.endswith("in inner") for place in told)
    assert SECRET not in repr(told)


def said(*, well: bool) -> Health:
    task = TaskHealth(
        task="letters", well=well, last_success=None, age=90, failures=3, resting=1, error="OSError"
    )
    return Health(well=well, tasks=(task,))


def asked(url: str) -> tuple[int, bytes]:
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize(("well", "status"), [(True, 200), (False, 503)])
async def test_a_probe_hears_how_a_worker_stands(well: bool, status: int) -> None:
    address = free_address()
    async with served(address, lambda: said(well=well)):
        code, content = await asyncio.to_thread(asked, f"http://{address}/healthz?from=a-probe")
        assert (code, json.loads(content)) == (status, said(well=well).model_dump(mode="json"))
        assert await asyncio.to_thread(asked, f"http://{address}/livez") == (200, b"")
        assert (await asyncio.to_thread(asked, f"http://{address}/metrics"))[0] == 404


async def test_who_says_nothing_or_too_much_holds_up_no_probe() -> None:
    address = free_address()
    host, _, port = address.rpartition(":")
    async with served(address, lambda: said(well=True)):
        silent = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /" + b"x" * 9_000)
        assert await reader.read() == b"", "it is cut off"
        assert (await asyncio.to_thread(asked, f"http://{address}/healthz"))[0] == 200
    for _, each in (*silent, (reader, writer)):
        each.close()
        with suppress(ConnectionError):
            await each.wait_closed()


async def test_whoever_connects_and_says_nothing_is_dropped_for_whoever_comes_later() -> None:
    address = free_address()
    host, _, port = address.rpartition(":")
    async with served(address, lambda: said(well=True)):
        silent = [await asyncio.open_connection(host, int(port)) for _ in range(300)]
        for path in ("livez", "healthz"):
            assert (await asyncio.to_thread(asked, f"http://{address}/{path}"))[0] == 200
        oldest, youngest = silent[0][0], silent[-1][0]
        assert await oldest.read() == b""
        assert not youngest.at_eof(), "it has its time to ask"
        for _, each in silent:
            each.close()


async def test_a_request_that_comes_bit_by_bit_has_no_longer_than_one_that_does_not_come() -> None:
    address = free_address()
    host, _, port = address.rpartition(":")
    async with served(address, lambda: said(well=True)):
        reader, writer = await asyncio.open_connection(host, int(port))

        async def drip() -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.1)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(30):
            with suppress(ConnectionError):
                assert await reader.read() == b""
        dripping.cancel()
        writer.close()


async def test_a_taken_address_is_told() -> None:
    address = free_address()
    async with served(address, lambda: said(well=True)):
        with pytest.raises(HealthError, match=f"health cannot be served at {address}"):
            async with served(address, lambda: said(well=True)):
                pass
