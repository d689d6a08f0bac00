"""The package as another service gets it: a wheel, in an empty environment, in another folder."""

import asyncio
import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.service.site import open_site

ROOT = Path(__file__).resolve().parents[2]
FILING = Path(__file__).with_name("filing.py")
UNREACHABLE = ("Failed to fetch", "error sending request", "dns error", "network connectivity is disabled")
"""What uv says where there is no index to install from."""

SERVER_SIDE = {"asyncpg", "fido2", "names", "pythainlp", "rapidfuzz", "structlog", "typer", "typst", "uvloop"}
CLIENT_SIDE = {
    "greenlight.client",
    "greenlight.codec",
    "greenlight.connection",
    "greenlight.files",
    "greenlight.kernel",
    "greenlight.law",
    "greenlight.signing",
}


def uv(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the uv that made this environment: the one on the path, or make's own."""
    program = shutil.which("uv") or str(ROOT / ".venv" / ".tools" / "bin" / "uv")
    return subprocess.run([program, *words], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = uv("build", "--wheel", "--offline", "--out-dir", str(folder), str(ROOT), cwd=folder)
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def empty(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel, and what the wheel asks for without extras."""
    folder = tmp_path_factory.mktemp("another-service")
    made = uv("venv", "--python", sys.executable, "env", cwd=folder)
    assert made.returncode == 0, made.stderr
    python = folder / "env" / "bin" / "python"
    done = uv("pip", "install", "--python", str(python), str(wheel), cwd=folder)
    if done.returncode != 0 and any(words in done.stderr for words in UNREACHABLE):
        pytest.skip("no package index is reachable, and what the client needs is not in uv's cache")
    assert done.returncode == 0, done.stderr
    return python


def test_it_holds_the_package_with_its_data_and_nothing_else(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    ours = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "greenlight"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    wanted = {name for name in ours if (ROOT / name).is_file()}
    assert wanted <= held
    others = {name.split("/")[0] for name in held - wanted if not name.endswith("/")}
    assert others == {"greenlight-0.1.0.dist-info"}
    kinds = {Path(name).suffix for name in wanted}
    assert {".sql", ".typ", ".otf", ".json", ".txt"} <= kinds, "schema, letters, fonts, reference data"


def test_it_says_what_it_needs_under_which_license(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    with zipfile.ZipFile(wheel) as archive:
        said = Parser().parsestr(archive.read("greenlight-0.1.0.dist-info/METADATA").decode())
        scripts = archive.read("greenlight-0.1.0.dist-info/entry_points.txt").decode()
    assert "greenlight = greenlight.cli.__main__:main" in scripts
    assert said["License-Expression"] == "MIT"
    assert set(said.get_all("Provides-Extra", [])) == {"service", "cli", "http", "parquet"}
    needed = {Requirement(text) for text in said.get_all("Requires-Dist", [])}
    base = {each.name for each in needed if each.marker is None}
    assert base == {Requirement(text).name for text in project["dependencies"]}
    assert base.isdisjoint(SERVER_SIDE)


async def test_another_service_files_a_case_with_it(empty: Path, tmp_path: Path) -> None:
    application = tmp_path / "application.json"
    shutil.copy(ROOT / "examples" / "application.json", application)
    async with open_site(tmp_path / "site") as site, site.worker(tmp_path / "said"):
        words = (site.target.address, site.target.namespace, str(site.settings.keys), str(application))
        told = await asyncio.to_thread(
            subprocess.run,
            [empty, "-I", FILING, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.returncode == 0, told.stderr
    filed = json.loads(told.stdout.splitlines()[-1])
    assert str(filed["stream"]).startswith("application-")
    assert filed["dossier"]["submission"]["applicant"] == "Acme Networks LLC"
    assert filed["refused"] == "wrong_stage"
    assert Path(filed["from"]).is_relative_to(empty.parents[1]), "not the repository's"
    assert set(filed["modules"]) == CLIENT_SIDE, "the server's side stays away"
    assert SERVER_SIDE.isdisjoint(filed["distributions"])


def test_the_command_line_says_which_extra_it_needs(empty: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [empty.parent / "greenlight", "list"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert "typer is not installed: the command line comes with the extra `cli`" in said.stderr


def test_every_module_of_the_law_needs_nothing_more(empty: Path, tmp_path: Path) -> None:
    rooms = ("client", "kernel", "law", "signing")
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for room in rooms
        for path in sorted((ROOT / "greenlight" / room).rglob("*.py"))
    ]
    program = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)"
    done = subprocess.run(
        [empty, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
