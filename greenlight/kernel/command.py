"""A command with its sender, as it is decided."""

from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from greenlight.kernel.body import Body
from greenlight.kernel.inclusion import Inclusion
from greenlight.kernel.model import Digest
from greenlight.kernel.need import Facts, Need
from greenlight.kernel.roles import Actor

B = TypeVar("B", bound=Body)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Command(Generic[B]):
    """A command with its sender. ``by`` is None for what the service itself does (screening, say).

    ``key`` is what the stream is named after: the application control number, the license number.
    ``inclusion``: the batch, if one decides. ``facts``: what was found out for it.
    """

    key: str
    body: B
    by: Actor | None
    dossier: Digest | None = None
    inclusion: Inclusion | None = None
    facts: Facts = field(default_factory=Facts)

    @property
    def name(self) -> str:
        return self.body.declared.name

    @property
    def sender(self) -> Actor:
        """The sender of a command that the service never gives itself."""
        assert self.by is not None, f"{self.name} takes a role"
        return self.by

    def told(self, need: Need[T]) -> T:
        """A fact that its decision rests on; without it, deciding ends with that need."""
        return self.facts.told(need)

    def knowing(self, need: Need[T], answer: T) -> "Command[B]":
        return replace(self, facts=self.facts.knowing(need, answer))
