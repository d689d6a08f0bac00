"""A private Temporal development server, durable on a database file in the data folder."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import programs
from .errors import StartError, disk_errors
from .folder import make
from .process import Process

NAMESPACE = "default"
_logger = logging.getLogger(__name__)
_LOOPBACK = "127.0.0.1"
_PATIENCE = 60.0
_PASSING = ("address already in use", "panic: runtime error")
"""Chances by which its start may die: another program takes one of the ports that it chooses for itself, or
its own services race with each other."""
DYNAMIC_CONFIG = {
    # With the usual four, the first task of a workflow may lie for five seconds in a part that nobody polls.
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    # More messages at once would end the task in progress again and again, and its answers with it.
    "history.maxInFlightUpdates": "200",
    "history.maxInFlightUpdatePayloads": "2000000",
    "history.maximumBufferedEventsBatch": "5000",
    # The largest that we send ourselves, a page with one screening of 51 parties, has about 1.5 MB.
    "limit.blobSize.warn": "1000000",
    "limit.blobSize.error": "2097152",
    # A workflow whose task failed is marked at once, and not after five failures, a minute later.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "1",
}


class TemporalServer:
    """A Temporal server with its Web UI on a data folder; it goes on where it was after a crash."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 7233,
        ui_port: int = 8233,
        search_attributes: Mapping[str, str] | None = None,
        dynamic_config: Mapping[str, str] | None = None,
        codec: str = "",
    ) -> None:
        """Touches nothing yet.

        A port of 0 means a free one, the same for as long as this object lives. `search_attributes` maps
        names to types such as `Keyword`; `dynamic_config` maps keys to values in JSON. `codec` is the URL at
        which the UI has payloads opened.
        """
        self._folder = folder.resolve()
        self._home = self._folder / "temporal"
        self._database = self._home / "temporal.db"
        self._unfinished = self._home / "temporal.db.unfinished"
        self._ports = (port, ui_port)
        self._api_port = 0
        self._codec = codec
        self._search_attributes = dict(search_attributes or {})
        self._dynamic_config = {**DYNAMIC_CONFIG, **(dynamic_config or {})}
        self._process = Process(
            "Temporal",
            self._home,
            # Nothing to wait for: its database file takes a sudden death as well as a slow one.
            death=signal.SIGKILL,
            stops=((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)),
        )

    @property
    def pid(self) -> int | None:
        """The server's process id while it is up."""
        return self._process.pid

    @property
    def address(self) -> str:
        """Host and port of the front end."""
        return f"{_LOOPBACK}:{self._ports[0]}"

    @property
    def ui(self) -> str:
        """The address of the Web UI."""
        return f"http://{_LOOPBACK}:{self._ports[1]}"

    async def start(self) -> None:
        """Returns when the server answers; otherwise raises `StartError`, with nothing left running."""
        if self.pid is not None and await self._answers():
            return
        try:
            with disk_errors(self._folder):
                make(self._folder)
                await self._process.claim()
                await self._come_up()
                self._unfinished.unlink(missing_ok=True)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Ends the server; everything that it acknowledged is in its file."""
        if self._process.owned:
            await self._process.end()
            self._process.release()

    async def _answers(self) -> bool:
        # To be there is not enough: a process that was killed a moment ago is there as well.
        try:
            await self._wait_until_ready()
        except StartError:
            if self.pid is not None:
                raise
            return False
        return True

    def _forget_half_a_file(self) -> None:
        """Starts anew where the first start came to nothing: no later one adds what its file lacks."""
        if self._unfinished.exists():
            for name in ("", "-wal", "-shm", "-journal"):
                Path(f"{self._database}{name}").unlink(missing_ok=True)
        elif not self._database.exists():
            self._unfinished.touch(mode=0o600)

    async def _come_up(self) -> None:
        wanted = self._ports
        for last_try in (False, False, True):
            *ports, self._api_port = _free_ports(wanted)
            self._ports = ports[0], ports[1]
            self._launch()
            try:
                await self._wait_until_ready()
            except StartError:
                said = self._process.said()
                if last_try or self.pid is not None or not any(cause in said for cause in _PASSING):
                    self._ports = wanted
                    raise
                _logger.warning("Temporal ended while it started, and is started again")
            else:
                break

    def _launch(self) -> None:
        self._forget_half_a_file()
        command: list[str | Path] = [
            *(programs.temporal(), "server", "start-dev", "--disable-config-file", "--disable-config-env"),
            *("--ip", _LOOPBACK, "--port", str(self._ports[0]), "--ui-port", str(self._ports[1])),
            *("--http-port", str(self._api_port)),
            *("--ui-disable-news-fetch", "--db-filename", self._database),
            # Twice as fast as the default, and still durable when the server is killed.
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"),
        ]
        if self._codec:
            command += ["--ui-codec-endpoint", self._codec]
        for key, value in self._dynamic_config.items():
            command += ["--dynamic-config-value", f"{key}={value}"]
        for name, kind in self._search_attributes.items():
            command += ["--search-attribute", f"{name}={kind}"]
        self._process.spawn(command)

    async def _wait_until_ready(self) -> None:
        limit = time.monotonic() + _PATIENCE
        while True:
            self._process.check()
            registered = await asyncio.to_thread(_registered_search_attributes, self._api_port, self._ports)
            if registered is not None and self._search_attributes.keys() <= registered.keys():
                return self._check_types(registered)
            if time.monotonic() > limit:
                raise StartError(
                    f"Temporal did not answer in {_PATIENCE:.0f} seconds: "
                    f"see {self._process.log}, and start again."
                )
            await asyncio.sleep(0.02)

    def _check_types(self, registered: Mapping[str, str]) -> None:
        # The server answers OK to a name that it has with another type, and changes nothing.
        for name, kind in self._search_attributes.items():
            if _plain(registered[name]) != _plain(kind):
                raise StartError(
                    f"The search attribute {name} is {registered[name]} in {self._home} and {kind} here: "
                    "give it another name, or choose another data folder."
                )


def _registered_search_attributes(api: int, others: Sequence[int]) -> dict[str, str] | None:
    """Ask the front end through its HTTP port; None until it and all other ports answer."""
    try:
        for port in others:
            socket.create_connection((_LOOPBACK, port), timeout=1).close()
        connection = http.client.HTTPConnection(_LOOPBACK, api, timeout=5)
        try:
            connection.request("GET", f"/api/v1/namespaces/{NAMESPACE}/search-attributes")
            response = connection.getresponse()
            if response.status != http.HTTPStatus.OK:
                return None
            answer: dict[str, dict[str, str]] = json.loads(response.read())
            return answer.get("customAttributes", {})
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return None


def _free_ports(wanted: tuple[int, int]) -> tuple[int, int, int]:
    """The same ports, with free ones in place of zeros; raises when one is taken."""
    with (
        _bound(wanted[0], "Temporal", "GREENLIGHT_TEMPORAL_PORT") as front,
        _bound(wanted[1], "the Temporal Web UI", "GREENLIGHT_UI_PORT") as ui,
        _bound(0, "", "") as api,
    ):
        return _port(front), _port(ui), _port(api)


def _bound(port: int, user: str, setting: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # As the server does it, so that connections of its last run that are still closing do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else "no such port"
        raise StartError(
            f"Port {port} for {user} is not free ({reason}): "
            f"stop the program that uses it, or set {setting} to another port."
        ) from None
    return listener


def _port(listener: socket.socket) -> int:
    address: tuple[str, int] = listener.getsockname()
    return address[1]


def _plain(kind: str) -> str:
    return kind.removeprefix("INDEXED_VALUE_TYPE_").replace("_", "").lower()
