"""The project's programs as processes of their own, run as a person or a supervisor runs them."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from greenlight.kernel.model import JsonObject
from tests import repeating

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds for what takes a moment on an idle machine."""

_stirred = 0.0
"""When something was killed or done last, by the monotonic clock."""


def stirs(what: str) -> None:
    """Something is killed, or the service has done something: whoever waits for it waits anew."""
    global _stirred
    _stirred = time.monotonic()
    repeating.tell(what)


class Waits:
    """How long callers wait for an answer, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    @contextmanager
    def one(self) -> Generator[None]:
        """Somebody waits while the context lasts."""
        began = time.monotonic()
        yield
        self.longest = max(self.longest, time.monotonic() - began)


waits = Waits()
"""Of this process."""


class Patience:
    """``PATIENCE`` from now, from the last kill, or from the last command that anybody had accepted.

    A service that is killed whenever it has started answers nobody, and one on a busy machine answers one
    after the other; only one that does nothing any more is stuck.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def over(self) -> bool:
        return time.monotonic() > max(self._began, _stirred) + PATIENCE


_FOREIGN = ("GREENLIGHT_", "TEMPORAL_", "DATABASE_URL", "COLUMNS")


@dataclass(frozen=True, slots=True)
class Said:
    """How a program ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> JsonValue:
        """The one document on standard output; anything else beside it would not parse."""
        return json.loads(self.out)

    @property
    def document(self) -> JsonObject:
        value = self.json
        assert isinstance(value, dict), value
        return value

    @property
    def rows(self) -> list[JsonObject]:
        value = self.json
        assert isinstance(value, list), value
        return [row for row in value if isinstance(row, dict)]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without what would lead to other servers, and with ``settings``."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    # Wide enough that no line of a table is broken.
    return ours | {"COLUMNS": "200"} | dict(settings)


async def run(settings: Mapping[str, str], *words: str, stdin: str = "") -> Said:
    """``python`` with these words, in the project's folder, until it ends; it never shows a traceback."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *words),
        cwd=ROOT,
        env=environment(settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate(stdin.encode())
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None, "it has ended"
    said = Said(process.returncode, out.decode(), err.decode())
    assert "Traceback" not in said.out + said.err, said.err
    return said


class Worker:
    """``python worker.py``, or another program, which a test may stop, kill and start again."""

    def __init__(
        self, settings: Mapping[str, str], folder: Path, words: Sequence[str] = ("worker.py",)
    ) -> None:
        """What it says is kept in ``folder``, of all its starts together."""
        folder.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._words = words
        self._out, self._err = folder / "worker.out", folder / "worker.err"
        self._process: asyncio.subprocess.Process | None = None
        self._began = 0
        self._supervised = False
        self.ends: list[int] = []
        """The exit codes of those starts that have ended."""

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    @property
    def lines(self) -> list[JsonObject]:
        """What it logged, for a worker that was told to log as JSON; nothing else may be among it."""
        return [json.loads(line) for line in self.err.splitlines()]

    async def start(self) -> None:
        with self._out.open("ab") as out, self._err.open("ab") as err:
            self._began = err.tell()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self._words),
                cwd=ROOT,
                env=environment(self._settings),
                stdout=out,
                stderr=err,
            )

    async def ready(self) -> None:
        """Wait until it says that it takes work."""
        async with asyncio.timeout(PATIENCE):
            while "worker started" not in self._said():
                assert self.running or self._supervised, self._said()
                await asyncio.sleep(0.02)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.running else None

    async def kill(self) -> None:
        await self.stop(signal.SIGKILL)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and wait for the end; the exit code."""
        self.tell(number)
        return await self.ended()

    def tell(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            if number is signal.SIGKILL:
                stirs("the worker is killed")
            self._process.send_signal(number)

    async def ended(self) -> int:
        """Wait for the end; the exit code."""
        assert self._process is not None, "it was started"
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()

    async def supervise(self) -> None:
        """Start it again whenever it ends, as ``restart: unless-stopped`` does."""
        self._supervised = True
        try:
            while self._process is not None:
                self.ends.append(await self._process.wait())
                await self.start()
        finally:
            self._supervised = False

    def _said(self) -> str:
        """Since the last start."""
        return self._err.read_bytes()[self._began :].decode(errors="replace")
