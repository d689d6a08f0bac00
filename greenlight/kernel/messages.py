"""Messages beside commands: how a case is taken up again, what queries answer, what workflows ask for."""

from typing import Literal

from pydantic import Field, JsonValue

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


class Told(Model):
    """Answer to ``telling``: so many workflows this run has told that their cases were decided on the record,
    and so many are ``left`` to be told."""

    told: int
    left: int


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

    ``version`` is 0 for a stream that is new to the workflow; ``last`` is the digest of the record at that
    version, ``past`` that of all records up to it, by which the state is found that the workflow holds, and
    ``size`` how many characters they have. ``kind`` is whose clock the workflow goes by. ``newer``: what
    follows could not be read when last looked at. ``behind``: others have recorded in the stream.
    """

    stream: StreamId
    version: int
    last: Digest | None = None
    past: str | None = None
    size: int = 0
    now: Instant
    kind: Kind = Kind.PRODUCTION
    incoming: Incoming | None = None
    look_into: str | None = None
    internal: Internal | None = None
    newer: bool = False
    behind: bool = False


class Sift(Model):
    """Signals of one stream, in the order in which they came, to be held against what can be told of each by
    itself. ``before``: how many of the run were sifted before."""

    stream: StreamId
    kind: Kind
    before: int
    messages: tuple[Incoming, ...]


class Sifted(Model):
    """By index, the messages that are to be decided. All others are refused and counted."""

    to_decide: tuple[int, ...]


class Refused(Model):
    """``command_id`` as the sender claims it; None where it could not be read. ``on_record``: the
    refusal is; it is not where nobody was shown to have sent the message."""

    code: Code
    message: str
    command_id: str | None = None
    on_record: bool = True


class DeskAnswer(Model):
    """The outcome of a ``DeskRequest``: the records after its version, for the workflow to evolve by, and the
    word on the message. ``more``: the stream has further records to read.

    ``anew``: the log does not have what the workflow holds. The records are those from the beginning on, for
    it to begin with once more; none, if the log has nothing of the case.

    ``newer``: the type of the event that follows them and that this release cannot read.
    """

    records: tuple[str, ...]
    more: bool = False
    # Left out where it says nothing: a worker of before may replay what is written here.
    anew: bool = Field(default=False, exclude_if=lambda anew: not anew)
    newer: str | None = Field(default=None, exclude_if=lambda newer: newer is None)
    receipt: Receipt | None = None
    refused: Refused | None = None
