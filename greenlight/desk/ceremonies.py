"""Challenges to browsers before anybody has signed in: each is answered once, and soon."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from greenlight.law.officer.keys import Passkey
from greenlight.law.officer.possession import Possession
from greenlight.signing.reading import ReadingClaims

SECONDS = 5 * 60
"""Within which a browser answers."""
MOST = 1_000
"""Browsers that were asked; who was asked first is forgotten first."""


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Somebody who says who they are; ``keys`` are the passkeys of whom they say, ``to`` is where they were
    going, as they said."""

    claims: ReadingClaims
    keys: tuple[Passkey, ...]
    to: str = ""


@dataclass(frozen=True, slots=True)
class Making:
    """Somebody who makes a passkey: what it is for, and the key, once there is one."""

    officer: str
    says: Possession
    challenge: bytes
    key: Passkey | None = None


class Ceremonies:
    """By the name of the browser's cookie."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[str, tuple[float, SigningIn | Making]] = OrderedDict()

    def keep(self, name: str, asked: SigningIn | Making) -> None:
        """Keep what a browser is asked for, in the place of what it was asked before."""
        self._asked.pop(name, None)
        self._asked[name] = (self._clock() + SECONDS, asked)
        if len(self._asked) > MOST:
            self._asked.popitem(last=False)

    def take(self, name: str) -> SigningIn | Making | None:
        """Take what a browser was asked for; None: nothing, or too long ago."""
        by, asked = self._asked.pop(name, (0.0, None))
        return asked if self._clock() < by else None
