"""Walking the log from its first event: is it what was once written, by those who say they wrote it?

What nobody signed for, such as the time of a recording, and an end that was cut off, shows against what was
published of the log (``greenlight.eventlog.published``), and against nothing else.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from greenlight.eventlog.ballots import BALLOTS, Ballots
from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.included import Included, as_sent, is_of_a_batch
from greenlight.eventlog.orders import BY_ORDER, Orders
from greenlight.eventlog.payload import Essentials
from greenlight.eventlog.published import Comparison, Fault, PublishedLog, earliest
from greenlight.eventlog.register import Register
from greenlight.eventlog.resolutions import RESOLVED, Resolutions
from greenlight.eventlog.stored import Head, StoredEvent, read_head
from greenlight.eventlog.tree import read_secret
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import Claims
from greenlight.kernel.condition import NAMES_NOBODY
from greenlight.kernel.merkle import leaf_hash
from greenlight.kernel.model import Instant, Model
from greenlight.law.registry import event_types
from greenlight.signing.algorithm import ProofError
from greenlight.tlog import leaf

SERVICE_EVENTS = frozenset(name for name, event in event_types().items() if event.declared.by_service)
"""The events that the service records by itself, without a command."""

_NAMING_NOBODY = frozenset(
    name for name, event in event_types().items() if NAMES_NOBODY in (event.declared.unsigned or ())
)
"""Of these, what others may also bring about; without a command they name nobody."""

_PREFETCH = 1_000

Progress = Callable[[int, int], None]
"""Called with the number of events walked, and of all."""


class Verification(Model):
    """The place where the log says that it stands, up to where it was published (None: it was not), and what
    is wrong with it: None if nothing is."""

    head: Head
    published: int | None
    fault: Fault | None


class _Line(NamedTuple):
    """An event beside the accepted command that its id leads to, if any. Not a model: the types are the
    table's, and millions of lines are walked."""

    position: int
    stream: str
    version: int
    type: str
    at: datetime
    recorded_at: datetime
    command_id: str | None
    record: str
    proof: str | None
    command_stream: str | None
    sender: str | None
    name: str | None
    body: str | None
    command_version: int | None
    command_position: int | None
    command_recorded_at: datetime | None

    @property
    def stored(self) -> StoredEvent:
        """The event alone, as a model."""
        return StoredEvent.model_validate(dict(zip(StoredEvent.model_fields, self, strict=False)))


class _Copied(BaseModel):
    """The members of a record that columns repeat."""

    model_config = ConfigDict(extra="ignore")

    type: str
    at: Instant


_LINES = f"SELECT {', '.join(_Line._fields)} FROM greenlight.line ORDER BY position"  # noqa: S608  # Its names.

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
WHERE e.position IS NULL OR c.position NOT BETWEEN c.first_position AND c.last_position
"""


async def verify(
    dsn: str,
    published: PublishedLog | None = None,
    *,
    signatures: bool = True,
    progress: Progress | None = None,
) -> Verification:
    """Check every event in one consistent view of the database; writers are not held up.

    ``published`` is what the log has to be: without it, only what the log says of itself is checked.
    ``signatures`` False leaves out the most expensive part: whether each command was signed by whom it says,
    with a key and in a role that the log itself says they had then.

    :raises LogMissingError: the database holds no log.
    :raises OSError, DatabaseError: it, or what was published, cannot be read.
    """
    async with (
        connection(dsn, application="greenlight-verify", statement_timeout_seconds=0) as database,
        database.transaction(isolation="repeatable_read", readonly=True),
    ):
        head = await read_head(database)
        comparison = None if published is None else Comparison(head, published)
        found = (
            # Where several speak of one position, the walk knows best what is wrong.
            await _walk(database, head, _Walk(head, signatures=signatures), comparison, progress),
            await _first(database, _VERSIONS, "the versions of its stream are not 1, 2, 3, …"),
            await _first(database, _COMMANDS, "a command is on file that did not lead to it"),
        )
        newest = comparison.newest if comparison else None
        return Verification(head=head, published=newest, fault=earliest(found))


async def _first(database: Connection, query: str, reason: str) -> Fault | None:
    position = await database.fetchval(query)
    return Fault(position=position, reason=reason) if isinstance(position, int) else None


async def _walk(
    database: Connection,
    head: Head,
    walk: "_Walk",
    comparison: Comparison | None,
    progress: Progress | None,
) -> Fault | None:
    secret = await read_secret(database)
    fault: Fault | None = None
    async for row in database.cursor(_LINES, prefetch=_PREFETCH):
        line = _Line(*row.values())  # pyright: ignore[reportArgumentType]  # The query's columns, in this order.
        reason = walk.step(line)
        if reason is not None:
            fault = Fault(position=walk.position + 1, reason=reason)
            break
        if comparison is not None:
            comparison.add(_leaf(secret, line))
            if comparison.fault is not None:
                break
        if progress is not None and walk.position % _PREFETCH == 0:
            progress(walk.position, head.position)
    if progress is not None:
        progress(walk.position, head.position)
    if fault is None and walk.position != head.position and (comparison is None or comparison.fault is None):
        fault = Fault(
            position=min(walk.position, head.position) + 1, reason=f"the head counts {head.position} events"
        )
    differs = None if comparison is None else comparison.end(whole=fault is None)
    return earliest((fault, differs))


def _leaf(secret: bytes, line: _Line) -> bytes:
    at = leaf.microseconds(line.recorded_at)
    entry = leaf.fields(
        secret, line.position, line.stream, line.version, at, line.command_id, line.proof, line.record
    )
    return leaf_hash(entry)


class _Walk:
    """One event after the other. ``position`` is of the last one that was found good."""

    def __init__(self, head: Head, *, signatures: bool) -> None:
        self.position = 0
        self._register = Register() if signatures else None
        self._included = Included()
        self._commit: tuple[str, int | None] | None = None
        self._orders = Orders()
        self._resolutions = Resolutions()
        self._ballots = Ballots()
        self._log = head
        self._claims: Claims | None = None

    def step(self, line: _Line) -> str | None:
        """Say what is wrong with the next event; None if nothing is."""
        if line.position != self.position + 1:
            return "missing"
        reason = _columns(line) or _command(line)
        if reason is None and self._register is not None:
            reason = self._authority(self._register, line)
        if reason is None:
            self.position = line.position
        return reason

    def _authority(self, register: Register, line: _Line) -> str | None:
        bound = line.position >= self._log.bound_from
        reason = (
            _unproven(register, line, bound=bound)
            if line.proof is None
            else self._proven(register, line, line.proof, bound=bound)
        )
        if reason is not None:
            return reason
        try:
            if line.stream.startswith("officer-"):
                register.add(line.stored)
            elif line.stream.startswith("batch-"):
                return self._included.add(line.stored)
            elif line.stream.startswith("directive-"):
                self._orders.add(line.stored)
            elif line.type in BY_ORDER:
                return self._orders.objection(line.stored)
            elif line.type in RESOLVED:
                return self._resolutions.step(line.stored)
            elif line.type in BALLOTS:
                return self._ballots.step(line.stored)
        except ValueError as error:
            return f"it cannot follow: {error}"
        return None

    def _proven(self, register: Register, line: _Line, proof: str, *, bound: bool) -> str | None:
        # The events of one commit follow each other and carry the same token; so do the commits of a batch.
        refused = line.type == CommandRefused.__name__
        commit = (proof, line.position if refused else line.command_position)
        if commit != self._commit or self._claims is None:
            try:
                claims = register.claims(proof)
            except ProofError as error:
                return f"the proof: {error}"
            self._commit, self._claims = commit, claims
            if claims.log != self._log.name and (bound or claims.log is not None):
                return f"the proof is for {claims.log or 'no log'}"
            by_batch = is_of_a_batch(line.command_id, claims)
            objection = register.objection(
                proof, claims, line.recorded_at, expires=not by_batch, refused=refused
            )
            if objection is None and by_batch:
                objection = self._included.objection(line.stored, claims, _case(line))
            if objection is not None:
                return f"the proof: {objection}"
        return _not_led_to(self._claims, line)


def _columns(line: _Line) -> str | None:
    """The columns that are copies of what the record says."""
    try:
        record = _Copied.model_validate_json(line.record)
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
        return "a refusal is on file as a command" if line.name is not None else None
    if line.name is None:
        return "its command is not on file"
    if line.command_recorded_at != line.recorded_at:
        return "its command was recorded at another time"
    if line.command_stream == line.stream and (line.command_version == line.version) != (
        line.command_position == line.position
    ):
        return "its command leads to another version or position"
    return None


def _unproven(register: Register, line: _Line, *, bound: bool) -> str | None:
    if line.type not in event_types():
        return f"its type {line.type} is not known here: an extension of another program may have it"
    if line.type in _NAMING_NOBODY and Essentials.model_validate_json(line.record).by is not None:
        return "it names somebody, and no command is behind it"
    # Before, it was told as well what nobody had signed.
    told = line.type == CommandRefused.__name__ and not bound
    if told or line.type in SERVICE_EVENTS or register.founds(line.stored):
        return None
    return "no command is behind it"


def _case(line: _Line) -> str:
    """The stream to which the command went: what follows from it may stand in others."""
    refused = line.type == CommandRefused.__name__
    return line.stream if refused or line.command_stream is None else line.command_stream


def _not_led_to(claims: Claims, line: _Line) -> str | None:
    if line.sender not in (None, claims.sub):
        return "the command on file is another sender's"
    sent = (claims.jti, claims.aud, claims.cmd, claims.body)
    if is_of_a_batch(line.command_id, claims):
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
