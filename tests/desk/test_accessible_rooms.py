"""The rooms beside the docket in a real browser: each page by the rules of WCAG 2.2 AA, wide and narrow.

``GREENLIGHT_SHOTS`` names a folder into which their pictures are put.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Assign
from greenlight.law.directive.commands import IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.reprieve.commands import IssueTerm
from tests.desk.browsers import (
    NARROW,
    WIDE,
    browser,
    choose,
    fits,
    is_accessible,
    is_offered,
    sign_in,
    tab,
)
from tests.desk.desks import Opened
from tests.desk.test_outlook import UNTIL, ordered
from tests.desk.test_reprieves import a_rule, at_stage
from tests.law.application.cases import GRANT, new_submission
from tests.workflows.office import Office
from tests.workflows.reprieves import evidence, opening, term

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncGenerator[Browser]:
    async with browser() as opened:
        yield opened


@dataclass(frozen=True)
class Seen:
    """A page, and who looks at it."""

    officer: str
    role: Role
    path: str


async def _looked_at(page: Page, called: str) -> None:
    # A page that a button led to may be there before its style.
    await page.wait_for_load_state("load")
    await is_accessible(page, called)
    await fits(page)


async def _all_are_accessible(desk: Opened, chromium: Browser, width: int, pages: Mapping[str, Seen]) -> None:
    for officer, role in sorted({(each.officer, each.role) for each in pages.values()}):
        async with tab(chromium, desk, width=width) as page:
            await sign_in(page, officer, role)
            for called, each in pages.items():
                if (each.officer, each.role) == (officer, role):
                    answer = await page.goto(each.path)
                    assert answer is not None
                    assert answer.status == 200, (called, answer.status)
                    await _looked_at(page, called)


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_reprieves(office: Office, desk: Opened, chromium: Browser, width: int) -> None:
    for key in ("second", "third", "fourth"):
        await office.reprieved(opening(60, f"{key}-entity"))
    referred = await at_stage(office, opening(10, "one-entity", "another-entity"), "referred")
    runs = await office.reprieved(opening(60))
    await office.send("vera", runs, IssueTerm(term=term(90)))
    await office.send("defense", runs, evidence())
    vera, defense = ("vera", Role.EXECUTIVE), ("defense", Role.AGENCY_REVIEWER)
    pages = {
        "reprieves": Seen(*vera, "/reprieves"),
        "reprieve-referred": Seen(*vera, f"/cases/{referred}"),
        "reprieve-replace": Seen(*vera, f"/cases/{referred}/do/replace_outcome"),
        "reprieve-runs": Seen(*vera, f"/cases/{runs}"),
        "reprieve-evidence": Seen(*defense, f"/cases/{runs}/do/submit_evidence"),
        "reprieve-new": Seen(*vera, "/reprieves/new"),
        "covered": Seen(*vera, "/covered"),
        "rule": Seen("oscar", Role.LICENSING_OFFICER, f"/cases/{await a_rule(office)}"),
    }
    await _all_are_accessible(desk, chromium, width, pages)
    async with tab(chromium, desk, width=width) as page:
        await sign_in(page, *vera)
        await page.goto("/covered")
        await page.get_by_role("button", name="Ask", exact=True).click()
        await page.get_by_role("alert").wait_for()
        await _looked_at(page, "covered-faults")
        # The desk hears of a term in its own time, the later the more there is to read.
        async with asyncio.timeout(60):
            await page.goto("/covered")
            while not await is_offered(page, "entity", "one-entity"):
                await page.goto("/covered")
        await choose(page, "entity", "one-entity")
        await choose(page, "activity", "networks")
        await page.get_by_role("button", name="Ask", exact=True).click()
        await page.get_by_role("status").wait_for()
        await _looked_at(page, "covered-answer")
        await page.goto(f"/cases/{referred}/do/stop_outcome")
        await page.get_by_label("Reasons").fill("Enough.")
        await page.get_by_role("button", name="Check before you sign").click()
        await page.wait_for_url("**/drafts/*")
        await _looked_at(page, "reprieve-sign")


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_the_outlook(office: Office, desk: Opened, chromium: Browser, width: int) -> None:
    stream = await office.submitted()
    await office.send("olga", stream, Assign(officer="olga"))
    async with ordered(office, f"seen-outlook-{width}"), tab(chromium, desk, width=width) as page:
        await sign_in(page, "olga", Role.LICENSING_OFFICER)
        await page.goto(f"/outlook?until={UNTIL}")
        await page.locator("summary", has_text="of yours").first.click()
        await _looked_at(page, "outlook")


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_directives(office: Office, desk: Opened, chromium: Browser, width: int) -> None:
    await office.submitted()
    await office.recommended(GRANT, new_submission())
    order = IssueDirective(
        title="A class of items",
        scope=Scope(destinations=frozenset({"AQ", "BV"})),
        posture=Posture.PRESUMPTION_OF_DENIAL,
        citation="Order",
        reasons="By order.",
        condition="Peace",
    )
    stream = (await office["vera"].issue_directive(f"seen-{width}", order)).stream
    at_once = order.model_copy(update={"condition": None, "supersedes": f"seen-{width}"})
    in_force = (await office["vera"].issue_directive(f"seen-next-{width}", at_once)).stream
    vera, olga = ("vera", Role.EXECUTIVE), ("olga", Role.LICENSING_OFFICER)
    pages = {
        "directives": Seen(*vera, "/directives"),
        "directive-new": Seen(*vera, "/directives/new"),
        "directive": Seen(*olga, f"/cases/{in_force}"),
        "directive-superseded": Seen(*olga, f"/cases/{stream}"),
        "directive-rescind": Seen(*vera, f"/cases/{in_force}/do/rescind_directive"),
    }
    await _all_are_accessible(desk, chromium, width, pages)
    async with tab(chromium, desk, width=width) as page:
        await sign_in(page, *vera)
        await page.goto("/directives/new")
        await page.get_by_role("button", name="Check before you sign").click()
        await page.get_by_role("alert").wait_for()
        await _looked_at(page, "directive-new-faults")
        await page.get_by_label("Key", exact=True).fill("seen-none")
        await page.get_by_label("Title").fill("All that is pending")
        await page.get_by_label("Posture").select_option("deny")
        await page.get_by_label("Citation").fill("Order")
        await page.get_by_label("Reasons").fill("By order.")
        await page.get_by_role("button", name="Check before you sign").click()
        await page.wait_for_url("**/drafts/*")
        assert "What it would move" in await page.inner_text("main")
        await _looked_at(page, "directive-sign")
    await office["vera"].decide(in_force, RescindDirective(reasons="The test is over."))
