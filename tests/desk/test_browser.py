"""The desk in a real browser: a day by the keyboard alone, narrow, and by the rules of WCAG 2.2 AA.

``GREENLIGHT_SHOTS`` names a folder into which pictures of all pages are put.
"""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.commands import AnswerWording, Refer, RequestInformation
from greenlight.law.application.dossier import Party, PartyRole, Submission
from greenlight.law.application.interagency.agency import Agency
from tests.desk.browsers import NARROW, WIDE, browser, fits, is_accessible, sign_in, tab
from tests.desk.desks import Opened
from tests.desk.test_audit import published
from tests.law.application.cases import APPROVE_IF, DENY, REWORDED, new_submission
from tests.workflows.office import Office

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncGenerator[Browser]:
    async with browser() as opened:
        yield opened


def like_a_listed_name() -> Submission:
    """An application whose consignee is met by several entries, and is none of them."""
    consignee = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="HiSilikon", country="IS")
    return new_submission(parties=(consignee,))


async def _tabs_to(page: Page, name: str, most: int = 60) -> None:
    """Press the tabulator until something of that name has the focus, and its focus can be seen."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        told = await page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " const l = e.labels && e.labels[0] ? e.labels[0].innerText : '';"
            " return [(e.getAttribute('aria-label') || l || e.innerText || '').trim(), s.outlineStyle]; })()"
        )
        if told[0].startswith(name):
            assert told[1] != "none", f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"the tabulator never comes to {name} on {page.url}")


async def test_an_officers_day_by_the_keyboard_alone(office: Office, desk: Opened, chromium: Browser) -> None:
    stream = await office.submitted()
    acn = stream_key(stream)
    async with tab(chromium, desk) as page:
        await page.goto("/sign-in")
        await _tabs_to(page, "olga, licensing officer")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/work")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        await page.goto(f"/cases/{stream}")
        await _tabs_to(page, "Recommend")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/do/recommend")
        await _tabs_to(page, "Grant")
        await page.keyboard.press("Space")
        await _tabs_to(page, "Reasons")
        await page.keyboard.type("Existing rural network.")
        await _tabs_to(page, "Check before you sign")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/drafts/*")
        await _tabs_to(page, "Sign as olga")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/cases/{stream}/receipts/*")
        await expect(page.get_by_role("status")).to_contain_text("Recommend is on record")
        receipt = page.url
        await page.reload()
        await expect(page.get_by_role("status")).to_contain_text("Recommend is on record")
        # Back leads to the page that asked, which has the receipt now; nothing is signed anew.
        await page.go_back()
        await page.reload()
        await page.wait_for_url(receipt)
    async with tab(chromium, desk) as page:
        await sign_in(page, "carla", Role.COUNTERSIGNER)
        await page.get_by_role("link", name=f"Countersign in {acn}").click()
        await page.get_by_label("Yes").check()
        await page.get_by_role("button", name="Check before you sign").click()
        await page.get_by_role("button", name="Sign as carla").click()
        await expect(page.get_by_role("status")).to_contain_text("Countersign is on record")
    assert (await office.types(stream)).count("RecommendationMade") == 1


async def test_an_open_page_says_that_there_is_more_and_moves_nothing(
    office: Office, desk: Opened, chromium: Browser
) -> None:
    async with tab(chromium, desk) as page:
        await sign_in(page, "olga", Role.LICENSING_OFFICER)
        await expect(page.get_by_role("status")).to_have_text("")
        acn = stream_key(await office.submitted())
        await expect(page.get_by_role("status")).to_contain_text("Your work has changed", timeout=30_000)
        await expect(page.get_by_role("status")).to_contain_text("for you now.")
        assert acn not in await page.inner_text("main")
        await is_accessible(page, "work-changed")
        await page.get_by_role("link", name="Show it as it is now").click()
        await expect(page.get_by_role("link", name=acn, exact=True)).to_be_visible()


async def test_two_officers_at_once(office: Office, desk: Opened, chromium: Browser) -> None:
    stream = await office.submitted()
    async with tab(chromium, desk) as olga, tab(chromium, desk) as oscar:
        await sign_in(olga, "olga", Role.LICENSING_OFFICER)
        await sign_in(oscar, "oscar", Role.LICENSING_OFFICER)
        for page, reasons in ((olga, "Mine."), (oscar, "No, mine.")):
            await page.goto(f"/cases/{stream}/do/recommend")
            await page.get_by_label("Grant").check()
            await page.get_by_label("Reasons").fill(reasons)
            await page.get_by_role("button", name="Check before you sign").click()
            await page.wait_for_url("**/drafts/*")
        await olga.get_by_role("button", name="Sign as olga").click()
        await expect(olga.get_by_role("status")).to_contain_text("is on record")
        await oscar.get_by_role("button", name="Sign as oscar").click()
        await expect(oscar.get_by_role("alert").first).to_contain_text("The case has moved on")
        await expect(oscar.get_by_role("alert").first).to_contain_text("Mine.")
    assert (await office.types(stream)).count("RecommendationMade") == 1


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_every_page_is_accessible(office: Office, desk: Opened, chromium: Browser, width: int) -> None:
    review = await office.submitted()
    alike = await office.submitted(like_a_listed_name())
    asked = await office.submitted()
    await office.send("olga", asked, Refer(agencies=(Agency.DEFENSE, Agency.STATE)))
    await office.send("defense", asked, APPROVE_IF)
    await office.send("olga", asked, RequestInformation(request="Which network is it for?"))
    reworded = await office.submitted()
    await office.send("olga", reworded, Refer(agencies=(Agency.DEFENSE, Agency.STATE)))
    await office.send("defense", reworded, APPROVE_IF)
    await office.send("state", reworded, APPROVE_IF)
    await office.send("olga", reworded, REWORDED)
    await office.send("state", reworded, AnswerWording(agrees=False, comment="It is too narrow."))
    license_ = await office.granted()
    denied = await office.countersigned(DENY)
    await office.signed_off(denied)
    waiting = await office.countersigned(DENY)
    await published(office, desk)
    pages: dict[str, tuple[str, Role, str]] = {
        "work": ("olga", Role.LICENSING_OFFICER, "/work"),
        "docket": ("olga", Role.LICENSING_OFFICER, "/docket"),
        "docket-none": ("olga", Role.LICENSING_OFFICER, "/docket?officer=nobody-here"),
        "case": ("olga", Role.LICENSING_OFFICER, f"/cases/{review}"),
        "case-agencies": ("olga", Role.LICENSING_OFFICER, f"/cases/{asked}"),
        "case-reworded": ("defense", Role.AGENCY_REVIEWER, f"/cases/{reworded}"),
        "earlier": ("defense", Role.AGENCY_REVIEWER, f"/cases/{reworded}/earlier"),
        "answer-wording": ("defense", Role.AGENCY_REVIEWER, f"/cases/{reworded}/do/answer_wording"),
        "case-denied": ("olga", Role.LICENSING_OFFICER, f"/cases/{denied}"),
        "recommend": ("olga", Role.LICENSING_OFFICER, f"/cases/{review}/do/recommend"),
        "assign": ("olga", Role.LICENSING_OFFICER, f"/cases/{review}/do/assign"),
        "case-triage": ("olga", Role.LICENSING_OFFICER, f"/cases/{alike}"),
        "resolve-all": (
            "olga",
            Role.LICENSING_OFFICER,
            f"/cases/{alike}/do/resolve_match?party=0&others=false_match",
        ),
        "resolve": ("olga", Role.LICENSING_OFFICER, f"/cases/{alike}/do/resolve_match?party=0&hit=1"),
        "licenses": ("olga", Role.LICENSING_OFFICER, "/licenses"),
        "license": ("olga", Role.LICENSING_OFFICER, f"/cases/{license_}"),
        "statistics": ("olga", Role.LICENSING_OFFICER, "/statistics"),
        "batches": ("olga", Role.LICENSING_OFFICER, "/batches"),
        "audit": ("olga", Role.LICENSING_OFFICER, "/audit"),
        "batch-new": ("olga", Role.LICENSING_OFFICER, "/batches/new"),
        "wrong": ("olga", Role.LICENSING_OFFICER, "/cases/application-A000000"),
        "sign-off": ("vera", Role.EXECUTIVE, f"/cases/{waiting}/do/sign_off"),
        "agency-work": ("state", Role.AGENCY_REVIEWER, "/work"),
        "applicant-work": ("acme", Role.APPLICANT, "/work"),
        "applicant-case": ("acme", Role.APPLICANT, f"/cases/{asked}"),
        "respond": ("acme", Role.APPLICANT, f"/cases/{denied}/do/respond"),
        "shipment": ("acme", Role.APPLICANT, f"/cases/{license_}/do/report_shipment"),
        "file": ("acme", Role.APPLICANT, "/file"),
        "may-i-ship": ("acme", Role.APPLICANT, "/may-i-ship"),
    }
    async with tab(chromium, desk, width=width) as page:
        await page.goto("/sign-in")
        await is_accessible(page, "sign-in")
        await fits(page)
    people = sorted({(who, role) for who, role, _ in pages.values()})
    for who, role in people:
        async with tab(chromium, desk, width=width) as page:
            await sign_in(page, who, role)
            for called, (by, _, path) in pages.items():
                if by != who:
                    continue
                await page.goto(path)
                await is_accessible(page, called)
                await fits(page)
            if who == "olga":
                await page.goto(f"/cases/{review}/do/recommend")
                await page.get_by_role("button", name="Check before you sign").click()
                await is_accessible(page, "recommend-faults")
                await fits(page)
                await page.get_by_label("Grant").check()
                await page.get_by_label("Reasons").fill("Existing rural network.")
                await page.get_by_role("button", name="Check before you sign").click()
                await page.wait_for_url("**/drafts/*")
                await is_accessible(page, "sign")
                await fits(page)
                await page.get_by_role("button", name="Sign as olga").click()
                await page.wait_for_url("**/receipts/*")
                await is_accessible(page, "receipt")
                await fits(page)


async def test_nothing_is_needed_from_elsewhere_and_no_script(
    office: Office, desk: Opened, chromium: Browser
) -> None:
    stream = await office.submitted()
    context = await chromium.new_context(java_script_enabled=False, base_url=desk.url)
    page = await context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    await sign_in(page, "olga", Role.LICENSING_OFFICER)
    await page.goto(f"/cases/{stream}/do/assign")
    await page.get_by_label("olga (agency)").check()
    await page.get_by_role("button", name="Check before you sign").click()
    await page.get_by_role("button", name="Sign as olga").click()
    await expect(page.get_by_role("status")).to_contain_text("Assign is on record")
    assert hosts == {desk.url.split("/")[2]}
    await context.close()
