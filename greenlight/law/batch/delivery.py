"""The question and the answer when the signature of a batch is taken to its cases."""

from typing import Annotated

from pydantic import Field, StringConstraints

from greenlight.kernel.authority import CommandId
from greenlight.kernel.inclusion import BatchStream, CaseStream
from greenlight.kernel.model import Instant, Model


class Delivery(Model):
    """The result of the signature in one case. ``code`` None: it was decided; otherwise why it was not."""

    case: CaseStream
    command_id: CommandId
    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None = None
    message: Annotated[str, StringConstraints(max_length=400)] | None = None


class Deliver(Model):
    """Take the signature of a batch to these cases; with ``give_up``, say so of those that could not be
    decided.

    ``at``: in a rehearsal, when it comes. ``tells``: the workflow has those of the cases told; one of the
    release before leaves that to the activity.
    """

    batch: BatchStream
    cases: tuple[CaseStream, ...]
    give_up: bool
    at: Instant | None = None
    tells: bool = False


class Delivered(Model):
    """The result of the signature, case by case; without those of which it is not known yet.

    ``signed``: the log has the signature. It may not, after it was restored to an older state. The workflows
    of ``tell`` are to be told that their cases have gone on.
    """

    deliveries: tuple[Delivery, ...]
    # Left out where it says nothing: a worker of before may read it.
    signed: bool = Field(default=True, exclude_if=lambda signed: signed)
    tell: tuple[CaseStream, ...] = Field(default=(), exclude_if=lambda tell: not tell)
