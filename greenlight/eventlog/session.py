"""One connection, kept open, used by one statement at a time, and opened anew after it was lost."""

import asyncio
from collections.abc import Sequence
from typing import Self

from greenlight.eventlog.database import (
    BRIEF,
    LOST_CONNECTION,
    MADE_ANEW,
    Connection,
    Row,
    connect,
)


class LogUnavailableError(Exception):
    """PostgreSQL could not be reached, or went away in the middle. Trying again is safe, and may succeed."""


class Session:
    """Not a pool: a pool's reset after each use costs as much as the statement."""

    def __init__(self, dsn: str, application: str) -> None:
        """Connects on first use."""
        self._dsn = dsn
        self._application = application
        self._lock = asyncio.Lock()
        self._connection: Connection | None = None

    async def fetch(self, query: str, *args: object) -> Sequence[Row]:
        """The rows of one statement, which is a transaction of its own.

        :raises LogUnavailableError: it is not known whether the statement was carried out.
        :raises DatabaseError: the server refused the statement; nothing was done.
        """
        async with self._lock:
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await connect(self._dsn, application=self._application, limits=BRIEF)
                try:
                    return await self._connection.fetch(query, *args)
                except MADE_ANEW:
                    # It is planned anew.
                    return await self._connection.fetch(query, *args)
            except LOST_CONNECTION as error:
                self._forget()
                raise LogUnavailableError(f"the event log is not available: {error}") from error

    async def close(self) -> None:
        async with self._lock:
            if self._connection is not None and not self._connection.is_closed():
                try:
                    await self._connection.close()
                except LOST_CONNECTION:
                    # A server that is silent is left without a farewell.
                    self._connection.terminate()
            self._connection = None

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


class OverSession:
    """A user of a connection of its own; close it, or use it in ``async with``.

    Every method raises ``LogUnavailableError`` when the database cannot be reached.
    """

    def __init__(self, dsn: str, *, application: str) -> None:
        """Connects on first use."""
        self._session = Session(dsn, application)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()
