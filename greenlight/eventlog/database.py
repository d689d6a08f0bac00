"""The driver, with types: asyncpg has none. Everything else in this package reaches PostgreSQL through here.

Sessions speak UTC, wait for the disk on commit, and end a statement that takes too long.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol, TypeVar, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs]  # It ships none.

from greenlight.kernel.model import Model

STATEMENT_TIMEOUT_SECONDS = 15.0

DatabaseError = asyncpg.PostgresError
"""The server refused or failed a statement."""

LOST_CONNECTION = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    OSError,
    TimeoutError,
)
"""The statement may or may not have been carried out; a new connection can tell."""

M = TypeVar("M", bound=Model)
Row = Mapping[str, object]


class Source(Protocol):
    """Anything that answers a query: a connection, or a session."""

    async def fetch(self, query: str, *args: object) -> Sequence[Row]: ...


class Connection(Source, Protocol):
    """The part of ``asyncpg.Connection`` that is used."""

    async def fetchrow(self, query: str, *args: object) -> Row | None: ...
    async def fetchval(self, query: str, *args: object) -> object: ...
    async def execute(self, query: str, *args: object) -> str: ...
    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False
    ) -> AbstractAsyncContextManager[object]: ...
    def cursor(self, query: str, *args: object, prefetch: int | None = None) -> AsyncIterable[Row]: ...
    def is_closed(self) -> bool: ...
    async def close(self) -> None: ...
    def terminate(self) -> None: ...


async def connect(
    dsn: str, *, application: str, statement_timeout_seconds: float = STATEMENT_TIMEOUT_SECONDS
) -> Connection:
    """A connection of one's own. ``statement_timeout_seconds`` 0: statements may take as long as they like.

    :raises OSError, DatabaseError: the server cannot be reached or does not let us in.
    """
    opened = await asyncpg.connect(  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        dsn,
        timeout=10,
        # The server's own limit strikes first; this one is for a server that is silent.
        command_timeout=statement_timeout_seconds + 5 if statement_timeout_seconds else None,
        server_settings={
            "application_name": application,
            "timezone": "UTC",
            "synchronous_commit": "on",
            "statement_timeout": str(int(statement_timeout_seconds * 1000)),
            "jit": "off",
        },
    )
    return cast(Connection, opened)


@asynccontextmanager
async def connection(
    dsn: str, *, application: str, statement_timeout_seconds: float = STATEMENT_TIMEOUT_SECONDS
) -> AsyncGenerator[Connection]:
    """A connection for as long as the context lasts."""
    opened = await connect(dsn, application=application, statement_timeout_seconds=statement_timeout_seconds)
    try:
        yield opened
    finally:
        await opened.close()


def parse(model: type[M], row: Row) -> M:
    """A row as a model of the same field names."""
    return model.model_validate(dict(row))
