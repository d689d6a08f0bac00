"""All that answers are made with: readers of the log, the way to Temporal, who calls, what is noted."""

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from greenlight.answers.caller import Callers
from greenlight.answers.earlier import Namesakes
from greenlight.answers.earlier import Readers as OfEarlier
from greenlight.answers.listed import Shipped
from greenlight.answers.scope import Scope
from greenlight.answers.standing import Standing
from greenlight.attached.store import Store
from greenlight.connection.attachments import store_of
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.letters import LetterBox
from greenlight.eventlog.prove import Prover
from greenlight.eventlog.read import Reader
from greenlight.law.determination.tables import ControlTables
from greenlight.law.officer.keys import KeyId
from greenlight.law.rule.rules import Rules
from greenlight.reference.kept_controls import kept_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.serving.limits import OF_ONE_KEY, WAITING_OF_ONE_KEY, Documents, Rate, Shares
from greenlight.serving.problems import Problem
from greenlight.tlog.folder import TileFolder

POSITION = "Greenlight-Position"
"""The header that says at which position of the log something was answered, or recorded."""
READERS = 4
"""Connections that read; each answers one statement at a time."""
LOOK_SECONDS = 0.02
"""Between two looks at whether the log has come to where somebody waits for it."""
MAX_WAIT = 30.0
"""Seconds for which a request may ask to wait for a position."""
FAR = 100_000
"""Events that the log does not gain while somebody waits: nobody was told of a position so far ahead."""
WAIT = 5.0
"""Seconds for which it waits where it does not say."""


@dataclass(frozen=True, slots=True)
class House:
    """Opened once for a process. ``share``: the part of all places that those of one network have. ``rate``
    counts what each key asks, ``failures`` what a network asks without showing who it is; ``under_way`` is
    what each key has been asking, and ``waiting`` what of that waits for the log. ``brought`` and ``read``:
    documents whose bytes come, and go."""

    readers: "itertools.cycle[Reader]"
    box: LetterBox
    prover: Prover
    tiles: TileFolder
    callers: Callers
    scope: Scope
    access: AccessLog
    temporal: Client
    patience: timedelta
    standing: Standing
    rate: Rate
    failures: Rate
    under_way: Shares
    waiting: Shares
    share: float
    attachments: Store
    namesakes: Namesakes = field(default_factory=Namesakes)
    brought: Documents = field(default_factory=Documents)
    read: Documents = field(default_factory=Documents)

    @property
    def of_earlier(self) -> OfEarlier:
        """All that is asked for the earlier cases of a party."""
        return OfEarlier(self.reader, self.scope, self.access, self.namesakes)

    @property
    def reader(self) -> Reader:
        """One of those that read."""
        return next(self.readers)

    async def reached(self, position: int, seconds: float, kid: KeyId) -> int:
        """Wait for the log to be at a position at least; the one where it is. ``kid``: whose key waits.

        :raises Problem: it is not there in that time, or will not be, or so many of theirs wait already.
        """
        at = (await self.reader.head()).position
        if at >= position:
            return at
        with self.waiting.of(kid):
            return await self._reached(position, seconds)

    async def _reached(self, position: int, seconds: float) -> int:
        until = time.monotonic() + min(seconds, MAX_WAIT)
        while True:
            at = (await self.reader.head()).position
            if at >= position:
                return at
            if time.monotonic() >= until or position > at + FAR:
                raise Problem(
                    412,
                    "position_not_reached",
                    f"the log is at position {at} here, and has not come to {position}",
                    headers={"Retry-After": "1"},
                    more={"position": at},
                )
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def house(
    database_url: str,
    temporal: Client,
    *,
    tiles: Path,
    patience: timedelta,
    shipped: Shipped,
    tables: ControlTables,
    rules: Rules,
    rate: float,
    burst: float,
    share: float,
    application: str,
    attachments: Store,
) -> AsyncGenerator[House]:
    """``application``: by what name the database knows the program. Connections to the log are opened when
    they are first needed, and closed with the context."""
    async with AsyncExitStack() as stack:
        readers = [
            await stack.enter_async_context(Reader(database_url, application=application))
            for _ in range(READERS)
        ]
        standing = await stack.enter_async_context(Reader(database_url, application=application))
        published = TileFolder(tiles)
        prover = Prover(database_url, published)
        stack.push_async_callback(prover.close)
        yield House(
            readers=itertools.cycle(readers),
            box=await stack.enter_async_context(LetterBox(database_url, application=application)),
            prover=prover,
            tiles=published,
            callers=await stack.enter_async_context(Callers(database_url)),
            scope=await stack.enter_async_context(Scope(database_url)),
            access=await stack.enter_async_context(AccessLog(database_url)),
            temporal=temporal,
            patience=patience,
            standing=Standing(standing, shipped, tables, rules),
            rate=Rate(rate, burst),
            failures=Rate(FAILURES_PER_SECOND, FAILURES_AT_ONCE),
            under_way=Shares(OF_ONE_KEY),
            waiting=Shares(WAITING_OF_ONE_KEY),
            share=share,
            attachments=attachments,
        )


@asynccontextmanager
async def furnished(settings: Settings, target: Target, application: str) -> AsyncGenerator[House]:
    """The house as settings say, with the shipped list read, and the control tables that are kept.

    :raises ReferenceDataError: one of them cannot be read.
    :raises UnreachableError: Temporal does not answer.
    """
    temporal = await connect(target)
    tables = kept_tables(settings.tables)
    shipped = Shipped(load_listings(settings.listings), settings.listings_max_age_days)
    async with house(
        target.database_url,
        temporal,
        tiles=settings.tile_path,
        patience=timedelta(seconds=settings.door_patience),
        shipped=shipped,
        tables=tables,
        rules=load_rules(),
        rate=settings.door_rate,
        burst=2 * settings.door_rate,
        share=settings.network_share,
        application=application,
        attachments=store_of(settings, target.sealing),
    ) as within:
        yield within


FAILURES_PER_SECOND, FAILURES_AT_ONCE = 5.0, 50.0
"""Requests of a network that do not show who sends them."""
