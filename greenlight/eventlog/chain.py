"""The hash chain, byte for byte as ``schema/0001_log.sql`` computes it."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.clock_kind import Kind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def genesis(log_id: UUID, kind: Kind) -> str:
    """The value that the first event builds upon (hexadecimal): it names the database and its kind."""
    name = "rehearsal" if kind is Kind.REHEARSAL else "event"
    return hashlib.sha256(f"greenlight {name} log {log_id}".encode()).hexdigest()


def link(previous: str, event: StoredEvent) -> str:
    """The hash (SHA-256, hexadecimal) that ``event`` must have after one with the hash ``previous``."""
    microseconds = (event.recorded_at - _EPOCH) // timedelta(microseconds=1)
    fields = (
        str(event.position),
        event.stream,
        str(event.version),
        str(microseconds),
        event.command_id,
        event.proof,
        event.record,
    )
    return hashlib.sha256(bytes.fromhex(previous) + b"".join(map(_field, fields))).hexdigest()


def _field(value: str | None) -> bytes:
    """A netstring; None is a dash. Fields in a row can be read back in one way only."""
    if value is None:
        return b"-"
    content = value.encode()
    return b"%d:%b," % (len(content), content)
