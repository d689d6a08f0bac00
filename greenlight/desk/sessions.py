"""Sessions: who has signed in, for how long, and what each of them is about to sign.

A session is known by a random name in a cookie, which is another one after each sign-in. All else about it
stays here, in memory: whoever stops the program signs everybody out.
"""

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from greenlight.desk.ways import Way
from greenlight.kernel.authority import Claims
from greenlight.kernel.body import Body
from greenlight.kernel.roles import Role

IDLE_SECONDS = 15 * 60
"""After which, without a request, a session is over."""
MOST_SECONDS = 8 * 60 * 60
"""After which it is over in any case."""
MOST_SESSIONS = 5_000
MOST_DRAFTS = 20
"""Things that one person may have begun to sign; the oldest is forgotten first."""
MOST_SEARCHES = 50
"""Searches of one person that are kept; that which was made longest ago is forgotten first."""


@dataclass(slots=True)
class Draft:
    """Something that is about to be signed. ``dossier`` is the digest of what was shown, at ``version``; none
    where it is no decision. ``claims`` are made when the page that asks for the signature is shown;
    ``accepted``: it is on record."""

    stream: str
    body: Body
    command_id: str
    version: int
    dossier: str | None
    typed: tuple[tuple[str, str], ...]
    claims: Claims | None = None
    accepted: bool = False


@dataclass(slots=True)
class Session:
    """Somebody who signed in, in one of their roles. ``searches``: by the name that addresses have for it,
    what was typed of parties and of goods."""

    name: str
    officer: str
    way: Way
    role: Role
    begun: float
    used: float
    drafts: OrderedDict[str, Draft] = field(default_factory=OrderedDict[str, Draft])
    searches: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict[str, tuple[str, str]])

    def keep(self, draft: Draft) -> str:
        """Keep a draft; its name in addresses, which says nothing of it."""
        name = secrets.token_urlsafe(16)
        self.drafts[name] = draft
        if len(self.drafts) > MOST_DRAFTS:
            self.drafts.popitem(last=False)
        return name

    def remember(self, words: tuple[str, str]) -> str:
        """Keep what was searched for; its name in addresses, which is the same for the same words."""
        name = next((name for name, each in self.searches.items() if each == words), None)
        if name is None:
            name = secrets.token_urlsafe(16)
            self.searches[name] = words
            if len(self.searches) > MOST_SEARCHES:
                self.searches.popitem(last=False)
        return name


class Sessions:
    """All of them, and the tokens by which forms show that they are ours."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._open: OrderedDict[str, Session] = OrderedDict()

    def begin(self, officer: str, way: Way, role: Role) -> Session:
        """A new one, under a name that nobody has had."""
        now = self._clock()
        session = Session(secrets.token_urlsafe(32), officer, way, role, begun=now, used=now)
        self._open[session.name] = session
        if len(self._open) > MOST_SESSIONS:
            # Whoever has rested longest is signed out.
            self._open.popitem(last=False)
        return session

    def used(self, name: str) -> Session | None:
        """The session of that name, which goes on; None: there is none, or it is over."""
        session = self.held(name)
        if session is not None:
            session.used = self._clock()
            self._open.move_to_end(name)
        return session

    def held(self, name: str) -> Session | None:
        """The same, and it goes on no longer for that."""
        session = self._open.get(name)
        now = self._clock()
        if session and (now - session.used > IDLE_SECONDS or now - session.begun > MOST_SECONDS):
            del self._open[name]
            return None
        return session

    def end(self, session: Session) -> None:
        """Sign out."""
        self._open.pop(session.name, None)

    def token(self, name: str) -> str:
        """The token of the forms that are shown under a cookie's name."""
        return hmac.new(self._secret, name.encode(), "sha256").hexdigest()

    def is_ours(self, name: str, token: str) -> bool:
        """Tell whether a form was shown under that name."""
        return hmac.compare_digest(self.token(name).encode(), token.encode())
