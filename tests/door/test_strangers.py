"""What strangers try at the door: each is told what is wrong, and the door stays open to all others."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from greenlight.door.paths import HEADERS
from greenlight.door.paths import told as answered
from greenlight.embedded.users import READER
from greenlight.serving.limits import (
    AT_ONCE,
    BODIES_OF_ONE_NETWORK,
    MAX_BODY,
    MAX_HEAD,
    WAITING_OF_ONE_KEY,
    Limited,
    Rate,
    Shares,
    part,
)
from greenlight.serving.problems import Problem
from greenlight.serving.server import MOST_CONNECTIONS, MOST_WAITING
from tests.addresses import as_user
from tests.door.doors import Door, door, nowhere
from tests.door.test_caller import reading
from tests.eventlog.crowd import Crowd

DOCKET, COMMAND = "/docket", "/cases/application-Z000001/withdraw"
HIDDEN = "/cases/application-Z000001"


@pytest_asyncio.fixture
async def at_door(dsn: str, tmp_path: Path) -> AsyncGenerator[Door]:
    async with door(as_user(dsn, READER), await nowhere(), tmp_path) as opened:
        yield opened


async def raw(at_door: Door, *parts: bytes, pause: float = 0.0) -> bytes:
    """All that is answered to bytes that are sent one after the other."""
    at = urlsplit(at_door.url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_nobody_is_answered_without_a_token(at_door: Door, crowd: Crowd) -> None:
    for path in (
        DOCKET,
        HIDDEN,
        f"{HIDDEN}/dossier",
        "/statistics",
        "/outlook",
        "/rules",
        "/tasks",
        "/licenses",
    ):
        said = await at_door.http.get(path)
        assert (said.status_code, said.json()["code"]) == (401, "unsigned"), path
        assert said.headers["www-authenticate"].startswith("Bearer")
    for path in ("/authorised", "/determine", "/covered"):
        assert (await at_door.http.post(path, json={})).status_code == 401
    token = reading(crowd.officer)
    for headers in ({"X-Authorization": token}, {"Cookie": f"token={token}"}):
        assert (await at_door.http.get(DOCKET, headers=headers)).status_code == 401
    assert (await at_door.http.get(f"{DOCKET}?access_token={token}")).status_code == 401


async def test_every_answer_is_the_callers_alone_and_tells_nothing_of_the_server(
    at_door: Door, crowd: Crowd
) -> None:
    answers = [
        await at_door.get(DOCKET, crowd.officer),
        await at_door.http.get(DOCKET),
        await at_door.http.get("/nowhere"),
        await at_door.http.put(DOCKET),
        await at_door.http.get("/openapi.json"),
    ]
    for said in answers:
        assert {key.lower() for key in HEADERS} <= {*said.headers}, said
        assert "server" not in said.headers


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
async def test_what_is_not_asked_for_so_is_told_so(at_door: Door, method: str) -> None:
    said = await at_door.http.request(method, DOCKET)
    assert (said.status_code, said.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in said.headers["allow"]


async def test_head_shows_nothing_that_get_would_not(at_door: Door, crowd: Crowd) -> None:
    said = await at_door.http.head(HIDDEN)
    assert (said.status_code, said.content) == (401, b"")
    said = await at_door.http.head(DOCKET, headers={"Authorization": reading(crowd.officer)})
    assert (said.status_code, said.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/cases/../docket",
        "/cases/%2e%2e/docket",
        "/cases/application-Z000001/",
        "/cases//application-Z000001",
        "/cases/application-Z000001%00",
        "/cases/application-Z000001%2fdossier",
        "/cases/application-Z000001;x=1",
        "/cases/application-%F0%9F%94%91",
        "/cases/APPLICATION-Z000001",
        "/cases/officer-lee/history",
        "/cases/application-Z000001/proofs/0",
        "/cases/application-Z000001/proofs/99999999999999",
        "/cases/application-Z000001/letters/..%2f..%2fetc",
        "/cases/unheard-of",
        "//docket",
        "/docket/",
    ],
)
async def test_no_path_leads_anywhere_else(at_door: Door, crowd: Crowd, path: str) -> None:
    at = urlsplit(at_door.url).netloc
    head = f"GET {path} HTTP/1.1\r\nHost: {at}\r\nAuthorization: {reading(crowd.applicant)}\r\n"
    answer = await raw(at_door, f"{head}Connection: close\r\n\r\n".encode())
    status = int(answer.split(b" ", 2)[1])
    assert status in {400, 404}, answer


async def test_a_body_is_json_whose_every_member_counts(at_door: Door, crowd: Crowd) -> None:
    headers = {"Authorization": reading(crowd.officer), "Content-Type": "application/json"}
    for content, code in (
        (b'{"items": [], "items": []}', "malformed"),
        (b'{"at": NaN}', "malformed"),
        (b"[" * 400 + b"]" * 400, "malformed"),
        (b"", "malformed"),
        (b"\xff", "malformed"),
        (b"null", "malformed"),
        (b'{"destination": "\\ud800"}', "malformed"),
        (b'{"destination": "\\u0000"}', "malformed"),
    ):
        said = await at_door.http.post("/determine", content=content, headers=headers)
        assert (said.status_code, said.json()["code"]) == (400, code), content[:40]
    for content in (b'{"token": "a", "token": "b", "body": {}}', b'{"token": "a", "body": {"x": 1, "x": 2}}'):
        said = await at_door.http.post(COMMAND, content=content, headers=headers)
        assert (said.status_code, said.json()["code"]) == (400, "malformed"), content
    said = await at_door.http.post(
        "/determine", content=b"a=1", headers=headers | {"Content-Type": "text/plain"}
    )
    assert said.status_code == 415


async def test_what_is_too_large_is_not_taken(at_door: Door, crowd: Crowd) -> None:
    over = b"x" * (MAX_BODY + 1)
    said = await at_door.http.post(COMMAND, content=over)
    assert (said.status_code, said.json()["code"]) == (413, "too_large")

    async def bit_by_bit() -> AsyncGenerator[bytes]:
        for start in range(0, len(over), 65_536):
            yield over[start : start + 65_536]

    said = await at_door.http.post(COMMAND, content=bit_by_bit())
    assert said.status_code == 413
    said = await at_door.http.get(DOCKET, headers={"X-More": "x" * (MAX_HEAD + 1)})
    assert (said.status_code, said.json()["code"]) == (431, "too_large")
    assert (await at_door.get(DOCKET, crowd.officer)).status_code == 200


async def test_no_head_and_no_fields_behind_a_body_go_on_for_ever(at_door: Door) -> None:
    """Neither in one field nor in many."""
    begun = b"POST /determine HTTP/1.1\r\nHost: a\r\n"
    behind = begun + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n"
    for head in (begun, behind):
        one = await raw(at_door, head + b"X: ", *[b"x" * 1024] * 40)
        many = await raw(at_door, head, *[b"X-A: " + b"x" * 1000 + b"\r\n"] * 100)
        for answer in (one, many):
            # Not 408, which is for whoever sends too little.
            assert answer == b"" or answer.startswith(b"HTTP/1.1 400"), answer


async def test_no_field_follows_a_body(at_door: Door, crowd: Crowd) -> None:
    """It would say something that a proxy, which looked at the head, has not seen."""
    head = b"POST /determine HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
    head += b"Transfer-Encoding: chunked\r\n"
    shown = f"Authorization: {reading(crowd.officer)}\r\n".encode()
    body, behind = b"\r\n2\r\n{}\r\n0\r\n", b"X-More: a\r\n"
    assert b"items" in await raw(at_door, head + shown + body + b"\r\n")
    # In two pieces: the second comes once the request is under way.
    for parts in ((head + shown + body + behind + b"\r\n",), (head + shown + body, behind + b"\r\n")):
        answer = await raw(at_door, *parts, pause=0.1)
        assert answer.startswith(b"HTTP/1.1 400"), answer
        assert b"items" not in answer


async def test_what_came_before_nonsense_is_answered_first(at_door: Door) -> None:
    answer = await raw(at_door, b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\nNONSENSE\r\n\r\n")
    assert (answer[:12], answer.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 200", 1), answer


async def test_nothing_is_read_behind_an_upgrade(at_door: Door) -> None:
    head = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    behind = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
    for parts in ((head + behind,), (head, behind)):
        answer = await raw(at_door, *parts)
        assert (answer[:12], answer.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 200", 1), answer


async def test_a_connection_has_so_many_requests_waiting(at_door: Door) -> None:
    one = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
    within = await raw(at_door, one * MOST_WAITING + one.replace(b"Host", b"Connection: close\r\nHost"))
    assert within.count(b"HTTP/1.1 200") == MOST_WAITING + 1
    assert (await raw(at_door, one * 400)).count(b"HTTP/1.1 ") <= MOST_WAITING + 1


async def test_who_reads_nothing_is_not_waited_for(
    at_door: Door, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor do they keep the places of others."""
    monkeypatch.setattr("greenlight.serving.server.UNREAD_SECONDS", 0.5)
    at = urlsplit(at_door.url)
    silent: list[socket.socket] = []
    for _ in range(AT_ONCE + 8):
        each = socket.socket()
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        each.connect((at.hostname, at.port))
        each.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * MOST_WAITING)
        silent.append(each)
    try:
        async with asyncio.timeout(30):
            # A short answer: whoever asks here is as slow as all others to read a long one.
            brief = f"{DOCKET}?limit=1"
            while (await at_door.get(brief, crowd.officer)).status_code != 200:  # noqa: ASYNC110  # Nothing tells.
                await asyncio.sleep(0.2)
    finally:
        for each in silent:
            each.close()


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
async def test_a_request_names_one_host(at_door: Door, hosts: bytes) -> None:
    answer = await raw(at_door, b"GET /livez HTTP/1.1\r\n" + hosts + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400"), answer


async def test_a_request_shows_once_who_sends_it(at_door: Door, crowd: Crowd) -> None:
    """A proxy could look at the one, and the door at the other."""
    shown = ("Authorization", reading(crowd.officer))
    for path in (DOCKET, "/livez"):
        said = await at_door.http.get(path, headers=[shown, shown])
        assert (said.status_code, said.json()["code"]) == (400, "malformed"), path
        assert said.headers["connection"] == "close"


async def test_a_target_that_names_a_host_names_that_of_the_request(at_door: Door) -> None:
    for target, status in (
        (b"http://a/livez", b"200"),
        (b"http://A/livez", b"200"),
        (b"http://b/livez", b"400"),
        (b"http://a:1/livez", b"400"),
        (b"http://b@a/livez", b"400"),
        (b"ftp://a/livez", b"400"),
        (b"//a/livez", b"404"),
    ):
        answer = await raw(at_door, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert answer.split(b" ", 2)[1] == status, (target, answer)
        assert status != b"400" or b"application/problem+json" in answer, answer


@pytest.mark.parametrize(
    "line",
    [
        b"GET /livez RTSP/1.0",
        b"SOURCE /livez ICE/1.0",
        b"GET /livez HTTP/2.0",
        b"GET /livez HTTP/0.9",
        b"GET  /livez HTTP/1.1",
        b"GET /livez  HTTP/1.1",
        b"GET /livez",
    ],
)
async def test_a_request_is_one_of_http_as_it_is_spoken_here(at_door: Door, line: bytes) -> None:
    rest = b"\r\nHost: a\r\nConnection: close\r\n\r\n"
    for parts in ((line + rest,), (line[:9], line[9:], rest)):
        answer = await raw(at_door, *parts, pause=0.02)
        assert answer.startswith(b"HTTP/1.1 400 "), answer
        assert b"application/problem+json" in answer
        assert answer.count(b"HTTP/1.1 ") == 1, answer
    good = b"GET /livez HTTP/1.1"
    assert b" 200 " in await raw(at_door, good[:9], good[9:], rest, pause=0.02)


async def test_a_request_says_once_how_long_it_is(at_door: Door) -> None:
    begun = b"POST /determine HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    for lengths in (
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        b"Content-Length: 6\r\nContent-Length: 7\r\n",
    ):
        answer = await raw(at_door, begun + lengths + b"\r\n0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400"), (lengths, answer)


async def test_who_sends_slowly_is_not_waited_for(
    at_door: Door, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.serving.server.HEAD_SECONDS", 0.5)
    assert await raw(at_door, b"GET /docket HTTP/1.1\r\n") == b""
    # Neither does it help to keep sending.
    assert await raw(at_door, *[b"X-A: b\r\n"] * 8, pause=0.1) == b""
    monkeypatch.setattr("greenlight.serving.server.HEAD_SECONDS", 10.0)

    async def slow(scope: object, receive: object, send: object) -> None:
        raise AssertionError("it never gets there")

    sent: list[dict[str, object]] = []

    async def never() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    limited = Limited(slow, answered, share=1, body_seconds=0.1)
    await limited({"type": "http", "headers": [], "method": "POST", "path": "/"}, never, send)  # pyright: ignore[reportArgumentType]
    assert sent[0]["status"] == 408
    assert (await at_door.get(DOCKET, crowd.officer)).status_code == 200


async def test_each_key_has_so_many_requests_and_no_others(dsn: str, crowd: Crowd, tmp_path: Path) -> None:
    async with door(as_user(dsn, READER), await nowhere(), tmp_path, rate=1, burst=3) as opened:
        said = [await opened.get(DOCKET, crowd.officer) for _ in range(5)]
        assert [each.status_code for each in said][:3] == [200] * 3
        assert said[-1].status_code == 429
        assert said[-1].json()["code"] == "too_many_requests"
        assert int(said[-1].headers["retry-after"]) >= 1
        assert (await opened.get(DOCKET, crowd.executive)).status_code == 200


async def test_who_shows_nothing_is_not_looked_at_for_long(
    dsn: str, crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.serving.house.FAILURES_AT_ONCE", 3.0)
    monkeypatch.setattr("greenlight.serving.house.FAILURES_PER_SECOND", 0.01)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path) as opened:
        assert (await opened.get(DOCKET, crowd.officer)).status_code == 200
        # Nobody is somebody else by saying so.
        said = [
            (await opened.http.get(DOCKET, headers={"X-Forwarded-For": f"192.0.2.{number}"})).status_code
            for number in range(5)
        ]
        assert said == [401, 401, 401, 429, 429]
        # Who shares the address and has shown before who they are is not kept out with them.
        assert (await opened.get(DOCKET, crowd.officer)).status_code == 200
        assert (await opened.get(DOCKET, crowd.executive)).status_code == 429


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"body": {}}', "application/json", 400),
        (b'{"token": "", "body": {}}', "application/json", 400),
        (b"token=a", "application/x-www-form-urlencoded", 415),
        (b"x" * (MAX_BODY + 1), "application/json", 413),
    ],
)
async def test_what_nobody_can_read_counts_against_its_address(
    dsn: str,
    crowd: Crowd,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    kind: str,
    status: int,
) -> None:
    monkeypatch.setattr("greenlight.serving.house.FAILURES_AT_ONCE", 3.0)
    monkeypatch.setattr("greenlight.serving.house.FAILURES_PER_SECOND", 0.01)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path) as opened:
        assert (await opened.get(DOCKET, crowd.officer)).status_code == 200
        said = [
            await opened.http.post(
                COMMAND,
                content=content,
                headers={"Content-Type": kind, "X-Forwarded-For": f"192.0.2.{number}"},
            )
            for number in range(5)
        ]
        assert [each.status_code for each in said] == [status] * 3 + [429] * 2
        assert said[-1].json()["code"] == "too_many_requests"
        assert int(said[-1].headers["retry-after"]) >= 1
        # Nobody's question that is no JSON is one of them; who has shown before who they are is answered.
        odd = await opened.http.post("/determine", content=b"a=1", headers={"Content-Type": "text/plain"})
        assert odd.status_code == 429
        assert (await opened.get(DOCKET, crowd.officer)).status_code == 200


def test_a_rate_is_of_each_name_and_comes_back_with_time() -> None:
    now = 0.0
    rate = Rate(2, 3, lambda: now)
    for _ in range(3):
        rate.take("a")
    with pytest.raises(Problem, match="more than 2 requests"):
        rate.take("a")
    assert rate.spent("a")
    assert not rate.spent("b")
    rate.take("b")
    now = 0.6
    rate.take("a")
    with pytest.raises(Problem):
        rate.take("a")


async def test_only_so_many_are_under_way_at_once() -> None:
    gone_on = asyncio.Event()

    async def waiting(scope: object, receive: object, send: object) -> None:
        await gone_on.wait()

    limited = Limited(waiting, answered, share=1, at_once=2)  # pyright: ignore[reportArgumentType]
    told: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        told.append(message)

    scope: dict[str, object] = {"type": "http", "headers": [], "method": "GET", "path": "/"}
    under_way = [asyncio.create_task(limited(scope, receive, send)) for _ in range(2)]  # pyright: ignore[reportArgumentType]
    await asyncio.sleep(0)
    await limited(scope, receive, send)  # pyright: ignore[reportArgumentType]
    assert told[0]["status"] == 503
    gone_on.set()
    await asyncio.gather(*under_way)
    told.clear()
    await limited(scope, receive, send)  # pyright: ignore[reportArgumentType]
    assert told == []


async def test_bodies_that_do_not_come_keep_nobody_out(at_door: Door, crowd: Crowd) -> None:
    """Whoever sends them is not known yet: they take nothing from anybody whose request is there."""
    at = urlsplit(at_door.url)
    head = f"POST {COMMAND} HTTP/1.1\r\nHost: door\r\nContent-Length: 9\r\n\r\n"
    opened = [await asyncio.open_connection(at.hostname, at.port) for _ in range(AT_ONCE + 4)]
    try:
        for _, writer in opened:
            writer.write(head.encode())
        # Those of an address beyond its share are told so at once, which shows that all have come.
        await asyncio.gather(*(reader.readline() for reader, _ in opened[BODIES_OF_ONE_NETWORK:]))
        assert (await at_door.http.get("/livez")).status_code == 200
        assert (await at_door.get(DOCKET, crowd.officer)).status_code == 200
    finally:
        for _, writer in opened:
            writer.close()


async def test_silent_connections_of_one_network_leave_places_to_others(
    dsn: str, crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has as many as a network has is told so by the next; a proxy that is trusted has all of them."""
    most = part(0.01, MOST_CONNECTIONS)
    trusted = "127.0.0.9"
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    one = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    async with (
        door(as_user(dsn, READER), await nowhere(), tmp_path, share=0.01) as opened,
        AsyncExitStack() as open_,
    ):
        at = urlsplit(opened.url)

        async def knock(host: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection(at.hostname, at.port, local_addr=(host, 0))
            open_.callback(writer.close)
            return reader, writer

        async def said(host: str) -> bytes:
            reader, writer = await knock(host)
            writer.write(one)
            return await asyncio.wait_for(reader.read(), 5)

        for _ in range(most):
            await knock("127.0.0.2")
        reader, _ = await knock("127.0.0.2")
        refused = await asyncio.wait_for(reader.read(), 5)
        assert refused.startswith(b"HTTP/1.1 429 "), refused
        assert b"GREENLIGHT_NETWORK_SHARE" in refused
        assert (await opened.get(DOCKET, crowd.officer)).status_code == 200
        for _ in range(most + 3):
            await knock(trusted)
        assert b" 200 " in await said(trusted)
        await open_.aclose()
        async with asyncio.timeout(10):
            while b" 200 " not in await said("127.0.0.2"):  # noqa: ASYNC110  # Those that ended count no more.
                await asyncio.sleep(0.05)


async def test_waiting_requests_of_one_network_leave_places_to_others() -> None:
    gone_on = asyncio.Event()

    async def waiting(scope: object, receive: object, send: object) -> None:
        await gone_on.wait()

    limited = Limited(waiting, answered, share=0.5, at_once=4)  # pyright: ignore[reportArgumentType]

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def asked(host: str) -> object:
        told: list[dict[str, object]] = []

        async def send(message: dict[str, object]) -> None:
            told.append(message)

        scope: dict[str, object] = {"type": "http", "headers": [], "method": "GET", "path": "/"}
        await limited(scope | {"client": (host, 1)}, receive, send)  # pyright: ignore[reportArgumentType]
        return told[0]["status"] if told else None

    hosts = ("2001:db8::1", "2001:db8::2:0:0:1", "192.0.2.1")
    under_way = [asyncio.create_task(asked(host)) for host in hosts]
    await asyncio.sleep(0)
    # An address of IPv6 is one of many that a subscriber has.
    assert await asked("2001:db8::3") == 429
    last = asyncio.create_task(asked("::ffff:192.0.2.1"))
    await asyncio.sleep(0)
    assert await asked("192.0.2.2") == 503
    gone_on.set()
    assert await asyncio.gather(*under_way, last) == [None] * 4
    assert await asked("2001:db8::3") is None


async def test_who_waits_for_the_log_has_a_share_and_for_what_never_comes_none(
    at_door: Door, crowd: Crowd
) -> None:
    position = (await at_door.within.reader.head()).position
    far = await at_door.get(f"{DOCKET}?position=999999999", crowd.officer, prefer="wait=30")
    assert (far.status_code, far.json()["code"]) == (412, "position_not_reached")
    waiting = [
        asyncio.create_task(at_door.get(f"{DOCKET}?position={position + 1}", crowd.officer, prefer="wait=2"))
        for _ in range(WAITING_OF_ONE_KEY + 3)
    ]
    said = [each.status_code for each in await asyncio.gather(*waiting)]
    assert (said.count(429), said.count(412)) == (3, WAITING_OF_ONE_KEY)
    assert (await at_door.get(DOCKET, crowd.officer)).status_code == 200


def test_a_share_is_of_each_name_and_given_back() -> None:
    shares = Shares(1, 2)
    with shares.of("a"), shares.of("b"), pytest.raises(Problem, match="2 requests"), shares.of("c"):
        pass
    with shares.of("a"), pytest.raises(Problem, match="1 requests of yours"), shares.of("a"):
        pass
    with shares.of("a"):
        pass


async def test_a_log_that_is_away_is_told_as_such(tmp_path: Path, crowd: Crowd) -> None:
    gone = "postgresql://nobody@127.0.0.1:1/nothing"
    # Where it begins without the log it says so and ends; without the feed this is one that was lost later.
    async with door(gone, await nowhere(), tmp_path, feeds=False) as opened:
        said = await opened.get(DOCKET, crowd.officer)
        assert (said.status_code, said.json()["code"]) == (503, "unavailable")
        assert "127.0.0.1" not in said.text
        assert (await opened.http.get("/livez")).status_code == 200


async def test_nothing_that_was_asked_for_stands_in_the_log(
    at_door: Door, crowd: Crowd, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "Confidential-Goods"
    await at_door.get(f"{DOCKET}?officer={secret}", crowd.officer)
    await at_door.ask("/determine", crowd.officer, {"destination": secret})
    await at_door.http.get(f"/{secret}")
    said = capfd.readouterr()
    assert secret not in said.out + said.err
    assert "operation" in said.out + said.err


async def test_requests_over_one_connection_follow_each_other(at_door: Door, crowd: Crowd) -> None:
    at = urlsplit(at_door.url).netloc
    one = f"GET /livez HTTP/1.1\r\nHost: {at}\r\n\r\n".encode()
    last = f"GET /livez HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n".encode()
    answers = await raw(at_door, one + one + last)
    assert answers.count(b"200 OK") == 3


@pytest.mark.parametrize(
    "path",
    [
        "/cases%2fapplication-Z000001",
        "/cases/application-Z000001%2Fdossier",
        "/cases/application-Z000001/letters/..%2f..%2fetc",
        "/cases%5Capplication-Z000001",
        "%2fdocket",
        "%2fevents?after=0",
        "/%2flivez",
    ],
)
async def test_what_divides_a_path_is_not_written_in_code(at_door: Door, crowd: Crowd, path: str) -> None:
    """A proxy that lets only some paths through must not read another one than the door does."""
    at = urlsplit(at_door.url).netloc
    head = f"GET {path} HTTP/1.1\r\nHost: {at}\r\nAuthorization: {reading(crowd.officer)}\r\n\r\n"
    answer = await raw(at_door, head.encode())
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b'"malformed"' in answer
    assert (await at_door.get("/docket?country=a%2fb", crowd.officer)).status_code in {200, 400}


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "transfer-encoding: CHUNKED\r\ncontent-length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 6\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
    ],
)
async def test_where_a_request_ends_is_said_once(at_door: Door, framing: str) -> None:
    """Two that read it otherwise would take one person's request for another's."""
    at = urlsplit(at_door.url).netloc
    within = f"GET /livez HTTP/1.1\r\nHost: {at}\r\n\r\n"
    head = f"POST {COMMAND} HTTP/1.1\r\nHost: {at}\r\nContent-Type: application/json\r\n{framing}\r\n"
    answer = await raw(at_door, f"{head}0\r\n\r\n{within}".encode())
    assert answer.split(b" ", 2)[1] in {b"400", b"501"}, answer
    assert answer.lower().count(b"http/1.1 ") == 1, answer
    assert b"connection: close" in answer.lower()


async def test_an_old_request_has_no_body_in_chunks(at_door: Door) -> None:
    answer = await raw(at_door, b"POST /livez HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 "), answer


def test_problems_are_json_of_their_own_type() -> None:
    said = Problem(404, "no_such_case", "there is none").response()
    assert said.media_type == "application/problem+json"
    assert json.loads(bytes(said.body))["status"] == httpx.codes.NOT_FOUND
