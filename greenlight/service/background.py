"""The runner of a worker's work beside its workflows: whatever fails, it goes on, and says how it stands.

A task is tried again and again. What fails is counted, told and tried ever more rarely, up to a bound; one
item that fails, a letter say, rests alone and holds up no other.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from temporalio.common import MetricMeter
from temporalio.service import RPCError, RPCStatusCode

from greenlight.attached.store import OtherLogError
from greenlight.eventlog.publish import ContradictionError
from greenlight.eventlog.session import LogUnavailableError
from greenlight.eventlog.stored import LogMissingError
from greenlight.service.health import Health, TaskHealth
from greenlight.service.unforeseen import name, places

LONGEST_REST = 30.0
"""Seconds between two tries of a task, at the most."""
LONGEST_REST_OF_ITEM = 300.0
"""Seconds between two tries of one item, at the most."""
LIMIT = 600.0
"""Seconds after which one try is ended: what hangs is as bad as what fails."""
PATIENCE = 60.0
"""Seconds without a success, beyond ten rounds, after which a task is unwell."""

LAST_SUCCESS = "greenlight_background_last_success"
FAILURES = "greenlight_background_failures"
RESTING = "greenlight_background_resting_items"

FORESEEN = (ContradictionError, LogMissingError, LogUnavailableError, OtherLogError, RPCError, OSError)
"""Errors whose words are ours, or a server's that knows no filing: these are told whole."""

_AWAY = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED})

_log = structlog.stdlib.get_logger("worker")


class Backoff:
    """The rest after failures in a row: doubling up to a bound, and not all at one moment."""

    def __init__(self, first: float, longest: float, chance: Callable[[], float] = random.random) -> None:
        """Lengths are in seconds."""
        self._first = first
        self._longest = max(first, longest)
        self._chance = chance
        self.failures = 0

    def failed(self) -> float:
        """One more failure; the seconds to rest."""
        self.failures += 1
        whole = min(self._longest, self._first * 2.0 ** min(self.failures - 1, 32))
        return whole * (1 + self._chance()) / 2

    def succeeded(self) -> None:
        self.failures = 0


class Items:
    """Those items of a task that failed, each with a rest of its own.

    One that is not tried for long after its rest is no more, or somebody else's, and is forgotten.
    """

    def __init__(self, first: float, clock: Callable[[], float] = time.monotonic) -> None:
        """``first`` is the first rest, in seconds; ``clock`` counts seconds."""
        self._first = first
        self._clock = clock
        self._failing: dict[str, tuple[Backoff, float]] = {}
        self.given_up = 0
        """Those that are not tried any more, until somebody asks for it."""

    def __len__(self) -> int:
        self._forget()
        return len(self._failing)

    @contextmanager
    def one(self, item: str) -> Generator[None]:
        """Deal with an item. What fails is its own trouble: it is told, and the item rests.

        :raises LogUnavailableError, RPCError: a server is away, which is no item's own.
        """
        try:
            yield
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            if _is_away(error):
                raise
            rest = self.failed(item)
            _log.error("item of a background task failed", item=item, again_in=round(rest, 1), **_told(error))
        else:
            self.done(item)

    def resting(self) -> tuple[str, ...]:
        """The items that are not to be tried now."""
        now = self._clock()
        return tuple(item for item, (_, due) in self._failing.items() if due > now)

    def failed(self, item: str) -> float:
        """Let an item rest; the seconds."""
        backoff = self._failing[item][0] if item in self._failing else None
        backoff = backoff or Backoff(self._first, LONGEST_REST_OF_ITEM)
        rest = backoff.failed()
        self._failing[item] = (backoff, self._clock() + rest)
        return rest

    def done(self, item: str) -> None:
        self._failing.pop(item, None)

    def _forget(self) -> None:
        past = self._clock() - LONGEST_REST_OF_ITEM
        self._failing = {item: kept for item, kept in self._failing.items() if kept[1] > past}


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do every so many ``seconds``, or until it is done once.

    ``act`` is given the task's items, to say which of them failed; whatever it raises, the task goes on.
    """

    name: str
    act: Callable[[Items], Awaitable[None]]
    seconds: float
    at_the_end: bool = False
    """Once more when all else has stopped."""
    once: bool = False
    at_the_start: bool = False
    """For the first time at once, and not only after so many seconds."""


@dataclass(slots=True)
class _Standing:
    """The standing of a task. Ages are by the monotonic clock: the other may be set."""

    task: Task
    backoff: Backoff
    items: Items
    since: float = field(default_factory=time.monotonic)
    last_success: datetime | None = None
    error: str | None = None
    over: bool = False

    @property
    def well(self) -> bool:
        return self.over or time.monotonic() - self.since < PATIENCE + 10 * self.task.seconds

    @property
    def health(self) -> TaskHealth:
        return TaskHealth(
            task=self.task.name,
            well=self.well,
            last_success=self.last_success,
            age=round(time.monotonic() - self.since, 1),
            failures=self.backoff.failures,
            resting=len(self.items),
            given_up=self.items.given_up,
            error=self.error,
        )


class Background:
    """The tasks of one worker."""

    def __init__(self, tasks: Sequence[Task], meter: MetricMeter, *, limit: float = LIMIT) -> None:
        """``limit`` is how many seconds one try may take."""
        self._limit = limit
        self._all = [
            _Standing(task, Backoff(task.seconds, LONGEST_REST), Items(task.seconds)) for task in tasks
        ]
        self._succeeded = meter.create_gauge_float(
            LAST_SUCCESS, "When a task of the worker was last done", "seconds since 1970"
        )
        self._failed = meter.create_counter(FAILURES, "Tries of a task of the worker that failed")
        self._resting = meter.create_gauge(RESTING, "Items of a task that failed and are tried more rarely")
        for each in self._all:
            self._succeeded.set(0, {"task": each.task.name})

    @property
    def health(self) -> Health:
        """The state of all of it."""
        tasks = tuple(each.health for each in self._all)
        return Health(well=all(each.well for each in tasks), tasks=tasks)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """All tasks go on while the context lasts; at its end those that ask for it are done once more, the
        last one first."""
        loops = [asyncio.create_task(self._repeat(each), name=each.task.name) for each in self._all]
        try:
            yield
        finally:
            for loop in loops:
                loop.cancel()
            for loop in loops:
                with suppress(asyncio.CancelledError):
                    await loop
            for each in reversed(self._all):
                if each.task.at_the_end:
                    # In a task of its own: whoever ends the context may be cancelled, this is not.
                    await asyncio.create_task(self._try(each))

    async def _repeat(self, each: _Standing) -> None:
        rest = 0.0 if each.task.once or each.task.at_the_start else each.task.seconds
        while not each.over:
            await asyncio.sleep(rest)
            rest = await self._try(each)

    async def _try(self, each: _Standing) -> float:
        """Do it once; the seconds to rest after it."""
        label = {"task": each.task.name}
        try:
            async with asyncio.timeout(self._limit):
                await each.task.act(each.items)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # What is cancelled in the middle may end by another error, as a connection that does not close.
            if _cancelled():
                raise asyncio.CancelledError from error
            told = _told(error)
            each.error = str(told["error"])
            self._failed.add(1, label)
            rest = each.backoff.failed()
            _log.error(
                "background task failed",
                task=each.task.name,
                again_in=round(rest, 1),
                failures=each.backoff.failures,
                **told,
            )
            return rest
        finally:
            self._resting.set(len(each.items), label)
        if each.backoff.failures:
            _log.info("background task goes on", task=each.task.name, after_failures=each.backoff.failures)
        each.backoff.succeeded()
        each.error, each.over = None, each.task.once
        each.since, each.last_success = time.monotonic(), datetime.now(UTC)
        self._succeeded.set(each.last_success.timestamp(), label)
        return each.task.seconds


def _is_away(error: BaseException) -> bool:
    """Tell whether a server is, so that no other item would fare better."""
    return isinstance(error, LogUnavailableError) or (isinstance(error, RPCError) and error.status in _AWAY)


def _told(error: BaseException) -> dict[str, object]:
    """The words of a line of log about an error: its words where they are known to be harmless, or its
    place."""
    if isinstance(error, FORESEEN) and not isinstance(error, TimeoutError):
        return {"error": f"{name(error)}: {error}"}
    return {"error": name(error), "where": places(error)}


def _cancelled() -> bool:
    """Tell whether this loop itself is to end, and not something that it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
