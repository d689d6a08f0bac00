"""Backups of a service that works: what is restored is never behind what Temporal or a checkpoint knows.

Temporal is the development server with its file. Where the official server runs, its two databases are dumped
and restored by the same commands as the log's.
"""

import asyncio
import itertools
import os
import shutil
import stat
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic_core import from_json
from temporalio.client import WorkflowHistory

from greenlight.connection.attachments import store_of
from greenlight.connection.settings import Settings
from greenlight.connection.target import connect, embedded_target
from greenlight.embedded import Postgres, TemporalServer, programs
from greenlight.embedded.temporal import NAMESPACE
from greenlight.eventlog.database import connection
from greenlight.eventlog.read import Reader
from greenlight.law.application.attachments import Attachment, MediaType, digest_of
from greenlight.law.application.commands import Withdraw
from greenlight.law.contract import SearchAttribute
from greenlight.reference.kept_controls import KeptTables
from tests.addresses import as_administrator
from tests.conftest import TIME_SKIPPING
from tests.deploy.backups import MANIFEST, places, script, sealed, taken, tools
from tests.deploy.files import compose, env_example, environment
from tests.law.application.cases import new_submission
from tests.reference.test_kept_controls import as_shipped
from tests.service.cases import ASK, STORIES, Lived, decided, live
from tests.service.processes import run
from tests.service.site import Site, insist, open_site
from tests.workflows.histories import opened

WITHDRAW = Withdraw(reason="Cancelled")


@dataclass(frozen=True, slots=True)
class Kept:
    """A service that works, and a backup that was taken while it did."""

    site: Site
    backup: Path
    open: tuple[Lived, ...]
    """Cases that have no outcome yet and were in the log before the backup began."""
    attached: str
    """A case that names two documents, of which the first was brought."""

    @property
    def keys(self) -> dict[str, str]:
        return {
            "GREENLIGHT_CHECKPOINT_KEY": str(self.site.settings.checkpoint_key_file),
            "GREENLIGHT_CODEC_KEYS": str(self.site.target.sealing.keys),
        }


@pytest_asyncio.fixture(scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Kept]:
    tools()
    folder = tmp_path_factory.mktemp("backups")
    async with open_site(tmp_path_factory.mktemp("site")) as site, site.worker(folder / "worker"):
        before = [await live(site, story) for story in STORIES]
        still_open = tuple(case for case in before if case.story.stage in ("review", "countersignature"))
        attached = await filed_with_documents(site)
        KeptTables(site.settings.tables).keep(as_shipped("2026-08-15"), datetime.now(UTC))
        # While the backup is taken, others go on, and bring documents.
        busy = [asyncio.create_task(live(site, story)) for story in STORIES * 3]
        bringing = asyncio.create_task(brought_without_end(site))
        backup = await asyncio.to_thread(taken, places(site), folder)
        bringing.cancel()
        await asyncio.gather(*busy)
        yield Kept(site, backup, still_open, attached)


def document(content: bytes) -> Attachment:
    return Attachment(title="Plan", type=MediaType.TEXT, size=len(content), digest=digest_of(content))


BROUGHT, NOT_BROUGHT = b"The plan of Lighthouse", b"Nobody brings this"


async def filed_with_documents(site: Site) -> str:
    acme = await site.officer("acme")
    named = (document(BROUGHT), document(NOT_BROUGHT))
    filing = new_submission().model_copy(update={"attachments": named})
    await insist(partial(acme.submit, filing, acn="K900001", command_id="with-documents"))
    await stored(site, "application-K900001", BROUGHT)
    return "application-K900001"


async def stored(site: Site, stream: str, content: bytes) -> None:
    async with Reader(site.target.database_url) as reader:
        log = (await reader.head()).name
    store = store_of(site.settings, site.target.sealing)
    assert await store.put(log, stream, document(content), content)


async def brought_without_end(site: Site) -> None:
    """Documents that no filing names serve as well: the folders change while they are copied."""
    for number in itertools.count():
        await stored(site, f"application-K9{number % 20:05}", f"Document {number}".encode())


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


def tree(folder: Path) -> dict[Path, bytes]:
    """The files of a folder that are nobody's drafts."""
    files = (each for each in folder.rglob("*") if each.is_file())
    named = ((each.relative_to(folder), each) for each in files)
    return {name: each.read_bytes() for name, each in named if not any(p.startswith(".") for p in name.parts)}


async def test_documents_and_control_tables_come_with_the_log(kept: Kept, tmp_path: Path) -> None:
    async with restored(kept, tmp_path / "site") as site:
        assert tree(site.settings.tables) == tree(kept.site.settings.tables) != {}
        restored_files, had = tree(site.settings.attachment_path), kept.backup / "attachments.list"
        assert restored_files.items() <= tree(kept.site.settings.attachment_path).items()
        assert {f"./{name}" for name in restored_files} <= set(had.read_text().splitlines())
        assert stat.S_IMODE((site.settings.attachment_path / kept.attached).stat().st_mode) == 0o700
        keys = {"GREENLIGHT_CODEC_KEYS": str(kept.site.target.sealing.keys)}
        check = ("starter.py", "attachments", "check", "--had", str(had))
        whole = await run(site.environment(**keys), *check)
        assert (whole.code, whole.out) == (0, "2 attachments named: 1 whole, 1 not brought\n"), whole.err
        digest = document(BROUGHT).digest.removeprefix("sha256:")
        (site.settings.attachment_path / kept.attached / digest).unlink()
        gone = await run(site.environment(**keys), *check)
        assert (gone.code, gone.err) == (1, "K900001: attachment 1 is missing\n")


def test_the_drill_tells_which_document_is_not_as_it_was(kept: Kept, tmp_path: Path) -> None:
    wrong, unpacked = tmp_path / "wrong", tmp_path / "unpacked"
    shutil.copytree(kept.backup, wrong)
    unpacked.mkdir()
    for words in (
        ("-xf", wrong / "attachments.tar"),
        ("-cf", wrong / "attachments.tar", "."),
    ):
        if words[0] == "-cf":
            file = unpacked / kept.attached / document(BROUGHT).digest.removeprefix("sha256:")
            file.write_bytes(file.read_bytes()[:-1])
        subprocess.run(["tar", "-C", unpacked, *words], check=True)
    sealed(wrong)
    done = script("restore-drill.sh", kept.keys, wrong)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "documents  FAILED" in done.stdout
    assert "K900001: attachment 1 is damaged" in done.stderr
    # What cannot be opened is counted.
    less = {name: each for name, each in kept.keys.items() if name != "GREENLIGHT_CODEC_KEYS"}
    done = script("restore-drill.sh", less, kept.backup)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "documents  2 attachments named: 1 not brought, 1 locked" in done.stdout


def test_the_documents_of_another_log_are_not_taken_for_this_ones(kept: Kept, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "log").write_text("production:other")
    said = script(
        "backup.sh", {**places(kept.site), "GREENLIGHT_ATTACHMENT_FOLDER": str(other)}, tmp_path / "b"
    )
    assert (said.returncode, "has the attachments of the log production:other, and this" in said.stderr) == (
        1,
        True,
    )
    less = {name: each for name, each in places(kept.site).items() if name != "GREENLIGHT_TABLES_FOLDER"}
    said = script("backup.sh", {**less, "GREENLIGHT_ATTACHMENT_FOLDER": ""}, tmp_path / "b")
    assert said.returncode == 0
    for what in ("attachments", "control tables"):
        assert f"backup.sh: {what} are not taken: GREENLIGHT_" in said.stderr
    assert not (Path(said.stdout.strip()) / "attachments.tar").exists()


@pytest.mark.parametrize("name", ["GREENLIGHT_ATTACHMENT_FOLDER", "GREENLIGHT_TABLES_FOLDER"])
def test_a_folder_that_is_not_there_is_told(kept: Kept, tmp_path: Path, name: str) -> None:
    said = script("backup.sh", {**places(kept.site), name: str(tmp_path / "none")}, tmp_path / "b")
    assert (said.returncode, said.stdout) == (1, "")
    assert "none cannot be copied: its error is above. Make it, if nobody has put any" in said.stderr
    assert said.stderr.endswith(f"see {name}\n")


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
    done = script("restore-drill.sh", kept.keys, kept.backup)
    assert done.returncode == 0, done.stdout + done.stderr
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert {
        "backup",
        "restore",
        "verify",
        "lists",
        "letters",
        "documents",
        "tables",
        "namespace",
        "resume",
        "took",
    } <= told.keys()
    assert "signatures, law and order hold" in told["verify"]
    assert "are those published in" in told["verify"]
    assert told["documents"] == "2 attachments named: 1 whole, 1 not brought"


async def test_the_drill_finds_a_log_that_is_behind_what_was_published(kept: Kept, tmp_path: Path) -> None:
    await live(kept.site, STORIES[0])
    # Until it is published.
    await asyncio.sleep(2)
    later = await asyncio.to_thread(taken, places(kept.site), tmp_path)
    wrong = tmp_path / "wrong"
    shutil.copytree(kept.backup, wrong)
    shutil.copyfile(later / "tiles.tar", wrong / "tiles.tar")
    sealed(wrong)
    done = await asyncio.to_thread(script, "restore-drill.sh", kept.keys, wrong)
    assert done.returncode == 1
    assert "verify     FAILED" in done.stdout
    assert "would not serve" in done.stderr


def test_a_backup_is_its_owners_alone_and_says_what_it_holds(kept: Kept) -> None:
    names = {path.name for path in kept.backup.iterdir()}
    folders = {"tiles.tar", "attachments.tar", "attachments.list", "tables.tar"}
    assert names == {"about", "log.dump", MANIFEST, "temporal.db"} | folders
    assert all(
        stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in (kept.backup, *kept.backup.iterdir())
    )
    about = [line.split()[0] for line in (kept.backup / "about").read_text().splitlines()]
    assert about == [
        "greenlight-backup",
        "temporal",
        "tiles",
        "id",
        "position",
        "log",
        "attachments",
        "tables",
        "ended",
    ]


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
case "$*" in *--command*) echo 'production:0 1' ;; *" tar "*) tar -cf - -T /dev/null ;; esac
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
        assert {"postgresql", "worker", "cli"} & set(words) & services.keys(), line
        databases += [word.rpartition("/")[2] for word in words if word.startswith("postgresql://")]
    # The head of the log is read before it is dumped.
    assert databases == ["temporal_visibility", "temporal", "greenlight", "greenlight"]
    tiles, *folders = [at for at, line in enumerate(asked) if " tar " in line]
    [log] = [at for at, line in enumerate(asked) if " pg_dump " in line and line.endswith("/greenlight")]
    assert tiles == 2
    # What the log names is there when the log is taken, and stays.
    assert all(at > log for at in folders)
    cli = environment(services["cli"], dict.fromkeys(env_example(), ""))
    for at, name in zip(folders, ("ATTACHMENT", "TABLES"), strict=True):
        place = cli[f"GREENLIGHT_{name}_FOLDER"]
        assert f"--entrypoint env cli tar -C {place} " in asked[at]
        assert (place, "rw") in {(mount.target, mount.mode) for mount in services["cli"].mounts}
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
