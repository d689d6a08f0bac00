"""The states that this process holds, found again by the records that they came of.

A case's workflow, and the desk that decides for it, stand in one process. What one of them folded, the other
need not read and fold again: the desk finds the state that the workflow holds, and the workflow what the desk
made of it. It is found by a digest of all records, the stream's name before them, so that it is nothing else
than what folding them gives. Where it is not found, it is folded from the records.

Nothing is kept alive here for longer than somebody holds it, but for what is on its way from the desk to a
workflow.
"""

import hashlib
import weakref
from collections.abc import Iterable
from typing import Any, NamedTuple

from greenlight.kernel.commit import Event
from greenlight.kernel.once import Latest

ON_THE_WAY = 256
"""States that desks made, and workflows have not taken over: as many as are decided at once. Of a workflow
that went elsewhere meanwhile, the state is forgotten after so many others."""


class Made(NamedTuple):
    """The state after some records, and the events that they tell."""

    state: Any
    events: tuple[Event, ...]


def past_of(stream: str, records: Iterable[str] = (), before: str | None = None) -> str:
    """The digest of all records of a stream; ``before`` is that of those that came earlier."""
    past = before or hashlib.sha256(stream.encode()).hexdigest()
    for record in records:
        past = hashlib.sha256(f"{past}{record}".encode()).hexdigest()
    return past


class Held:
    """States by the digest of their past. Any number of threads may ask."""

    def __init__(self) -> None:
        self._held: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
        self._made = Latest[str, Made](ON_THE_WAY)

    def hold(self, past: str, state: object) -> None:
        """Say that this is the state after that past."""
        self._held[past] = state

    def state(self, past: str) -> Any:
        """The state after that past; None: nobody holds one."""
        return self._held.get(past)

    def hand_over(self, past: str, made: Made) -> None:
        """Leave a state for the workflow that will ask for it."""
        if made.state is not None:
            self._held[past] = made.state
        self._made.put(past, made)

    def taken(self, past: str) -> Made | None:
        """Take over what was left, if it is still there."""
        return self._made.pop(past)


HELD = Held()
"""Of this process."""
