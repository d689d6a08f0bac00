"""Browsers that somebody opened: the UI cannot sign, so a signed token is exchanged for a cookie.

A link that is good once, for a minute, gives the browser a cookie that it sends to ``/decode`` alone. All of
it is in memory and ends with the server; whether key and role still count is asked of the register each time.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from greenlight.answers.caller import Caller
from greenlight.eventlog.callers import keeper
from greenlight.eventlog.session import OverSession
from greenlight.kernel.roles import Role
from greenlight.law.officer.keys import KeyId

COOKIE: Final = "greenlight-codec"
LINK_SECONDS = 60.0
SESSION_SECONDS = 8 * 60 * 60
_MOST = 4_096


@dataclass(slots=True)
class Sessions:
    """Links that were given out and sessions that were opened, at most so many of each."""

    clock: Callable[[], float] = time.monotonic
    _links: OrderedDict[str, tuple[Caller, float]] = field(
        default_factory=OrderedDict[str, tuple[Caller, float]]
    )
    _open: OrderedDict[str, tuple[Caller, float]] = field(
        default_factory=OrderedDict[str, tuple[Caller, float]]
    )

    def link(self, caller: Caller) -> str:
        """A word for a link, good once."""
        return self._put(self._links, caller, LINK_SECONDS)

    def enter(self, word: str) -> tuple[Caller, str] | None:
        """The officer who asked for the link, and the cookie of their session; None: it is over, or was
        used."""
        found = self._links.pop(word, None)
        if found is None or found[1] <= self.clock():
            return None
        return found[0], self._put(self._open, found[0], SESSION_SECONDS)

    def of(self, cookie: str) -> Caller | None:
        """Whose session it is; None: it is over."""
        found = self._open.get(cookie)
        if found is None or found[1] <= self.clock():
            self._open.pop(cookie, None)
            return None
        return found[0]

    def _put(self, kept: OrderedDict[str, tuple[Caller, float]], caller: Caller, seconds: float) -> str:
        word = secrets.token_urlsafe(32)
        kept[word] = (caller, self.clock() + seconds)
        while len(kept) > _MOST:
            kept.popitem(last=False)
        return word


class Register(OverSession):
    """Says whose a key is now, over a connection of its own."""

    async def roles(self, kid: KeyId) -> frozenset[Role]:
        """The roles that the key's officer holds now; none, where it is nobody's.

        :raises LogUnavailableError: the register cannot be asked.
        """
        known = await keeper(self._session, kid)
        return frozenset() if known is None else known.roles

    async def still(self, caller: Caller) -> bool:
        """The key is valid now and the role held.

        :raises LogUnavailableError: the register cannot be asked.
        """
        known = await keeper(self._session, caller.kid)
        return known is not None and known.officer == caller.officer and caller.role in known.roles
