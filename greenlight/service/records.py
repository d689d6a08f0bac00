"""The entries on record, read from the log as they change, and kept."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol

from greenlight.kernel.commit import Event
from greenlight.kernel.streams import entity_stream
from greenlight.law.entity.aggregate import ENTITY
from greenlight.lists.record import NOTHING_ON_RECORD, Record
from greenlight.service.folding import Streams


class EntityLog(Streams, Protocol):
    """The part of the log that is needed here."""

    async def entity_versions(self) -> dict[str, int]: ...


class Records:
    """Reads what is new of listed entities, once, however many ask for it at the same time."""

    def __init__(self, log: EntityLog) -> None:
        self._log = log
        self._reading = asyncio.Lock()
        self._told: dict[str, list[Event]] = {}
        self._versions: dict[str, int] = {}
        self._orders = 0
        self._record = NOTHING_ON_RECORD

    async def record(self, orders: int) -> Record:
        """The record with so many ``orders`` on it, or with some that came meanwhile.

        :raises LogUnavailableError: the database cannot be reached.
        """
        async with self._reading:
            if self._orders != orders:
                await self._catch_up(await self._log.entity_versions())
                self._record, self._orders = await asyncio.to_thread(Record, self._told), orders
            return self._record

    async def _catch_up(self, versions: Mapping[str, int]) -> None:
        for key in tuple(self._versions):
            if versions.get(key, 0) < self._versions[key]:
                # The log was restored to an older state.
                del self._versions[key], self._told[key]
        behind = {key for key, version in versions.items() if self._versions.get(key, 0) < version}
        while behind:
            pages = await self._log.read_streams(
                {entity_stream(key): self._versions.get(key, 0) for key in behind}
            )
            for key in tuple(behind):
                page = pages[entity_stream(key)]
                self._told.setdefault(key, []).extend(await asyncio.to_thread(_read, page.records))
                self._versions[key] = self._versions.get(key, 0) + len(page.records)
                if not page.more or not page.records:
                    behind.remove(key)


def _read(records: Iterable[str]) -> list[Event]:
    return [ENTITY.read(record) for record in records]
