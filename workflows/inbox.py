"""Signals in turn: anybody may send as many as they like, and whoever waits for an answer comes first.

One is decided as it comes. What comes meanwhile waits, and is sifted: what cannot be read, or nobody was
shown to have sent, goes by the hundred in one activity, and only the rest is decided one by one. Each of
those queues anew behind the updates, so that no update waits for more than one signal.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow

from greenlight.kernel.messages import Incoming
from workflows.journal import incoming

SIFTED_AT_ONCE = 200
"""Messages for one activity."""

A_TASK = 5
"""So many times in one workflow task, or once where some of the messages are decided, it takes what waits."""

_IN_TURN = "signals wait for their turn"
"""The patch before which each signal was decided by itself, all of them at once."""

_A_TURN = timedelta(milliseconds=1)
"""A task ends with any timer: answers go out, and updates come in that arrived meanwhile. The server makes a
second of it."""


class Inbox:
    """The signals of one run that are not dealt with yet. A run ends when whoever attends to them is done."""

    def __init__(
        self,
        decide: Callable[[Incoming], Awaitable[object]],
        sift: Callable[[int, tuple[Incoming, ...]], Awaitable[tuple[Incoming, ...]]],
    ) -> None:
        """``sift`` is told how many it was given before, and gives those that are to be decided."""
        self._decide = decide
        self._sift = sift
        self._waiting: deque[tuple[str, tuple[object, ...]]] = deque()
        self._attended = 0
        self._sifted = 0

    async def take(self, name: str, messages: tuple[object, ...]) -> None:
        """Deal with a signal, and with all that come until that is done; or leave it to whoever does."""
        if self._attended and workflow.patched(_IN_TURN):
            self._waiting.append((name, messages))
            return
        self._attended += 1
        try:
            await self._decide(incoming(name, messages))
            await self._work_off()
        finally:
            self._attended -= 1

    async def _work_off(self) -> None:
        taken = 0
        while self._waiting:
            if taken == A_TASK:
                await workflow.sleep(_A_TURN, summary=f"{len(self._waiting)} more messages wait")
                taken = 0
            number = min(SIFTED_AT_ONCE, len(self._waiting))
            batch = tuple(incoming(*self._waiting.popleft()) for _ in range(number))
            before, self._sifted = self._sifted, self._sifted + number
            to_decide = await self._sift(before, batch)
            taken = A_TASK if to_decide else taken + 1
            for message in to_decide:
                await self._decide(message)
