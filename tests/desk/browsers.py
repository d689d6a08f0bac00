"""A real browser: Debian's Chromium, or the one that ``GREENLIGHT_CHROMIUM`` names; where none is, the tests
are skipped and say so."""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from greenlight.kernel.roles import Role
from tests.desk.desks import Opened

VARIABLE = "GREENLIGHT_CHROMIUM"
WIDE, NARROW = 1280, 320
"""Pixels; the narrow one is what WCAG asks for (1.4.10)."""

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
"""The engine, which is run in the page."""

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def chromium() -> str:
    """Find the browser."""
    found = os.environ.get(VARIABLE) or shutil.which("chromium")
    if not found or not Path(found).exists():
        pytest.skip(f"no browser: install Chromium, or name one by {VARIABLE}")
    return found


@asynccontextmanager
async def browser() -> AsyncGenerator[Browser]:
    """A browser without a window; in a container it has no sandbox of its own."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield opened
        finally:
            await opened.close()


@asynccontextmanager
async def tab(of: Browser, desk: Opened, *, width: int = WIDE) -> AsyncGenerator[Page]:
    """A tab of somebody with cookies of their own; what a page complains of fails the test."""
    context = await of.new_context(viewport={"width": width, "height": 900}, base_url=desk.url)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    try:
        yield page
        assert not complaints
    finally:
        await context.close()


async def sign_in(page: Page, officer: str, role: Role) -> None:
    await page.goto("/sign-in")
    await page.get_by_role("button", name=f"{officer}, {role.value.replace('_', ' ')}", exact=True).click()
    await page.wait_for_url("**/work")


async def is_offered(page: Page, field: str, value: str) -> bool:
    """Whether a field has the value to choose, however it shows its choices."""
    return (
        await page.locator(f'[name="{field}"][value="{value}"], [name="{field}"] [value="{value}"]').count()
        > 0
    )


async def choose(page: Page, field: str, value: str) -> None:
    """Choose the value; a few are buttons, more than that are a list (as many as the log has)."""
    listed = page.locator(f'select[name="{field}"]')
    if await listed.count():
        await listed.select_option(value)
    else:
        await page.locator(f'[name="{field}"][value="{value}"]').check()


def _shots() -> Path | None:
    """The folder of pictures, if they are wanted."""
    named = os.environ.get("GREENLIGHT_SHOTS")
    if named is None:
        return None
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def is_accessible(page: Page, called: str) -> None:
    """Hold a page against the rules of WCAG 2.2 AA that a program can check, and take its picture."""
    # A page that came by a click may have its words before its looks.
    await page.wait_for_load_state("load")
    if (shots := _shots()) is not None:
        viewport = page.viewport_size
        width = viewport["width"] if viewport else 0
        await page.screenshot(path=shots / f"{called}-{width}.png", full_page=True)
    await page.evaluate(AXE)
    found = await page.evaluate("rules => axe.run(document, rules)", RULES)
    said = [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]
    assert not said, (called, said)


async def fits(page: Page) -> None:
    """Nothing is wider than the window but what scrolls by itself."""
    wide = await page.evaluate(
        "() => { const page = document.documentElement; return page.scrollWidth <= page.clientWidth ? [] :"
        " [...document.querySelectorAll('body *')]"
        ".filter(each => each.getBoundingClientRect().right > page.clientWidth)"
        ".map(each => each.outerHTML.slice(0, 200)); }"
    )
    assert not wide, (page.url, wide)
