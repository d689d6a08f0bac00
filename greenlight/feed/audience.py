"""The audience: somebody whom the front door let in, and the streams that they may read."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from greenlight.feed.cloudevents import CloudEvent
from greenlight.kernel.roles import Actor, Role
from greenlight.law.told import told_to

C = TypeVar("C", bound=Actor)
"""Somebody who proved who they are."""

Readable = Callable[[C, frozenset[str]], Awaitable[frozenset[str]]]
"""Those of some streams that somebody may read now."""
Note = Callable[[C, frozenset[str]], Awaitable[None]]
"""Keeps on record that somebody is about to hear of some streams (15 CFR 748.1(c), 50 U.S.C. 4820(h))."""

_KEPT: Final = 64
"""Answers that are kept: of a few callers, for the few pages that are told at the moment."""


class Audience(Generic[C]):
    """Asks what somebody may read once for all their connections that hear of the same events."""

    def __init__(self, readable: Readable[C]) -> None:
        self._readable = readable
        self._asked: OrderedDict[object, asyncio.Task[frozenset[str]]] = OrderedDict()

    async def heard(self, caller: C, events: Sequence[CloudEvent], head: int) -> Sequence[CloudEvent]:
        """Those of the events that the caller may hear of, in their order, as it is while the log stands at
        ``head``: by its next event a case may be referred to somebody."""
        if not events:
            return events
        streams = frozenset(event.fact.stream for event in events)
        key = (caller.officer, caller.person, caller.organisation, caller.role, head, streams)
        asked = self._asked.get(key)
        if asked is None or (asked.done() and (asked.cancelled() or asked.exception() is not None)):
            asked = asyncio.create_task(self._ask(caller, streams))
            self._asked[key] = asked
            while len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
        # Another connection that waits for the same is not cut off with this one.
        allowed = await asyncio.shield(asked)
        return [event for event in events if event.fact.stream in allowed and _told_to(caller, event)]

    async def _ask(self, caller: C, streams: frozenset[str]) -> frozenset[str]:
        return await self._readable(caller, streams)


def _told_to(caller: Actor, event: CloudEvent) -> bool:
    fact = event.fact
    # For all others there is nothing to look for in the record.
    return caller.role is not Role.APPLICANT or told_to(caller, fact.stream, fact.type, event.content)
