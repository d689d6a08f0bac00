"""``make serve`` in a process of its own, and the command line beside it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import JsonValue

from greenlight.kernel.clock_kind import Kind
from tests.person import at_a_terminal

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> JsonValue:
        """The one document on standard output; anything else beside it would not parse."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Terminal:
    """A shell in the project's folder whose data are in a folder of the test's own."""

    data: Path
    kind: Kind = Kind.PRODUCTION
    patience: int = 300
    desk: str = "127.0.0.1:0"

    async def starter(self, *words: str, stdin: str | None = None) -> Said:
        """``starter.py`` with these words, of a person who says yes; with ``stdin``, of a program."""
        if stdin is None:
            said = Said(
                *await at_a_terminal(
                    *(sys.executable, "starter.py", *words), cwd=ROOT, environment=self.environment
                )
            )
            assert "Traceback" not in said.err, said.err
            return said
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "starter.py", *words),
            cwd=ROOT,
            env=self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(stdin.encode())
        said = Said(process.returncode or 0, out.decode(), err.decode())
        assert "Traceback" not in said.err, said.err
        return said

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "GREENLIGHT_DATA": str(self.data),
            "GREENLIGHT_TEMPORAL_PORT": "0",
            "GREENLIGHT_UI_PORT": "0",
            "GREENLIGHT_DOOR_ADDRESS": "127.0.0.1:0",
            "GREENLIGHT_DESK_ADDRESS": self.desk,
            "GREENLIGHT_KIND": self.kind,
            "GREENLIGHT_PATIENCE": str(self.patience),
            "COLUMNS": "40",
        }
        return {**os.environ, **ours}


@pytest.fixture(scope="session")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return Terminal(tmp_path_factory.mktemp("cli"))


@pytest_asyncio.fixture(scope="session")
async def served(terminal: Terminal) -> AsyncGenerator[str]:
    """The service, up; what it said when it was."""
    async with serving(terminal) as said:
        yield said


@asynccontextmanager
async def serving(terminal: Terminal) -> AsyncGenerator[str]:
    """The service of a terminal while the context lasts."""
    async with worker(terminal) as (said, _):
        yield said


@asynccontextmanager
async def worker(terminal: Terminal) -> AsyncGenerator[tuple[str, asyncio.subprocess.Process]]:
    """The same, with its process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "worker.py",
        cwd=ROOT,
        env=terminal.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None, "it was asked for"
    said = ""
    async with asyncio.timeout(240):
        while "DATABASE_URL" not in said:
            said += (await process.stdout.readline()).decode()
    yield said, process
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0
