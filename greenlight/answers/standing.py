"""All that questions about shipments are answered from, in memory, and made anew when the log moves on.

To read all licenses takes the longer the more there are. So it is done beside the questions and at most as
often as it leaves them nine tenths of the processor; each answer says at which position of the log it stands,
and whoever needs a later one asks for it and waits.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from greenlight.answers.coverage import Reprieved, reprieved
from greenlight.answers.listed import LIST_KEY, Shipped, names_on_record
from greenlight.answers.outlook import outlook
from greenlight.answers.rules import RulesAt, rules_at
from greenlight.eventlog.read import Reader
from greenlight.kernel.model import Digest
from greenlight.kernel.once import Latest
from greenlight.kernel.streams import list_stream
from greenlight.law.authorisation.authorities import Authorities
from greenlight.law.authorisation.holding import Holding
from greenlight.law.determination.tables import ControlTables
from greenlight.law.outlook.forecast import Outlook
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rules
from greenlight.law.screening_list.content import StandingList
from greenlight.reference.names import ListedNames
from greenlight.screening.book import ListingBook
from greenlight.screening.index import name_index
from greenlight.screening.normalise import normalise

SHARE = 9.0
"""After having been made, it stands for so many times as long as that took."""
LEAST_SECONDS = 1.0
MOST_KEPT = 64
"""Sets of names and licenses, by what was known when and to whom: mostly the present one is asked about."""

BOOKS = 3
"""Versions of the list that are kept as they were read, with their index: so many indexes are."""
AT_ONCE = 2
"""Questions that are worked out at the same time; each keeps a thread busy."""
SMALL = 4
"""Items times parties, owners among them, of a question that is worked out where it came in: a thread for it
would cost more than the answer. A name that is asked about for the first time takes 0.25 ms, rarely five."""

T = TypeVar("T")


_Key = tuple[str, int, date, datetime | None, str | None]


class _Changes(NamedTuple):
    """When another version of the list begins to count, so that names are as they were between two."""

    at: tuple[datetime, ...]

    def before(self, instant: datetime) -> int:
        return sum(each <= instant for each in self.at)


class Books:
    """The last versions of the list as they were read, whatever instant they are asked about."""

    def __init__(self) -> None:
        self._read = Latest[tuple[Digest, date], ListingBook](BOOKS)

    def book(self, standing: StandingList, shipped: ListingBook) -> ListingBook | None:
        return self._read.get((standing.digest, standing.retrieved))

    def keep(self, book: ListingBook, shipped: ListingBook) -> None:
        name_index(book).prepare()
        self._read.put((book.version, book.retrieved), book)


class Standing:
    """The log at ``position``, as far as shipments go. ``tables`` and ``rules``: those on record, and what
    comes with the service."""

    def __init__(self, reader: Reader, shipped: Shipped, tables: ControlTables, rules: Rules) -> None:
        self._reader, self._shipped, self._kept_tables = reader, shipped, tables
        self.tables = tables.on_record(rules.tables)
        self._shipped_rules = self.rules = rules
        self._kept: OrderedDict[_Key, asyncio.Future[Any]] = OrderedDict()
        self._making = asyncio.Lock()
        self._books = Books()
        self._reading = asyncio.Lock()
        self._foreseeing = asyncio.Lock()
        self._computing = asyncio.Semaphore(AT_ONCE)
        self._holdings: tuple[Holding, ...] = ()
        self._terms = Terms(())
        self._changes = _Changes(())
        self._until = 0.0
        self.position = -1

    @property
    def shipped(self) -> Shipped:
        """The list that comes with the service."""
        return self._shipped

    async def computed(self, work: Callable[[], T], size: int | None = None) -> T:
        """The result of work that may take long, beside which others are answered. So much of it is done at
        once; the rest waits for its turn. What is known to be small is done here and now."""
        if size is not None and size <= SMALL:
            return work()
        async with self._computing:
            return await asyncio.to_thread(work)

    async def at_least(self, position: int | None) -> None:
        """Bring it up to where the log is, if it is due or ``position`` is behind what it has."""
        if not self._due(position):
            return
        async with self._making:
            if self._due(position):
                await self._make()

    def _due(self, position: int | None) -> bool:
        return time.monotonic() >= self._until or (position is not None and position > self.position)

    async def _make(self) -> None:
        began = time.monotonic()
        position = (await self._reader.head()).position
        if position != self.position:
            self._holdings = await self._reader.holdings()
            self._terms = await self._reader.terms()
            recorded = await self._reader.rules()
            # Of many attestations that contradict each other that takes seconds.
            self.rules = await asyncio.to_thread(self._shipped_rules.replaced, recorded)
            self.tables = self._kept_tables.on_record(self.rules.tables)
            self._changes = await self._list_changes()
            self._kept.clear()
            self.position = position
        self._until = time.monotonic() + max(LEAST_SECONDS, SHARE * (time.monotonic() - began))

    async def _list_changes(self) -> _Changes:
        changes = [event.at async for event in self._reader.stream(list_stream(LIST_KEY))]
        return _Changes(tuple(sorted(changes)))

    async def names(
        self, at: datetime, known_at: datetime | None = None, exporter: str | None = None
    ) -> ListedNames:
        """The names that count at an instant; what officers of ``exporter`` said of them is left out."""

        async def make() -> ListedNames:
            # Two that ask about one version at different instants read it once.
            async with self._reading:
                names = await names_on_record(
                    self._reader, self._shipped, at, known_at, exporter=exporter, kept=self._books
                )
                await asyncio.to_thread(names.prepare)
            return names

        return await self._once(self._key("names", at, known_at, exporter), make)

    async def authorities(self, at: datetime, known_at: datetime | None, exporter: str) -> Authorities:
        """All that may authorise a shipment of an exporter at an instant."""

        async def make() -> Authorities:
            names = await self.names(at, known_at, exporter)
            mine = tuple(each for each in self._holdings if exporter in each.licensees)
            return await self.computed(
                partial(Authorities, mine, self._terms, self.tables, self.rules, names, normalise)
            )

        return await self._once(self._key("authorities", at, known_at, exporter), make)

    def rules_at(self, at: datetime) -> RulesAt:
        """The rules as they stand at an instant."""
        return rules_at(self.rules, self._shipped_rules, at)

    @property
    def foresees(self) -> bool:
        """True while an outlook is worked out, for which another one would wait."""
        return self._foreseeing.locked()

    async def outlook(self, now: datetime, until: datetime) -> Outlook:
        """All that changes after an instant and not after another, by the log as it is: one at a time, for
        every open case is read for it.

        :raises ListMissingError: the list that counts is not stored any more.
        """
        async with self._foreseeing:
            return await outlook(
                self._reader,
                self._shipped,
                self._kept_tables,
                self._shipped_rules,
                now,
                until,
                self._books,
            )

    async def reprieved(self, known_at: datetime | None) -> Reprieved:
        """All reprieves, as they were known at an instant."""

        async def make() -> Reprieved:
            async with self._reading:
                return await reprieved(self._reader, self._shipped.book, known_at, self._books)

        return await self._once(self._key("reprieved", datetime.now(UTC), known_at, None), make)

    def _key(self, what: str, at: datetime, known_at: datetime | None, exporter: str | None) -> _Key:
        # From a day on the list may be too old.
        day = min(at, datetime.now(UTC)).date()
        return what, self._changes.before(at), day, known_at, exporter

    async def _once(self, key: _Key, make: Callable[[], Awaitable[T]]) -> T:
        """The value made before under a key, or made now; one asks and all others wait for that."""
        found: asyncio.Future[Any] | None = self._kept.get(key)
        if found is None:
            found = self._kept[key] = asyncio.ensure_future(make())
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        try:
            return await asyncio.shield(found)
        except BaseException:
            if found.done():
                self._kept.pop(key, None)
            raise
