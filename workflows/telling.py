"""Having workflows told, in the background, that their cases were decided on the record."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from temporalio import workflow

from activities.declared import TellingWork
from workflows.patience import HEARTBEAT, PATIENT

_ONE_TRY = timedelta(hours=1)


class Telling:
    """Which workflows one run has told, or is telling. Temporal keeps that in the run's history, so that
    none is forgotten when a worker dies; the run waits for it before it ends."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """``changed`` is called whenever that is another number."""
        self._changed = changed
        self.told = 0
        self.left = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def done(self) -> bool:
        return self.left == 0

    def begin(self, streams: Sequence[str]) -> None:
        """Have these told, and go on meanwhile."""
        if not streams:
            return
        self.left += len(streams)
        self._changed()
        task = asyncio.create_task(self._tell(tuple(streams)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def notes(self) -> tuple[str, ...]:
        """Say how far it is, for people."""
        if self.done and not self.told:
            return ()
        return (f"{self.told} workflows have taken theirs over, {self.left} are still to be told",)

    async def _tell(self, streams: tuple[str, ...]) -> None:
        await workflow.execute_activity_method(
            TellingWork.tell,
            streams,
            start_to_close_timeout=_ONE_TRY,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
            summary=f"tell {len(streams)} workflows, from {streams[0]} on",
        )
        self.told, self.left = self.told + len(streams), self.left - len(streams)
        self._changed()
