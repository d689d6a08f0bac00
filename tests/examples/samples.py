"""The samples in other languages: built as their pages say, in a folder of their own, and run as programs."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.service.site import Site

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
APPLICATION_FILE = EXAMPLES / "application.json"

OFFICERS: Mapping[str, str] = {
    "applicant": "acme",
    "officer": "oscar",
    "countersigner": "carla",
    "executive": "vera",
}
"""Who plays each part, by its option."""

_UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED"
    r"|no such host|connection refused|i/o timeout|network is unreachable|GOPROXY=off"
)
"""The words of npm and Go where there is no registry to install from."""


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Place(NamedTuple):
    """A service, and its codec server's address."""

    site: Site
    codec: str


class Sample(NamedTuple):
    """A sample that can be run: its first words."""

    program: tuple[str, ...]

    async def run(
        self,
        place: Place,
        *,
        log: str | None = None,
        application: Path = APPLICATION_FILE,
        plain: bool = False,
    ) -> Said:
        """Have it file an application at a service and decide it.

        :param log: the one that is signed for, where it is not the service's.
        :param plain: it does not know the codec server.
        """
        target, keys = place.site.target, place.site.settings.keys
        options = {
            "address": target.address,
            "namespace": target.namespace,
            **({} if plain else {"codec": place.codec}),
            "log": log or (keys / "log").read_text().strip(),
            **{part: str(keys / f"{officer}.pem") for part, officer in OFFICERS.items()},
        }
        given = [word for name, value in options.items() for word in (f"--{name}", value)]
        process = await asyncio.create_subprocess_exec(
            *self.program,
            *given,
            str(application),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Said(process.returncode or 0, out.decode(), err.decode())


def typescript(folder: Path) -> Sample:
    node, npm = _program("node"), _program("npm")
    major = int(_said(folder, node, "--version").lstrip("v").split(".")[0])
    if major < 20:
        pytest.skip(f"the sample in TypeScript needs node 20, and this is {major}")
    home = _copied("typescript", folder)
    _made(home, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _made(home, npm, "run", "build")
    return Sample((node, str(home / "build" / "main.js")))


def go(folder: Path) -> Sample:
    compiler = _program("go")
    home = _copied("go", folder)
    needs = re.search(r"^go (\S+)$", (home / "go.mod").read_text(), re.MULTILINE)
    assert needs is not None
    _made(home, compiler, "generate", "./...", unless=f"requires go >= {needs[1]}")
    _made(home, compiler, "build", "-o", "sample", ".")
    return Sample((str(home / "sample"),))


LANGUAGES: Mapping[str, Callable[[Path], Sample]] = {"typescript": typescript, "go": go}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: its sample is not built here")
    return found


def _copied(language: str, folder: Path) -> Path:
    """Copy a sample, without what was built of it, and the schemas that its types are made from."""
    ours = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    for name in _said(ROOT, *ours, f"examples/{language}", "docs/schemas").splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder / "examples" / language


def _made(home: Path, *words: str, unless: str | None = None) -> None:
    """Run a step of a build; without a registry, or a compiler as new as it needs, the test is skipped."""
    done = subprocess.run(words, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode != 0 and (unreached := _UNREACHABLE.search(done.stderr)):
        pytest.skip(f"{Path(words[0]).name} reaches no registry ({unreached[0]})")
    if done.returncode != 0 and unless is not None and unless in done.stderr:
        pytest.skip(f"{Path(words[0]).name} is too old: {unless}")
    assert done.returncode == 0, done.stdout + done.stderr


def _said(folder: Path, *words: str) -> str:
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
