"""Group commit: while one transaction is on its way to the disk, the next one fills.

Each transaction has a price of its own, which many writers share, and holds the log's lock for as long as it
takes. So a group is as large as what waits, and at most as large as is recorded in a moment.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from greenlight.eventlog.database import DatabaseError, parse
from greenlight.eventlog.session import Session
from greenlight.kernel.model import Model
from greenlight.kernel.refusal import Code

HELD_SECONDS = 0.02
"""The longest that a group is meant to hold the log's lock: somebody waits."""
MIN_COMMITS, MAX_COMMITS = 64, 256
"""Bounds of the largest group. Where it is the disk that takes its time, smaller ones would take no less."""
MAX_CHARACTERS = 4 * 1024 * 1024


class Answer(Model):
    """The answer of ``greenlight.append`` to one commit. ``version`` is that of the commit's first stream."""

    status: Literal["recorded", "duplicate", "behind", "outdated", "refused"]
    version: int
    position: int | None
    code: Code | None
    message: str | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    payload: str
    answer: asyncio.Future[Answer]


class Batches:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: deque[_Waiting] = deque()
        self._writer: asyncio.Task[None] | None = None
        # Seconds a commit in the last groups. The least of them counts: others waited for somebody else.
        self._costs: deque[float] = deque(maxlen=8)

    @property
    def most(self) -> int:
        """The size of the largest group that is recorded in ``HELD_SECONDS``, as far as is known."""
        cost = min(self._costs, default=HELD_SECONDS)
        return max(MIN_COMMITS, min(MAX_COMMITS, int(HELD_SECONDS / cost)))

    async def append(self, payload: str) -> Answer:
        """Append one commit, together with those of other callers.

        :raises LogUnavailableError: it is not known whether the commit was recorded.
        :raises DatabaseError: the commit cannot be recorded as it is.
        """
        waiting = _Waiting(payload, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await waiting.answer

    async def drain(self) -> None:
        """Wait until everything that is waiting has its answer."""
        if self._writer is not None:
            await self._writer

    async def _write(self) -> None:
        while self._waiting:
            await self._write_batch(self._next_batch())

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        characters, most = 0, self.most
        while self._waiting and len(batch) < most:
            characters += len(self._waiting[0].payload)
            if batch and characters > MAX_CHARACTERS:
                break
            waiting = self._waiting.popleft()
            # A caller that gave up before its turn wants nothing recorded.
            if not waiting.answer.cancelled():
                batch.append(waiting)
        return batch

    async def _write_batch(self, batch: Sequence[_Waiting]) -> None:
        began = time.perf_counter()
        try:
            rows = await self._session.fetch(
                "SELECT * FROM greenlight.append($1)", f"[{','.join(waiting.payload for waiting in batch)}]"
            )
            if batch:
                self._costs.append((time.perf_counter() - began) / len(batch))
            for waiting, row in zip(batch, rows, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(parse(Answer, row))
        except DatabaseError as error:
            if len(batch) == 1:
                _fail(batch, error)
                return
            # One commit that the database cannot take must not take the others with it.
            for waiting in batch:
                await self._write_batch([waiting])
        except Exception as error:  # noqa: BLE001  # It is the callers' to see: nobody waits for this task.
            _fail(batch, error)


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
