"""Limits of what strangers may ask: how large, how long, how many at once and how often."""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from greenlight.serving.networks import network
from greenlight.serving.problems import Problem, too_many, unavailable

MAX_BODY = 256 * 1024
"""Bytes of a request's body: a command's is at most 64 KiB in its canonical form, and a token 4 KiB."""
MAX_HEAD = 16 * 1024
"""Bytes of a request's head: a token for reading has less than one thousand."""
BODY_SECONDS = 10.0
"""For a request's body to come, from its head on."""
AT_ONCE = 256
"""Requests under way, whose bodies have come; waiting ones (for a receipt, for a position) among them."""
OF_ONE_KEY = 64
"""The share of one key in these."""
WAITING_OF_ONE_KEY = 8
"""Requests of one key that wait for a position of the log."""
BODIES, BODIES_OF_ONE_NETWORK = 1_000, 64
"""Bodies that are still coming."""
PROBES = frozenset({"/livez", "/healthz"})
"""Paths that tell whether a program is well: answered however much it has to do."""
_MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rate:
    """So many requests in a second for each name, and as many again at once after a rest (a token bucket)."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str) -> None:
        """Count a request.

        :raises Problem: there were too many; it says when the next is answered.
        """
        now = self._clock()
        bucket = self._buckets.pop(name, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._per_second)
        bucket.at = now
        self._buckets[name] = bucket
        if len(self._buckets) > _MOST_BUCKETS:
            # Whoever has rested longest has a full one anyway.
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            seconds = (1 - bucket.tokens) / self._per_second
            raise too_many(f"more than {self._per_second:g} requests a second", max(1, round(seconds + 0.5)))
        bucket.tokens -= 1

    def spent(self, name: str) -> bool:
        """Tell whether a request would be one too many, without counting it."""
        bucket = self._buckets.get(name)
        return bucket is not None and bucket.tokens + (self._clock() - bucket.at) * self._per_second < 1


class Shares:
    """So many at once of all, and so many of each name; ``what`` people call those of one."""

    def __init__(
        self, most: int, in_all: int | None = None, *, what: str = "requests of yours are under way"
    ) -> None:
        self._most, self._in_all, self._what = most, in_all, what
        self._taken: Counter[str] = Counter()

    @contextmanager
    def of(self, name: str) -> Generator[None]:
        """Have one more under way for a name while the context lasts.

        :raises Problem: there are as many as there may be.
        """
        self.take(name)
        try:
            yield
        finally:
            self.give_back(name)

    def take(self, name: str) -> None:
        """Have one more, until it is given back.

        :raises Problem: there are as many as there may be.
        """
        if self._in_all is not None and self._taken.total() >= self._in_all:
            raise unavailable(f"{self._in_all} requests are under way", 1)
        if self._taken[name] >= self._most:
            raise too_many(f"{self._most} {self._what}", 1)
        self._taken[name] += 1

    def give_back(self, name: str) -> None:
        """Have one less of those that were taken."""
        self._taken[name] -= 1
        if not self._taken[name]:
            del self._taken[name]


class Documents:
    """Places for documents that are under way, each of which is in memory meanwhile: two of a key, three of
    an organisation, six of all."""

    def __init__(self) -> None:
        self._of_key = Shares(2, 6, what="documents of yours are under way")
        self._of_organisation = Shares(3, what="documents of your organisation are under way")

    @contextmanager
    def of(self, kid: str, organisation: str) -> Generator[None]:
        """Have one more under way while the context lasts.

        :raises Problem: there are as many as there may be.
        """
        with self._of_key.of(kid), self._of_organisation.of(organisation):
            yield


def part(share: float, places: int) -> int:
    """The places of one network, of which it has at least one; ``share``: which part of all."""
    return max(1, int(share * places))


class Limited:
    """Holds every request against the limits before anything else looks at it; ``told`` answers with what
    is wrong, and ``failures``, if there are any, count it against the network from which it came. ``share``:
    the part of the places that those of one network have."""

    def __init__(
        self,
        app: ASGIApp,
        told: Callable[[Problem], Response],
        *,
        share: float,
        failures: Rate | None = None,
        at_once: int = AT_ONCE,
        body_seconds: float = BODY_SECONDS,
        max_body: int = MAX_BODY,
    ) -> None:
        self._app, self._told, self._failures = app, told, failures
        self._at_once, self._body_seconds, self._max_body = at_once, body_seconds, max_body
        self._under_way = 0
        self._of_network = Shares(
            part(share, at_once), what="requests of your network are under way (GREENLIGHT_NETWORK_SHARE)"
        )
        self._coming = Shares(BODIES_OF_ONE_NETWORK, BODIES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            # Nobody is known by now: what is slow to come takes nothing from those whose requests are there.
            with self._coming.of(network(scope)) if _has_body(scope) else nullcontext():
                body = await self._taken(scope, receive)
        except Problem as problem:
            problem.headers["Connection"] = "close"
            await self._told(problem)(scope, receive, send)
            return
        asked = _given(body, receive)
        if scope["path"] in PROBES:
            await self._app(scope, asked, send)
            return
        whose = network(scope)
        try:
            self._take(whose)
        except Problem as problem:
            await self._told(problem)(scope, receive, send)
            return
        try:
            await self._app(scope, asked, send)
        finally:
            self._under_way -= 1
            self._of_network.give_back(whose)

    def _take(self, whose: str) -> None:
        if self._under_way >= self._at_once:
            raise unavailable(f"{self._at_once} requests are under way", 1)
        self._of_network.take(whose)
        self._under_way += 1

    async def _taken(self, scope: Scope, receive: Receive) -> bytes:
        """The body; what is none counts against where it came from."""
        try:
            return await self._body(scope, receive)
        except Problem:
            if self._failures is not None:
                self._failures.take(network(scope))
            raise

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body, which nobody waits for longer or takes more of than there may be."""
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEAD:
            raise Problem(431, "too_large", f"a request's head has at most {MAX_HEAD} bytes")
        told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not told.isdigit() or int(told) > self._max_body:
            raise self._too_large()
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise Problem(400, "malformed", "the body broke off")
                    body += message.get("body", b"")
                    if len(body) > self._max_body:
                        raise self._too_large()
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise Problem(408, "too_slow", f"the body did not come in {self._body_seconds:g} s") from None

    def _too_large(self) -> Problem:
        return Problem(413, "too_large", f"a body has at most {self._max_body} bytes")


def _has_body(scope: Scope) -> bool:
    """Tell whether more than a head is to come (RFC 9112, section 6.3)."""
    said = dict(scope["headers"])
    return b"transfer-encoding" in said or said.get(b"content-length", b"0") != b"0"


def _given(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """The body once, and then what comes: that the caller has gone."""
    told = False

    async def give() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
