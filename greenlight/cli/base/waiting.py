"""Waiting for the service's answer: told while it lasts and, where nobody waits any longer, how to ask."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from greenlight.cli.base.output import warn

if TYPE_CHECKING:
    from greenlight.client import Sent

_FIRST, _NEXT = 5.0, 30.0
"""Seconds without an answer until somebody is told so, and told again."""
_LOOK = 0.5


class Waiting:
    """For the answers to one command line.

    ``sent``: what was sent last and is not answered; ``known``: what the log told of it; ``refused``: what
    was refused last; ``signs``: there is something to be sent. ``command_id``: by which the command line is
    given again, where it sends more than one command; None: by the id of what was sent.
    """

    def __init__(self) -> None:
        self.sent: Sent | None = None
        self.refused: Sent | None = None
        self.known: str | None = None
        self.signs = False
        self.command_id: str | None = None
        self._anything = False
        self._asks = False
        self._since = time.monotonic()

    def pauses(self) -> None:
        """A person is asked: nobody waits for the service now."""
        self._asks = True

    def goes_on(self) -> None:
        """The person has answered."""
        self._asks, self._since = False, time.monotonic()

    @property
    def outlook(self) -> str | None:
        """Tell how to go on where nobody answers, or that there is nothing to ask after."""
        if self.sent is not None:
            again = self.command_id or self.sent.command_id
            return (
                f"{how_to_ask(self.sent, self.known)}\n"
                f"  To send it again:   the same command line with --command-id {again};"
                " it is carried out once"
            )
        return "Nothing was sent." if self.signs and not self._anything else None

    @contextmanager
    def for_answer(self, sent: "Sent") -> Generator[None]:
        """While an answer is waited for. Refused is answered, too."""
        from greenlight.client import Refused

        self.sent, self._anything, self._since = sent, True, time.monotonic()
        try:
            yield
        except Refused:
            self.sent, self.refused = None, sent
            raise
        self.sent = None

    @asynccontextmanager
    async def told(self) -> AsyncGenerator[None]:
        """Say on standard error, now and then, that there is no answer yet."""
        telling = asyncio.create_task(self._tell())
        try:
            yield
        finally:
            telling.cancel()

    async def _tell(self) -> None:
        next_at = _FIRST
        while True:
            await asyncio.sleep(_LOOK)
            waited = time.monotonic() - self._since
            if waited < _FIRST:
                next_at = _FIRST
            if waited < next_at or self._asks:
                continue
            if self.sent is not None:
                warn(
                    f"no answer to {self.sent.name} on {self.sent.stream} yet, after {waited:.0f} s."
                    " Ctrl-C ends the waiting, not the command."
                )
            elif self.outlook:
                warn(f"the service does not answer yet, after {waited:.0f} s. {self.outlook}")
            next_at = waited + _NEXT


def how_to_ask(sent: "Sent", known: str | None = None) -> str:
    """Tell how to learn what became of a command that nobody answered; ``known``: what the log told of it."""
    return (
        f"{known or 'It is not known whether it is carried out; it may be yet.'}\n"
        f"  What became of it:  starter.py history {sent.stream} --command-id {sent.command_id}"
    )
