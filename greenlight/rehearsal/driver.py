"""The driver: it always does what is due next in the whole service, and nothing before its time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from temporalio.client import Client

from greenlight.client import Unanswered
from greenlight.connection.target import UnreachableError
from greenlight.eventlog.due import Due
from greenlight.eventlog.read import Reader
from greenlight.eventlog.session import LogUnavailableError
from greenlight.rehearsal.agenda import Agenda, Item
from greenlight.rehearsal.step import Action, Planned, Step
from greenlight.rehearsal.ticks import PAUSE, tick

T = TypeVar("T")

_PRIME = 611_953
"""No factor of a million, so that its multiples reach every remainder before any comes again."""


class Stuck(Exception):  # noqa: N818 - says what is the case
    """A deadline came, and is still to come. The message names it."""


class Driver:
    """A discrete-event simulation over a service whose database is a rehearsal's.

    Two drivers with one seed, one start and one agenda lead to the same events: which one of several cases
    is served first makes no difference to any of them. So that many can be served at once, what belongs to
    cases and lies within ``window`` is taken together, each case in its own order, up to the next thing that
    concerns everything. The longer the window the more at once, and the later the nearest instant for which
    one case may plan something for another; the events stay the same.
    """

    def __init__(
        self,
        temporal: Client,
        reader: Reader,
        *,
        seed: int,
        start: datetime,
        window: timedelta = timedelta(days=1),
        at_once: int = 8,
        patience: timedelta = timedelta(seconds=30),
    ) -> None:
        self.now = start
        self.ticks = 0
        self.actions = 0
        self._temporal = temporal
        self._reader = reader
        self._seed = seed
        self._window = window
        self._gate = asyncio.Semaphore(at_once)
        self._patience = patience
        self._agenda: Agenda[Action | Due] = Agenda()
        self._planned = 0
        self._end: Planned | datetime = start
        self._case_now: dict[str, Agenda[Action | Due]] = {}

    def control_number(self, index: int, letter: str = "Z") -> str:
        """The application control number with this index: of a million no two have the same digits, so that
        no two licenses want the same number."""
        first = Random(self._seed).randrange(1_000_000)  # noqa: S311  # It is to be the same again.
        return f"{letter}{(first + index * _PRIME) % 1_000_000:06}"

    def plan(self, at: datetime, action: Action, *, case: str | None = None) -> None:
        """Put something on the agenda before the rehearsal, or between two parts of it.

        :param case: the application stream that it belongs to; None where it may concern everything.
        :raises ValueError: the instant has passed.
        """
        if at < self.now:
            raise ValueError(f"it is {self.now.isoformat()} already, too late for {at.isoformat()}")
        self._planned += 1
        self._agenda.add(Item(at, True, (self._planned,), case, action))

    async def run(self, until: datetime) -> None:
        """Live on to an instant, exclusively.

        :raises ExceptionGroup: of what went wrong, with a note on when and in which case.
        """
        while batch := self._next(until, await self._insist(partial(self._due, until))):
            self.now = max(self.now, batch[0].at)
            await self._live(batch)
        self.now = max(self.now, until)

    async def _due(self, until: datetime) -> tuple[Due, ...]:
        planned = self._agenda.next_at
        return await self._reader.due(until if planned is None else min(until, planned + self._window))

    def _next(self, until: datetime, dues: Iterable[Due]) -> list[Planned]:
        """Take what is next: of any cases within a window, or one thing that concerns everything."""
        agenda: Agenda[Action | Due] = Agenda(
            Item(due.at, False, (due.stream,), due.case, due) for due in dues
        )
        starts = [at for at in (agenda.next_at, self._agenda.next_at) if at is not None and at < until]
        if not starts:
            return []
        end = min(min(starts) + self._window, until)
        for item in self._agenda.pop_while(lambda item: item.at < end):
            agenda.add(item)
        taken = agenda.pop_while(lambda item: item.at < end and item.case is not None)
        alone = agenda.pop() if agenda and not taken else None
        self._end = agenda.pop() if agenda and not alone else end
        left = [*agenda.pop_while(lambda _: True), *([self._end] if isinstance(self._end, Item) else [])]
        for item in left:
            # A deadline that has to wait is looked up again: it may be another one by then.
            if item.planned:
                self._agenda.add(item)
        return [alone] if alone else taken

    async def _live(self, batch: list[Planned]) -> None:
        self._case_now = {}
        for item in batch:
            if item.case is not None:
                self._case_now.setdefault(item.case, Agenda()).add(item)
        if not self._case_now:
            await self._do(batch[0])
            return
        async with asyncio.TaskGroup() as cases:
            for agenda in self._case_now.values():
                cases.create_task(self._live_case(agenda))

    async def _live_case(self, agenda: Agenda[Action | Due]) -> None:
        async with self._gate:
            while agenda:
                await self._do(agenda.pop())

    async def _do(self, item: Planned) -> None:
        try:
            if isinstance(item.action, Due):
                self.ticks += 1
                await self._insist(partial(self._tick, item.action))
            else:
                self.actions += 1
                step = await self._insist(partial(self._act, item, item.action))
                for planned in step.planned:
                    self._plan_next(step, planned)
        except Exception as error:
            error.add_note(f"in the rehearsal at {item.at.isoformat()}, {item.case or item.order}")
            raise

    async def _act(self, item: Planned, action: Action) -> Step:
        """Begin an action anew: it makes up the same again, and what was recorded of it is known."""
        step = self._step(item)
        await action(step)
        return step

    async def _insist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Try until there is an answer: workers and servers come back."""
        end: float | None = None
        while True:
            try:
                return await attempt()
            except (Unanswered, UnreachableError, LogUnavailableError):
                now = time.monotonic()
                end = end or now + self._patience.total_seconds()
                if now >= end:
                    raise
            await asyncio.sleep(PAUSE)

    async def _tick(self, due: Due) -> None:
        ticked = await tick(self._temporal, due.stream, due.at, self._patience)
        if ticked.due is not None and ticked.due <= due.at:
            raise Stuck(f"{due.stream}: its deadline of {due.at.isoformat()} has come and is still to come")

    def _step(self, item: Planned) -> Step:
        place = f"{self._seed}/{item.at.isoformat()}/{'.'.join(map(str, item.order))}"
        return Step(item.at, item.case, place, item.order, self._temporal, self._patience)

    def _plan_next(self, step: Step, item: Planned) -> None:
        if item.at < step.now:
            raise ValueError(f"it is {step.now.isoformat()} already, too late for {item.at.isoformat()}")
        if step.case is None or not self._is_before_end(item):
            self._agenda.add(item)
        elif item.case == step.case:
            self._case_now[step.case].add(item)
        else:
            problem = f"{item.case} may be further than {item.at.isoformat()} already; plan it for later"
            raise ValueError(problem)

    def _is_before_end(self, item: Planned) -> bool:
        return item < self._end if isinstance(self._end, Item) else item.at < self._end
