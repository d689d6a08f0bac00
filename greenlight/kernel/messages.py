"""Messages beside commands: how a case is taken up again, what queries answer, what workflows ask for."""

from typing import Literal

from pydantic import JsonValue

from greenlight.kernel.aggregate import Status
from greenlight.kernel.authority import StreamId
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import (
    Digest,
    Instant,
    JsonObject,
    Model,
)
from greenlight.kernel.refusal import Code
from greenlight.kernel.time.deadlines import Deadline


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


class Internal(Model):
    """A command that a workflow gives its own case, such as what came of an activity."""

    name: str
    body: JsonObject


class DeskRequest(Model):
    """The request of a case's workflow: record what is due by ``now`` and, if given, decide a message
    or look into a matter of the aggregate's upkeep, or carry out an internal command.

    ``state`` is the state at ``version`` as JSON, None for a stream that is new to the workflow; ``kind`` is
    whose clock the workflow goes by.
    """

    stream: StreamId
    version: int
    state: str | None
    now: Instant
    kind: Kind = Kind.PRODUCTION
    incoming: Incoming | None = None
    look_into: str | None = None
    internal: Internal | None = None


class Refused(Model):
    """``command_id`` as the sender claims it; None where it could not be read. ``on_record``: the
    refusal is; it is not where nobody was shown to have sent the message."""

    code: Code
    message: str
    command_id: str | None = None
    on_record: bool = True


class DeskAnswer(Model):
    """The outcome of a ``DeskRequest``: the records after its version, for the workflow to evolve by, and the
    word on the message. ``more``: the stream has further records to read."""

    records: tuple[str, ...]
    more: bool = False
    receipt: Receipt | None = None
    refused: Refused | None = None
