"""The scripts of backups, run as an operator runs them, on embedded servers."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from greenlight.embedded import programs
from tests.addresses import as_administrator
from tests.deploy.files import ROOT
from tests.service.site import Site

DEPLOY = ROOT / "deploy"
MANIFEST = "manifest.sha256"


def tools() -> dict[str, str]:
    """The programs of the installed server; a test is skipped where one of this machine's own is lacking."""
    for name in ("sqlite3", "flock", "sha256sum", "tar"):
        if shutil.which(name) is None:
            pytest.skip(f"there is no {name} here")
    folder = programs.postgres(None, Path())
    return {name: str(folder / name.lower()) for name in ("PG_DUMP", "PG_RESTORE", "PSQL")}


def places(site: Site) -> dict[str, str]:
    """What leads the scripts to the servers and folders of a site."""
    folders = {
        "GREENLIGHT_ATTACHMENT_FOLDER": site.settings.attachment_path,
        "GREENLIGHT_TABLES_FOLDER": site.settings.tables,
    }
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    return (
        tools()
        | {name: str(folder) for name, folder in folders.items()}
        | {
            "GREENLIGHT_OWNER_URL": as_administrator(site.target.owner_url),
            "GREENLIGHT_TILE_FOLDER": str(site.settings.tile_path),
            "TEMPORAL_FILE": str(site.folder / "temporal" / "temporal.db"),
        }
    )


def script(name: str, settings: Mapping[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a script of ``deploy/`` to its end, with these variables and nothing else."""
    return subprocess.run(
        ["sh", DEPLOY / name, *words],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def taken(settings: Mapping[str, str], into: Path) -> Path:
    """A backup."""
    done = script("backup.sh", settings, into)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def sealed(backup: Path) -> None:
    """Write the manifest of what is in the folder now, as somebody would who meant it."""
    files = sorted(path for path in backup.iterdir() if path.name != MANIFEST)
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (backup / MANIFEST).write_text("".join(lines))
