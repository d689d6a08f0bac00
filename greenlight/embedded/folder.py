"""The data folder: whose it is at the moment, and where its servers answer."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import StartError, disk_errors

_LOCK = "lock"
_RUNNING = "running.json"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses at which the servers of a data folder answer."""

    temporal: str
    """Host and port of the Temporal front end, such as `127.0.0.1:7233`."""
    ui: str
    """The Temporal Web UI."""
    namespace: str
    """The Temporal namespace."""
    database_url: str
    """The database, for asyncpg and psql alike, for whoever reads it."""
    writer_url: str
    """The same for whoever records events."""
    owner_url: str
    """The same for whoever migrates it."""
    auditor_url: str
    """The same for whoever checks it."""
    codec: str = ""
    """The codec server, which opens payloads for the UI; empty where there is none."""

    def environment(self) -> dict[str, str]:
        """The environment variables that lead a client to these servers."""
        return {
            "TEMPORAL_ADDRESS": self.temporal,
            "TEMPORAL_NAMESPACE": self.namespace,
            "DATABASE_URL": self.database_url,
            "GREENLIGHT_WRITER_URL": self.writer_url,
            "GREENLIGHT_AUDITOR_URL": self.auditor_url,
            "GREENLIGHT_OWNER_URL": self.owner_url,
        }


def running(folder: Path) -> Addresses | None:
    """Read where the servers of `folder` answer, or None when no program keeps them up."""
    try:
        if not is_locked(folder / _LOCK):
            return None
        fields: dict[str, str] = json.loads((folder / _RUNNING).read_text())
        return Addresses(**fields)
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def owned(folder: Path) -> Generator[Path]:
    """Keeps every other program from starting servers on `folder`; gives its full path."""
    folder = folder.resolve()
    with disk_errors(folder):
        make(folder)
        lock = take(folder / _LOCK, _held(folder))
    try:
        withdraw(folder)
        yield folder
    finally:
        withdraw(folder)
        os.close(lock)


def free(folder: Path) -> None:
    """Raises `StartError` if another program keeps servers up on `folder`."""
    folder = folder.resolve()
    if is_locked(folder / _LOCK):
        raise _refusal(folder / _LOCK, _held(folder))


def _held(folder: Path) -> str:
    return f"Greenlight already runs on {folder}"


def _refusal(lock: Path, held: str) -> StartError:
    owner = lock.read_text().strip() or "unknown"
    return StartError(f"{held} (process {owner}): use it, stop it first, or choose another data folder.")


def publish(folder: Path, addresses: Addresses) -> None:
    """Lets other programs find the servers; they never read half a file."""
    with disk_errors(folder):
        draft = folder / f"{_RUNNING}.new"
        write(draft, json.dumps(asdict(addresses), indent=2) + "\n")
        draft.replace(folder / _RUNNING)


def withdraw(folder: Path) -> None:
    """Forgets the addresses, our own or those of an owner that was killed."""
    with suppress(OSError):
        (folder / _RUNNING).unlink()


def make(folder: Path) -> None:
    """Creates a folder that only its owner may enter, unless there is one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Writes a small file with exactly this mode."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)


def take(path: Path, held: str) -> int:
    """Becomes the owner that `path` stands for, as long as the returned descriptor is open.

    The kernel drops the lock with its owner, so a killed owner leaves nothing to clean up.
    """
    lock = try_lock(path)
    if lock is None:
        raise _refusal(path, held)
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    except OSError:
        os.close(lock)
        raise
    return lock


def try_lock(path: Path) -> int | None:
    """The open descriptor of the file at `path`, locked; or None when another process has locked it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # More than one try, because `is_locked` in another program holds the lock for a moment too.
        for _ in range(10):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                time.sleep(0.01)
    except OSError:
        os.close(lock)
        raise
    os.close(lock)
    return None


def is_locked(path: Path) -> bool:
    """Tell whether a living process holds the lock at `path`."""
    try:
        lock = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
