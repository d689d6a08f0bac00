"""Subscribers: those told of events by webhook, on whose behalf, and how far.

An officer asks for it by a signed token, and their subscriber hears what they may read, for as long as they
have the role and the key is not revoked. ``greenlight.feed.webhooks`` tells them.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Final

from pydantic import StringConstraints

from greenlight.eventlog.callers import registered_key
from greenlight.eventlog.database import Connection, connection, parse
from greenlight.eventlog.following import Wanted
from greenlight.eventlog.payload import proof_json
from greenlight.eventlog.session import OverSession
from greenlight.eventlog.stored import Head, Place, read_head, read_place
from greenlight.kernel.authority import Claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Proof
from greenlight.kernel.model import Digest, Instant, JsonObject, Model
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.keys import KeyId
from greenlight.signing.algorithm import ProofError
from greenlight.signing.tokens import Token

SUBSCRIBE: Final = "subscribe"
"""The word that an officer signs; it is no command of the law, and of no stream but the officer's own."""

SubscriberId = Annotated[str, StringConstraints(pattern=r"^wh_[0-9a-f]{16}$")]


class Hearer(Actor):
    """The officer on whose behalf a subscriber hears, by the key with which they asked for it."""

    kid: KeyId


class Subscriber(Model):
    """Everything up to ``position`` is done with; the log stands at ``head``. ``paused`` says why nothing is
    sent, None: it is. ``failures`` are in a row, of what comes next; ``entitled``: the officer has the role
    and the key."""

    id: SubscriberId
    url: str
    types: tuple[str, ...]
    streams: tuple[str, ...]
    officer: str
    person: str
    organisation: str
    role: Role
    kid: KeyId
    place: str
    secret: Digest
    created_at: Instant
    position: int
    head: int
    paused: str | None
    failures: int
    failing_since: Instant | None
    next_try: Instant | None
    error: str | None
    dead: int
    entitled: bool

    @property
    def hearer(self) -> Hearer:
        return Hearer(
            officer=self.officer,
            person=self.person,
            organisation=self.organisation,
            role=self.role,
            kid=self.kid,
        )

    @property
    def wanted(self) -> Wanted:
        return Wanted(frozenset(self.types), frozenset(self.streams))


class DeadLetter(Model):
    """An event that a subscriber would not take, with the last of its answers."""

    position: int
    tries: int
    error: str
    since: Instant
    at: Instant


class SubscriptionRefusedError(Exception):
    """Nothing shows that the officer asks for it. ``code`` is that of a command's refusal."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Lead:
    """The right to tell subscribers, for as long as its connection lasts."""

    def __init__(self, held: Connection) -> None:
        self._held = held

    @property
    def lasts(self) -> bool:
        return not self._held.is_closed()


_SUBSCRIBERS = """
SELECT s.id, url, types, streams, s.officer, person, organisation, s.role, s.kid, place, secret, created_at,
       position, (SELECT position FROM greenlight.log) AS head, paused, failures, failing_since,
       next_try, error,
       (SELECT count(*) FROM greenlight.dead_letter d WHERE d.subscriber = s.id) AS dead,
       EXISTS (SELECT FROM greenlight.officer_role r
               WHERE (r.officer, r.role) = (s.officer, s.role) AND r.valid_from <= clock_timestamp()
                 AND clock_timestamp() < coalesce(r.valid_until, 'infinity'))
       AND EXISTS (SELECT FROM greenlight.officer_key k
                   WHERE (k.kid, k.officer) = (s.kid, s.officer) AND k.revoked_at IS NULL) AS entitled
FROM greenlight.subscriber s
"""
_DUE = f"""{_SUBSCRIBERS}
WHERE paused IS NULL AND (next_try IS NULL OR next_try <= clock_timestamp())
  AND position <> (SELECT position FROM greenlight.log)
"""  # noqa: S608  # Constants.
_LEAD = "greenlight webhooks"


def asked(subscriber: str, url: str, wanted: Wanted) -> JsonObject:
    """The claims that an officer signs who asks for a subscriber."""
    return {
        "id": subscriber,
        "url": url,
        "types": [*sorted(wanted.types)],
        "streams": [*sorted(wanted.streams)],
    }


@asynccontextmanager
async def leading(dsn: str) -> AsyncGenerator[Lead | None]:
    """Be the one that tells subscribers, while the context lasts; None: another process is.

    :raises OSError, DatabaseError: the server cannot be reached or does not let us in.
    """
    async with connection(dsn, application="greenlight-webhooks-lead") as held:
        free = await held.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", _LEAD)
        yield Lead(held) if free else None


class Subscribers(OverSession):
    """Subscribers as a database has them; whoever tells them needs an object of their own."""

    def __init__(self, dsn: str, *, application: str = "greenlight-webhooks") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)

    async def head(self) -> Head:
        """The position of the last event."""
        return await read_head(self._session)

    async def place(self) -> Place:
        """The database that this is."""
        return await read_place(self._session)

    async def all(self) -> tuple[Subscriber, ...]:
        """All of them, the oldest first."""
        rows = await self._session.fetch(f"{_SUBSCRIBERS} ORDER BY created_at, id")
        return tuple(parse(Subscriber, row) for row in rows)

    async def one(self, subscriber: str) -> Subscriber | None:
        rows = await self._session.fetch(f"{_SUBSCRIBERS} WHERE s.id = $1", subscriber)
        return parse(Subscriber, rows[0]) if rows else None

    async def due(self) -> tuple[Subscriber, ...]:
        """Those that are not up to date, and not at rest after a failure."""
        return tuple(parse(Subscriber, row) for row in await self._session.fetch(_DUE))

    async def add(
        self, subscriber: str, url: str, wanted: Wanted, *, token: str, secret: Digest, after: int | None
    ) -> None:
        """Keep a subscriber. It hears what comes after a position; None: from now on.

        :raises SubscriptionRefusedError: nobody with this key may ask for it now, or signed this.
        """
        claims, kid = await self._signed(token)
        stream = officer_stream(claims.sub)
        if (claims.cmd, claims.aud, claims.body) != (
            SUBSCRIBE,
            stream,
            digest(asked(subscriber, url, wanted)),
        ):
            raise SubscriptionRefusedError(RefusalCode.BODY_MISMATCH, "something else was signed")
        rows = await self._session.fetch(
            "SELECT code, message FROM greenlight.subscribe($1, $2, $3, $4, $5, $6, $7, $8)",
            proof_json(Proof(token=token, claims=claims), kid, stream),
            subscriber,
            url,
            sorted(wanted.types),
            sorted(wanted.streams),
            (await self.place()).database,
            secret,
            after,
        )
        if rows[0]["code"] is not None:
            raise SubscriptionRefusedError(str(rows[0]["code"]), str(rows[0]["message"]))

    async def _signed(self, token: str) -> tuple[Claims, KeyId]:
        try:
            read = Token(token)
            key = await registered_key(self._session, read.kid)
            if key is None:
                raise SubscriptionRefusedError(RefusalCode.KEY_NOT_VALID, "the key is not registered")
            return read.claims(key), read.kid
        except ProofError as error:
            raise SubscriptionRefusedError(RefusalCode.PROOF_INVALID, str(error)) from error

    async def remove(self, subscriber: str) -> bool:
        """False: there is none of that id, as of the others."""
        return await self._did("unsubscribe($1)", subscriber)

    async def pause(self, subscriber: str, why: str) -> bool:
        return await self._did("pause_subscriber($1, $2, NULL)", subscriber, why)

    async def resume(self, subscriber: str) -> bool:
        """From now on this database tells it."""
        place = (await self.place()).database
        return await self._did("pause_subscriber($1, NULL, $2)", subscriber, place)

    async def replay(self, subscriber: str, after: int) -> bool:
        """Tell everything after a position again. False: the log has not reached it, or there is none."""
        return await self._did("replay_subscriber($1, $2)", subscriber, after)

    async def move(self, subscriber: str, stood: int, reached: int) -> bool:
        """Everything up to ``reached`` is done with. False: it is not for the caller to go on from there."""
        return await self._did("move_subscriber($1, $2, $3)", subscriber, stood, reached)

    async def failed(
        self, subscriber: str, stood: int, failed: int, why: str, rest: timedelta, *, dead: bool
    ) -> None:
        """The event at ``failed`` was not taken: it is tried again after a rest, or ``dead``."""
        await self._session.fetch(
            "SELECT greenlight.fail_subscriber($1, $2, $3, $4, $5, $6)",
            *(subscriber, stood, failed, why, rest, dead),
        )

    async def dead(self, subscriber: str) -> tuple[DeadLetter, ...]:
        """The events that it would not take, by position."""
        rows = await self._session.fetch(
            "SELECT position, tries, error, since, at FROM greenlight.dead_letter WHERE subscriber = $1"
            " ORDER BY position",
            subscriber,
        )
        return tuple(parse(DeadLetter, row) for row in rows)

    async def _did(self, call: str, *given: object) -> bool:
        rows = await self._session.fetch(f"SELECT greenlight.{call} AS done", *given)  # Constants.
        return bool(rows[0]["done"])
