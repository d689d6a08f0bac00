"""The auditor as a program of its own, beside a log that grows and is tampered with."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from greenlight.audit.__main__ import run
from greenlight.audit.place import read
from greenlight.eventlog.database import Connection
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.roles import Actor, Role
from tests.addresses import free_address
from tests.audit.test_follow import FAULT, grant_under_a_withdrawal, shown_again
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.decided import decided

SOON = 30
"""Seconds, on a machine that has more to do."""


@asynccontextmanager
async def program(settings: Mapping[str, str]) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "greenlight.audit", env=dict(settings), stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _scraped(address: str) -> dict[str, float]:
    def scrape() -> str:
        with urlopen(f"http://{address}/metrics", timeout=5) as answer:
            return answer.read().decode()

    try:
        text = await asyncio.to_thread(scrape)
    except OSError:
        return {}
    lines = (line for line in text.splitlines() if line.startswith("greenlight_audit_"))
    return {line.partition("{")[0].split()[0]: float(line.split()[-1]) for line in lines}


async def _shows(address: str, **wanted: float) -> None:
    async with asyncio.timeout(SOON):
        while True:
            shown = await _scraped(address)
            if all(shown.get(f"greenlight_audit_{name}") == value for name, value in wanted.items()):
                return
            await asyncio.sleep(0.2)


async def test_it_follows_and_alarms(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    address = free_address()
    settings = {
        "DATABASE_URL": dsn,
        "GREENLIGHT_DATA": str(tmp_path),
        "GREENLIGHT_METRICS_ADDRESS": address,
        "GREENLIGHT_LOG_FORMAT": "json",
        "GREENLIGHT_AUDIT_INTERVAL": "0.1",
    }
    async with program(settings) as auditor:
        await decided(recorder, crowd, "Z000009", "granted")
        position = int(str(await database.fetchval("SELECT position FROM greenlight.log")))
        await _shows(address, position=position, behind=0, open_faults=0)
        at = await grant_under_a_withdrawal(recorder, database, crowd)
        # The grant, and that the read model of the case does not show it.
        await _shows(address, position=at + 1, behind=0, open_faults=2)
        auditor.terminate()
        assert await auditor.wait() == 0
        assert auditor.stderr is not None
        said = (await auditor.stderr.read()).decode()
    assert said.count(FAULT) == 1, "each fault once"
    place = read(tmp_path / "auditor" / "place.json")
    assert place is not None
    assert place.faults[0].position == at


async def test_two_people_acknowledge_a_fault_at_the_command_line(
    dsn: str,
    recorder: Recorder,
    database: Connection,
    crowd: Crowd,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("GREENLIGHT_DATA", str(tmp_path))

    async def ran(*words: str) -> int:
        return await asyncio.to_thread(run, words)

    clerk = Signer(Actor(officer="clerk", person="p-clerk", organisation="bis", role=Role.AUDITOR))
    await crowd.add(recorder, clerk)
    assert await ran("once") == 0
    at = await grant_under_a_withdrawal(recorder, database, crowd)
    await shown_again(dsn)
    assert await ran("once") == 1
    assert f"position {at}: {FAULT}" in capsys.readouterr().err
    for signer in (clerk, crowd.registrar):
        assert await ran("once") == 1
        key = tmp_path / f"{signer.actor.officer}.pem"
        signer.key.save(key)
        words = ("acknowledge", str(at), "--officer", signer.actor.officer, "--key", str(key))
        assert await ran(*words) == 0
    assert await ran("once") == 0
    assert await ran("acknowledge", "3", "--officer", "clerk", "--key", "none.pem") == 2
