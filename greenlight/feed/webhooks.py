"""Telling subscribers by webhook: each event after the one before it, signed, until it is taken.

An event counts as delivered when that is in the database. Whoever dies between the receiver's answer and
that is followed by another who sends the same message again, under the same ``webhook-id``: by that a
receiver knows it.
"""

import asyncio
import random
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final, NamedTuple

import httpx
import structlog
from standardwebhooks.webhooks import Webhook

from greenlight.eventlog.subscribers import Hearer, Lead, Subscriber, Subscribers, leading
from greenlight.feed.addresses import AddressError, checked, looked_up
from greenlight.feed.audience import Note, Readable
from greenlight.feed.cloudevents import EVENT, CloudEvent
from greenlight.feed.feed import Feed
from greenlight.feed.secrets import digest_of, secret_of

SECONDS: Final = 15.0
"""For a receiver to answer, the connection included."""
TRIES: Final = 5
"""Of an event that a receiver says it does not want. Then it is dead, and the next one comes."""
AWAY: Final = timedelta(days=3)
"""A receiver that has taken nothing for so long is paused. Nothing is dropped: it goes on from there."""
FIRST_REST, LONGEST_REST = 1.0, 600.0
"""Seconds between two tries."""
LOOK: Final = 1.0
"""Seconds between two looks at who is due, where the log does not grow."""
PAGE: Final = 100
MOST_READ: Final = 64 * 1024
"""Bytes of an answer that are read, for the connection's sake; nothing is made of them."""

_AGAIN: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS},
)
"""Answers below 500 that are about the moment, and not about the event."""

_log = structlog.stdlib.get_logger("webhooks")


class Failure(NamedTuple):
    """The reason for which an event was not taken. ``final``: the receiver does not want this one; ``gone``:
    none at all."""

    why: str
    final: bool = False
    gone: bool = False
    rest: float = 0
    """Seconds that the receiver asks for."""


class Webhooks:
    """Tells all subscribers of a log; any number of processes may try, and one of them does."""

    def __init__(
        self, dsn: str, key: bytes, readable: Readable[Hearer], note: Note[Hearer], *, private: bool
    ) -> None:
        """``key``: of which the secrets are derived. ``private``: http, and addresses that are not public."""
        self._dsn = dsn
        self._subscribers = Subscribers(dsn)
        self._feed = Feed(dsn, readable, note, application="greenlight-webhooks")
        self._key = key
        self._private = private
        self._tls = ssl.create_default_context()

    async def work(self, seconds: float) -> None:
        """Tell whatever there is to tell, for so many seconds, or not at all while another process does.

        :raises LogUnavailableError: the log is away.
        """
        end = time.monotonic() + seconds
        async with leading(self._dsn) as lead, self._subscribers:
            if lead is None or not await self._subscribers.all():
                return
            place = (await self._subscribers.place()).database
            async with self._feed.running():
                await self._tell_all(lead, place, end)

    async def _tell_all(self, lead: Lead, place: str, end: float) -> None:
        telling: dict[str, asyncio.Task[None]] = {}
        try:
            while lead.lasts and (now := time.monotonic()) < end:
                head = self._feed.head
                for each in await self._subscribers.due():
                    if each.id in telling and not telling[each.id].done():
                        continue
                    if each.id in telling:
                        telling[each.id].result()
                    telling[each.id] = asyncio.create_task(self._tell(each, place), name=each.id)
                await self._feed.grown(head, min(LOOK, end - now))
        finally:
            for task in telling.values():
                task.cancel()
            # Each hears of it, and ends by itself; what was under way is sent again, under its id.
            await asyncio.gather(*telling.values(), return_exceptions=True)

    async def _tell(self, each: Subscriber, place: str) -> None:
        """Tell one subscriber what it has not heard, up to the end of the log or the first failure."""
        if objection := self._objection(each, place):
            _log.error("webhook paused", webhook=each.id, why=objection)
            await self._subscribers.pause(each.id, objection)
            return
        secret = Webhook(secret_of(self._key, each.id))
        stood = each.position
        async with httpx.AsyncClient(
            verify=self._tls, trust_env=False, follow_redirects=False, timeout=SECONDS
        ) as client:
            while stood < self._feed.head:
                heard = await self._feed.page(each.hearer, stood, each.wanted, limit=PAGE)
                for event in heard.events:
                    position = event.fact.position
                    if failure := await self._sent(client, each, secret, event):
                        await self._failed(each, stood, position, failure)
                        return
                    if not await self._subscribers.move(each.id, stood, position):
                        return
                    stood = position
                if heard.reached > stood:
                    if not await self._subscribers.move(each.id, stood, heard.reached):
                        return
                    stood = heard.reached

    def _objection(self, each: Subscriber, place: str) -> str | None:
        """Say why nothing may be told to a subscriber, if so."""
        if not each.entitled:
            return f"{each.officer} has not the role or the key any more by which they asked for it"
        if each.place != place:
            return "the log was carried to another database: resume it where it is to be told from"
        if each.position > each.head:
            return (
                f"the log was taken back to {each.head}, before what was delivered: say from where to replay"
            )
        if each.secret != digest_of(secret_of(self._key, each.id)):
            return "its secret is of another key: see GREENLIGHT_WEBHOOK_KEY"
        return None

    async def _failed(self, each: Subscriber, stood: int, position: int, failure: Failure) -> None:
        failures = each.failures + 1 if each.position == stood else 1
        since = each.failing_since if each.position == stood else None
        if failure.gone or (since is not None and datetime.now(UTC) - since > AWAY):
            _log.error("webhook paused", webhook=each.id, why=failure.why)
            await self._subscribers.pause(each.id, failure.why)
            return
        dead = failure.final and failures >= TRIES
        rest = min(LONGEST_REST, FIRST_REST * 2.0 ** min(failures - 1, 32)) * random.uniform(0.5, 1)  # noqa: S311  # No secret.
        rest = max(rest, min(failure.rest, LONGEST_REST))
        _log.warning("webhook not taken", webhook=each.id, position=position, why=failure.why, dead=dead)
        await self._subscribers.failed(
            each.id, stood, position, failure.why, timedelta(seconds=rest), dead=dead
        )

    async def _sent(
        self, client: httpx.AsyncClient, each: Subscriber, secret: Webhook, event: CloudEvent
    ) -> Failure | None:
        """Send one event; None: it was taken."""
        identity, now = f"msg_{each.id}_{event.fact.position}", datetime.now(UTC)
        headers = {
            "content-type": EVENT,
            "webhook-id": identity,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": secret.sign(identity, now, event.text),
        }
        try:
            async with asyncio.timeout(SECONDS):
                url = checked(each.url, private=self._private)
                addresses = await looked_up(url, private=self._private)
                return await self._posted(client, httpx.URL(each.url), addresses, headers, event.text)
        except AddressError as error:
            return Failure(str(error))
        except TimeoutError:
            return Failure(f"no answer within {SECONDS:.0f} s")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Failure(f"no answer: {type(error).__name__}")

    async def _posted(
        self,
        client: httpx.AsyncClient,
        url: httpx.URL,
        addresses: Sequence[str],
        headers: dict[str, str],
        body: str,
    ) -> Failure | None:
        for address in addresses:
            # To the address that was looked at; the certificate must be the name's.
            request = client.build_request(
                "POST",
                url.copy_with(host=address),
                headers={**headers, "host": url.netloc.decode("ascii")},
                content=body,
                extensions={"sni_hostname": url.host},
            )
            try:
                answer = await client.send(request, stream=True)
            except httpx.ConnectError:
                if address == addresses[-1]:
                    raise
                continue
            try:
                await _read(answer)
            finally:
                await answer.aclose()
            return _failure(answer)
        return Failure("it has no address")


async def _read(answer: httpx.Response) -> None:
    """So that the connection serves again, unless the answer is long."""
    read = 0
    async for part in answer.aiter_raw():
        read += len(part)
        if read > MOST_READ:
            return


def _failure(answer: httpx.Response) -> Failure | None:
    status = answer.status_code
    if 200 <= status < 300:
        return None
    after = answer.headers.get("retry-after", "")
    return Failure(
        f"answered {status}",
        # To be led elsewhere is no answer: where to was not looked at.
        final=300 <= status < 500 and status not in _AGAIN,
        gone=status == HTTPStatus.GONE,
        rest=float(after) if after.isascii() and after.isdecimal() and len(after) < 6 else 0,
    )
