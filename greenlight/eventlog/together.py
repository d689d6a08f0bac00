"""Questions of many callers, asked of the database together: while one statement is on its way, those that
come make up the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from greenlight.eventlog.database import DatabaseError

K = TypeVar("K")
V = TypeVar("V")

AT_ONCE = 64
"""Questions in one statement: more take their time, and who asks alone waits for no more than that."""


class Together(Generic[K, V]):
    """Asks ``ask`` for the answers to some questions, in their order, whatever else is asked meanwhile.

    The answer to one does not depend on what it is asked with. One that cannot be answered takes no other
    with it.
    """

    def __init__(self, ask: Callable[[Sequence[K]], Awaitable[Sequence[V]]]) -> None:
        self._ask = ask
        self._waiting: deque[tuple[K, asyncio.Future[V]]] = deque()
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, question: K) -> V:
        """:raises LogUnavailableError: the database cannot be reached.
        :raises DatabaseError: the question cannot be answered as it is.
        """
        answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._asked())
        return await answer

    async def _asked(self) -> None:
        while self._waiting:
            number = min(len(self._waiting), AT_ONCE)
            some = [self._waiting.popleft() for _ in range(number)]
            # Who gave up before it was asked wants no answer, and takes no number.
            await self._answer([each for each in some if not each[1].done()])

    async def _answer(self, some: "Sequence[tuple[K, asyncio.Future[V]]]") -> None:
        if not some:
            return
        try:
            found = await self._ask([question for question, _ in some])
        except DatabaseError as error:
            if len(some) == 1:
                _fail(some, error)
                return
            for each in some:
                await self._answer([each])
        except Exception as error:  # noqa: BLE001 - it is the callers' to see: nobody waits for this task.
            _fail(some, error)
        else:
            for (_, answer), value in zip(some, found, strict=True):
                if not answer.done():
                    answer.set_result(value)


def _fail(some: "Sequence[tuple[K, asyncio.Future[V]]]", error: Exception) -> None:
    for _, answer in some:
        if not answer.done():
            answer.set_exception(error)
