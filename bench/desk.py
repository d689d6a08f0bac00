"""The desk, in a process of its own: its pages on a docket of 10,000, a signature by it beside the typed
client's command, and 200 people whose work is live."""

import asyncio
import re
import statistics
import time
from contextlib import AsyncExitStack
from typing import Final

import httpx

from bench.histories import APPLICATION
from bench.memory import peak_mib
from bench.programs import program
from bench.servers import Office, reading_environment
from bench.size import CASES
from greenlight.desk import DEVELOPMENT
from greenlight.eventlog.database import WHOLE, connection
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Assign
from greenlight.serving.house import FAILURES_PER_SECOND
from tests.desk.desks import Person, forms_of

DOCKET: Final = 10_000
PAGES: Final = 200
COMMANDS, WARM = 60, 10
LIVE: Final = 200
NUMBER: Final = "D800001"


async def measure(of: Office) -> dict[str, float]:
    """``desk_docket_ms`` and ``desk_case_ms``: from the request until the page is there, over loopback, the
    median; ``…_p99_ms``: of most. ``desk_command_vs_client``: from the click that signs until the receipt is
    shown, beside the same command by the typed client, taking turns. ``desk_live_mib``: of the desk at most,
    with ``LIVE`` people whose page of work is open and hears of a command.
    """
    stream = (await of.officers["acme"].submit(APPLICATION, acn=NUMBER)).stream
    async with (
        program(reading_environment(of.servers), "desk", DEVELOPMENT) as (address, process),
        httpx.AsyncClient(base_url=f"http://{address}", timeout=60) as http,
    ):
        # First: among 10,000 the case would be none of those that the page shows, and no news.
        await _live(http, of, stream)
        memory = peak_mib(process)
        async with connection(of.servers.target.owner_url, application="bench", limits=WHOLE) as owner:
            await owner.execute(CASES, 1, DOCKET, 1)
            await owner.execute("ANALYZE")
        olga = Person(http)
        await olga.sign_in("olga", Role.LICENSING_OFFICER)
        ratio = await _commands(olga, of, stream)
        pages = {
            "desk_docket": await _took(http, "/docket?open=yes"),
            "desk_case": await _took(http, f"/cases/{stream}"),
        }
    found = {"desk_command_vs_client": ratio, "desk_live_mib": memory}
    for name, took in pages.items():
        found[f"{name}_ms"] = statistics.median(took)
        found[f"{name}_p99_ms"] = statistics.quantiles(took, n=100)[-1]
    return found


async def _took(http: httpx.AsyncClient, path: str) -> list[float]:
    """Milliseconds that a page took, each time."""
    took: list[float] = []
    for number in range(PAGES + WARM):
        began = time.perf_counter()
        (await http.get(path)).raise_for_status()
        if number >= WARM:
            took.append(1000 * (time.perf_counter() - began))
    return took


async def _live(http: httpx.AsyncClient, of: Office, stream: str) -> None:
    """Open the page of many people, and wait until all have heard of a command."""
    async with AsyncExitStack() as stack:
        heard: list[asyncio.Task[None]] = []
        for _ in range(LIVE):
            browser = await stack.enter_async_context(httpx.AsyncClient(base_url=http.base_url, timeout=60))
            # From one address so many sign in in a second, and no more.
            await asyncio.sleep(1 / FAILURES_PER_SECOND)
            page = await Person(browser).sign_in("olga", Role.LICENSING_OFFICER)
            at = re.search(r'data-news="([^"]+)"', page.text)
            if at is None:
                raise RuntimeError("the page of work is not live")
            heard.append(asyncio.create_task(_heard(browser, at[1])))
        await of.officers["olga"].decide(stream, Assign(officer="oscar"))
        async with asyncio.timeout(60):
            await asyncio.gather(*heard)


async def _heard(browser: httpx.AsyncClient, at: str) -> None:
    async with browser.stream("GET", at) as told:
        told.raise_for_status()
        async for line in told.aiter_lines():
            if line.startswith("event:"):
                return


async def _commands(olga: Person, of: Office, stream: str) -> float:
    by_client: list[float] = []
    at_the_desk: list[float] = []
    for number in range(WARM + COMMANDS):
        shown = await olga.does(stream, "assign", officer="oscar")
        path = shown.url.path
        # A browser has read the page before anybody clicks.
        form = next(each for each in forms_of(shown) if each.action == path)
        began = time.perf_counter()
        receipt = await olga.post(path, form.pairs)
        between = time.perf_counter()
        await of.officers["olga"].decide(stream, Assign(officer="olga"))
        ended = time.perf_counter()
        if "is on record as event" not in receipt.text:
            raise RuntimeError(f"the desk shows no receipt at {receipt.url}")
        if number >= WARM:
            at_the_desk.append(between - began)
            by_client.append(ended - between)
    return statistics.median(at_the_desk) / statistics.median(by_client)
