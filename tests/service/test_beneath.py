"""Slow or full disks, clocks that are off, no connections left: a wait that ends, or a clear word."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from bench.named import NotOurs
from greenlight.client import Refused, Unanswered
from greenlight.embedded import Postgres
from greenlight.embedded.users import READER, WRITER
from greenlight.eventlog.database import connection
from greenlight.law.application.commands import Assign
from tests.addresses import free_address
from tests.law.application.cases import new_submission
from tests.service.audit import letters_are_sent, nothing_is_lost_or_doubled
from tests.service.beneath import Beneath, available, beneath, under_postgres
from tests.service.cases import STORIES, Lived, live
from tests.service.processes import run
from tests.service.site import Site, insist, open_site

pytestmark = pytest.mark.skipif(
    not available(), reason="no C compiler, or no Linux, for a library that is loaded before the C library"
)

A_DAY = 24 * 60 * 60
FOR_A_WHILE = 5.0
"""Seconds: longer than a client waits for its answer."""


@pytest_asyncio.fixture(scope="module")
async def stood(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[tuple[Site, Beneath]]:
    """Servers of these tests alone, and what PostgreSQL stands on."""
    with beneath() as below, under_postgres(below):
        async with open_site(tmp_path_factory.mktemp("stood")) as site:
            if isinstance(site.postgres, NotOurs):
                pytest.skip("the environment names the servers, and nobody meddles with what they stand on")
            yield site, below


async def _lives(site: Site) -> list[Lived]:
    return await asyncio.gather(*(live(site, story) for story in STORIES))


async def _for_ever(act: Callable[[], Awaitable[object]]) -> None:
    while True:
        await act()


async def _all_is_there(site: Site, lives: list[Lived]) -> None:
    await nothing_is_lost_or_doubled(site, lives)
    await letters_are_sent(site)


@pytest.mark.large
async def test_a_slow_disk_of_the_database(stood: tuple[Site, Beneath], tmp_path: Path) -> None:
    site, below = stood
    async with site.worker(tmp_path):
        with below.slow(300):
            lives = await _lives(site)
        await _all_is_there(site, lives)


@pytest.mark.large
async def test_a_full_disk_of_the_database(stood: tuple[Site, Beneath], tmp_path: Path) -> None:
    """Whoever sends hears nothing, and the same once more when there is room."""
    site, below = stood
    acme = await site.officer("acme")
    async with site.worker(tmp_path) as worker:
        with below.full():
            living = asyncio.create_task(_lives(site))
            with pytest.raises(Unanswered):
                # What fits into files that are there is still taken.
                await _for_ever(lambda: acme.submit(new_submission()))
            await asyncio.sleep(FOR_A_WHILE)
        await _all_is_there(site, await living)
        assert worker.running


async def test_a_full_disk_of_the_worker(stood: tuple[Site, Beneath], tmp_path: Path) -> None:
    """Cases are decided; letters and what is published wait for room, and the worker says so."""
    site, _ = stood
    health = {"GREENLIGHT_HEALTH_ADDRESS": free_address()}
    with beneath() as below:
        async with site.worker(tmp_path, **health, **below.environment):
            with below.full():
                lives = await _lives(site)
                async with asyncio.timeout(30):
                    while True:
                        said = await run(site.environment(**health), "starter.py", "health")
                        if "No space left on device" in said.out and "failed, to be tried again" in said.out:
                            break
            await _all_is_there(site, lives)


@pytest.mark.parametrize("seconds", [A_DAY, -A_DAY], ids=["ahead", "behind"])
async def test_a_clock_of_the_worker_that_is_off_by_a_day(
    stood: tuple[Site, Beneath], tmp_path: Path, seconds: int
) -> None:
    """It decides by Temporal's time and the database's, and its own does not matter."""
    site, _ = stood
    with beneath() as below, below.clock(seconds):
        async with site.worker(tmp_path, **below.environment):
            await _all_is_there(site, await _lives(site))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(A_DAY, "the proof has expired"), (-A_DAY, "the key is not a valid one of olga")],
    ids=["ahead", "behind"],
)
async def test_a_clock_of_the_database_that_is_off_by_a_day(
    stood: tuple[Site, Beneath], tmp_path: Path, seconds: int, told: str
) -> None:
    """Nothing is accepted that the database takes for too old, or signed before there was a key."""
    site, below = stood
    acme, olga = await site.officer("acme"), await site.officer("olga")
    async with site.worker(tmp_path):
        case = await insist(partial(acme.submit, new_submission()))
        with below.clock(seconds), pytest.raises(Refused, match=told):
            await olga.decide(case.stream, Assign(officer="olga"))
        await insist(partial(olga.decide, case.stream, Assign(officer="olga")))
        await _all_is_there(site, await _lives(site))


@pytest.mark.large
async def test_no_connection_to_the_database_is_to_be_had(
    stood: tuple[Site, Beneath], tmp_path: Path
) -> None:
    site, _ = stood
    assert isinstance(site.postgres, Postgres)
    acme = await site.officer("acme")
    async with (
        site.worker(tmp_path),
        connection(site.postgres.administrator_url, application="test") as administrator,
    ):
        for user in (WRITER, READER):
            await administrator.execute(f"ALTER ROLE {user} CONNECTION LIMIT 0")
        try:
            await administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ANY ($1)",
                [WRITER, READER],
            )
            living = asyncio.create_task(_lives(site))
            with pytest.raises(Unanswered):
                await acme.submit(new_submission())
            for words in (("list",), ("health",)):
                said = await run(site.environment(), "starter.py", *words)
                assert (said.code, "too many connections" in said.out + said.err) == (3, True)
            await asyncio.sleep(FOR_A_WHILE)
        finally:
            for user in (WRITER, READER):
                await administrator.execute(f"ALTER ROLE {user} CONNECTION LIMIT -1")
        await _all_is_there(site, await living)


@contextmanager
def _small_disk(folder: Path) -> Generator[None]:
    """A disk of 64 MiB at that folder; the test is skipped for who may not mount one."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", folder]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a disk for Temporal alone cannot be mounted here: that takes an administrator")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.large
async def test_a_full_disk_of_temporal(tmp_path: Path) -> None:
    """It keeps nothing, and tells callers so by silence; with room it goes on."""
    folder = tmp_path / "site"
    home = folder / "temporal"
    with _small_disk(home):
        async with open_site(folder) as site:
            if isinstance(site.temporal, NotOurs):
                pytest.skip("the environment names the servers, and nobody fills their disks")
            acme = await site.officer("acme")
            async with site.supervised(tmp_path / "worker"):
                lives = await _lives(site)
                ballast = home / "ballast"
                with suppress(OSError), ballast.open("wb", buffering=0) as file:
                    while file.write(b"\0" * 4096):
                        pass
                living = asyncio.create_task(_lives(site))
                with pytest.raises(Unanswered):
                    await _for_ever(lambda: acme.submit(new_submission()))
                await asyncio.sleep(FOR_A_WHILE)
                ballast.unlink()
                await _all_is_there(site, lives + await living)
