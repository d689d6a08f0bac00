"""Attacks on the desk's forms and addresses: none comes through, and none leaves an event.

They are rows of a table: who tries, what they send, and by which answers they may be turned away.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from greenlight.desk.app import OPEN, ROOMS
from greenlight.desk.cookies import COOKIE
from greenlight.desk.pages import HEADERS
from greenlight.eventlog.read import Reader
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Refer
from greenlight.law.application.interagency.agency import Agency
from tests.desk.desks import Opened, forms_of, text_of
from tests.workflows.office import Office

OFFICERS = {
    "olga": Role.LICENSING_OFFICER,
    "carla": Role.COUNTERSIGNER,
    "vera": Role.EXECUTIVE,
    "acme": Role.APPLICANT,
    "globex": Role.APPLICANT,
    "defense": Role.AGENCY_REVIEWER,
    "energy": Role.AGENCY_REVIEWER,
}


@dataclass
class Field:
    """The place of the attacks: a case of acme's that is referred to defense."""

    office: Office
    desk: Opened
    stream: str
    number: str

    def people(self, officer: str):
        """Somebody who has signed in."""
        return self.desk.session(officer, OFFICERS[officer])


@pytest_asyncio.fixture(scope="module")
async def ground(office: Office, desk: Opened) -> AsyncGenerator[Field]:
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=(Agency.DEFENSE,)))
    license_ = await office.granted()
    yield Field(office, desk, stream, license_)


Attack = Callable[[Field], Awaitable[httpx.Response]]
_POSTS = [*OPEN, *(path for path, rooms in ROOMS.items() if "POST" in rooms)]


def _path(ground: Field, path: str) -> str:
    return (
        path.replace("{stream}", ground.stream)
        .replace("{command}", "withdraw" if "withdraw" in path else "assign")
        .replace("{draft}", "AAAAAAAAAAAAAAAAAAAAAA")
        .replace("{letter}", "grant-1")
        .replace("{command_id}", "A" * 22)
        .replace("{key}", "csl")
    )


def _forged(path: str, how: str) -> Attack:
    """A form of somebody else's, under the cookie of a person who has signed in."""

    async def attack(ground: Field) -> httpx.Response:
        async with ground.people("olga") as olga, ground.people("carla") as other:
            mine = dict(forms_of(await olga.get("/work"))[0].pairs)["token"]
            theirs = dict(forms_of(await other.get("/work"))[0].pairs)["token"]
            token = {"none": "", "another's": theirs, "made up": "0" * 64}.get(how, mine)
            headers = {
                "other origin": {"Origin": "https://evil.example"},
                "null origin": {"Origin": "null"},
                "cross-site": {"Sec-Fetch-Site": "cross-site"},
                "same-site": {"Sec-Fetch-Site": "same-site"},
                "as text": {"Content-Type": "text/plain"},
                "as JSON": {"Content-Type": "application/json"},
                "as parts": {"Content-Type": "multipart/form-data; boundary=x"},
            }.get(how, {})
            typed = [("token", token), ("officer", "olga"), ("role", "countersigner")]
            return await olga.post(_path(ground, path), typed, follow=False, **headers)

    return attack


_FORGERIES = (
    "none", "another's", "made up", "other origin", "null origin", "cross-site", "same-site", "as text",
    "as JSON", "as parts",
)  # fmt: skip


def _asks(officer: str, method: str, path: str) -> Attack:
    async def attack(ground: Field) -> httpx.Response:
        async with ground.people(officer) as person:
            token = dict(forms_of(await person.get("/work"))[0].pairs)["token"]
            where = path.format(stream=ground.stream, license=ground.number)
            if method == "GET":
                return await person.http.get(where)
            return await person.post(where, [("token", token), ("reason", "x")], follow=False)

    return attack


_NOT_THEIRS = [
    (officer, method, path)
    for officer in ("globex", "energy")
    for method, path in (
        ("GET", "/cases/{stream}"),
        ("GET", "/cases/{stream}?as_of=2026-01-01"),
        ("GET", "/cases/{stream}/do/withdraw"),
        ("GET", "/cases/{stream}/do/advise"),
        ("GET", "/cases/{stream}/letters/grant-1"),
        ("POST", "/cases/{stream}/do/withdraw"),
        ("POST", "/cases/{stream}/do/answer"),
        ("POST", "/cases/{stream}/do/advise"),
        ("GET", "/cases/{license}"),
        ("GET", "/cases/{license}/do/report_shipment"),
        ("POST", "/cases/{license}/do/report_shipment"),
        ("GET", "/cases/officer-olga"),
        ("GET", "/cases/batch-none"),
        ("GET", "/cases/entity-none"),
        ("GET", "/cases/directive-none"),
        ("GET", "/cases/reprieve-none"),
    )
]
_NOT_IN_THEIR_ROLE = [
    *((who, "GET", "/statistics") for who in ("acme", "defense")),
    *((who, "GET", "/audit") for who in ("acme", "globex", "defense")),
    *((who, "GET", "/outlook?whose=all") for who in ("acme", "globex", "defense")),
    ("acme", "GET", "/batches"),
    ("acme", "GET", "/batches/new"),
    ("acme", "POST", "/batches/new"),
    ("defense", "GET", "/batches"),
    ("defense", "GET", "/may-i-ship"),
    ("defense", "GET", "/file"),
    ("olga", "GET", "/file"),
    ("olga", "POST", "/file"),
    ("carla", "POST", "/batches/new"),
    *((who, method, "/reprieves/new") for who in ("acme", "defense", "olga", "carla")
      for method in ("GET", "POST")),
    *((who, "GET", "/directives") for who in ("acme", "defense")),
    ("acme", "GET", "/reprieves"),
    *((who, "GET", path) for who in ("acme", "defense") for path in ("/lists", "/lists/csl/difference")),
    ("acme", "GET", "/covered"),
    ("acme", "POST", "/covered"),
    *((who, method, "/directives/new") for who in ("acme", "defense", "olga", "carla")
      for method in ("GET", "POST")),
    *(("acme", method, f"/cases/{{stream}}/do/{name}") for method in ("GET", "POST") for name in (
        "recommend", "countersign", "sign_off", "assign", "refer", "place_hold", "advise", "submit")),
    *(("olga", method, f"/cases/{{stream}}/do/{name}") for method in ("GET", "POST") for name in (
        "countersign", "sign_off", "advise", "withdraw", "answer", "record_screening", "vote")),
    *(("vera", method, f"/cases/{{stream}}/do/{name}") for method in ("GET", "POST") for name in (
        "recommend", "countersign", "sign_off", "assign", "decide_appeal")),
]  # fmt: skip


def _as_nobody(method: str, path: str) -> Attack:
    async def attack(ground: Field) -> httpx.Response:
        async with ground.desk.nobody() as nobody:
            where = _path(ground, path)
            return await nobody.http.request(method, where)

    return attack


def _by_another_method(method: str, path: str) -> Attack:
    async def attack(ground: Field) -> httpx.Response:
        async with ground.people("olga") as olga:
            return await olga.http.request(method, _path(ground, path))

    return attack


def _at_another_host(host: str) -> Attack:
    async def attack(ground: Field) -> httpx.Response:
        async with ground.people("olga") as olga:
            return await olga.http.get("/work", headers={"Host": host})

    return attack


def _signs_in_as(who: str) -> Attack:
    async def attack(ground: Field) -> httpx.Response:
        async with ground.desk.nobody() as nobody:
            page = await nobody.get("/sign-in")
            return await nobody.submit(page, "/sign-in", {"as": who}, follow=False)

    return attack


async def _signs_in_without_a_page(ground: Field) -> httpx.Response:
    async with ground.desk.nobody() as nobody:
        return await nobody.post("/sign-in", [("as", "vera executive"), ("token", "")], follow=False)


async def _signs_in_with_anothers_page(ground: Field) -> httpx.Response:
    async with ground.desk.nobody() as one, ground.desk.nobody() as other:
        token = dict(forms_of(await one.get("/sign-in"))[0].pairs)["token"]
        await other.get("/sign-in")
        return await other.post("/sign-in", [("as", "vera executive"), ("token", token)], follow=False)


async def _signs_anothers_draft(ground: Field) -> httpx.Response:
    async with ground.people("olga") as olga, ground.people("carla") as carla:
        check = await olga.does(ground.stream, "assign", officer="olga")
        token = dict(forms_of(await carla.get("/work"))[0].pairs)["token"]
        return await carla.post(check.url.path, [("token", token)], follow=False)


async def _signs_unseen(ground: Field) -> httpx.Response:
    async with ground.people("defense") as defense:
        path = f"/cases/{ground.stream}/do/advise"
        typed = {"advice": "approve", "dossier": "sha256:" + "0" * 64}
        return await defense.submit(await defense.get(path), path, typed, follow=False)


async def _leaves_the_dossier_out(ground: Field) -> httpx.Response:
    async with ground.people("defense") as defense:
        path = f"/cases/{ground.stream}/do/advise"
        return await defense.submit(
            await defense.get(path), path, {"advice": "approve", "dossier": ""}, follow=False
        )


def _sends_too_much(size: int, fields: int) -> Attack:
    async def attack(ground: Field) -> httpx.Response:
        async with ground.people("olga") as olga:
            pairs = [(f"f{number}", "x" * size) for number in range(fields)]
            return await olga.post(f"/cases/{ground.stream}/do/assign", pairs, follow=False)

    return attack


async def _takes_a_role_that_is_not_theirs(ground: Field) -> httpx.Response:
    async with ground.people("olga") as olga:
        token = dict(forms_of(await olga.get("/work"))[0].pairs)["token"]
        return await olga.post("/role", [("token", token), ("role", "executive")], follow=False)


_ODD_ADDRESSES = (
    "/cases/application-Z000001%00", "/cases/application-A000000/letters/..%2f..%2fx",
    "/docket?number=A'--", "/docket?officer=%3Cscript%3E", "/docket?after=AAAA", "/docket?stage=nowhere",
    "/docket?after=" + "A" * 500, "/docket?sort=acn", "/docket?sort=due;--", "/docket?way=up,acn",
    "/docket?country=N'", "/docket?country=ZZ", "/docket?search=../../x", "/docket?search=" + "A" * 22,
    "/docket?party=Lighthouse", "/docket.csv?search=" + "A" * 22, "/docket.csv?sort=1", "/docket.csv?x=y",
    "/docket?sort=number&after=WyJcdTAwMDAiXQ", "/docket?sort=stage&after=WyJhIl0",
    "/docket?after=W251bGwsIFtdXQ", "/docket?after=WyJub3ciLCJBMDAwMDAwIl0",
    "/licenses?after=x", "/licenses?number=D1", "/docket?nobody=x", "/docket/",
    "/Work", "/cases/nothing-x", "/cases/application-", "/drafts/x", "/static/desk.css",
    "/.env",
)  # fmt: skip


def _table() -> list[tuple[str, Attack, frozenset[int]]]:
    away = frozenset({303})
    refused = frozenset({403, 415})
    gone = frozenset({404})
    methods = ("PUT", "DELETE", "PATCH", "OPTIONS")
    return [
        *((f"csrf {how} {path}", _forged(path, how), refused) for path in _POSTS for how in _FORGERIES),
        *((f"scope {o} {m} {p}", _asks(o, m, p), gone) for o, m, p in _NOT_THEIRS),
        *(
            (f"role {o} {m} {p}", _asks(o, m, p), frozenset({403, 404, 409}))
            for o, m, p in _NOT_IN_THEIR_ROLE
        ),
        *(
            (f"nobody {m} {p}", _as_nobody(m, p), away if m == "GET" else away | refused)
            for p, rooms in ROOMS.items()
            for m in rooms
        ),
        *((f"method {m} {p}", _by_another_method(m, p), frozenset({405})) for p in ROOMS for m in methods),
        *(
            (f"host {host}", _at_another_host(host), frozenset({421, 400}))
            for host in ("evil.example", "localhost", "127.0.0.1", "localhost.evil.example:80")
        ),
        *(
            (f"sign in {who}", _signs_in_as(who), frozenset({403}))
            for who in (
                "registrar registrar",
                "olga executive",
                "nobody executive",
                "vera",
                "",
                "../vera executive",
            )
        ),
        ("sign in without a page", _signs_in_without_a_page, refused),
        ("sign in with another's page", _signs_in_with_anothers_page, refused),
        ("another's draft", _signs_anothers_draft, gone),
        ("unseen", _signs_unseen, frozenset({409})),
        ("without a dossier", _leaves_the_dossier_out, frozenset({409})),
        ("another role", _takes_a_role_that_is_not_theirs, frozenset({403})),
        ("too large", _sends_too_much(300_000, 1), frozenset({413})),
        ("too many fields", _sends_too_much(1, 5_000), frozenset({400, 422})),
        *(
            (f"address {each}", _by_another_method("GET", each), frozenset({400, 404, 421, 422}))
            for each in _ODD_ADDRESSES
        ),
    ]


TABLE = _table()


@pytest.mark.parametrize(("attack", "answers"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
async def test_no_attack_comes_through(ground: Field, attack: Attack, answers: frozenset[int]) -> None:
    async with Reader(ground.office.service.target.database_url) as reader:
        before = (await reader.head()).position
        response = await attack(ground)
        assert response.status_code in answers, (response.status_code, text_of(response)[:300])
        for name, value in HEADERS.items():
            assert response.headers[name] == value, name
        assert (await reader.head()).position == before


def test_there_are_two_hundred() -> None:
    assert len(TABLE) >= 200


# Sessions


async def test_a_name_from_before_signing_in_is_no_session_afterwards(ground: Field) -> None:
    async with ground.desk.nobody() as victim:
        page = await victim.get("/sign-in")
        fixed = victim.http.cookies[COOKIE]
        await victim.submit(page, "/sign-in", {"as": "vera executive"})
        assert victim.http.cookies[COOKIE] != fixed
        async with ground.desk.nobody() as attacker:
            attacker.http.cookies.set(COOKIE, fixed)
            assert (await attacker.http.get("/work")).status_code == 303


async def test_a_session_that_was_ended_is_none_any_more(ground: Field) -> None:
    async with ground.people("olga") as olga:
        name = olga.http.cookies[COOKIE]
        await olga.submit(await olga.get("/work"), "/sign-out")
        assert ground.desk.desk.sessions.used(name) is None
        olga.http.cookies.set(COOKIE, name)
        assert (await olga.http.get("/work")).status_code == 303


async def test_another_role_is_another_session(ground: Field) -> None:
    async with ground.desk.person("oscar", Role.LICENSING_OFFICER) as oscar:
        name = oscar.http.cookies[COOKIE]
        await oscar.submit(await oscar.get("/work"), "/role", {"role": "countersigner"})
        assert oscar.http.cookies[COOKIE] != name
        assert ground.desk.desk.sessions.used(name) is None


async def test_the_cookie_is_for_no_script_and_no_other_site(ground: Field) -> None:
    async with ground.desk.nobody() as nobody:
        told = (await nobody.get("/sign-in")).headers["set-cookie"].lower()
        assert "httponly" in told
        assert "samesite=strict" in told
