"""Writing into the log's tables past everything that guards them, as whoever owns the database can."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from greenlight.eventlog.database import Connection
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Append, Event, Proof

# The row before lends whatever is not said.
_INSERT = """
INSERT INTO greenlight.event
SELECT forged.* FROM (SELECT e FROM greenlight.event e ORDER BY position DESC LIMIT 1) AS before (last),
     jsonb_populate_record(last, $1::jsonb) AS forged
"""


@dataclass(frozen=True, slots=True)
class Forger:
    """Commits as they would look on record."""

    database: Connection

    async def commit(self, proof: Proof | None, *appends: Append) -> int:
        """Put them on record; answers the position of the first event."""
        async with self.database.transaction():
            await self.database.execute("SET LOCAL session_replication_role = replica")
            first = await self._position() + 1
            await self._events(proof, appends, first)
        return first

    async def _events(self, proof: Proof | None, appends: Sequence[Append], first: int) -> None:
        now = await self.database.fetchval("SELECT to_jsonb(clock_timestamp())")
        own, position = appends[0], first - 1
        for append in appends:
            for number, record in enumerate(append.events, append.expected_version + 1):
                position += 1
                row = {
                    "position": position,
                    "stream": append.stream,
                    "version": number,
                    "type": json.loads(record)["type"],
                    "at": json.loads(record)["at"],
                    "recorded_at": json.loads(str(now)),
                    "command_id": proof.command_id(own.stream) if proof else None,
                    "record": record,
                    "proof": proof.token if proof else None,
                }
                await self.database.execute(_INSERT, json.dumps(row))
        refuses = json.loads(own.events[0])["type"] == CommandRefused.__name__
        if proof is not None and not refuses:
            await self.database.execute(
                "INSERT INTO greenlight.command (command_id, stream, sender, name, body, version,"
                " first_position, position, last_position, recorded_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
                " (SELECT recorded_at FROM greenlight.event WHERE position = $8))",
                proof.command_id(own.stream),
                own.stream,
                proof.claims.sub,
                proof.command,
                proof.claims.body,
                own.expected_version + len(own.events),
                first,
                first - 1 + len(own.events),
                position,
            )
        await self.database.execute("UPDATE greenlight.log SET position = $1", position)

    async def _position(self) -> int:
        return int(str(await self.database.fetchval("SELECT max(position) FROM greenlight.event")))


def append(stream: str, version: int, *events: Event) -> Append:
    """Events after a version, without a row for a read model."""
    records = tuple(event.record() for event in events)
    return Append(stream=stream, expected_version=version, events=records, view=None)


LACKING = (
    "DeadlinePassed cannot be read here, a newer release may know it:"
    " DeadlinePassed.deadline: Field required (and 2 more)"
)
"""What is said of ``unreadable``."""


def unreadable(stream: str, version: int) -> Append:
    """A record that lacks what its type needs. Whoever has the writer's password can record it."""
    record = '{"at":"2026-09-01T14:00:00Z","type":"DeadlinePassed"}'
    return Append(stream=stream, expected_version=version, events=(record,), view=None)
