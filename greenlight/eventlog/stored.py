"""An event as it stands in the log, with everything the log knows about it."""

from typing import cast
from uuid import UUID

from pydantic import JsonValue
from pydantic_core import from_json

from greenlight.eventlog.database import Source, parse
from greenlight.kernel.authority import LogName
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.model import Instant, JsonObject, Model

COLUMNS = "position, stream, version, type, at, recorded_at, command_id, record, proof"


class Head(Model):
    """The state of the log: its id and kind, and the last position (0: empty).

    From the position ``bound_from`` on tokens name the log, and refusals are of what somebody signed.
    """

    log_id: UUID
    kind: Kind
    position: int
    bound_from: int = 1

    @property
    def name(self) -> LogName:
        """The name that tokens have for the log."""
        return f"{self.kind}:{self.log_id}"

    @property
    def origin(self) -> str:
        """The name of the log among all logs. It tells the kind: what is published of a rehearsal never
        passes for a log of production."""
        return f"greenlight/{self.kind}/{self.log_id}"


class StoredEvent(Model):
    """``at`` is the legal time, ``recorded_at`` when the log took it in; ``record`` the event as it was
    written, byte for byte, ``proof`` the token of the command behind it."""

    position: int
    stream: str
    version: int
    type: str
    at: Instant
    recorded_at: Instant
    command_id: str | None
    record: str
    proof: str | None

    @property
    def content(self) -> JsonObject:
        """The record, parsed."""
        value = cast(JsonValue, from_json(self.record))
        return value if isinstance(value, dict) else {}


class LogMissingError(Exception):
    """The database holds no log."""


async def read_log_name(source: Source) -> LogName:
    """The name that tokens have for this log.

    :raises LogMissingError: there is none.
    """
    rows = await source.fetch("SELECT kind || ':' || log_id AS name FROM greenlight.log")
    if not rows:
        raise LogMissingError("the head of the log is gone")
    return str(rows[0]["name"])


class Place(Model):
    """A log and the database that it stands in. A copy has the log's name, and another database.

    A server that was copied file by file, or that takes over as another's standby, is the same database.
    """

    log: LogName
    database: str


async def read_place(source: Source) -> Place:
    """The log's name, and what its database is known by among all: the server's identifier and its own.

    :raises LogMissingError: there is none.
    """
    database = "SELECT oid FROM pg_database WHERE datname = current_database()"
    rows = await source.fetch(
        "SELECT kind || ':' || log_id AS log,"  # noqa: S608  # A constant.
        f" (SELECT system_identifier FROM pg_control_system()) || '/' || ({database}) AS database"
        " FROM greenlight.log"
    )
    if not rows:
        raise LogMissingError("the head of the log is gone")
    return parse(Place, rows[0])


async def read_head(source: Source) -> Head:
    """:raises LogMissingError: there is none."""
    rows = await source.fetch("SELECT log_id, kind, position, bound_from FROM greenlight.log")
    if not rows:
        raise LogMissingError("the head of the log is gone")
    return parse(Head, rows[0])
