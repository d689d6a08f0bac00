"""The codec server opens a case to those who may read it, notes that, and to nobody else opens anything."""

import asyncio
import base64
import random
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio
from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload, Payloads

from greenlight.answers.caller import Caller
from greenlight.cli.operations.development import REGISTRARS
from greenlight.client import Keyring
from greenlight.codec_server.app import CASE_HEADER, MAX_BYTES, MAX_PAYLOADS
from greenlight.codec_server.rates import Rates
from greenlight.codec_server.serving import address_of, codec_of, listening, served
from greenlight.codec_server.sessions import COOKIE, LINK_SECONDS, SESSION_SECONDS, Sessions
from greenlight.eventlog.access import AccessReader
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import execute
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.application.commands import Assign
from greenlight.law.officer.commands import RevokeKey
from greenlight.signing.reading import sign_reading
from tests.law.application.cases import new_submission
from tests.service.site import Site, open_site
from tests.workflows.stock_cli import StockCli

UI = "http://127.0.0.1:8233"
ROLES = {
    "acme": Role.APPLICANT,
    "globex": Role.APPLICANT,
    "olga": Role.LICENSING_OFFICER,
    "vera": Role.EXECUTIVE,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """A site whose cases ``acme`` filed, and the codec server beside it."""

    site: Site
    http: httpx.AsyncClient
    stream: str
    log: str

    def token(self, officer: str, **changes: int) -> str:
        key = Keyring(self.site.settings.keys).signer(officer).key
        return sign_reading(officer, ROLES[officer], self.log, key, **changes)

    async def asked(self, path: str, payloads: list[Payload], **headers: str) -> httpx.Response:
        content = MessageToDict(Payloads(payloads=payloads))
        return await self.http.post(path, json=content, headers=headers)

    async def decoded(self, officer: str, payloads: list[Payload]) -> httpx.Response:
        return await self.asked("/decode", payloads, Authorization=f"Bearer {self.token(officer)}")

    async def sealed(self, stream: str | None = None) -> list[Payload]:
        """The input of a case's start, as Temporal has it."""
        acme = await self.site.officer("acme")
        handle = acme.temporal.get_workflow_handle(stream or self.stream)
        (started, *_) = (await handle.fetch_history()).events
        return list(started.workflow_execution_started_event_attributes.input.payloads)

    async def readings(self, officer: str) -> list[tuple[str, str]]:
        now = datetime.now(UTC)
        async with AccessReader(self.site.target.auditor_url) as reader:
            found = reader.readings(
                officer=officer, since=now - timedelta(hours=1), until=now + timedelta(hours=1)
            )
            return [(each.stream, each.what) async for each in found]


@pytest_asyncio.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    async with open_site(folder) as site, site.worker(folder / "worker"):
        acme = await site.officer("acme")
        stream = (await acme.submit(new_submission())).stream
        async with Reader(site.target.database_url) as reader:
            log = await reader.log_name()
        with listening("127.0.0.1", 0, "a test") as listener:
            target = site.target
            async with (
                served(listener, target.sealing, target.database_url, (UI,), share=0.25),
                httpx.AsyncClient(base_url=address_of(listener)) as http,
            ):
                yield Desk(site, http, stream, log)


def contents(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    found: list[JsonObject] = answer.json()["payloads"]
    return "".join(base64.b64decode(str(each["data"])).decode(errors="replace") for each in found)


# Who may read


@pytest.mark.parametrize("officer", ["acme", "olga", "vera"])
async def test_a_case_is_opened_to_those_who_may_read_it_and_that_is_on_record(
    desk: Desk, officer: str
) -> None:
    before = await desk.readings(officer)
    sealed = await desk.sealed()
    said = contents(await desk.decoded(officer, sealed))
    assert '"token"' in said
    assert "Harbour Trading" in said
    assert await desk.readings(officer) == [*before, (desk.stream, "payloads")]


async def test_another_applicant_is_shown_nothing_and_nothing_is_on_record(desk: Desk) -> None:
    answer = await desk.decoded("globex", await desk.sealed())
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert await desk.readings("globex") == []


async def test_among_several_cases_those_are_opened_that_are_open(desk: Desk) -> None:
    globex = await desk.site.officer("globex")
    theirs = (await globex.submit(new_submission().model_copy(update={"applicant": "Globex"}))).stream
    mine, others = await desk.sealed(), await desk.sealed(theirs)
    answer = await desk.decoded("acme", [*mine, *others])
    first, second = answer.json()["payloads"]
    assert base64.b64decode(first["metadata"]["encoding"]) == b"json/plain"
    assert base64.b64decode(second["metadata"]["encoding"]) == b"binary/encrypted"
    assert (theirs, "payloads") not in await desk.readings("acme")


async def test_a_payload_that_only_says_that_it_is_of_ones_case_is_not_opened(desk: Desk) -> None:
    globex = await desk.site.officer("globex")
    theirs = (await globex.submit(new_submission().model_copy(update={"applicant": "Globex"}))).stream
    (moved,) = await desk.sealed(theirs)
    moved.metadata["encryption-case"] = desk.stream.encode()
    said = contents(await desk.decoded("acme", [moved]))
    assert "no such case" in said
    assert "Harbour" not in said


@pytest.mark.parametrize("path", ["/decode", "/encode", "/sessions"])
async def test_whoever_is_not_shown_to_be_somebody_gets_nowhere(desk: Desk, path: str) -> None:
    sealed = await desk.sealed()
    stale = desk.token("acme", lifetime=-1)
    for headers in (
        {},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": f"Bearer {stale}"},
        {"Origin": UI},
    ):
        answer = await desk.asked(path, sealed, **headers)
        assert answer.status_code == 401, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


# Encoding


async def test_what_is_encoded_for_a_case_opens_there_alone(desk: Desk) -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b'{"a":1}')
    bearer = f"Bearer {desk.token('acme')}"
    before = await desk.readings("acme")
    answer = await desk.asked("/encode", [plain], Authorization=bearer, **{CASE_HEADER: desk.stream})
    assert answer.status_code == 200, answer.text
    assert await desk.readings("acme") == [*before, (desk.stream, "sealing")]
    codec = codec_of(desk.site.target.sealing)
    (sealed,) = [
        Payload(
            metadata={key: base64.b64decode(value) for key, value in each["metadata"].items()},
            data=base64.b64decode(each["data"]),
        )
        for each in answer.json()["payloads"]
    ]
    assert await codec.decode([sealed]) == [plain]
    missing = await desk.asked("/encode", [plain], Authorization=bearer)
    assert (missing.status_code, missing.json()["code"]) == (400, "case_missing")


async def test_nothing_is_encoded_for_a_case_of_somebody_elses(desk: Desk) -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b'{"a":1}')
    before = {officer: await desk.readings(officer) for officer in ("globex", "olga")}

    async def said(officer: str, case: str) -> tuple[int, str | None]:
        bearer = f"Bearer {desk.token(officer)}"
        answer = await desk.asked("/encode", [plain], Authorization=bearer, **{CASE_HEADER: case})
        return answer.status_code, answer.json().get("code")

    refused, sealed = (403, "not_yours"), (200, None)
    for case in (
        desk.stream,
        "license-D000001",
        "reprieve-x",
        "directive-x",
        "officer-olga",
        "nothing",
        "a-b",
    ):
        assert await said("globex", case) == refused, case
    assert await desk.readings("globex") == before["globex"]
    # Who files an application seals it before there is a case; whose that is then counts.
    new = f"application-E{random.randrange(1_000_000):06}"
    assert await said("globex", new) == sealed
    assert await desk.readings("globex") == [*before["globex"], (new, "sealing")]
    assert await said("olga", desk.stream) == sealed
    assert await desk.readings("olga") == [*before["olga"], (desk.stream, "sealing")]


# Browsers


async def test_a_browser_is_opened_by_a_link_that_is_good_once(desk: Desk) -> None:
    said = (await desk.asked("/sessions", [], Authorization=f"Bearer {desk.token('olga')}")).json()
    page = await desk.http.get(said["link"])
    assert (page.status_code, "olga" in page.text) == (200, True)
    set_cookie = page.headers["set-cookie"].lower()
    for wanted in ("httponly", "samesite=strict", "path=/decode", f"max-age={SESSION_SECONDS}"):
        assert wanted in set_cookie
    assert (await desk.http.get(said["link"])).status_code == 404
    cookie = f"{COOKIE}={page.cookies[COOKIE]}"
    sealed = await desk.sealed()
    desk.http.cookies.clear()
    assert "Harbour" in contents(await desk.asked("/decode", sealed, Origin=UI, Cookie=cookie))
    for headers in ({"Cookie": cookie}, {"Cookie": cookie, "Origin": "http://127.0.0.1:9999"}):
        assert (await desk.asked("/decode", sealed, **headers)).status_code == 401


async def test_the_ui_alone_may_ask_from_a_page(desk: Desk) -> None:
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-namespace",
    }
    allowed = await desk.http.options("/decode", headers={"Origin": UI, **asks})
    assert allowed.headers["access-control-allow-origin"] == UI
    assert allowed.headers["access-control-allow-credentials"] == "true"
    other = await desk.http.options("/decode", headers={"Origin": "https://elsewhere.example", **asks})
    assert "access-control-allow-origin" not in other.headers


async def test_a_session_ends_with_the_key(desk: Desk) -> None:
    said = (await desk.asked("/sessions", [], Authorization=f"Bearer {desk.token('vera')}")).json()
    cookie = f"{COOKIE}={(await desk.http.get(said['link'])).cookies[COOKIE]}"
    desk.http.cookies.clear()
    sealed = await desk.sealed()
    assert (await desk.asked("/decode", sealed, Origin=UI, Cookie=cookie)).status_code == 200
    registrar = (await desk.site.officer(REGISTRARS[0])).signer
    kid = Keyring(desk.site.settings.keys).signer("vera").key.public.kid
    command = registrar.sign("revoke_key", officer_stream("vera"), RevokeKey(kid=kid))
    recorder = Recorder(desk.site.target.writer_url)
    assert not isinstance(await execute(recorder, "vera", "revoke_key", command), Refusal)
    await recorder.close()
    answer = await desk.asked("/decode", sealed, Origin=UI, Cookie=cookie)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_not_valid")


def test_links_and_sessions_end_by_themselves() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    olga = Caller.model_construct(officer="olga")
    late = sessions.link(olga)
    now[0] += LINK_SECONDS
    assert sessions.enter(late) is None
    entered = sessions.enter(sessions.link(olga))
    assert entered is not None
    assert sessions.of(entered[1]) is olga
    now[0] += SESSION_SECONDS
    assert sessions.of(entered[1]) is None


# Limits


async def test_too_much_at_once_is_refused(desk: Desk) -> None:
    bearer = {"Authorization": f"Bearer {desk.token('olga')}"}
    many = await desk.asked("/decode", [Payload(data=b"x")] * (MAX_PAYLOADS + 1), **bearer)
    assert many.status_code == 413
    # What is too large is refused by its head: nobody waits for the rest.
    reader, writer = await asyncio.open_connection(desk.http.base_url.host, desk.http.base_url.port)
    writer.write(f"POST /decode HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BYTES + 1}\r\n\r\n".encode())
    assert b" 413 " in await reader.readline()
    writer.close()
    for content in (b"", b"[]", b"{", b'{"payloads": 1}', b"\xff"):
        assert (await desk.http.post("/decode", content=content, headers=bearer)).status_code in {200, 400}


@pytest.mark.parametrize(
    "inside", [b"{}", b'{"metadata":{"a":"QQ==","b":"QQ==","c":"QQ=="}}'], ids=["payloads", "members"]
)
async def test_millions_are_counted_and_never_parsed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, inside: bytes
) -> None:
    """To parse them would take half a minute, in which nobody else is answered."""
    monkeypatch.delattr("greenlight.codec_server.app.Parse")
    content = b'{"payloads":[' + b",".join([inside] * (MAX_BYTES // (len(inside) + 2))) + b"]}"
    bearer = {"Authorization": f"Bearer {desk.token('olga')}"}
    said = await desk.http.post("/decode", content=content, headers=bearer)
    assert (said.status_code, said.json()["code"]) == (413, "too_large")


def test_so_many_a_second_and_no_more() -> None:
    now = [0.0]
    rates = Rates(2, 3, clock=lambda: now[0], most=2)
    assert [rates.takes("a") for _ in range(4)] == [True, True, True, False]
    now[0] += 1
    assert [rates.takes("a") for _ in range(3)] == [True, True, False]


# With Temporal's own programs


def decoded(output: str) -> str:
    """What the command line printed, and what stands in base64 in it."""
    found = [each for each in re.findall(r'"([A-Za-z0-9+/]{8,}={0,2})"', output) if len(each) % 4 == 0]
    return output + "".join(base64.b64decode(each).decode(errors="replace") for each in found)


async def test_connections_that_say_nothing_keep_nobody_out(desk: Desk) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(80):
            _, writer = await asyncio.open_connection(desk.http.base_url.host, desk.http.base_url.port)
            stack.callback(writer.close)
            writer.write(b"POST /decode HTTP/1.1\r\nHost: x\r\n")
            await writer.drain()
        assert (await desk.decoded("acme", await desk.sealed())).status_code == 200


async def test_the_stock_command_line_shows_a_case_to_who_may_see_it(desk: Desk) -> None:
    cli = StockCli(desk.site.target)
    codec = ("--codec-endpoint", str(desk.http.base_url))
    auth = ("--codec-auth", f"Bearer {desk.token('olga')}")
    shown = await cli("show", "--workflow-id", desk.stream, *codec, *auth)
    assert shown.code == 0, shown.errors
    assert "Harbour Trading" in decoded(shown.output)
    without = await cli("show", "--workflow-id", desk.stream)
    assert "Harbour Trading" not in decoded(without.output)
    for name, word in (("status", "review"), ("dossier", "Harbour Trading")):
        asked = await cli("query", "--workflow-id", desk.stream, "--name", name, *codec, *auth)
        assert (asked.code, word in asked.output) == (0, True), asked
    command = (await desk.site.officer("olga")).signer.sign("assign", desk.stream, Assign(officer="olga"))
    case = ("--codec-header", f"{CASE_HEADER}={desk.stream}")
    sent = ("--name", "assign", "--input", command.model_dump_json())
    updated = await cli("update", "execute", "--workflow-id", desk.stream, *sent, *codec, *auth, *case)
    assert (updated.code, "review" in updated.output) == (0, True), updated
    theirs = ("--codec-auth", f"Bearer {desk.token('globex')}")
    other = await cli("query", "--workflow-id", desk.stream, "--name", "dossier", *codec, *theirs)
    assert "Harbour Trading" not in decoded(other.output + other.errors)
