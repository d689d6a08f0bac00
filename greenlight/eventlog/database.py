"""The driver, with types: asyncpg has none. Everything else in this package reaches PostgreSQL through here.

Sessions speak UTC, wait for the disk on commit, and end what takes too long: a statement, a wait for a lock,
a transaction in which nobody asks anything. The server looks every few seconds whether a client is still
there, so that one that died leaves nothing locked.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NamedTuple, Protocol, TypeVar, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs]  # It ships none.

from greenlight.kernel.model import Model


class Limits(NamedTuple):
    """Limit of a session, in seconds; 0: as long as it likes."""

    statement: float
    lock: float
    """The wait for a lock that somebody else has."""
    idle: float
    """With a transaction open, and nothing asked."""


BRIEF = Limits(statement=15, lock=10, idle=10)
"""For what somebody waits for: a commit, a page of events."""

WHOLE = Limits(statement=0, lock=10, idle=900)
"""For what reads all of a log: its reader checks and reckons between two pages, and holds no writer up."""

_THERE = {
    "client_connection_check_interval": "5000",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""The looks of the server after its client, in milliseconds and seconds as each has it."""

DatabaseError = asyncpg.PostgresError
"""The server refused or failed a statement."""

LOST_CONNECTION = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    # Nothing was done; somebody else was in the way.
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    OSError,
    TimeoutError,
)
"""The statement may or may not have been carried out; a new connection can tell."""

MADE_ANEW = asyncpg.InternalServerError
"""A migration made anew what a statement names while it waited. Nothing was done."""
NOT_TAKEN = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError, asyncpg.ProgramLimitExceededError)
"""The rows are against a constraint, have a value that its column cannot hold, or one that is too long."""

NOT_RECORDED = (asyncpg.RaiseError, *NOT_TAKEN)
"""The server takes what was to be recorded for wrong in itself: the same again is met by the same."""

IN_THE_WAY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
"""Somebody else has a lock, and keeps it for too long. Nothing was done."""

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
    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None: ...
    def add_termination_listener(self, callback: Callable[..., None]) -> None: ...
    def is_closed(self) -> bool: ...
    async def close(self) -> None: ...
    def terminate(self) -> None: ...


async def connect(dsn: str, *, application: str, limits: Limits = BRIEF) -> Connection:
    """A connection of one's own.

    :raises OSError, DatabaseError: the server cannot be reached or does not let us in.
    """
    opened = await asyncpg.connect(  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        dsn,
        timeout=10,
        # The server's own limit strikes first; this one is for a server that is silent.
        command_timeout=limits.statement + 5 if limits.statement else None,
        server_settings={
            "application_name": application,
            "timezone": "UTC",
            "synchronous_commit": "on",
            "statement_timeout": _milliseconds(limits.statement),
            "lock_timeout": _milliseconds(limits.lock),
            "idle_in_transaction_session_timeout": _milliseconds(limits.idle),
            **_THERE,
            "jit": "off",
        },
    )
    return cast(Connection, opened)


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


@asynccontextmanager
async def connection(dsn: str, *, application: str, limits: Limits = BRIEF) -> AsyncGenerator[Connection]:
    """A connection for as long as the context lasts."""
    opened = await connect(dsn, application=application, limits=limits)
    try:
        yield opened
    finally:
        await opened.close()


def parse(model: type[M], row: Row) -> M:
    """A row as a model of the same field names."""
    return model.model_validate(dict(row))
