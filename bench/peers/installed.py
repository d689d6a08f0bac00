"""Peers' packages: installed once from the registries, into folders that nothing else uses."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Final

EVENTSOURCING: Final = "9.5.6"
DBOS: Final = "3.4.0"
MESSAGE_DB: Final = "1.3.1"

_MINUTES: Final = 5
_READY: Final = "installed"


class AbsentError(Exception):
    """A peer cannot be installed. The message says why."""


def folder() -> Path:
    """The folder of peers, beside the data of the service."""
    return Path(os.environ.get("GREENLIGHT_DATA", ".greenlight")).absolute() / "peers"


async def python_of(*requirements: str) -> Path:
    """The interpreter of an environment with these packages.

    :raises AbsentError: pip cannot make it.
    """
    place = folder() / "-".join(each.replace("[", "-").replace("]", "") for each in requirements)
    interpreter = place / "bin" / "python"
    if not (place / _READY).exists():
        shutil.rmtree(place, ignore_errors=True)
        await _run(sys.executable, "-m", "venv", str(place))
        await _run(str(interpreter), "-m", "pip", "install", "--quiet", *requirements)
        (place / _READY).touch()
    return interpreter


async def npm_package(name: str, version: str) -> Path:
    """The folder of a package of npm.

    :raises AbsentError: there is no npm, or it cannot install that.
    """
    place = folder() / f"{name.rpartition('/')[2]}-{version}"
    if not (place / _READY).exists():
        npm = shutil.which("npm")
        if npm is None:
            raise AbsentError("npm is not installed")
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        await _run(
            npm, "install", "--no-save", "--ignore-scripts", "--prefix", str(place), f"{name}@{version}"
        )
        (place / _READY).touch()
    return place / "node_modules" / name


async def _run(*words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(60 * _MINUTES):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise AbsentError(f"{Path(words[0]).name} took more than {_MINUTES} minutes") from None
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or [f"code {process.returncode}"]
        raise AbsentError(f"{Path(words[0]).name}: {lines[-1]}")
