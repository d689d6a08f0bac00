"""A start that cannot succeed ends at once, with one line that says what is wrong and what to do about it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest

from bench.named import on_run
from greenlight.connection.target import connect
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from tests.addresses import named
from tests.service.processes import run
from tests.service.site import Site, addressed

SETTING, CANNOT = 2, 3
"""Exit codes."""

NOBODY = "127.0.0.1:1"
"""An address where nothing listens."""


async def _told(settings: Mapping[str, str], code: int, *words: str) -> None:
    """A worker says one line, with these words one after the other, before it ends with ``code``."""
    said = await run(settings, "worker.py")
    assert (said.code, said.out) == (code, ""), said.err
    (line,) = said.err.splitlines()
    at = 0
    for word in ("setting " if code == SETTING else "greenlight: ", *words):
        assert word in line[at:], line
        at = line.index(word, at) + len(word)


async def _each_told(code: int, starts: Sequence[tuple[Mapping[str, str], Sequence[str]]]) -> None:
    async with asyncio.TaskGroup() as group:
        for settings, words in starts:
            group.create_task(_told(settings, code, *words))


async def test_a_wrong_setting_is_named() -> None:
    wrong = [
        ("GREENLIGHT_LOG_FORMAT", "verse", "'console' or 'json'"),
        ("GREENLIGHT_METRICS_ADDRESS", "localhost:9464", "give an IP address and a port"),
        ("GREENLIGHT_CHECKPOINT_INTERVAL", "0", "greater than 0"),
    ]
    await _each_told(SETTING, [({name: value}, (f"{name}: ", why)) for name, value, why in wrong])


async def test_one_server_is_not_enough() -> None:
    both = "is not: set both, or neither"
    await _each_told(
        CANNOT,
        [
            ({"TEMPORAL_ADDRESS": NOBODY}, ("TEMPORAL_ADDRESS is set but DATABASE_URL", both)),
            ({"DATABASE_URL": "postgresql://x"}, ("DATABASE_URL is set but TEMPORAL_ADDRESS", both)),
        ],
    )


async def test_what_only_reads_the_log_needs_the_database_alone(site: Site) -> None:
    alone = {**addressed(site.target), "GREENLIGHT_DATA": str(site.folder)}
    verified, listed, resumed = await asyncio.gather(
        *(run(alone, "starter.py", *words) for words in (("verify",), ("list",), ("resume", "--all")))
    )
    assert (verified.code, listed.code) == (0, 0), verified.err + listed.err
    assert resumed.code == 3
    assert "DATABASE_URL is set but TEMPORAL_ADDRESS is not: set both, or neither" in resumed.err


async def test_a_server_that_is_not_there_is_named(site: Site) -> None:
    no_database = "the database that DATABASE_URL names cannot be used: "
    missing = [
        ("TEMPORAL_ADDRESS", NOBODY, (f"no Temporal server answers at {NOBODY}: ", "check TEMPORAL_ADDRESS")),
        ("TEMPORAL_NAMESPACE", "nowhere", ("Namespace nowhere is not found",)),
        ("GREENLIGHT_WRITER_URL", f"postgresql://{NOBODY}/greenlight", (no_database,)),
        (
            "GREENLIGHT_WRITER_URL",
            named(site.target.writer_url, "nowhere"),
            (no_database, f'database "{on_run(site.target.writer_url, "nowhere")}" does not exist'),
        ),
    ]
    await _each_told(CANNOT, [(site.environment(**{name: value}), words) for name, value, words in missing])


async def test_a_database_of_another_version(site: Site) -> None:
    empty, newer = await site.new_database("not_migrated"), await site.new_database("newer")
    await migrate(newer.owner_url)
    async with connection(newer.owner_url, application="test") as owner:
        await owner.execute("INSERT INTO greenlight.migration VALUES (9999, '9999_future.sql', '')")
    await _each_told(
        CANNOT,
        [
            (
                site.environment(**addressed(empty)),
                ("lacks 0001_record.sql: ", "run `python -m greenlight.eventlog.migrate` as its owner"),
            ),
            (
                site.environment(**addressed(newer)),
                ("newer than this program: 9999_future.sql ", "update the program"),
            ),
        ],
    )


async def test_a_search_attribute_of_another_type(site: Site) -> None:
    namespace = await site.new_namespace("clash")
    temporal = await connect(namespace)
    clash = {"Stage": IndexedValueType.INDEXED_VALUE_TYPE_INT}
    await temporal.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=namespace.namespace, search_attributes=clash)
    )
    name = namespace.namespace
    attribute = f"search attribute Stage of namespace {name} is not of type Keyword: remove it there"
    await _told(site.environment(TEMPORAL_NAMESPACE=name), CANNOT, attribute)


async def test_a_file_that_cannot_be_used(site: Site, tmp_path: Path) -> None:
    empty, folder = tmp_path / "empty.pem", tmp_path / "folder.pem"
    empty.touch(mode=0o600)
    folder.mkdir(mode=0o700)
    hint = "see GREENLIGHT_CHECKPOINT_KEY, GREENLIGHT_KEY_FOLDER and GREENLIGHT_DATA"
    unusable = [
        ("GREENLIGHT_CHECKPOINT_KEY", empty, (f"{empty}: not a private Ed25519 key in PEM form",)),
        (
            "GREENLIGHT_CHECKPOINT_KEY",
            folder,
            (f"the checkpoint key {folder} ", "(is a folder, and no file)", hint),
        ),
        ("GREENLIGHT_DATA", empty, (f"the folder {empty} cannot", "file in its way", "let GREENLIGHT_DATA")),
        ("GREENLIGHT_KEY_FOLDER", empty, (f"the folder {empty} cannot", "let GREENLIGHT_KEY_FOLDER name")),
        ("GREENLIGHT_TILE_FOLDER", empty / "tiles", (f"{empty}/tiles cannot", "let GREENLIGHT_TILE_FOLDER")),
        ("GREENLIGHT_LETTER_FOLDER", Path("/proc/x"), ("/proc/x cannot", "let GREENLIGHT_LETTER_FOLDER")),
        ("GREENLIGHT_LISTINGS", folder, (f"{folder}: ", "is a folder, and no file")),
    ]
    await _each_told(
        CANNOT, [(site.environment(**{name: str(path)}), words) for name, path, words in unusable]
    )
    assert empty.read_bytes() == b""


async def test_an_auditor_whose_folder_cannot_be_used_says_so(site: Site, tmp_path: Path) -> None:
    settings = {**site.environment(), "GREENLIGHT_AUDITOR_FOLDER": str(tmp_path / "file")}
    (tmp_path / "file").touch()
    said = await run(settings, "-m", "greenlight.audit", "once")
    assert (said.code, said.out) == (SETTING, "")
    assert f"the folder {tmp_path}/file cannot be used (there is a file in its way)" in said.err
    assert "let GREENLIGHT_AUDITOR_FOLDER name one" in said.err
