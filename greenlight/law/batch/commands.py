"""The commands that a batch takes. Names are imperatives; each model is the body of one command."""

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.inclusion import MAX_LEAVES, Leaf, SignBatch
from greenlight.kernel.model import Name
from greenlight.kernel.option import Reasons
from greenlight.kernel.roles import Role
from greenlight.law.batch.delivery import Delivery


def _ordered(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    if any(before.stream >= after.stream for before, after in pairwise(leaves)):
        raise ValueError("leaves must be in the order of their streams, each stream once")
    return leaves


Leaves = Annotated[tuple[Leaf, ...], Field(min_length=1, max_length=MAX_LEAVES), AfterValidator(_ordered)]


class OpenBatch(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, starts=True, short="prepare"):
    """Put cases together for one signature, each with the dossier and the outcome that it is about."""

    title: Name
    leaves: Leaves


class DiscardBatch(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, short="discard"):
    """Give up a batch that nobody has signed."""

    reasons: Reasons


class SettleCases(Body, by=SERVICE):
    """Record what cases told the service when it took the signature to them. Never sent from outside."""

    deliveries: Annotated[tuple[Delivery, ...], Field(min_length=1, max_length=MAX_LEAVES)]


COMMANDS = commands(OpenBatch, SignBatch, DiscardBatch)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(SettleCases)
"""Commands that only the service gives itself."""
