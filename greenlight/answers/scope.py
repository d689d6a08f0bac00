"""Streams that are open to somebody; one of which they may not know is, to them, as one that is not there."""

from collections.abc import Iterable

from greenlight.eventlog.callers import begun, privy
from greenlight.eventlog.session import OverSession
from greenlight.kernel.roles import Actor
from greenlight.kernel.streams import officer_stream, stream_key
from greenlight.law.registry import AnyAggregate, aggregate_of


class Scope(OverSession):
    """Says which streams somebody may read, over a connection of its own to the log."""

    def __init__(self, dsn: str, *, application: str = "greenlight-scope") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)

    async def readable(self, caller: Actor, streams: Iterable[str]) -> frozenset[str]:
        """Of these streams those that ``caller`` may read: what is open to their role, what is in their
        organisation's matter, and their own registration. Whether a stream exists, it does not say.

        :raises LogUnavailableError: the log cannot be asked.
        """
        found: set[str] = set()
        others: list[tuple[str, str]] = []
        for stream in streams:
            kind = _kind(stream)
            if kind is None:
                continue
            if caller.role in kind.open_to or stream == officer_stream(caller.officer):
                found.add(stream)
            elif kind.row.table.privy:
                others.append((kind.kind, stream_key(stream)))
        return frozenset(found) | await privy(self._session, caller, others)

    async def writable(self, caller: Actor, stream: str) -> bool:
        """Tell whether ``caller`` may send something to a stream: they may read it, or their role begins such
        ones and nobody has begun it yet.

        :raises LogUnavailableError: the log cannot be asked.
        """
        if await self.readable(caller, (stream,)):
            return True
        kind = _kind(stream)
        first = kind.starts_with if kind else None
        if kind is None or first is None or caller.role not in kind.commands[first].declared.by:
            return False
        return not await begun(self._session, stream)


def _kind(stream: str) -> AnyAggregate | None:
    try:
        return aggregate_of(stream)
    except ValueError:
        return None
