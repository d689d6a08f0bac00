"""Check one event after the other: did those sign whom the log names, by the register as it tells it?

The tree or chain over the entries, and the law, are held against it elsewhere.
"""

from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from greenlight.eventlog.ballots import BALLOTS, Ballots
from greenlight.eventlog.included import Included, as_sent, is_of_a_batch
from greenlight.eventlog.orders import BY_ORDER, Orders
from greenlight.eventlog.payload import Essentials
from greenlight.eventlog.register import Register
from greenlight.eventlog.resolutions import RESOLVED, Resolutions
from greenlight.eventlog.stored import Head, StoredEvent
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import Claims
from greenlight.kernel.condition import NAMES_NOBODY
from greenlight.kernel.model import Instant
from greenlight.law.registry import event_types
from greenlight.signing.algorithm import ProofError
from greenlight.tlog.leaf import Recorded

SERVICE_EVENTS = frozenset(name for name, event in event_types().items() if event.declared.by_service)
"""The events that the service records by itself, without a command."""

_NAMING_NOBODY = frozenset(
    name for name, event in event_types().items() if NAMES_NOBODY in (event.declared.unsigned or ())
)
"""Of these, what others may also bring about; without a command they name nobody."""


class Line(StoredEvent):
    """An event beside the accepted command that its id leads to, if any."""

    command_stream: str | None
    sender: str | None
    name: str | None
    body: str | None
    command_version: int | None
    command_position: int | None
    command_recorded_at: Instant | None

    @property
    def refuses(self) -> bool:
        """Nothing happened but that a command was refused."""
        return self.type == CommandRefused.__name__

    @property
    def case(self) -> str:
        """The stream to which the command went: what follows from it may stand in others."""
        return self.stream if self.refuses or self.command_stream is None else self.command_stream


LINE_COLUMNS = ", ".join(Line.model_fields)
"""Of the view ``line``."""


class Signatures:
    """Grows with the officers, the directives, the batches under way and the words on matches."""

    def __init__(self, log: Head, *, remembers: bool = True) -> None:
        """``remembers`` False: what officers said of matches and how votes ended is held against the log by
        somebody else."""
        self._log = log
        self.register = Register()
        self.included = Included()
        self.orders = Orders()
        self._resolutions = Resolutions() if remembers else None
        self._ballots = Ballots() if remembers else None
        self._commit: tuple[str, int | None] | None = None
        self.claims: Claims | None = None

    def step(self, line: Line) -> str | None:
        """Say what is wrong with the next event; None if nothing is. Only what is right is taken in."""
        reason = told_twice(line) or (
            self._unproven(line) if line.proof is None else self._proven(line, line.proof)
        )
        return reason or self._follows(line)

    def _follows(self, line: Line) -> str | None:
        try:
            if line.stream.startswith("officer-"):
                self.register.add(line)
            elif line.stream.startswith("batch-"):
                return self.included.add(line)
            elif line.stream.startswith("directive-"):
                self.orders.add(line)
            elif line.type in BY_ORDER:
                return self.orders.objection(line)
            elif line.type in RESOLVED and self._resolutions is not None:
                return self._resolutions.step(line)
            elif line.type in BALLOTS and self._ballots is not None:
                return self._ballots.step(line)
        except ValueError as error:
            return f"it cannot follow: {error}"
        return None

    def _unproven(self, line: Line) -> str | None:
        self._commit = self.claims = None
        if line.type not in event_types():
            return f"its type {line.type} is not known here: an extension of another program may have it"
        if line.type in _NAMING_NOBODY and Essentials.model_validate_json(line.record).by is not None:
            return "it names somebody, and no command is behind it"
        # Before, it was told as well what nobody had signed.
        told = line.refuses and line.position < self._log.bound_from
        if told or line.type in SERVICE_EVENTS or self.register.founds(line):
            return None
        return "no command is behind it"

    def _proven(self, line: Line, proof: str) -> str | None:
        # The events of one commit follow each other and carry the same token; so do the commits of a batch.
        commit = (proof, line.position if line.refuses else line.command_position)
        if commit != self._commit or self.claims is None:
            self._commit = self.claims = None
            try:
                claims = self.register.claims(proof)
            except ProofError as error:
                return f"the proof: {error}"
            self._commit, self.claims = commit, claims
            if claims.log != self._log.name and not (
                claims.log is None and line.position < self._log.bound_from
            ):
                return f"the proof is for {claims.log or 'no log'}"
            by_batch = is_of_a_batch(line.command_id, claims)
            objection = self.register.objection(
                proof, claims, line.recorded_at, expires=not by_batch, refused=line.refuses
            )
            if objection is None and by_batch:
                objection = self.included.objection(line, claims, line.case)
            if objection is None and not (by_batch or line.refuses):
                objection = self.register.count(proof)
            if objection is not None:
                return f"the proof: {objection}"
        return _not_led_to(self.claims, line)


class Told(Recorded, Protocol):
    """The part of a line that is told twice."""

    @property
    def type(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def command_stream(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def command_version(self) -> int | None: ...
    @property
    def command_position(self) -> int | None: ...
    @property
    def command_recorded_at(self) -> datetime | None: ...


class _Copied(BaseModel):
    """The members of a record that columns repeat."""

    model_config = ConfigDict(extra="ignore")

    type: str
    at: Instant


def told_twice(line: Told) -> str | None:
    """Hold the columns that are copies against what the record and the command on file say."""
    return _columns(line) or _command(line)


def _columns(line: Told) -> str | None:
    """The columns that are copies of what the record says."""
    try:
        record = _Copied.model_validate_json(line.record)
    except ValidationError:
        return "the record has no type or no legal time"
    if record.type != line.type:
        return f"the column says {line.type}, the record {record.type}"
    return None if record.at == line.at else "the column and the record have different legal times"


def _command(line: Told) -> str | None:
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


def _not_led_to(claims: Claims, line: Line) -> str | None:
    if line.sender not in (None, claims.sub):
        return "the command on file is another sender's"
    sent = (claims.jti, claims.aud, claims.cmd, claims.body)
    if is_of_a_batch(line.command_id, claims):
        sent = as_sent(claims, line.case)
    if sent[0] != line.command_id:
        return "the proof is of another command"
    if not line.refuses and sent[1:] != (
        line.command_stream,
        line.name,
        line.body,
    ):
        return "the command on file is not the one that was signed"
    by = Essentials.model_validate_json(line.record).by
    return None if by in (None, claims.actor) else "the proof is not of the one whom the record names"
