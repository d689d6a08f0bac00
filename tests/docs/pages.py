"""Code in Markdown, run as a reader would: commands in their order, Python as pasted into ``-m asyncio``."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.person import at_a_terminal

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REFUSED = re.compile(r"# (?:refused|no): .*\(([\w ]+)\)$")
"""The end of a command that ends with code 1, and a word that it says then."""
_INTERACTIVE = "import ast, asyncio, inspect, os, sys\n" + (
    "code = compile(sys.stdin.read(), 'page', 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)\n"
    "async def run():\n"
    "    waiting = eval(code, {'__name__': '__main__'})\n"
    "    if inspect.isawaitable(waiting): await waiting\n"
    "    await asyncio.sleep(0.2)\n"
    "asyncio.run(run())\n"
    "sys.stdout.flush()\n"
    "os._exit(0)\n"
)
"""What ``python -m asyncio`` does with a program, without its prompts; it leaves as starter.py does."""


class Block(NamedTuple):
    """A fenced block of a page, ``sh`` or ``python`` by its language; what is in another is not run."""

    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands of a block of ``sh``, one a line but for those that go on after a backslash."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall(page.read_text(encoding="utf-8"))]


_SPAN = re.compile(r"`([^`\n]+)`")
_COMMAND = (".venv/bin/python starter.py ", "curl ", "make ", "pip install ")


def steps(page: Path) -> list[Block]:
    """All that a reader of a page is told to do, in its order: every command of a block, and of a sentence,
    and every program."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    at = 0
    for fence in _FENCE.finditer(text):
        found += _told(text[at : fence.start()])
        block = Block(*fence.groups())
        if block.language == "sh":
            found += [Block("sh", command) for command in block.commands]
        else:
            found.append(block)
        at = fence.end()
    return [*found, *_told(text[at:])]


def _told(prose: str) -> list[Block]:
    return [Block("sh", span) for span in _SPAN.findall(prose) if span.startswith(_COMMAND)]


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


_OF_MAKE = {"ARGS", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS"}


@dataclass(slots=True)
class Reader:
    """Somebody at a terminal in the project's folder, with data and ports of their own."""

    data: Path
    address: str = ""
    codec: str = "http://127.0.0.1:8235"
    door: str = "http://127.0.0.1:8234"

    @property
    def environment(self) -> Mapping[str, str]:
        ours = {
            "GREENLIGHT_DATA": str(self.data),
            "GREENLIGHT_TEMPORAL_PORT": "0",
            "GREENLIGHT_UI_PORT": "0",
            "GREENLIGHT_DOOR_ADDRESS": "127.0.0.1:0",
            "GREENLIGHT_DESK_ADDRESS": "127.0.0.1:0",
        }
        # What `make test` was given is not for what a reader runs.
        inherited = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
        return {**inherited, **ours, "COLUMNS": "200"}

    async def follow(self, page: Path) -> None:
        """Do what the page says, from its first block to its last."""
        for block in blocks(page):
            if block.language == "python":
                await self.paste(block)
            elif block.language == "sh":
                for command in block.commands:
                    await self.obey(command)

    async def paste(self, block: Block) -> None:
        """Run a program as if it were pasted into ``python -m asyncio``."""
        said = await self.run(sys.executable, "-c", _INTERACTIVE, stdin=self.at_home(block.text))
        assert said.code == 0, f"{block.text}\n{said.err}"

    async def obey(self, command: str) -> Said:
        """Run one command, which succeeds unless its comment says why not."""
        said = await self.run("/bin/sh", "-c", self.at_home(command))
        told = f"{command}\n{said.out}\n{said.err}"
        assert "Traceback" not in said.err, told
        if refused := _REFUSED.search(command):
            assert said.code == 1, told
            assert refused[1] in said.out + said.err, told
        else:
            assert said.code == 0, told
        return said

    async def run(self, *words: str, stdin: str | None = None) -> Said:
        if stdin is None:
            return Said(*await at_a_terminal(*words, cwd=ROOT, environment=self.environment))
        process = await asyncio.create_subprocess_exec(
            *words,
            cwd=ROOT,
            env=self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(stdin.encode())
        return Said(process.returncode or 0, out.decode(), err.decode())

    @asynccontextmanager
    async def serving(self, *words: str) -> AsyncGenerator[None]:
        """Run the service while the context lasts, and stop it as a person does, by Ctrl-C."""
        log = self.data / "serve.log"
        with log.open("wb") as complaints:
            process = await asyncio.create_subprocess_exec(
                *words,
                cwd=ROOT,
                env=self.environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,
            )
        try:
            assert process.stdout is not None, "it was asked for"
            said = ""
            async with asyncio.timeout(120):
                while "DATABASE_URL" not in said:
                    line = await process.stdout.readline()
                    assert line, f"the service ended: {said}{log.read_text()[-4000:]}"
                    said += line.decode()
            found = re.search(r"TEMPORAL_ADDRESS=(\S+)", said)
            assert found, said
            self.address = found[1]
            codec = re.search(r"Codec server  (\S+)", said)
            assert codec, said
            self.codec = codec[1]
            door = re.search(r"Front door    (\S+)", said)
            assert door, said
            self.door = door[1]
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
            await process.wait()

    def at_home(self, text: str) -> str:
        """Put this reader's own places in the place of the usual ones, and leave .venv as it is."""
        text = text.replace("http://127.0.0.1:8235", self.codec).replace("http://127.0.0.1:8234", self.door)
        text = text.replace("127.0.0.1:7233", self.address).replace(".greenlight/", f"{self.data}/")
        return re.sub(r"^make ", "make --old-file=.venv/.synced ", text)
