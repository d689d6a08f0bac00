"""My work, live: who is told that there is something new, when, and how it ends."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.resources import files

import httpx
import pytest

from greenlight.connection.settings import Settings
from greenlight.desk.cookies import COOKIE
from greenlight.desk.news import OF_ONE
from greenlight.kernel.roles import Role
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.license.commands import ReportShipment
from tests.desk.desks import Opened, Person, open_desk
from tests.law.license.cases import shipment
from tests.workflows.office import Office, eventually

MOST_SCRIPT = 60 * 1024
PATIENCE = 40.0
MARK = "0" * 16


async def news_at(person: Person) -> str:
    """The address at which the page that they have open hears of what is new."""
    found = re.search(r'data-news="([^"]+)"', (await person.get("/work")).text)
    assert found is not None
    return found[1]


@asynccontextmanager
async def stream(person: Person, at: str) -> AsyncGenerator[AsyncGenerator[str]]:
    """The parts of an open stream, as they come."""
    async with asyncio.timeout(PATIENCE), person.http.stream("GET", at) as response:
        assert response.status_code == 200, response.status_code
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "default-src 'none'" in response.headers["content-security-policy"]
        yield parts(response)


async def parts(response: httpx.Response) -> AsyncGenerator[str]:
    text = ""
    async for more in response.aiter_text():
        text += more
        while "\n\n" in text:
            part, _, text = text.partition("\n\n")
            yield part


async def test_a_page_that_is_open_hears_that_there_is_more(office: Office, desk: Opened) -> None:
    async with desk.session("olga", Role.LICENSING_OFFICER) as olga:
        async with stream(olga, await news_at(olga)) as told:
            assert (await anext(told)).startswith("retry:")
            await office.submitted()
            said = [part async for part in told if not part.startswith(":")]
        assert len(said) == 1
        assert re.fullmatch(r"event: changed\ndata: \d+ cases? waits? for you now\.", said[0]), said


async def test_a_licensee_hears_how_much_of_a_license_is_used_as_it_comes(
    office: Office, desk: Opened
) -> None:
    license_ = await office.granted()
    async with desk.session("acme", Role.APPLICANT) as acme:
        async with stream(acme, await news_at(acme)) as told:
            assert (await anext(told)).startswith("retry:")
            today = agency_date(datetime.now(UTC))
            await office.send("acme", license_, ReportShipment(shipment=shipment(today, (1, 9, 1))))
            said = [part async for part in told if not part.startswith(":")]
        assert len(said) == 1
        assert re.search(r"for you now; you are told of \d+ uses? of your licenses\.$", said[0]), said


async def test_what_changed_while_the_page_was_made_is_told_at_once(office: Office, desk: Opened) -> None:
    async with desk.session("olga", Role.LICENSING_OFFICER) as olga:
        at = await news_at(olga)
        await office.submitted()
        async with stream(olga, at) as told:
            assert [part.partition("\n")[0] async for part in told] == ["retry: 5000", "event: changed"]


async def test_nobody_hears_of_what_is_not_on_their_page(
    office: Office, desk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.desk.news.PULSE", 0.2)
    monkeypatch.setattr("greenlight.desk.news.REST", 0.0)
    async with (
        desk.session("globex", Role.APPLICANT) as globex,
        stream(globex, await news_at(globex)) as told,
    ):
        await anext(told)
        before = desk.desk.news.head
        await office.submitted()
        # Only once the desk has seen the log grow are its silent signs any.
        assert await desk.desk.news.grown(before, PATIENCE)
        assert [await anext(told) for _ in range(3)] == [":", ":", ":"]


async def test_a_session_has_few_streams_and_others_none_less(desk: Opened) -> None:
    async with (
        desk.session("vera", Role.EXECUTIVE) as vera,
        desk.session("carla", Role.COUNTERSIGNER) as carla,
    ):
        asks = vera.http.build_request("GET", await news_at(vera))
        opened = [await vera.http.send(asks, stream=True) for _ in range(OF_ONE)]
        for each in opened:
            assert (await anext(parts(each))).startswith("retry:")
        assert (await vera.http.send(asks)).status_code == 429
        async with stream(carla, await news_at(carla)) as hers:
            assert (await anext(hers)).startswith("retry:")
        await opened[0].aclose()

        async def one_more() -> bool:
            response = await vera.http.send(asks, stream=True)
            await response.aclose()
            return response.status_code == 200

        await eventually(one_more, "a place to be free again")
        for each in opened[1:]:
            await each.aclose()


async def test_whoever_only_listens_is_signed_out_all_the_same(
    desk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.desk.news.PULSE", 0.1)
    async with desk.session("vera", Role.EXECUTIVE) as vera:
        at = await news_at(vera)
        session = desk.desk.sessions.held(vera.http.cookies[COOKIE])
        assert session is not None
        used = session.used
        async with stream(vera, at) as told:
            assert [await anext(told) for _ in range(3)][1:] == [":", ":"]
            assert session.used == used
            desk.desk.sessions.end(session)
            assert not [part async for part in told if part != ":"]
        # A browser that is told so asks no more.
        assert (await vera.http.get(at)).status_code == 204


@pytest.mark.parametrize("seen", ["", "x", "0" * 15, "0" * 17, "'--", "%00" * 4, "../../etc"])
async def test_an_address_that_no_page_has_is_none(desk: Opened, seen: str) -> None:
    async with desk.session("vera", Role.EXECUTIVE) as vera:
        assert (await vera.http.get("/news", params={"seen": seen})).status_code == 400


async def test_who_has_not_signed_in_hears_nothing(desk: Opened) -> None:
    async with desk.nobody() as nobody:
        assert (await nobody.http.get(f"/news?seen={MARK}")).status_code == 204
        nobody.http.cookies.set(COOKIE, "A" * 43)
        assert (await nobody.http.get(f"/news?seen={MARK}")).status_code == 204
        for method in ("POST", "PUT", "DELETE"):
            assert (await nobody.http.request(method, f"/news?seen={MARK}")).status_code == 405
        away = {"host": "evil.example"}
        assert (await nobody.http.get(f"/news?seen={MARK}", headers=away)).status_code == 421


async def test_streams_end_with_the_program(office: Office, settings: Settings) -> None:
    began = 0.0
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(timeout=60) as http:
        async with open_desk(office, settings.keys, settings.tile_path) as opened:
            person = Person(http)
            http.base_url = httpx.URL(opened.url)
            await person.sign_in("vera", Role.EXECUTIVE)
            response = await http.send(http.build_request("GET", await news_at(person)), stream=True)
            told = parts(response)
            assert (await anext(told)).startswith("retry:")
            began = loop.time()
        # Uvicorn would wait ten seconds for it, and cut it off.
        assert loop.time() - began < 8
        assert not [part async for part in told if part != ":"]
        await response.aclose()


def test_all_scripts_are_small() -> None:
    static = files("greenlight.desk") / "static"
    assert (
        sum(len(each.read_bytes()) for each in static.iterdir() if each.name.endswith(".js")) <= MOST_SCRIPT
    )
