"""Backups of a service that works: what is restored is never behind what Temporal or a checkpoint knows.

Temporal is the development server with its file. Where the official server runs, its two databases are dumped
and restored by the same commands as the log's.
"""

import asyncio
import os
import shutil
import stat
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic_core import from_json
from temporalio.client import WorkflowHistory

from greenlight.connection.settings import Settings
from greenlight.connection.target import connect, embedded_target
from greenlight.embedded import Postgres, TemporalServer, programs
from greenlight.embedded.temporal import NAMESPACE
from greenlight.eventlog.database import connection
from greenlight.eventlog.read import Reader
from greenlight.law.application.commands import Withdraw
from greenlight.law.contract import SearchAttribute
from tests.addresses import as_administrator
from tests.conftest import TIME_SKIPPING
from tests.deploy.backups import MANIFEST, places, script, sealed, taken, tools
from tests.deploy.files import compose, env_example, environment
from tests.service.cases import ASK, STORIES, Lived, decided, live
from tests.service.processes import run
from tests.service.site import Site, open_site
from tests.workflows.histories import opened

WITHDRAW = Withdraw(reason="Cancelled")


@dataclass(frozen=True, slots=True)
class Kept:
    """A service that works, and a backup that was taken while it did."""

    site: Site
    backup: Path
    open: tuple[Lived, ...]
    """Cases that have no outcome yet and were in the log before the backup began."""

    @property
    def key(self) -> dict[str, str]:
        return {"GREENLIGHT_CHECKPOINT_KEY": str(self.site.settings.checkpoint_key_file)}


@pytest_asyncio.fixture(scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Kept]:
    tools()
    folder = tmp_path_factory.mktemp("backups")
    async with open_site(tmp_path_factory.mktemp("site")) as site, site.worker(folder / "worker"):
        before = [await live(site, story) for story in STORIES]
        still_open = tuple(case for case in before if case.story.stage in ("review", "countersignature"))
        # While the backup is taken, others go on.
        busy = [asyncio.create_task(live(site, story)) for story in STORIES * 3]
        backup = await asyncio.to_thread(taken, places(site), folder)
        await asyncio.gather(*busy)
        yield Kept(site, backup, still_open)


@asynccontextmanager
async def restored(
    kept: Kept, folder: Path, *, temporal_too: bool = True, backup: Path | None = None
) -> AsyncGenerator[Site]:
    """A second service on fresh servers, restored from the backup, or another one; no worker yet."""
    await asyncio.to_thread(folder.mkdir)
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    postgres = Postgres(folder)
    temporal = TemporalServer(
        folder, port=0, ui_port=0, search_attributes=attributes, dynamic_config=TIME_SKIPPING
    )
    try:
        await postgres.start()
        sealing = Settings(data=folder).sealing(make=True)
        target = embedded_target(temporal.address, NAMESPACE, postgres, temporal.ui, sealing=sealing)
        settings = places(Site(postgres, temporal, target, folder))
        if not temporal_too:
            del settings["TEMPORAL_FILE"]
        done = await asyncio.to_thread(script, "restore.sh", settings, backup or kept.backup)
        assert done.returncode == 0, done.stderr
        assert "1000 were left out for those given out after the backup" in done.stdout
        assert ("temporal is left out" in done.stdout) is not temporal_too
        await temporal.start()
        shutil.copytree(kept.site.settings.keys, folder / "keys")
        sealing = Settings(data=folder).sealing(make=True)
        target = embedded_target(temporal.address, NAMESPACE, postgres, temporal.ui, sealing=sealing)
        yield Site(postgres, temporal, target, folder)
    finally:
        await temporal.stop()
        await postgres.stop()


def told_to(history: WorkflowHistory) -> list[str]:
    """The records that a workflow has of its case."""
    results = (
        from_json(payload.data)
        for event in history.events
        for payload in event.marker_recorded_event_attributes.details["result"].payloads
    )
    return [record for answer in results for record in answer.get("records", ())]


async def goes_on(kept: Kept, site: Site, folder: Path) -> None:
    """Taken over by a worker, every case that was open is there and answers, and the log is sound."""
    adopted = await run(site.environment(), "starter.py", "namespace", "adopt", NAMESPACE)
    assert adopted.code == 0, adopted.err
    async with site.worker(folder):
        resumed = await run(site.environment(), "starter.py", "resume", "--all")
        assert resumed.code == 0, resumed.err
        for case in kept.open:
            await decided(site, "acme", case.stream, WITHDRAW, f"after-{case.stream}")
    verified = await run(site.environment(), "starter.py", "verify")
    assert verified.code == 0, verified.err
    assert "are those published in" in verified.out


async def test_what_was_taken_under_load_is_restored_and_goes_on(kept: Kept, tmp_path: Path) -> None:
    async with restored(kept, tmp_path / "site") as site:
        temporal = await connect(site.target)
        running = {each.id async for each in temporal.list_workflows("ExecutionStatus = 'Running'")}
        assert {case.stream for case in kept.open} <= running
        async with Reader(site.target.database_url) as reader:
            for stream in {each.id async for each in temporal.list_workflows()}:
                # What Temporal was told, the log has: it was dumped later. It may have more.
                history = await temporal.get_workflow_handle(stream).fetch_history()
                told = told_to(await opened(temporal, history))
                assert told == [event.record async for event in reader.stream(stream)][: len(told)], stream
        refused = await run(site.environment(), "worker.py")
        assert (refused.code, "a copy of that log, or the log restored" in refused.err) == (3, True)
        await goes_on(kept, site, tmp_path / "worker")


def numbered(case: Lived) -> int:
    assert case.license_stream is not None
    return int(case.license_stream[-6:])


async def test_a_license_number_that_was_given_out_after_the_backup_is_not_given_again(
    kept: Kept, tmp_path: Path
) -> None:
    forgotten = await live(kept.site, STORIES[0])
    async with restored(kept, tmp_path / "site") as site:
        adopted = await run(site.environment(), "starter.py", "namespace", "adopt", NAMESPACE)
        assert adopted.code == 0, adopted.err
        async with site.worker(tmp_path / "worker"):
            granted = await live(site, STORIES[0])
        assert numbered(forgotten) < 1000 < numbered(granted)
        said = await run(site.environment(), "starter.py", "log", "skip-numbers", "5000")
        assert said.out == f"The next license number is D{numbered(granted) + 5001:06}: 5000 were left out.\n"
        said = await run(site.environment(), "starter.py", "log", "skip-numbers", "999999")
        assert (said.code, "license numbers cannot be left out" in said.err) == (1, True)


async def test_where_temporals_data_is_lost_the_log_gives_all_cases_back(kept: Kept, tmp_path: Path) -> None:
    async with restored(kept, tmp_path / "site", temporal_too=False) as site:
        temporal = await connect(site.target)
        assert [each.id async for each in temporal.list_workflows()] == []
        await goes_on(kept, site, tmp_path / "worker")


async def test_a_log_of_an_earlier_time_is_served_once_what_ran_is_terminated(
    kept: Kept, tmp_path: Path
) -> None:
    """As after a recovery to a point in time, or when an asynchronous standby took over."""
    [case, *_] = kept.open
    await decided(kept.site, "olga", case.stream, ASK, f"lost-{case.stream}")
    newer, mixed = await asyncio.to_thread(taken, places(kept.site), tmp_path), tmp_path / "mixed"
    shutil.copytree(kept.backup, mixed)
    shutil.copyfile(newer / "temporal.db", mixed / "temporal.db")
    sealed(mixed)
    async with restored(kept, tmp_path / "site", backup=mixed) as site:
        ended = await asyncio.to_thread(
            subprocess.run,
            [
                *(programs.temporal(), "workflow", "terminate", "--address", site.target.address),
                *("--query", "ExecutionStatus = 'Running'", "--reason", "the log was restored", "--yes"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        temporal = await connect(site.target)
        for _ in range(300):
            if not [each async for each in temporal.list_workflows("ExecutionStatus = 'Running'")]:
                break
            await asyncio.sleep(0.2)
        await goes_on(kept, site, tmp_path / "worker")
        async with Reader(site.target.database_url) as reader:
            types = [event.type async for event in reader.stream(case.stream)]
        assert types[-1] == "ApplicationWithdrawn"


def test_the_drill_answers_for_a_backup(kept: Kept) -> None:
    done = script("restore-drill.sh", kept.key, kept.backup)
    assert done.returncode == 0, done.stdout + done.stderr
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert {"backup", "restore", "verify", "lists", "letters", "namespace", "resume", "took"} <= told.keys()
    assert "signatures, law and order hold" in told["verify"]
    assert "are those published in" in told["verify"]


async def test_the_drill_finds_a_log_that_is_behind_what_was_published(kept: Kept, tmp_path: Path) -> None:
    await live(kept.site, STORIES[0])
    # Until it is published.
    await asyncio.sleep(2)
    later = await asyncio.to_thread(taken, places(kept.site), tmp_path)
    wrong = tmp_path / "wrong"
    shutil.copytree(kept.backup, wrong)
    shutil.copyfile(later / "tiles.tar", wrong / "tiles.tar")
    sealed(wrong)
    done = await asyncio.to_thread(script, "restore-drill.sh", kept.key, wrong)
    assert done.returncode == 1
    assert "verify     FAILED" in done.stdout
    assert "would not serve" in done.stderr


def test_a_backup_is_its_owners_alone_and_says_what_it_holds(kept: Kept) -> None:
    names = {path.name for path in kept.backup.iterdir()}
    assert names == {"about", "log.dump", MANIFEST, "temporal.db", "tiles.tar"}
    assert all(
        stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in (kept.backup, *kept.backup.iterdir())
    )
    about = [line.split()[0] for line in (kept.backup / "about").read_text().splitlines()]
    assert about == ["greenlight-backup", "temporal", "tiles", "id", "position", "log", "ended"]


def test_what_cannot_be_taken_leaves_nothing_that_looks_like_a_backup(kept: Kept, tmp_path: Path) -> None:
    done = script("backup.sh", {**places(kept.site), "PG_DUMP": "false"}, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "name a pg_dump as new as the server by PG_DUMP" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give the folder for backups"),
        (("--everything", "here"), "there is no option --everything"),
        (("here",), "set GREENLIGHT_OWNER_URL to the database of the event log"),
    ],
)
def test_what_it_is_not_told_is_asked_for(words: tuple[str, ...], said: str) -> None:
    done = script("backup.sh", {}, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


RECORDS = """#!/bin/sh
echo "$*" >>"$RECORD"
case "$*" in *--command*) echo 'production:0 1' ;; esac
"""


def test_in_compose_it_asks_the_containers_in_the_order_that_is_safe(tmp_path: Path) -> None:
    """There is no Docker here: a program that records stands for it."""
    docker, record = tmp_path / "docker", tmp_path / "record"
    docker.write_text(RECORDS)
    docker.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "RECORD": str(record)}
    done = script("backup.sh", path, "--compose", tmp_path / "backups")
    assert done.returncode == 0, done.stderr
    asked = record.read_text().splitlines()
    services = compose().services
    databases: list[str] = []
    for line in asked:
        words = line.split()
        assert words[0] == "compose"
        assert {"postgresql", "worker"} & set(words) & services.keys(), line
        databases += [word.rpartition("/")[2] for word in words if word.startswith("postgresql://")]
    # The head of the log is read before it is dumped.
    assert databases == ["temporal_visibility", "temporal", "greenlight", "greenlight"]
    [tiles] = [at for at, line in enumerate(asked) if " tar " in line]
    assert tiles == 2
    folder = environment(services["worker"], dict.fromkeys(env_example(), ""))["GREENLIGHT_TILE_FOLDER"]
    assert f"flock {folder}/.lock tar -C {folder} " in asked[tiles]


def _changed(backup: Path) -> None:
    with (backup / "log.dump").open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))


def _unlisted(backup: Path) -> None:
    (backup / "more.dump").write_bytes(b"")


def _without_manifest(backup: Path) -> None:
    (backup / MANIFEST).unlink()


def _without_log(backup: Path) -> None:
    (backup / "log.dump").unlink()
    sealed(backup)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_changed, "is not as it was taken"),
        (_unlisted, "more.dump was not there when the backup was taken"),
        (_without_manifest, "is no backup: it has no manifest.sha256"),
        (_without_log, "has no event log"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_nothing_is_restored_of_what_is_not_as_it_was_taken(
    kept: Kept, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    wrong, folder = tmp_path / "wrong", tmp_path / "site"
    shutil.copytree(kept.backup, wrong)
    spoil(wrong)
    empty = {
        **places(kept.site),
        "GREENLIGHT_TILE_FOLDER": str(folder),
        "TEMPORAL_FILE": str(folder / "t.db"),
    }
    done = await asyncio.to_thread(script, "restore.sh", empty, wrong)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert not folder.exists()


async def test_nothing_is_restored_over_what_is_there(kept: Kept, tmp_path: Path) -> None:
    new = await kept.site.new_database("no_place")
    there = {**places(kept.site), "TEMPORAL_FILE": str(tmp_path / "temporal.db")}
    full = await asyncio.to_thread(script, "restore.sh", there, kept.backup)
    assert (full.returncode, full.stdout) == (1, "")
    assert "the database for log is not empty" in full.stderr
    there["GREENLIGHT_OWNER_URL"] = as_administrator(new.owner_url)
    published = await asyncio.to_thread(script, "restore.sh", there, kept.backup)
    assert (published.returncode, published.stdout) == (1, "")
    assert "is not empty: move what is in it away, and keep it" in published.stderr
    async with connection(new.owner_url, application="test") as owner:
        assert await owner.fetchval("SELECT to_regnamespace('greenlight')") is None
