"""Which aggregate a stream belongs to, and which read model shows it."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from greenlight.kernel.commit import Event, View
from greenlight.kernel.decider import Decider
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.screening_list.aggregate import LIST

S = TypeVar("S")


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
    decider: Decider[S]
    state: S | None = None
    version: int = 0

    def add(self, record: str) -> Event:
        event = self.decider.read(record)
        self.state = self.decider.apply(self.state, event)
        self.version += 1
        return event

    def view(self) -> View | None:
        return None if self.state is None else self.decider.view(self.state, self.version)


def fold(stream: str) -> Fold:
    """The empty beginning of ``stream``.

    :raises ValueError: no aggregate has streams of that name.
    """
    match stream.partition("-")[0]:
        case "application":
            return _FoldOf(APPLICATION)
        case "license":
            return _FoldOf(LICENSE)
        case "officer":
            return _FoldOf(OFFICER)
        case "directive":
            return _FoldOf(DIRECTIVE)
        case "reprieve":
            return _FoldOf(REPRIEVE)
        case "entity":
            return _FoldOf(ENTITY)
        case "batch":
            return _FoldOf(BATCH)
        case "list":
            return _FoldOf(LIST)
        case kind:
            raise ValueError(f"{stream}: there are no streams of the kind {kind!r}")
