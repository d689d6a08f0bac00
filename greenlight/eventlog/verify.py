"""Walking the log from its first event: is it what was once written, by those who say they wrote it?

What this cannot see is a log whose end was cut off, head included; ``greenlight.eventlog.checkpoint`` can.
"""

from collections.abc import Callable

from pydantic import ValidationError

from greenlight.eventlog.ballots import BALLOTS, Ballots
from greenlight.eventlog.chain import genesis, link
from greenlight.eventlog.database import Connection, connection, parse
from greenlight.eventlog.included import Included, as_sent, is_of_a_batch
from greenlight.eventlog.orders import BY_ORDER, Orders
from greenlight.eventlog.payload import Essentials
from greenlight.eventlog.register import Register
from greenlight.eventlog.resolutions import RESOLVED, Resolutions
from greenlight.eventlog.stored import Head, StoredEvent, read_head
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import Claims
from greenlight.kernel.condition import NAMES_NOBODY
from greenlight.kernel.model import Instant, Model
from greenlight.law.registry import event_types
from greenlight.signing.algorithm import ProofError

SERVICE_EVENTS = frozenset(name for name, event in event_types().items() if event.declared.by_service)
"""The events that the service records by itself, without a command."""

_NAMING_NOBODY = frozenset(
    name for name, event in event_types().items() if NAMES_NOBODY in (event.declared.unsigned or ())
)
"""Of these, what others may also bring about; without a command they name nobody."""

_PREFETCH = 1_000

Progress = Callable[[int, int], None]
"""Called with the number of events walked, and of all."""


class Fault(Model):
    """The first position at which something is wrong, and what."""

    position: int
    reason: str


class Verification(Model):
    """The place where the log says that it stands, and what is wrong with it: None if nothing is."""

    head: Head
    fault: Fault | None


class _Line(StoredEvent):
    """An event beside the accepted command that its id leads to, if any."""

    command_stream: str | None
    name: str | None
    body: str | None
    command_version: int | None
    command_position: int | None
    command_recorded_at: Instant | None


_LINES = """
SELECT e.*, c.stream AS command_stream, c.name, c.body, c.version AS command_version,
       c.position AS command_position, c.recorded_at AS command_recorded_at
FROM greenlight.event e LEFT JOIN greenlight.command c USING (command_id)
ORDER BY e.position
"""

# In the order of the index, so that memory does not grow with the number of streams.
_VERSIONS = """
SELECT min(position) FROM (
    SELECT position, version, lag(version, 1, 0) OVER w AS earlier,
           lag(position, 1, 0::bigint) OVER w AS before
    FROM greenlight.event WINDOW w AS (PARTITION BY stream ORDER BY version)
) AS neighbours
WHERE version <> earlier + 1 OR position <= before
"""

_COMMANDS = """
SELECT min(c.position) FROM greenlight.command c
LEFT JOIN greenlight.event e ON (e.position, e.command_id, e.stream, e.version, e.recorded_at)
                              = (c.position, c.command_id, c.stream, c.version, c.recorded_at)
WHERE e.position IS NULL
"""


async def verify(dsn: str, *, signatures: bool = True, progress: Progress | None = None) -> Verification:
    """Check every event in one consistent view of the database; writers are not held up.

    ``signatures`` False leaves out the most expensive part: whether each command was signed by whom it says,
    with a key and in a role that the log itself says they had then.

    :raises LogMissingError: the database holds no log.
    :raises OSError, DatabaseError: it cannot be read.
    """
    async with (
        connection(dsn, application="greenlight-verify", statement_timeout_seconds=0) as database,
        database.transaction(isolation="repeatable_read", readonly=True),
    ):
        head = await read_head(database)
        found = (
            # Where several speak of one position, the walk knows best what is wrong.
            await _walk(database, head, _Walk(head, signatures=signatures), progress),
            await _first(database, _VERSIONS, "the versions of its stream are not 1, 2, 3, …"),
            await _first(database, _COMMANDS, "a command is on file that did not lead to it"),
        )
        faults = [fault for fault in found if fault is not None]
        return Verification(head=head, fault=min(faults, key=lambda fault: fault.position, default=None))


async def _first(database: Connection, query: str, reason: str) -> Fault | None:
    position = await database.fetchval(query)
    return Fault(position=position, reason=reason) if isinstance(position, int) else None


async def _walk(database: Connection, head: Head, walk: "_Walk", progress: Progress | None) -> Fault | None:
    async for row in database.cursor(_LINES, prefetch=_PREFETCH):
        try:
            reason = walk.step(parse(_Line, row))
        except ValidationError:
            reason = "the columns do not have the form of an event"
        if reason is not None:
            return Fault(position=walk.position + 1, reason=reason)
        if progress is not None and walk.position % _PREFETCH == 0:
            progress(walk.position, head.position)
    if progress is not None:
        progress(walk.position, head.position)
    if walk.position != head.position:
        return Fault(
            position=min(walk.position, head.position) + 1, reason=f"the head counts {head.position} events"
        )
    if walk.hash != head.hash:
        return Fault(position=walk.position, reason="the head holds another hash")
    return None


class _Walk:
    """One event after the other. ``position`` and ``hash`` are of the last one that was found good."""

    def __init__(self, head: Head, *, signatures: bool) -> None:
        self.position = 0
        self.hash = genesis(head.log_id, head.kind)
        self._register = Register() if signatures else None
        self._included = Included()
        self._commit: tuple[str, int | None] | None = None
        self._orders = Orders()
        self._resolutions = Resolutions()
        self._ballots = Ballots()
        self._token: str | None = None
        self._claims: Claims | None = None

    def step(self, line: _Line) -> str | None:
        """Say what is wrong with the next event; None if nothing is."""
        if line.position != self.position + 1:
            return "missing"
        reason = self._chain(line) or _columns(line) or _command(line)
        if reason is None and self._register is not None:
            reason = self._authority(self._register, line)
        if reason is None:
            self.position, self.hash = line.position, line.hash
        return reason

    def _chain(self, line: _Line) -> str | None:
        return None if link(self.hash, line) == line.hash else "the hash is another one"

    def _authority(self, register: Register, line: _Line) -> str | None:
        reason = _unproven(register, line) if line.proof is None else self._proven(register, line, line.proof)
        if reason is not None:
            return reason
        try:
            if line.stream.startswith("officer-"):
                register.add(line)
            elif line.stream.startswith("batch-"):
                return self._included.add(line)
            elif line.stream.startswith("directive-"):
                self._orders.add(line)
            elif line.type in BY_ORDER:
                return self._orders.objection(line)
            elif line.type in RESOLVED:
                return self._resolutions.step(line)
            elif line.type in BALLOTS:
                return self._ballots.step(line)
        except ValueError as error:
            return f"it cannot follow: {error}"
        return None

    def _proven(self, register: Register, line: _Line, proof: str) -> str | None:
        # The events of one commit follow each other and carry the same token; so do the commits of a batch.
        refused = line.type == CommandRefused.__name__
        commit = (proof, line.position if refused else line.command_position)
        if commit != self._commit or self._claims is None:
            try:
                claims = register.claims(proof)
            except ProofError as error:
                return f"the proof: {error}"
            self._commit, self._claims = commit, claims
            by_batch = is_of_a_batch(line, claims)
            objection = register.objection(proof, claims, line.recorded_at, expires=not by_batch)
            if objection is None and by_batch:
                objection = self._included.objection(line, claims, _case(line))
            if objection is not None:
                return f"the proof: {objection}"
        return _not_led_to(self._claims, line)


def _columns(line: _Line) -> str | None:
    """The columns that are copies of what the record says."""
    try:
        record = Essentials.model_validate_json(line.record)
    except ValidationError:
        return "the record has no type or no legal time"
    if record.type != line.type:
        return f"the column says {line.type}, the record {record.type}"
    return None if record.at == line.at else "the column and the record have different legal times"


def _command(line: _Line) -> str | None:
    """The accepted command on file and the event must tell the same."""
    if (line.command_id is None) != (line.proof is None):
        return "a command id and a proof come together or not at all"
    if line.command_id is None:
        return None
    if line.type == CommandRefused.__name__:
        # It carries the refused command's id, which stays free: another command may have been accepted by it.
        return "a refusal is on file as a command" if line.command_position == line.position else None
    if line.name is None:
        return "its command is not on file"
    if line.command_recorded_at != line.recorded_at:
        return "its command was recorded at another time"
    if line.command_stream == line.stream and (line.command_version == line.version) != (
        line.command_position == line.position
    ):
        return "its command leads to another version or position"
    return None


def _unproven(register: Register, line: _Line) -> str | None:
    if line.type not in event_types():
        return f"its type {line.type} is not known here: an extension of another program may have it"
    if line.type in _NAMING_NOBODY and Essentials.model_validate_json(line.record).by is not None:
        return "it names somebody, and no command is behind it"
    if line.type in SERVICE_EVENTS or (line.type == "OfficerAdded" and register.empty):
        return None
    return "no command is behind it"


def _case(line: _Line) -> str:
    """The stream to which the command went: what follows from it may stand in others."""
    refused = line.type == CommandRefused.__name__
    return line.stream if refused or line.command_stream is None else line.command_stream


def _not_led_to(claims: Claims, line: _Line) -> str | None:
    sent = (claims.jti, claims.aud, claims.cmd, claims.body)
    if is_of_a_batch(line, claims):
        sent = as_sent(claims, _case(line))
    if sent[0] != line.command_id:
        return "the proof is of another command"
    if line.type != CommandRefused.__name__ and sent[1:] != (
        line.command_stream,
        line.name,
        line.body,
    ):
        return "the command on file is not the one that was signed"
    by = Essentials.model_validate_json(line.record).by
    return None if by in (None, claims.actor) else "the proof is not of the one whom the record names"
