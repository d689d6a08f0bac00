"""Versions of the list, read from the log by their digest, and kept while they are in use."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Protocol

from greenlight.eventlog.lists import ContentError
from greenlight.law.screening_list.content import MAX_TOLD, ListContent, NoContent, StandingList
from greenlight.lists.difference import difference
from greenlight.lists.errors import ListFileError
from greenlight.lists.plausibility import plausibility
from greenlight.lists.read import Known, Reading, read_list
from greenlight.screening.book import ListingBook
from greenlight.screening.index import name_index

KEPT = 2
"""The current version, and the one that is to follow it."""

LIST_ID = "csl"


class UnreadableVersionError(Exception):
    """The file is not stored, or is no list: trying again tells the same."""


class ContentLog(Protocol):
    """The part of the log that is needed here."""

    async def list_content(self, digest: str) -> bytes | None: ...


class Versions:
    """Reads a version once, off the event loop, however many ask for it at the same time.

    Its entries have the keys of the ``shipped`` book where they are entries of that.
    """

    def __init__(self, log: ContentLog, shipped: ListingBook) -> None:
        self._log = log
        self._shipped = shipped
        self._known = Known()
        self._readings: dict[str, asyncio.Task[Reading]] = {}

    async def reading(self, digest: str, retrieved: date) -> Reading:
        """The version of that digest; ``retrieved`` is when it was downloaded.

        :raises UnreadableVersionError: there is none that could be read.
        :raises LogUnavailableError: the database cannot be reached.
        """
        task = self._readings.pop(digest, None)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(self._read(digest, retrieved))
        self._readings[digest] = task
        while len(self._readings) > KEPT:
            self._readings.pop(next(iter(self._readings)))
        # Whoever gives up waiting leaves the others what is under way.
        return await asyncio.shield(task)

    async def content(
        self, digest: str, retrieved: date, current: StandingList | None
    ) -> ListContent | NoContent:
        """Say what is in a file, and what it changes of the current version.

        :raises LogUnavailableError: the database cannot be reached.
        """
        compared_with = current.digest if current else None
        try:
            old = None
            if current is not None:
                old = (await self.reading(current.digest, current.retrieved)).book
                old = old.model_copy(update={"retrieved": current.retrieved})
            new = await self.reading(digest, retrieved)
        except UnreadableVersionError as error:
            return NoContent(digest=digest, compared_with=compared_with, problem=_line(str(error)))
        new = replace(new, book=new.book.model_copy(update={"retrieved": retrieved}))
        return await asyncio.to_thread(_content, digest, new, old)

    async def _read(self, digest: str, retrieved: date) -> Reading:
        try:
            content = await self._log.list_content(digest)
            if content is None:
                raise UnreadableVersionError("no file is stored under that digest")
            return await asyncio.to_thread(self._prepared, content, retrieved, self._last())
        except (ContentError, ListFileError) as error:
            raise UnreadableVersionError(str(error)) from error

    def _last(self) -> ListingBook | None:
        """The version that was read last: nearly all names of the next one are its names."""
        read = (task for task in reversed(self._readings.values()) if task.done() and not task.cancelled())
        return next((task.result().book for task in read if task.exception() is None), None)

    def _prepared(self, content: bytes, retrieved: date, before: ListingBook | None) -> Reading:
        found = read_list(
            content, list_id=LIST_ID, retrieved=retrieved, shipped=self._shipped, known=self._known
        )
        # Whoever screens first does not wait for it, and neither does the event loop.
        name_index(found.book, before).prepare()
        return found


def _content(digest: str, new: Reading, old: ListingBook | None) -> ListContent:
    changes = difference(old, new.book)
    return ListContent(
        digest=digest,
        bytes=new.size,
        rows=new.rows,
        entries=len(new.book.listings),
        bad_rows=new.bad_rows,
        left_out=len(new.problems) - new.bad_rows,
        problems=_told(map(str, new.problems)),
        lists=dict(new.counts),
        compared_with=old.version if old else None,
        added=len(changes.added),
        removed=len(changes.removed),
        changed=len(changes.changed),
        renamed=len(changes.renamed),
        doubts=_told(doubt.said for doubt in plausibility(old, new)),
    )


def _told(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_line, islice(said, MAX_TOLD)))


def _line(said: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in said)[:400]
