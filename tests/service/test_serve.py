"""``make serve``: everything on this machine, from one program."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import httpx

from greenlight.embedded import running
from greenlight.embedded.users import AUDITOR, READER, WRITER
from greenlight.eventlog.database import connection
from greenlight.tlog import checkpoint
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import NoteError
from tests.addresses import as_administrator
from tests.service.processes import ROOT, Worker, run

EXAMPLE = str(ROOT / "examples" / "application.json")
FREE_PORTS = {
    "GREENLIGHT_TEMPORAL_PORT": "0",
    "GREENLIGHT_UI_PORT": "0",
    "GREENLIGHT_DOOR_ADDRESS": "127.0.0.1:0",
    "GREENLIGHT_DESK_ADDRESS": "127.0.0.1:0",
}


def _there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _servers(data: Path) -> list[int]:
    """Their process ids."""
    return [int((data / name / "pid").read_text()) for name in ("postgres", "temporal")]


async def _users(data: Path) -> set[tuple[object, object]]:
    """The connections that are kept open, each with its user."""
    up = running(data)
    assert up is not None
    async with connection(as_administrator(up.database_url), application="test") as database:
        rows = await database.fetch(
            "SELECT application_name AS program, usename AS name FROM pg_stat_activity"
            " WHERE datname = 'greenlight' AND pid <> pg_backend_pid()"
        )
    passing = {"greenlight-letters", "greenlight-checkpoint", "greenlight-attachments"}
    return {(row["program"], row["name"]) for row in rows if row["program"] not in passing}


async def _cosigned(data: Path) -> None:
    """Return once the newest checkpoint has the log's signature and the auditor's."""
    folder = TileFolder(data / "tiles")
    async with asyncio.timeout(60):
        while True:
            keys, newest = folder.read_keys(), folder.newest()
            if newest is not None and len(keys) == 2:
                with suppress(NoteError):
                    checkpoint.read(newest, keys[0], keys[1:])
                    return
            await asyncio.sleep(0.2)


async def test_ctrl_c_leaves_no_process_and_all_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = {**FREE_PORTS, "GREENLIGHT_DATA": str(data)}
    service = Worker(settings, tmp_path / "said")
    await service.start()
    try:
        await service.ready()
        submit = ("starter.py", "submit", EXAMPLE, "--as", "acme", "--json")
        beside, submitted = await asyncio.gather(run(settings, "worker.py"), run(settings, *submit))
        assert (beside.code, beside.out) == (3, "")
        (line,) = beside.err.splitlines()
        assert line.startswith(f"greenlight: Greenlight already runs on {data} (process ")

        # The first one is unharmed.
        assert submitted.code == 0, submitted.err
        acn = str(submitted.document["stream"]).removeprefix("application-")
        users = await _users(data)
        assert {("greenlight", WRITER), ("greenlight-auditor", AUDITOR)} <= users
        # The door, which only reads, has looked at least once whether the log is there.
        assert {user for _, user in users} - {READER} == {WRITER, AUDITOR}
        url = service.out.partition("Front door    ")[2].splitlines()[0]
        token = await run(settings, "starter.py", "token", "--as", "acme")
        bearer = {"Authorization": f"Bearer {token.out.strip()}"}
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            seen = (await http.get("/docket", headers=bearer)).json()
        assert [case["acn"] for case in seen["cases"]] == [acn]
        await _cosigned(data)
        assert f"export DATABASE_URL='postgresql://{READER}@/" in service.out
        first = _servers(data)
        assert all(map(_there, first))
        assert await service.stop(signal.SIGINT) == 0
        assert not any(map(_there, first))

        await service.start()
        await service.ready()
        withdrawn = await run(settings, "starter.py", "withdraw", acn, "--as", "acme")
        assert withdrawn.code == 0, withdrawn.err
        second = _servers(data)
        assert await service.stop(signal.SIGINT) == 0
        assert not any(map(_there, second))
        assert service.out.count("The service runs. Ctrl-C stops it.") == 2
    finally:
        await service.stop(signal.SIGINT)
