"""Instants that have come, or at which something was confirmed: each is recorded once, and has its workflow,
which asks every open case anew."""

import asyncio
from datetime import datetime
from typing import Protocol

import structlog
from temporalio.client import Client
from temporalio.exceptions import WorkflowAlreadyStartedError

from greenlight.answers.listed import Shipped
from greenlight.answers.outlook import Basis
from greenlight.answers.standing import Books
from greenlight.eventlog.outlook import count_open, log_begun, moments_after
from greenlight.eventlog.read import Reader
from greenlight.kernel.messages import Internal
from greenlight.law.determination.tables import ControlTables
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.commands import MOST, OpenMoment
from greenlight.law.moment.state import MomentState, instant_of, key_of
from greenlight.law.outlook.come import REACH
from greenlight.law.outlook.coming import Coming
from greenlight.law.rule.rules import Rules
from greenlight.service.background import Items
from greenlight.service.bulk import Bulk, Errand
from greenlight.service.folding import Folded
from greenlight.service.foreign import start_again

_log = structlog.stdlib.get_logger("worker")


class Clock(Protocol):
    """The part of the log that tells the time."""

    async def now(self) -> datetime: ...


class Law:
    """The law that answers rest on, read from the log whenever it is asked for. The list is kept as it was
    read; close the ``reader``."""

    def __init__(self, database_url: str, shipped: Shipped, tables: ControlTables, rules: Rules) -> None:
        self.reader = Reader(database_url, application="greenlight-moments")
        self._shipped, self._tables, self._rules = shipped, tables, rules
        self._books = Books()

    async def basis(self, now: datetime, *, of_cases: bool = True) -> Basis:
        """Read it as it stands; ``of_cases``: with what only cases are held against.

        :raises ListMissingError: the list that counts is not stored any more.
        :raises LogUnavailableError: the database cannot be reached.
        """
        return await Basis.read(
            self.reader, self._shipped, self._tables, self._rules, now, self._books, of_cases=of_cases
        )


class Moments:
    """Looks for instants that have come, now and then. Any number of workers may do so at once: a stream has
    one first event."""

    def __init__(self, law: Law, log: Clock, bulk: Bulk, temporal: Client) -> None:
        self._law, self._log, self._bulk, self._temporal = law, log, bulk, temporal

    async def look(self, items: Items, now: datetime | None = None) -> tuple[str, ...]:
        """Record each instant that has come since the log knew that it would, or at which something was
        confirmed that counts at once, and have its cases asked; name those that were new. One with which that
        fails rests.

        :raises ListMissingError: the list that counts is not stored any more.
        :raises LogUnavailableError, RPCError: the log or Temporal is away.
        """
        now = now or await self._log.now()
        source = self._law.reader.source
        begun = await log_begun(source)
        if begun is None:
            return ()
        since = max(begun, now - REACH)
        basis = await self._law.basis(now, of_cases=False)
        known = await moments_after(source, since)
        opened: list[str] = []
        over = {instant_of(key) for key in known}
        for instant, coming in await asyncio.to_thread(lambda: list(basis.came(since, now, over))):
            key = key_of(instant)
            if key in items.resting():
                continue
            with items.one(key):
                if await self._open(key, instant, coming, now):
                    opened.append(key)
                    known[key] = False
        for key, done in known.items():
            if not done:
                with items.one(key):
                    await self._go_through(MOMENT.stream(key))
        return tuple(opened)

    async def _open(self, key: str, instant: datetime, coming: tuple[Coming, ...], now: datetime) -> bool:
        """Record that it came; tell whether that is on record. If not, it is tried at the next look."""
        pending = await count_open(self._law.reader.source)
        body = OpenMoment(instant=instant, coming=coming[:MOST], pending=pending)
        internal = Internal(name=OpenMoment.declared.name, body=body.model_dump(mode="json"))
        moment = Folded[MomentState](MOMENT.stream(key))
        await self._bulk.settle(MOMENT, [Errand(moment, internal=internal)], now)
        if moment.state is None:
            return False
        _log.info("an instant has come and cases are asked anew", moment=key, pending=pending)
        return True

    async def _go_through(self, stream: str) -> None:
        """Start its workflow; one that runs goes through the cases already."""
        try:
            await start_again(self._temporal, stream)
        except WorkflowAlreadyStartedError:
            return
