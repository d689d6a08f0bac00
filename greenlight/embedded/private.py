"""Small private folders beside other people's temporary files."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from .errors import StartError, disk_errors

# Other users can write there too: `private_folder` is careful about that.
_SHARED = ("/tmp", "/var/tmp")  # noqa: S108


def places() -> list[Path]:
    """Folders in which temporary files may live, best first."""
    return list(dict.fromkeys(Path(place) for place in (tempfile.gettempdir(), *_SHARED)))


def short_name(purpose: str, folder: Path) -> str:
    """A short name that is always the same for this data folder."""
    return f"greenlight-{purpose}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"


def private_folder(path: Path, uid: int, mode: int) -> Path:
    """The folder `path`, owned by `uid`; refused when somebody else was there first."""
    with disk_errors(path):
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
        try:
            # Checked and changed through one descriptor: the name may be given to something else meanwhile.
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            raise _taken(path) from None
        try:
            if os.fstat(folder).st_uid not in {uid, os.geteuid()}:
                raise _taken(path)
            os.fchmod(folder, mode)
            if os.fstat(folder).st_uid != uid:
                os.fchown(folder, uid, -1)
        finally:
            os.close(folder)
    return path


def is_private(path: Path) -> bool:
    """Tell whether `path` is a folder of ours and not a link to somewhere else."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _taken(path: Path) -> StartError:
    return StartError(f"{path} belongs to somebody else: remove it, or set TMPDIR to a folder of your own.")
