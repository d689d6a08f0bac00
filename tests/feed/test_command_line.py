"""`starter.py events` and `starter.py export`, as programs of their own on a real log."""

import asyncio
import csv
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from pyarrow import parquet  # pyright: ignore[reportMissingTypeStubs]  # It ships none.

from greenlight.embedded.users import READER
from greenlight.eventlog.database import Connection
from greenlight.eventlog.read_events import StreamReader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import StoredEvent
from greenlight.feed import export
from tests.addresses import as_user
from tests.eventlog.crowd import Crowd
from tests.feed.serving import recorded

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def started(dsn: str, *words: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "starter.py", *words),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": as_user(dsn, READER), "COLUMNS": "80"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # In the background of a shell it would be ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def said(dsn: str, *words: str) -> tuple[int | None, str, str]:
    async with started(dsn, *words) as process:
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def stored(dsn: str) -> list[StoredEvent]:
    async with StreamReader(dsn) as reader:
        return [event async for event in reader.log()]


async def test_events_are_printed_in_their_order(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    last = [await recorded(recorder, crowd, "A000001", version) for version in range(3)][-1]
    code, out, err = await said(dsn, "events", "--after", str(last - 2), "--json")
    assert (code, err) == (0, "")
    assert [int(json.loads(line)["id"]) for line in out.splitlines()] == [last - 1, last]
    code, out, _ = await said(dsn, "events", "--type", "CaseAssigned", "--until", str(last - 1))
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [str(last - 2), str(last - 1)]
    assert all(line.endswith("application-A000001  CaseAssigned") for line in out.splitlines())
    code, out, _ = await said(dsn, "events", "--stream", "officer", "--json")
    assert len(out.splitlines()) == crowd.events


async def test_a_position_that_is_not_there_yet_is_refused(dsn: str, tmp_path: Path) -> None:
    for words in (["events"], ["events", "--follow"], ["export", "--out", str(tmp_path / "file.csv")]):
        code, _, err = await said(dsn, *words, "--after", "10000")
        assert (code, "10000" in err) == (1, True), err
    assert not os.listdir(tmp_path)


async def test_following_goes_on_after_the_connection_broke(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    async with started(dsn, "events", "--follow", "--json", "--stream", "application") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for version in range(4):
            position = await recorded(recorder, crowd, "A000001", version)
            event = json.loads(await process.stdout.readline())
            assert int(event["id"]) == position
            if version % 2:
                await database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name LIKE 'greenlight-cli%' AND datname = current_database()"
                )
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert process.returncode == 0
    assert "trying again" in err.decode()


async def test_following_ends_when_nobody_reads(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    command = f"{sys.executable} starter.py events --follow --json | head -n 1"
    process = await asyncio.create_subprocess_shell(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": as_user(dsn, READER)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert json.loads(await process.stdout.readline())["id"] == "1"
    # It learns so when there is more to say, once that nobody is gone.
    ended = asyncio.create_task(process.wait())
    for version in range(60):
        await recorded(recorder, crowd, "A000001", version)
        if (await asyncio.wait({ended}, timeout=1))[0]:
            break
    assert await ended == 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
async def test_files_that_go_on_where_the_last_one_ended_have_every_row_once(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path, form: str
) -> None:
    for version in range(3):
        await recorded(recorder, crowd, "A000001", version)
    events = await stored(dsn)
    rows: list[tuple[object, ...]] = []
    after = 0
    for number, until in enumerate((4, 9, None)):
        file = tmp_path / f"{number}.{form}"
        words = ("export", "--out", str(file), "--after", str(after), "--json")
        code, out, err = await said(dsn, *words, *(("--until", str(until)) if until else ()))
        assert code == 0, err
        told = json.loads(out)
        found = read(file)
        assert told["rows"] == len(found)
        rows += found
        after = told["position"]
        assert file.stat().st_mode & 0o077 == 0
    assert after == len(events)
    assert rows == [
        (
            *(str(event.position), event.stream, str(event.version), event.type, event.at.isoformat()),
            *(event.recorded_at.isoformat(), event.command_id or "", event.record),
        )
        for event in events
    ]


def read(file: Path) -> list[tuple[object, ...]]:
    """The rows of a file, as text."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as content:
            head, *rows = csv.reader(content)
        assert tuple(head) == export.COLUMNS
        return [tuple(row) for row in rows]
    table = parquet.read_table(file)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    found = table.to_pylist()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return [tuple(map(_text, row.values())) for row in found]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType, reportUnknownArgumentType]


def _text(value: object) -> str:
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else "" if value is None else str(value)


async def test_a_file_that_is_there_is_left_as_it_is(dsn: str, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("mine")
    code, _, err = await said(dsn, "export", "--out", str(file))
    assert (code, file.read_text()) == (2, "mine"), err
    code, _, err = await said(dsn, "export", "--out", str(tmp_path / "nowhere" / "events.csv"))
    assert code == 2
    assert "cannot be written" in err
    code, _, err = await said(dsn, "export", "--out", str(tmp_path / "events"))
    assert code == 2
    assert "--format" in err


async def test_what_is_wanted_alone_is_in_the_file(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    positions = [await recorded(recorder, crowd, "A000001", version) for version in range(3)]
    await recorded(recorder, crowd, "A000002")
    file = tmp_path / "events.csv"
    code, out, _ = await said(dsn, "export", "--out", str(file), "--stream", "application-A000001")
    assert code == 0
    assert [row[0] for row in read(file)] == list(map(str, positions))
    assert f"--after {positions[-1] + 1}" in out, "what was not wanted is behind it, too"
