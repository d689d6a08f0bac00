"""Which aggregate a stream belongs to, and which read model shows it."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.commit import Event, View
from greenlight.law.registry import aggregate_of

S = TypeVar("S", bound=Staged)


class Fold(Protocol):
    """A stream's state, one record at a time, whatever aggregate it belongs to."""

    version: int

    def add(self, record: str) -> Event:
        """Take the next record in.

        :raises ValueError: it is no event of this aggregate, or cannot follow.
        """
        ...

    def view(self) -> View | None:
        """The row of the read model now, None if nothing happened but refusals."""
        ...


@dataclass(slots=True)
class _FoldOf(Generic[S]):
    aggregate: Aggregate[S]
    state: S | None = None
    version: int = 0

    def add(self, record: str) -> Event:
        event = self.aggregate.read(record)
        self.state = self.aggregate.apply(self.state, event)
        self.version += 1
        return event

    def view(self) -> View | None:
        return None if self.state is None else self.aggregate.view(self.state, self.version)


def fold(stream: str) -> Fold:
    """The empty beginning of ``stream``.

    :raises ValueError: no aggregate has streams of that name.
    """
    return _FoldOf(aggregate_of(stream))
