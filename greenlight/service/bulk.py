"""Many cases decided where the record is: by the same desk, many at once, without a message to each workflow.

What one case records, how often and in which order, is what it would record by itself. Those that are under
way at one time share the writer's transactions; whoever lost a race is read again by the desk.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from greenlight.eventlog.session import LogUnavailableError
from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Incoming, Internal
from greenlight.service.desk import Desk, EventLog
from greenlight.service.folding import Folded
from greenlight.service.suppliers import Suppliers
from greenlight.service.unforeseen import name, places

S = TypeVar("S", bound=Staged)

AT_ONCE = 16
"""Cases under way at one time, whoever asks. So many commits keep the log's lock for a few milliseconds, and
a person's command waits for no more than one such transaction."""

_log = structlog.stdlib.get_logger("desk")


@dataclass(frozen=True, slots=True)
class Errand(Generic[S]):
    """A case as the log has it now, and what is to be done there: look into a matter, take a message, or
    carry out a command of the service's own."""

    case: Folded[S]
    look_into: str | None = None
    incoming: Incoming | None = None
    internal: Internal | None = None


class Bulk:
    """The desk of one worker for what comes by the hundred."""

    def __init__(self, log: EventLog, suppliers: Suppliers, kind: Kind) -> None:
        """``kind`` is the log's."""
        self._log = log
        self._suppliers = suppliers
        self._kind = kind
        self._room = asyncio.Semaphore(AT_ONCE)
        self._entering = asyncio.Lock()
        self._settling = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing is being decided here: what only follows from it comes after it."""
        await self._idle.wait()

    async def settle(
        self, aggregate: Aggregate[S], errands: Iterable[Errand[S]], now: datetime
    ) -> dict[str, DeskAnswer | None]:
        """Deal with each at ``now``, and bring its case to where it stands then. None: that failed, and may
        succeed later; one that fails holds up no other.

        What stands was read just now, and so were the cases.

        :raises LogUnavailableError: the database is away; a second try is harmless.
        """
        under_way: list[asyncio.Task[tuple[str, DeskAnswer | None]]] = []
        self._settling += 1
        self._idle.clear()
        try:
            for errand in errands:
                # One in each round of the loop: in between come those who do not come by the hundred.
                async with self._entering:
                    await self._room.acquire()
                    under_way.append(asyncio.create_task(self._one(aggregate, errand, now)))
                    await asyncio.sleep(0)
            return dict(await asyncio.gather(*under_way))
        finally:
            self._settling -= 1
            if not self._settling:
                self._idle.set()
            for task in under_way:
                task.cancel()

    async def _one(
        self, aggregate: Aggregate[S], errand: Errand[S], now: datetime
    ) -> tuple[str, DeskAnswer | None]:
        case = errand.case
        try:
            request = DeskRequest(
                stream=case.stream,
                version=case.version,
                last=case.last,
                now=now,
                kind=self._kind,
                look_into=errand.look_into,
                incoming=errand.incoming,
                internal=errand.internal,
            )
            desk = Desk(aggregate, self._log, self._suppliers, case, request)
            return case.stream, await desk.deal_with(request)
        except LogUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this case's alone.
            _log.error("not decided", case=case.stream, error=name(error), where=places(error))
            return case.stream, None
        finally:
            self._room.release()
