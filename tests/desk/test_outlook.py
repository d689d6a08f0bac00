"""The room of the outlook: what comes, for how many cases, and which of them are the reader's."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.answers import standing
from greenlight.eventlog.access import AccessReader
from greenlight.kernel.roles import Role
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.commands import Assign
from greenlight.law.directive.commands import IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.outlook.forecast import Outlook
from tests.desk.desks import Opened, text_of
from tests.workflows.office import Office

BEGINS = end_of_day(agency_date(datetime.now(UTC)) + timedelta(days=20))
UNTIL = agency_date(BEGINS).isoformat()
ORDER = IssueDirective(
    title="A pause",
    scope=Scope(),
    posture=Posture.HOLD,
    effective=BEGINS,
    expires=BEGINS + timedelta(days=40),
    citation="Order of today",
    reasons="By order.",
)


@asynccontextmanager
async def ordered(office: Office, key: str) -> AsyncGenerator[None]:
    """An order to come, for as long as the context lasts: nothing else here is to come of itself."""
    stream = (await office["vera"].issue_directive(key, ORDER)).stream
    try:
        yield
    finally:
        await office["vera"].decide(stream, RescindDirective(reasons="The test is over."))


async def noted(office: Office, stream: str) -> set[tuple[str, str]]:
    since = datetime.now(UTC) - timedelta(hours=1)
    async with AccessReader(office.service.target.owner_url) as reader:
        found = reader.readings(stream=stream, since=since, until=datetime.now(UTC) + timedelta(minutes=1))
        return {(each.officer, each.what) async for each in found if each.what == "outlook"}


async def test_it_tells_what_comes_and_the_readers_own_cases(office: Office, desk: Opened) -> None:
    mine, anothers = await office.submitted(), await office.submitted()
    await office.send("olga", mine, Assign(officer="olga"))
    await office.send("olga", anothers, Assign(officer="oscar"))
    async with ordered(office, "outlook-room"), desk.person("olga", Role.LICENSING_OFFICER) as olga:
        page = await olga.get(f"/outlook?until={UNTIL}")
        said = text_of(page)
        assert "Directive outlook-room" in said
        assert "Order of today (primary)" in said
        assert "moved by a directive" in said
        assert "olga " in said
        assert f'<a href="/cases/{mine}">{mine}</a>' in page.text
        assert anothers not in page.text
        drawn = page.text[page.text.index("<svg") : page.text.index("</svg>")]
        assert "Directive outlook-room" in drawn
        assert "style" not in drawn, "the browser would not apply it"
        every = await olga.get(f"/outlook?until={UNTIL}&whose=all")
        assert f'<a href="/cases/{mine}">{mine}</a>' in every.text
        # What another test filed may be before it.
        assert anothers in every.text or "more:" in text_of(every)
        sooner = await olga.get(f"/outlook?until={agency_date(BEGINS) - timedelta(days=3)}")
        assert "outlook-room" not in sooner.text
    assert await noted(office, mine) == {("olga", "outlook")}


async def test_cases_beyond_what_a_page_holds_are_counted_and_not_noted(
    office: Office, desk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = sorted([await office.submitted(), await office.submitted()])
    for each in cases:
        await office.send("olga", each, Assign(officer="oscar"))
    monkeypatch.setattr("greenlight.desk.outlooks.SHOWN", 1)
    async with ordered(office, "outlook-many"), desk.person("oscar", Role.LICENSING_OFFICER) as oscar:
        page = await oscar.get(f"/outlook?until={UNTIL}")
    assert "more: starter.py outlook --as oscar" in text_of(page)
    assert cases[1] not in page.text
    assert await noted(office, cases[1]) == set()


async def test_while_one_is_worked_out_another_says_so_and_does_not_wait(
    desk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = asyncio.Event(), asyncio.Event()
    real = standing.outlook

    async def slow(*asked: object) -> Outlook:
        begun.set()
        await go.wait()
        return await real(*asked)  # type: ignore[arg-type]  # Whatever it is asked with.

    monkeypatch.setattr(standing, "outlook", slow)
    async with (
        desk.person("olga", Role.LICENSING_OFFICER) as olga,
        desk.person("vera", Role.EXECUTIVE) as vera,
    ):
        first = asyncio.create_task(olga.get("/outlook"))
        await begun.wait()
        second = await vera.get("/outlook")
        assert second.status_code == 503
        assert second.headers["Retry-After"]
        assert "It is being worked out for somebody else" in text_of(second)
        go.set()
        assert (await first).status_code == 200
        assert (await vera.get("/outlook")).status_code == 200


@pytest.mark.parametrize(
    "asks", ["until=2026-01-01", "until=soon", "until=4026-01-01", "until=2999-12-31", "whose=theirs"]
)
async def test_what_cannot_be_asked_is_said(desk: Opened, asks: str) -> None:
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        assert (await olga.http.get(f"/outlook?{asks}")).status_code == 400


async def test_officers_find_it_from_where_they_look(desk: Opened) -> None:
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        for path in ("/work", "/directives", "/reprieves", "/lists"):
            assert 'href="/outlook"' in (await vera.get(path)).text, path
    async with desk.person("defense", Role.AGENCY_REVIEWER) as defense:
        for path in ("/work", "/reprieves"):
            assert "/outlook" not in (await defense.get(path)).text, path


async def test_the_rules_are_found_from_the_menu_as_they_stand(desk: Opened) -> None:
    async with desk.person("acme", Role.APPLICANT) as acme:
        assert 'href="/rules"' in (await acme.get("/work")).text
        told = text_of(await acme.get("/rules"))
        assert "tgl-7" in told
        assert "it ended with 28 Nov 2025 or 1 Dec 2025" in told
