"""The list at the desk: what waits for a second officer, why, what it would change; and its confirmation."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.roles import Role
from tests.desk.browsers import NARROW, WIDE, browser, fits, is_accessible, sign_in, tab
from tests.desk.desks import Opened, open_desk, text_of
from tests.lists.files import ACME, many
from tests.rehearsal.stage import elsewhere
from tests.workflows.office import Office, open_office
from tests.workflows.test_lists import STREAM, loaded, loaded_by_two, opened, stored

EVIL = "\"'><script>alert(1)</script>"


@pytest_asyncio.fixture(loop_scope="session")
async def house(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """An office with a log of its own: a list is for all cases of one."""
    async with open_office(settings, await elsewhere(target, Kind.PRODUCTION)) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="session")
async def at(house: Office, settings: Settings, tmp_path: Path) -> AsyncGenerator[Opened]:
    async with open_desk(house, settings.keys, tmp_path) as desk:
        yield desk


GONE, OTHERWISE, *REST = many(12)
CAME = ACME._replace(name="Newcomer Trading", alt_names="")


async def _waits(office: Office) -> str:
    """The digest of a version that takes one off, brings one, and says something else of one."""
    await opened(office)
    await loaded_by_two(office, GONE, OTHERWISE, *REST)
    says = OTHERWISE._replace(alt_names="AMW", license_policy=f"Presumption of denial {EVIL}")
    return await loaded(office, says, *REST, CAME)


async def test_a_second_officer_sees_the_doubts_and_the_difference_and_confirms(
    house: Office, at: Opened
) -> None:
    digest = await _waits(house)
    said = {"digest": digest, "source": "fetched", "reasons": "One was delisted."}
    async with at.person("olga", Role.LICENSING_OFFICER) as olga:
        # Not who loaded it.
        refused = await olga.signs(await olga.does(STREAM, "confirm_list", **said))
        assert "own_version" in text_of(refused), text_of(refused)[:1500]
    async with at.person("oscar", Role.LICENSING_OFFICER) as oscar:
        room = await oscar.get("/lists")
        assert "/lists/csl/difference" in room.text
        page = text_of(await oscar.get(f"/cases/{STREAM}"))
        assert "Why it takes a second officer than olga" in page
        assert "Entries that are not in it any more: 1" in page
        found = await oscar.get("/lists/csl/difference")
        told = text_of(found)
        assert "1 removed" in told, told[:1500]
        assert GONE.name in told.partition("1 changed")[0]
        assert "not found any more as before" in told
        assert "Newcomer Trading" in told.partition("1 added")[2]
        assert "alert(1)" in found.text
        assert "<script>alert" not in found.text
        assert digest in told
        # Another digest than that of the version that waits is refused, and nothing is current by it.
        other = await stored(house, ACME)
        refused = await oscar.signs(await oscar.does(STREAM, "confirm_list", **{**said, "digest": other}))
        assert "digest_differs" in text_of(refused), text_of(refused)[:1500]
        (row,) = await house.reader.lists()
        assert row.held == digest
        signed = await oscar.signs(await oscar.does(STREAM, "confirm_list", **said))
        assert "Confirm list is on record" in text_of(signed), text_of(signed)[:1500]
        (row,) = await house.reader.lists()
        assert (row.digest, row.held) == (digest, None)
        assert (await oscar.get("/lists/csl/difference")).status_code == 409
    async with at.session("acme", Role.APPLICANT) as acme:
        assert (await acme.get("/lists")).status_code == 403
        assert (await acme.get("/lists/csl/difference")).status_code == 403


@pytest.mark.filterwarnings("default::DeprecationWarning")
async def test_its_pages_are_accessible(house: Office, at: Opened) -> None:
    await _waits(house)
    async with browser() as chromium:
        for width in (WIDE, NARROW):
            await _looked_through(chromium, at, width)


async def _looked_through(chromium: Browser, at: Opened, width: int) -> None:
    async with tab(chromium, at, width=width) as page:
        await sign_in(page, "oscar", Role.LICENSING_OFFICER)
        for called, path in (
            ("lists", "/lists"),
            ("list", f"/cases/{STREAM}"),
            ("list-difference", "/lists/csl/difference"),
            ("list-confirm", f"/cases/{STREAM}/do/confirm_list"),
        ):
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status == 200, called
            await is_accessible(page, called)
            await fits(page)
