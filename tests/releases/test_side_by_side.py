"""Two releases of the worker on one log, as processes: rolled out one after the other, and rolled back."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowHandle

from greenlight.connection.executions import described
from greenlight.connection.target import connect
from tests.service.processes import Said, Worker, run
from tests.service.site import Site, open_site
from tests.workflows.office import eventually

EARLIER, LATER = "tests.releases.earlier", "tests.releases.later"
SOON = timedelta(seconds=30)
KNOCKS = timedelta(seconds=100)
"""A worker of the newer release knocks once a minute."""
SETTINGS = {"GREENLIGHT_MENDING_INTERVAL": "1"}


@dataclass
class Harbour:
    """The servers, and what either release's programs do on them."""

    site: Site
    temporal: Client
    folder: Path

    def settings(self, release: str) -> dict[str, str]:
        return self.site.environment(GREENLIGHT_EXTENSIONS=release, **SETTINGS)

    @asynccontextmanager
    async def worker(self, release: str) -> AsyncGenerator[Worker]:
        async with self.site.worker(
            self.folder / release, GREENLIGHT_EXTENSIONS=release, **SETTINGS
        ) as worker:
            yield worker

    async def migrated(self, release: str) -> str:
        said = await run(self.settings(release), "-m", "greenlight.eventlog.migrate")
        assert said.code == 0, said.err
        return said.out

    async def says(self, release: str, *words: str) -> Said:
        """The stock command line of a release."""
        return await run(self.settings(release), "starter.py", *words)

    async def does(self, release: str, *words: str) -> Said:
        said = await self.says(release, *words)
        assert said.code == 0, said.err
        return said

    async def asks(self, release: str, *ships: str, draught: int | None = None) -> None:
        deep = () if draught is None else ("--draught", str(draught))
        for ship in ships:
            await self.does(release, "berth", "request-berth", ship, "Aurora", *deep, "--as", "acme")

    async def assigns(self, release: str, ship: str, place: str) -> Said:
        return await self.says(release, "berth", "assign-berth", ship, place, "--as", "olga")

    async def types(self, ship: str) -> list[str]:
        rows = (await self.does(LATER, "history", f"berth-{ship}", "--json")).rows
        return [str(row["type"]) for row in rows]

    async def waits_for(self, ship: str) -> str:
        seen = (await described(self.temporal, f"berth-{ship}")).search_attributes
        return str(next(iter(seen.get("WaitingFor", ())), ""))

    async def details(self, ship: str) -> str:
        """The details that people see of the case."""
        handle: WorkflowHandle[object, object] = self.temporal.get_workflow_handle(f"berth-{ship}")
        told = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
        return told.current_details

    async def comes_to_wait_for(self, ship: str, who: str, patience: timedelta = SOON) -> None:
        async def does() -> bool:
            return await self.waits_for(ship) == who

        await eventually(does, f"{ship} waits for {who}", patience)

    async def is_sound(self) -> None:
        verified = await self.does(LATER, "verify")
        assert "law and order hold" in verified.out
        assert (await self.does(LATER, "rebuild", "--dry-run", "--json")).document["differences"] == []


@pytest_asyncio.fixture
async def harbour(tmp_path: Path) -> AsyncGenerator[Harbour]:
    async with open_site(tmp_path / "site") as site:
        yield Harbour(site, await connect(site.target), tmp_path)


def named(said: Said, words: Sequence[str]) -> list[str]:
    """Those of the words that a program did not say."""
    return [word for word in words if word not in said.out + said.err]


async def test_an_upgrade_goes_through_the_workers_and_so_does_the_way_back(harbour: Harbour) -> None:
    does, assigns = harbour.does, harbour.assigns
    await harbour.migrated(EARLIER)
    async with harbour.worker(EARLIER) as old:
        await harbour.asks(EARLIER, "a-1", "a-2", "a-3")
        assert (await assigns(EARLIER, "a-1", "quay 1")).code == 0
        assert "functions" in await harbour.migrated(LATER)
        # The old one goes on, and could be started again.
        assert (await assigns(EARLIER, "a-2", "quay 2")).code == 0
        await old.stop()
        await old.start()
        await old.ready()
        assert await harbour.migrated(EARLIER) == "nothing to do\n"
        async with harbour.worker(LATER) as new:
            await harbour.asks(LATER, "b-1", "b-2", "b-3", "b-4", "e-1", "e-2")
            for ship in ("e-1", "e-2"):
                # Whichever worker it comes to.
                assert (await assigns(EARLIER, ship, "pier")).code == 0
            assert await old.stop() == 0
            assert (await assigns(LATER, "a-3", "pier 8 and pier 9")).code == 0
            await does(LATER, "berth", "move-ship", "a-1", "--as", "olga")
            await does(LATER, "berth", "move-ship", "b-1", "--as", "olga")
            assert (await assigns(LATER, "b-3", "shallows")).code == 1
            await harbour.asks(LATER, "c-1", draught=7)
            await harbour.is_sound()

            await old.start()
            await old.ready()
            await harbour.asks(EARLIER, "d-1")
            assert await new.stop() == 0

        # What is known here goes on, with a new member and after a refusal of a kind that is not known.
        ships = ("a-2", "b-2", "b-3", "b-4", "c-1", "d-1")
        for said in await asyncio.gather(*(assigns(EARLIER, ship, "mole") for ship in ships)):
            assert said.code == 0, said.err
        newest = {"a-1": "ShipMoved", "b-1": "ShipMoved", "a-3": "BerthAssigned"}
        for refused in await asyncio.gather(*(assigns(EARLIER, ship, "mole") for ship in newest)):
            assert (refused.code, "newer_release" in refused.err) == (1, True), refused.err
        for ship, type_ in newest.items():
            await harbour.comes_to_wait_for(ship, "newer_release")
            assert type_ in await harbour.details(ship)
        shown = await does(EARLIER, "show", "berth-a-1")
        assert named(shown, ["goes on with event 3", "ShipMoved"]) == []
        verified = await harbour.says(EARLIER, "verify")
        assert (verified.code, named(verified, ["ShipMoved: a newer release may know it"])) == (1, [])
        rebuilt = await harbour.says(EARLIER, "rebuild")
        assert (rebuilt.code, named(rebuilt, ["berth-a-1", "berth-b-1", "berth-a-3"])) == (1, [])
        assert (
            named(await does(EARLIER, "list", "--kind", "berth"), ["a-1", "a-2", "a-3", "b-1", "d-1"]) == []
        )
        attempts = [(await described(harbour.temporal, f"berth-{ship}")).attempts for ship in ("a-1", "a-3")]
        assert attempts == [0, 0], "nothing spins"

        async with harbour.worker(LATER):
            assert await old.stop() == 0
            for ship in ("a-1", "b-1"):
                await harbour.comes_to_wait_for(ship, "licensing_officer", KNOCKS)
            await harbour.comes_to_wait_for("a-3", "applicant", KNOCKS)
            assert (await assigns(LATER, "a-1", "mole")).code == 0
            await harbour.is_sound()
    assert await harbour.types("a-1") == ["BerthRequested", "BerthAssigned", "ShipMoved", "BerthAssigned"]
    assert await harbour.types("a-3") == ["BerthRequested", "BerthAssigned"]
    assert await harbour.types("b-3") == ["BerthRequested", "CommandRefused", "BerthAssigned"]
