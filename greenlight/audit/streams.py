"""Streams as far as they were checked: kept while they are open and in use, read again where they are not."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Event
from greenlight.law.registry import AnyAggregate, aggregate_of

KEPT = 4_000
"""Streams in memory at most. An open case takes some ten kilobytes."""

WHOLE = 2**31 - 1
"""The version up to which a stream is read that is read whole."""


class History(Protocol):
    """Events recorded before, to be read once more."""

    async def records(self, stream: str, through: int, before: int) -> list[str]:
        """The records of a stream up to that version, at positions below ``before``, oldest first."""
        ...

    async def told(self, after: int, through: int) -> list[tuple[str, str]]:
        """The records of rules, reprieves and listed entities after a position, up to another, each with its
        stream, oldest first."""
        ...


@dataclass(slots=True)
class Stream:
    """A stream so far. ``last`` is its latest legal time; ``broken``: its state cannot be told any more.

    ``position`` is that of the last event that was checked here, None while it was only read.
    """

    name: str
    aggregate: AnyAggregate
    state: Any = None
    version: int = 0
    last: datetime | None = None
    broken: bool = False
    position: int | None = None

    def take(self, event: Event) -> None:
        """Go on to the state after the event.

        :raises Exception: it cannot follow; the stream is broken from there on.
        """
        self.version += 1
        if not isinstance(event, CommandRefused):
            self.last = event.at if self.last is None else max(self.last, event.at)
        if not self.broken:
            try:
                self.state = self.aggregate.apply(self.state, event)
            except BaseException:
                self.broken = True
                raise

    @property
    def over(self) -> bool:
        return self.state is not None and getattr(self.state.stage, "closed", False) is True


class Streams:
    """Bounded: memory does not grow with the log."""

    def __init__(self, history: History, kept: int = KEPT) -> None:
        self._history = history
        self._limit = kept
        self._left: dict[str, Stream] = {}
        self._kept: OrderedDict[str, Stream] = OrderedDict()

    async def at(self, name: str, version: int, position: int) -> Stream:
        """The stream as it stood at ``version``, before ``position``. What is wrong in it was told before.

        Of a stream that has fewer events on record, as far as it goes.

        :raises ValueError: no aggregate has streams of that name.
        """
        stream = self._kept.get(name)
        if stream is None:
            stream = Stream(name, aggregate_of(name))
            if version > 0:
                for record in await self._history.records(name, version, position):
                    _fold(stream, record)
            self._kept[name] = stream
        self._kept.move_to_end(name)
        return stream

    def settle(self, stream: Stream) -> None:
        """Let go of what is over, and of what was not in use for longest."""
        if stream.over:
            self.forget(stream)
        while len(self._kept) > self._limit:
            self.forget(next(iter(self._kept.values())))

    def forget(self, stream: Stream) -> None:
        """It is read again when it is needed."""
        self._kept.pop(stream.name, None)
        if stream.position is not None:
            self._left[stream.name] = stream

    def left(self, *, all_of_them: bool) -> tuple[Stream, ...]:
        """Those with something new that were let go of, or all with something new; each is told once."""
        found = dict(self._left)
        if all_of_them:
            found |= {name: each for name, each in self._kept.items() if each.position is not None}
        self._left.clear()
        return tuple(found.values())


def _fold(stream: Stream, record: str) -> None:
    try:
        stream.take(stream.aggregate.read(record))
    except Exception:  # noqa: BLE001 - what cannot be read or follow was a fault where it stands.
        stream.broken = True
