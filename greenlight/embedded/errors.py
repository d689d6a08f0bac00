"""Errors that tell a person why the private servers cannot start."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL_WORDS = ("no space left on device", "disk is full", "quota exceeded")
_NEARLY_FULL = 1 << 20


class StartError(Exception):
    """The servers cannot start. The message is one line: what is wrong, and what to do about it."""


@contextmanager
def disk_errors(folder: Path) -> Generator[None]:
    """Says what a person can do about it when the disk refuses the data folder."""
    try:
        yield
    except OSError as error:
        raise _explain(folder, error) from error


def disk_full(folder: Path) -> StartError:
    """The line for a full disk."""
    return StartError(
        f"The disk that holds {folder} is full: free some space (a first start needs about 80 MB) "
        "and start again. What was recorded before is still there."
    )


def is_disk_full(folder: Path, output: str) -> bool:
    """Tells from a server's output, or from a disk too full to take any output, that space ran out."""
    if any(words in output.lower() for words in _FULL_WORDS):
        return True
    try:
        return shutil.disk_usage(folder).free < _NEARLY_FULL
    except OSError:
        return False


def _explain(folder: Path, error: OSError) -> StartError:
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else folder
    if error.errno in _FULL:
        return disk_full(folder)
    if error.errno in _FORBIDDEN:
        return StartError(
            f"{path} cannot be written by user id {os.geteuid()}: "
            "give that user the data folder, or choose another data folder."
        )
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return StartError(f"{path} is not a folder: move it away, or choose another data folder.")
    reason = error.strerror or type(error).__name__
    return StartError(f"{path} cannot be used ({reason}): repair it, or choose another data folder.")
