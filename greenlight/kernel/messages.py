"""Messages beside commands: how a case is taken up again, what queries answer, what workflows ask for."""

from typing import Literal

from pydantic import JsonValue

from greenlight.kernel.aggregate import Status
from greenlight.kernel.authority import StreamId
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Receipt
from greenlight.kernel.inclusion import BatchStream, CaseStream
from greenlight.kernel.model import (
    Digest,
    Identifier,
    Instant,
    JsonObject,
    Model,
    Name,
    PositiveInteger,
)
from greenlight.kernel.refusal import Code
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.batch.commands import Delivery


class Resume(Model):
    """Start a workflow for a case that the event log already has; nothing else is taken from the sender."""

    resume: Literal[True] = True


class CaseStatus(Model):
    """Answer to ``status``. ``dossier`` is the digest a decision must name; ``version`` counts events."""

    stream: StreamId
    version: int
    dossier: Digest
    status: Status


class DossierAnswer(Model):
    """Answer to ``dossier``: what a decision rests on, and its digest (RFC 8785, SHA-256)."""

    digest: Digest
    dossier: JsonObject


class Deadlines(Model):
    """Answer to ``deadlines``: running ones by date, then those whose clock stands still."""

    deadlines: tuple[Deadline, ...]


class Incoming(Model):
    """A message as it came. ``problem`` says what keeps it from being read at all, if anything does."""

    name: str
    content: JsonValue
    problem: str | None = None


Matter = Literal["screening", "facts", "effect", "directives", "supersession"]
"""What the service itself may owe a case: to screen its parties, to gather facts for a decision that is due,
to let an outcome take effect, to hold it against the directives in force as they are now, to see whether it
is a directive that was superseded."""


class Internal(Model):
    """A command that a workflow gives its own case, such as what came of an activity."""

    name: str
    body: JsonObject


class DeskRequest(Model):
    """What a case's workflow asks to have done: record what is due by ``now`` and, if given, decide a message
    or look into what the service itself owes the case, or carry out an internal command.

    ``state`` is the state at ``version`` as JSON, None for a stream that is new to the workflow; ``kind`` is
    whose clock the workflow goes by.
    """

    stream: StreamId
    version: int
    state: str | None
    now: Instant
    kind: Kind = Kind.PRODUCTION
    incoming: Incoming | None = None
    look_into: Matter | None = None
    internal: Internal | None = None


class Deliver(Model):
    """Take the signature of a batch to these cases; with ``give_up``, say so of those that do not answer.

    ``at``: in a rehearsal, when it comes.
    """

    batch: BatchStream
    cases: tuple[CaseStream, ...]
    give_up: bool
    at: Instant | None = None


class Delivered(Model):
    """What became of the signature, case by case; without those of which it is not known yet."""

    deliveries: tuple[Delivery, ...]


class Refused(Model):
    """``command_id`` as the sender claims it; None where it could not be read."""

    code: Code
    message: str
    command_id: str | None = None


class DeskAnswer(Model):
    """What came of it: the records after the request's version, for the workflow to evolve by, and the word
    on the message. ``more``: the stream has further records to read."""

    records: tuple[str, ...]
    more: bool = False
    receipt: Receipt | None = None
    refused: Refused | None = None


class RescreenRequest(Model):
    """Which cases are held against the current list next: those after the stream ``cursor``, applications
    before licenses, or ``streams`` that did not answer. ``at``: in a rehearsal, when."""

    cursor: StreamId | None
    limit: PositiveInteger
    streams: tuple[StreamId, ...] = ()
    at: Instant | None = None


class RescreenBatch(Model):
    """What came of a batch, as ``RecordRescreening`` tells it. ``problem``: why nothing could be compared,
    and nothing was."""

    cursor: StreamId | None
    last: bool
    cases: int
    parties: int
    differing: int
    failed: tuple[StreamId, ...] = ()
    problem: str | None = None


class FanOutRequest(Model):
    """Which cases are next: those ``after`` a key, or ``streams`` that could not be reached.

    ``at``: in a rehearsal, when they are knocked at.
    """

    directive: Identifier
    licenses: bool
    after: Name | None
    limit: PositiveInteger
    streams: tuple[StreamId, ...] = ()
    at: Instant | None = None


class FanOutBatch(Model):
    """What came of a batch; ``cursor`` is its last key, None for one of ``streams``."""

    cursor: Name | None
    last: bool
    routes: dict[Identifier, int]
    out_of_scope: int
    failed: tuple[StreamId, ...]
