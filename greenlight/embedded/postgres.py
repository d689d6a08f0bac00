"""A private PostgreSQL 18: one durable cluster in the data folder, reached through a Unix socket only."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from . import cluster, programs, users
from .errors import StartError, disk_errors, disk_full
from .folder import make
from .process import Process, User, through

_PATIENCE = 120.0
_SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=100",
    "fsync=on",
    "timezone=UTC",
    "log_timezone=UTC",
    f"cluster_name={users.DATABASE}",
    # Files in the data folder: /dev/shm is very small in many containers.
    "dynamic_shared_memory_type=mmap",
)


class Postgres:
    """A PostgreSQL server on a data folder; started again after a crash, it finds everything committed."""

    def __init__(self, folder: Path) -> None:
        """Touches nothing yet."""
        self._folder = folder.resolve()
        self._home = self._folder / "postgres"
        self._data = self._home / "data"
        self._process = Process(
            "PostgreSQL",
            self._home,
            death=signal.SIGINT,
            stops=((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)),
        )

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it is up."""
        return self._process.pid

    @property
    def database_url(self) -> str:
        """The address of the database for whoever reads it, for asyncpg and psql alike."""
        return self._url(users.READER)

    @property
    def writer_url(self) -> str:
        """The address for whoever records events."""
        return self._url(users.WRITER)

    @property
    def owner_url(self) -> str:
        """The address for whoever migrates it."""
        return self._url(users.OWNER)

    @property
    def auditor_url(self) -> str:
        """The address for whoever checks it."""
        return self._url(users.AUDITOR)

    @property
    def administrator_url(self) -> str:
        """The address for whoever mends the server itself; no program of the service uses it."""
        return self._url(users.ADMINISTRATOR)

    async def start(self) -> None:
        """Returns when the database answers; otherwise raises `StartError`, with nothing left running."""
        if self.pid is not None and await self._answers():
            return
        try:
            with disk_errors(self._folder):
                make(self._folder)
                await self._process.claim()
                await self._launch(cluster.server_user(self._data))
            await self._wait_until_ready()
        except BaseException:
            await self.stop()
            raise

    async def _answers(self) -> bool:
        # To be there is not enough: a process that was killed a moment ago is there as well.
        try:
            await self._wait_until_ready()
        except StartError:
            if self.pid is not None:
                raise
            return False
        return True

    async def stop(self) -> None:
        """Shuts down cleanly: what was committed is on disk, what was not is rolled back."""
        if self._process.owned:
            await self._process.end()
            programs.remove_copy(self._folder)
            cluster.remove_socket_folder(self._home)
            self._process.release()

    async def _launch(self, user: User | None) -> None:
        """Starts the server, on a new cluster if there is none."""
        commands = programs.postgres(user, self._folder)
        sockets = cluster.socket_folder(self._home)
        cluster.open_home(self._home, user)
        cluster.make_socket_folder(sockets, self._home, user)
        cluster.write_access_rules(self._home)
        with _open(self._home, sockets) as (home_descriptor, sockets_descriptor):
            folders = {home_descriptor: self._home, sockets_descriptor: sockets}
            # Root's folders are often closed to everybody else. The server's user reaches these two through
            # descriptors that root opened, so that no permission of theirs or above has to be widened.
            home, sockets = (
                (self._home, sockets)
                if user is None
                else (through(home_descriptor), through(sockets_descriptor))
            )
            if not self._data.exists():
                await self._create(commands / "initdb", home, user, folders)
            cluster.check(self._data, user)
            self._remove_stale_pid()
            settings = (
                *_SETTINGS,
                f"unix_socket_directories={sockets}",
                f"hba_file={home / 'pg_hba.conf'}",
                f"ident_file={home / 'pg_ident.conf'}",
            )
            options = [word for setting in settings for word in ("-c", setting)]
            command = [commands / "postgres", "-D", home / "data", *options]
            self._process.spawn(command, user=user, folders=folders)

    async def _create(self, initdb: Path, home: Path, user: User | None, folders: dict[int, Path]) -> None:
        """Creates the cluster under another name: half of one must not look like data."""
        draft = self._home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        cluster.make_own(draft, user)
        self._process.spawn([initdb, "-D", home / draft.name, *cluster.INITDB], user=user, folders=folders)
        if not await self._process.finish():
            raise self._process.failure()
        draft.rename(self._data)
        with _open(self._home) as (descriptor,):
            os.fsync(descriptor)

    def _remove_stale_pid(self) -> None:
        """Forgets a postmaster that is gone: after a reboot its number may be another program's.

        Our lock says that none of ours is alive; one that was started by hand has the data as its folder.
        """
        pid_file = self._data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        if not os.path.isdir("/proc/self"):
            return
        try:
            by_hand = os.path.samefile(f"/proc/{pid}/cwd", self._data)
        except OSError:
            by_hand = False
        if by_hand:
            raise StartError(
                f"A PostgreSQL started by hand (process {pid}) uses {self._data}: stop it first."
            )
        pid_file.unlink()

    async def _wait_until_ready(self) -> None:
        # Imported late: whoever only asks for the addresses should not wait for it.
        import asyncpg

        limit = time.monotonic() + _PATIENCE
        while True:
            self._process.check()
            try:
                return await users.establish(
                    self._url(users.ADMINISTRATOR, "postgres"), self.administrator_url
                )
            except asyncpg.DiskFullError:
                raise disk_full(self._folder) from None
            except (asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, OSError) as error:
                if time.monotonic() > limit:
                    raise StartError(
                        f"PostgreSQL did not answer in {_PATIENCE:.0f} seconds ({error}): "
                        f"see {self._process.log}, and start again."
                    ) from error
            except asyncpg.PostgresError as error:
                raise StartError(
                    f"PostgreSQL refuses to serve: {error} (its log is {self._process.log})"
                ) from error
            await asyncio.sleep(0.02)

    def _url(self, user: str, database: str = users.DATABASE) -> str:
        # The port is said although it is the usual one: PGPORT would count otherwise.
        host = quote(str(cluster.socket_folder(self._home)))
        return f"postgresql://{user}@/{database}?host={host}&port=5432"


@contextmanager
def _open(*folders: Path) -> Generator[list[int]]:
    descriptors = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
    try:
        yield descriptors
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
