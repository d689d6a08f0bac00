"""Subscribers on a real log and real receivers: in order, signed, again until taken, whoever is killed."""

import asyncio
import json
import random
import secrets
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.following import ANY, Wanted
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.subscribers import (
    SUBSCRIBE,
    Hearer,
    Subscriber,
    Subscribers,
    SubscriptionRefusedError,
    asked,
)
from greenlight.feed import webhooks
from greenlight.feed.addresses import AddressError, checked, is_public
from greenlight.feed.secrets import digest_of, secret_of
from greenlight.feed.webhooks import Webhooks
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.commands import RevokeRole
from greenlight.signing.tokens import sign
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.server import as_writer
from tests.feed.receiver import receiving
from tests.feed.serving import recorded

KEY = bytes(range(32))
APPLICATIONS = Wanted(streams=frozenset({"application"}))


async def subscribe(
    dsn: str, signer: Signer, url: str, wanted: Wanted = APPLICATIONS, *, after: int | None = None
) -> Subscriber:
    """A subscriber for which an officer has signed."""
    identity = f"wh_{secrets.token_hex(8)}"
    stream = officer_stream(signer.actor.officer)
    token = sign(signer.claims(stream, SUBSCRIBE, asked(identity, url, wanted)), signer.key)
    async with Subscribers(as_writer(dsn)) as subscribers:
        secret = digest_of(secret_of(KEY, identity))
        await subscribers.add(identity, url, wanted, token=token, secret=secret, after=after)
        found = await subscribers.one(identity)
    assert found is not None
    return found


async def standing(dsn: str, subscriber: Subscriber) -> Subscriber:
    async with Subscribers(as_writer(dsn)) as subscribers:
        found = await subscribers.one(subscriber.id)
    assert found is not None
    return found


@asynccontextmanager
async def telling(
    dsn: str, *, key: bytes = KEY, private: bool = True, hidden: Collection[str] = ()
) -> AsyncGenerator[None]:
    """A process's telling, while the context lasts."""

    async def readable(_: Hearer, streams: frozenset[str]) -> frozenset[str]:
        return streams - frozenset(hidden)

    async def note(_: Hearer, streams: frozenset[str]) -> None:
        assert not streams & frozenset(hidden)

    hooks = Webhooks(as_writer(dsn), key, readable, note, private=private)
    task = asyncio.create_task(hooks.work(600))
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(dsn: str, subscriber: Subscriber, there: Callable[[Subscriber], bool]) -> Subscriber:
    """How a subscriber stands when something holds of it."""
    async with asyncio.timeout(60):
        while not there(found := await standing(dsn, subscriber)):  # noqa: ASYNC110  # Nothing tells.
            await asyncio.sleep(0.05)
    return found


async def settled(dsn: str, subscriber: Subscriber, position: int) -> Subscriber:
    """How it stands when everything up to a position is done with."""
    return await until(dsn, subscriber, lambda each: each.position >= position)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """What is tried again is tried soon."""
    monkeypatch.setattr(webhooks, "FIRST_REST", 0.01)
    monkeypatch.setattr(webhooks, "LOOK", 0.1)


async def test_a_receiver_is_told_everything_in_order_and_can_tell_by_whom(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with receiving() as receiver:
        before = await recorded(recorder, crowd, "A000001")
        subscriber = await subscribe(dsn, crowd.officer, receiver.url, after=before - 1)
        async with telling(dsn):
            await receiver.until(lambda: len(receiver.got) == 1)
            positions = [
                before,
                *[await recorded(recorder, crowd, "A000001", version) for version in range(1, 5)],
            ]
            await settled(dsn, subscriber, positions[-1])
    assert receiver.positions == positions
    assert len(set(receiver.ids)) == len(positions)
    secret = Webhook(secret_of(KEY, subscriber.id))
    for headers, body in receiver.got:
        assert headers["content-type"] == "application/cloudevents+json"
        event = secret.verify(body, headers)
        assert event["subject"] == "application-A000001"
        with pytest.raises(WebhookVerificationError):
            secret.verify(body.replace(b"A000001", b"A000002"), headers)


async def test_a_subscriber_hears_what_it_wants_and_may_and_the_others_are_behind_it(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with receiving() as receiver:
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        seen = await recorded(recorder, crowd, "A000001")
        last = await recorded(recorder, crowd, "A000002")
        async with telling(dsn, hidden={"application-A000002"}):
            await settled(dsn, subscriber, last)
    assert receiver.positions == [seen]


async def test_what_fails_is_sent_again_before_anything_that_follows(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda number: 503 if number in {0, 1, 4} else 200
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        first, *_, last = [await recorded(recorder, crowd, "A000001", version) for version in range(3)]
        async with telling(dsn):
            stands = await settled(dsn, subscriber, last)
        assert receiver.positions == [first, first, first, first + 1, last, last]
        assert len(set(receiver.ids)) == 3, "again means under the same id"
        assert (stands.failures, stands.error, stands.dead) == (0, None, 0)


async def test_what_a_receiver_does_not_want_is_dead_after_some_tries_and_can_be_replayed(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with receiving() as receiver:
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        first, second = [await recorded(recorder, crowd, "A000001", version) for version in range(2)]
        receiver.answer = lambda number: 422 if number < webhooks.TRIES else 200
        async with telling(dsn), Subscribers(as_writer(dsn)) as subscribers:
            stands = await settled(dsn, subscriber, second)
            assert stands.dead == 1
            assert receiver.positions == [first] * webhooks.TRIES + [second]
            (dead,) = await subscribers.dead(subscriber.id)
            assert (dead.position, dead.tries, dead.error) == (first, webhooks.TRIES, "answered 422")
            assert not await subscribers.replay(subscriber.id, second + 1), "the log has not reached it"
            assert await subscribers.replay(subscriber.id, first - 1)
            stands = await settled(dsn, subscriber, second)
        assert stands.dead == 0
        assert receiver.positions[-2:] == [first, second]
        assert len(set(receiver.ids)) == 2


@pytest.mark.parametrize("answer", [301, 307])
async def test_nobody_is_led_elsewhere(dsn: str, recorder: Recorder, crowd: Crowd, answer: int) -> None:
    async with receiving() as receiver, receiving() as other:
        receiver.answer, receiver.headers = lambda _: answer, {"location": other.url}
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        position = await recorded(recorder, crowd, "A000001")
        async with telling(dsn):
            stands = await settled(dsn, subscriber, position)
        assert stands.dead == 1
        assert not other.got


async def test_who_says_that_they_are_gone_is_left_alone_until_somebody_resumes(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with receiving() as receiver, Subscribers(as_writer(dsn)) as subscribers:
        receiver.answer = lambda number: 200 if number else 410
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        position = await recorded(recorder, crowd, "A000001")
        async with telling(dsn):
            await until(dsn, subscriber, lambda each: each.paused is not None)
            await asyncio.sleep(0.5)
            assert receiver.positions == [position]
            assert await subscribers.resume(subscriber.id)
            await settled(dsn, subscriber, position)
        assert receiver.positions == [position] * 2


@pytest.mark.parametrize("what", ["role", "place", "key", "earlier"])
async def test_nothing_is_told_where_it_must_not_be(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection, what: str
) -> None:
    """The role ended; the database is a copy; the secret is another than the receiver's; the log was taken
    back to before what was told."""
    async with receiving() as receiver:
        subscriber = await subscribe(dsn, crowd.countersigner, receiver.url)
        await recorded(recorder, crowd, "A000001")
        if what == "role":
            actor = crowd.countersigner.actor
            await crowd.change(recorder, actor.officer, RevokeRole(role=actor.role))
        if what == "place":
            await database.execute("UPDATE greenlight.subscriber SET place = 'another/1'")
        if what == "earlier":
            await database.execute("UPDATE greenlight.subscriber SET position = 10000")
        async with telling(dsn, key=bytes(32) if what == "key" else KEY):
            await until(dsn, subscriber, lambda each: each.paused is not None)
        assert not receiver.got


async def test_a_private_address_is_told_nothing_unless_the_deployment_says_so(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    async with receiving() as receiver:
        subscriber = await subscribe(dsn, crowd.officer, receiver.url.replace("http:", "https:"))
        await recorded(recorder, crowd, "A000001")
        async with telling(dsn, private=False):
            stands = await until(dsn, subscriber, lambda each: each.error is not None)
        assert "not public" in (stands.error or "")
        assert not receiver.got


async def test_one_that_does_not_answer_holds_up_no_other(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    async with receiving() as receiver:
        # It takes connections, and nobody answers there.
        silent = socket.create_server(("127.0.0.1", 0))
        await subscribe(dsn, crowd.officer, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        async with telling(dsn):
            for version in range(3):
                await settled(dsn, subscriber, await recorded(recorder, crowd, "A000001", version))
        silent.close()


async def test_two_processes_tell_once(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    async with receiving() as receiver:
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        async with telling(dsn):
            await asyncio.sleep(0.3)
            other = Webhooks(as_writer(dsn), KEY, _all, _none, private=True)
            await other.work(30)
            positions = [await recorded(recorder, crowd, "A000001", version) for version in range(5)]
            await settled(dsn, subscriber, positions[-1])
        assert receiver.positions == positions


async def _all(_: Hearer, streams: frozenset[str]) -> frozenset[str]:
    return streams


async def _none(_: Hearer, streams: frozenset[str]) -> None:
    return


async def test_whoever_tells_is_killed_and_nothing_is_lost_or_out_of_order(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    """A repeated message has the id that it had, and comes before all that follow it."""
    key = tmp_path / "webhooks.key"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    chance = random.Random(7)
    async with receiving() as receiver:
        subscriber = await subscribe(dsn, crowd.officer, receiver.url)
        positions = [await recorded(recorder, crowd, "A000001", version) for version in range(40)]
        killed = 0
        while (await standing(dsn, subscriber)).position < positions[-1]:
            came = len(receiver.got)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.feed.teller", as_writer(dsn), str(key))
            )
            wanted = min(came + chance.randint(5, 12), came + len(positions))
            try:
                await receiver.until(
                    lambda wanted=wanted: len(receiver.got) >= wanted or positions[-1] in receiver.positions
                )
                if positions[-1] in receiver.positions:
                    await settled(dsn, subscriber, positions[-1])
            finally:
                process.send_signal(signal.SIGKILL)
                await process.wait()
            killed += 1
    assert killed >= 3
    once = list(dict.fromkeys(receiver.positions))
    assert once == positions
    for before, after in zip(receiver.positions, receiver.positions[1:], strict=False):
        assert after in {before, before + 1}, "the last one once more, or the next one"
    assert len(set(receiver.ids)) == len(positions)


@pytest.mark.parametrize("what", ["stranger", "role", "body", "expired", "log"])
async def test_nobody_subscribes_who_has_not_signed_it(dsn: str, crowd: Crowd, what: str) -> None:
    signer = Signer(crowd.officer.actor, log=crowd.officer.log) if what == "stranger" else crowd.officer
    url, identity = "https://example.org/", f"wh_{secrets.token_hex(8)}"
    stream = officer_stream(signer.actor.officer)
    body = asked(identity, "https://example.net/" if what == "body" else url, ANY)
    every: Mapping[str, dict[str, object]] = {
        "role": {"role": "executive"},
        "expired": {"iat": 1_700_000_000, "exp": 1_700_000_300},
        "log": {"log": "production:00000000-0000-0000-0000-000000000000"},
    }
    token = sign(signer.claims(stream, SUBSCRIBE, body, **every.get(what, {})), signer.key)
    async with Subscribers(as_writer(dsn)) as subscribers:
        secret = digest_of(secret_of(KEY, identity))
        with pytest.raises(SubscriptionRefusedError):
            await subscribers.add(identity, url, ANY, token=token, secret=secret, after=None)
        assert not await subscribers.all()


async def test_no_secret_is_in_the_database(dsn: str, crowd: Crowd, database: Connection) -> None:
    subscriber = await subscribe(dsn, crowd.officer, "https://example.org/")
    (row,) = await database.fetch("SELECT row_to_json(s)::text AS row FROM greenlight.subscriber s")
    secret = secret_of(KEY, subscriber.id)
    assert secret not in str(row["row"])
    assert KEY.hex() not in str(row["row"])
    assert json.loads(str(row["row"]))["secret"] == digest_of(secret)
    with pytest.raises(DatabaseError):
        await database.execute("INSERT INTO greenlight.dead_letter VALUES ('wh_0', 1, 1, 'x', now())")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b:1::7f00:1", False),
        ("::ffff:0:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("fec0::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
    ],
)
def test_public_is_what_anybody_could_reach(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) == public


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https:///nowhere",
        "https://example.org:0/",
        "https://example.org:70000/",
        "https://exa mple.org/",
        "https://ex\u00e4mple.org/",
        f"https://example.org/{'a' * 2000}",
    ],
)
def test_an_address_of_another_form_is_not_taken(url: str) -> None:
    with pytest.raises(AddressError):
        checked(url, private=False)
    assert checked("https://example.org:8443/hook?a=b", private=False).hostname == "example.org"


async def test_what_is_removed_is_gone(dsn: str, crowd: Crowd) -> None:
    subscriber = await subscribe(dsn, crowd.officer, "https://example.org/")
    async with Subscribers(as_writer(dsn)) as subscribers:
        assert await subscribers.remove(subscriber.id)
        assert not await subscribers.remove(subscriber.id)
        assert not await subscribers.pause(subscriber.id, "gone")
