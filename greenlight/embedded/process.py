"""One server process: started, watched, and ended with everything that it started."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import StartError, disk_full, is_disk_full
from .folder import is_locked, make, take, try_lock

_CHILD = Path(__file__).with_name("child.py")
_LOG_LIMIT = 10 << 20
_COMPLAINT = re.compile(r"\b(FATAL|PANIC|ERROR|[Ee]rror)\b")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class User:
    """A user of this machine that a server runs as."""

    name: str
    uid: int
    gid: int


def through(descriptor: int) -> Path:
    """The path of a folder that is open, for whoever may not walk there from the root."""
    return Path(f"/proc/self/fd/{descriptor}")


class Process:
    """A server process with its own folder: a log, a lock for its owner, and a lock for itself.

    The server and all that it starts inherit the second lock (the file `pid`), so whether any of them is
    alive can be told for certain, after any kind of death, and without trusting a process id.
    """

    def __init__(
        self, name: str, home: Path, *, death: signal.Signals, stops: Sequence[tuple[signal.Signals, float]]
    ) -> None:
        """`death` ends it with its owner; `stops` are signals to end it, and the seconds each is given."""
        self.home = home
        self.log = home / "server.log"
        self._name = name
        self._death = death
        self._stops = stops
        self._alive = home / "pid"
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._folders: dict[int, Path] = {}

    @property
    def pid(self) -> int | None:
        """The process id while the server is up."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def owned(self) -> bool:
        """Tell whether the server's folder is ours."""
        return self._lock is not None

    async def claim(self) -> None:
        """Becomes the owner, and sees off what a killed owner left behind."""
        make(self.home)
        if self._lock is None:
            self._lock = take(self.home / "lock", f"{self._name} already runs on {self.home}")
        # A server whose owner was killed is told so by the kernel where that is possible: let it finish.
        if await self._gone(1.0):
            return
        await self.end()
        if is_locked(self._alive):
            raise StartError(
                f"{self._name} of an earlier run on {self.home} does not stop: end it and start again."
            )

    def spawn(
        self,
        command: Sequence[str | Path],
        *,
        user: User | None = None,
        folders: Mapping[int, Path] | None = None,
    ) -> None:
        """Starts the server as `user`, with folders that are open for it under these descriptors."""
        self._folders = dict(folders or {})
        self._rotate_log()
        lock = try_lock(self._alive)
        assert lock is not None, "claim() saw to it that nothing runs"
        try:
            os.ftruncate(lock, 0)
            uid, gid = (os.getuid(), os.getgid()) if user is None else (user.uid, user.gid)
            words = [os.getpid(), self._death.value, lock, uid, gid, *command]
            with open(self.log, "ab", opener=_open_private) as log:
                self._log_start = log.tell()
                self._process = subprocess.Popen(  # noqa: S603 - no shell, no input from outside
                    [sys.executable, "-I", "-S", _CHILD, *map(str, words)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=_environment(),
                    pass_fds=(lock, *self._folders),
                    # Ctrl-C in a terminal goes to a whole group: the owner alone decides who stops when.
                    start_new_session=True,
                    umask=0o077,
                )
        finally:
            os.close(lock)

    def check(self) -> None:
        """Raises what a person should know when the server ended by itself."""
        if self.pid is None:
            raise self.failure()

    async def finish(self) -> bool:
        """Waits for a command that ends by itself; says whether it succeeded."""
        assert self._process is not None
        await self._gone(math.inf)
        return self._process.returncode == 0

    async def end(self) -> None:
        """Ends the server, and whatever it started; leaves the servers of another owner alone."""
        if not self.owned:
            return
        for number, seconds in self._stops:
            if await self._gone(0):
                break
            self._signal(number)
            if await self._gone(seconds):
                break
        else:
            _logger.warning("%s on %s does not stop", self._name, self.home)
        if self.pid is None:
            self._process = None

    def release(self) -> None:
        """Gives up ownership."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def failure(self) -> StartError:
        """Say why the server ended, from the last thing that it said."""
        said = self.said()
        if is_disk_full(self.home, said):
            return disk_full(self.home.parent)
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        complaints = [line for line in lines if _COMPLAINT.search(line)]
        last = (complaints or lines or ["it said nothing"])[-1]
        return StartError(f"{self._name} ended during its start: {last} (its log is {self.log})")

    def said(self) -> str:
        """Lines that the server logged since it was started."""
        try:
            with open(self.log, "rb") as log:
                log.seek(self._log_start)
                said = log.read().decode(errors="replace")
        except OSError:
            return ""
        for descriptor, folder in self._folders.items():
            said = said.replace(f"{through(descriptor)}/", f"{folder}/")
        return said

    def _signal(self, number: signal.Signals) -> None:
        with suppress(OSError, ValueError):
            pid = self._process.pid if self._process is not None else int(self._alive.read_text())
            # It leads a group of its own, and no other group gets this number while any member is alive.
            os.killpg(pid, number)

    async def _gone(self, seconds: float) -> bool:
        """Waits until no process holds the server's lock any more."""
        limit = time.monotonic() + seconds
        while self.pid is not None or is_locked(self._alive):
            if time.monotonic() >= limit:
                return False
            await asyncio.sleep(0.01)
        return True

    def _rotate_log(self) -> None:
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_LIMIT:
                self.log.replace(self.log.with_suffix(".log.1"))


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _environment() -> dict[str, str]:
    # Nothing else: PGPORT, TEMPORAL_ADDRESS and their like, and what lies below HOME, are meant for clients.
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C"}
