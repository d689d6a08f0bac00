"""What can be asked of a batch. Names are imperatives; each model is the body of one command."""

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from greenlight.kernel.authority import CommandId
from greenlight.kernel.decider import Body
from greenlight.kernel.model import Model, Name, Text
from greenlight.law.batch.inclusion import MAX_LEAVES, CaseStream, Leaf, SignedRoot


def _ordered(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    if any(before.stream >= after.stream for before, after in pairwise(leaves)):
        raise ValueError("leaves must be in the order of their streams, each stream once")
    return leaves


Leaves = Annotated[tuple[Leaf, ...], Field(min_length=1, max_length=MAX_LEAVES), AfterValidator(_ordered)]


class OpenBatch(Body):
    """Put cases together for one signature, each with the dossier and the outcome that it is about."""

    title: Name
    leaves: Leaves


class SignBatch(Body, SignedRoot):
    """The executive's word on every case of the batch: the root of the tree over them, and their number."""


class DiscardBatch(Body):
    """Give up a batch that nobody has signed."""

    reasons: Text


class Delivery(Model):
    """What became of the signature in one case. ``code`` None: it was decided; otherwise why it was not."""

    case: CaseStream
    command_id: CommandId
    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None = None
    message: Annotated[str, StringConstraints(max_length=400)] | None = None


class SettleCases(Body):
    """What the service was told by cases to which it took the signature. Never sent from outside."""

    deliveries: Annotated[tuple[Delivery, ...], Field(min_length=1, max_length=MAX_LEAVES)]


COMMANDS: dict[str, type[Body]] = {
    "open_batch": OpenBatch,
    "sign_batch": SignBatch,
    "discard_batch": DiscardBatch,
}
"""Commands that come from outside, by the name of their update and signal."""

DECISIONS = frozenset({"sign_batch"})
"""Commands whose proof must name the dossier they rest on."""

INTERNAL: dict[str, type[Body]] = {"settle_cases": SettleCases}
"""Commands that only the service gives itself."""
