"""The question and the answer when the signature of a batch is taken to its cases."""

from typing import Annotated

from pydantic import StringConstraints

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
    """Take the signature of a batch to these cases; with ``give_up``, say so of those that do not answer.

    ``at``: in a rehearsal, when it comes.
    """

    batch: BatchStream
    cases: tuple[CaseStream, ...]
    give_up: bool
    at: Instant | None = None


class Delivered(Model):
    """The result of the signature, case by case; without those of which it is not known yet."""

    deliveries: tuple[Delivery, ...]
