"""A witness (c2sp.org/tlog-witness): cosigns a checkpoint of a log only where it extends what it saw before.

A log that shows different histories to different people then has to do so without this cosignature.
"""

import hashlib
import os
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from greenlight.files import content_of
from greenlight.kernel import merkle
from greenlight.tlog.checkpoint import Checkpoint, cosign
from greenlight.tlog.durable import place, settle
from greenlight.tlog.note import MAX_NOTE_BYTES, Note, NoteError, NoteSigner, Signature, VerifierKey
from greenlight.tlog.request import Request

MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 4 * 1024
SIZE_TYPE = "text/x.tlog.size"
_TEXT = "text/plain; charset=utf-8"
_SECONDS_OF_SILENCE = 30


class WitnessBusyError(Exception):
    """Another process is the witness on this folder: two could cosign two histories."""


class NotCosignedError(Exception):
    """The checkpoint is not cosigned; ``status`` is what the protocol says then."""

    def __init__(self, status: HTTPStatus, text: str, type_: str = _TEXT) -> None:
        super().__init__(text)
        self.status = status
        self.type = type_


class Witness:
    """Remembers in a folder, for each log that it knows, the last checkpoint that it cosigned."""

    def __init__(self, folder: Path, signer: NoteSigner, logs: Sequence[VerifierKey]) -> None:
        """``logs`` are the keys that are trusted, each for the log of its name.

        :raises WitnessBusyError: another process is the witness on this folder.
        :raises OSError: the folder cannot be used.
        """
        self._folder = folder
        self._signer = signer
        self._logs = tuple(logs)
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._held = os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            flock(self._held, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            os.close(self._held)
            raise WitnessBusyError(f"another process is the witness on {folder}") from error

    def close(self) -> None:
        os.close(self._held)

    def add_checkpoint(self, content: bytes) -> Signature:
        """Cosign the checkpoint of a request, which is on disk when this returns.

        :raises NotCosignedError: it does not extend the last one, or is not by a log that is known.
        :raises OSError: it could not be kept; nothing is cosigned.
        """
        try:
            request = Request.parse(content)
            said = Checkpoint.parse(request.note.text)
        except NoteError as error:
            raise NotCosignedError(HTTPStatus.BAD_REQUEST, str(error)) from error
        trusted = [key for key in self._logs if key.name == said.origin]
        if not trusted:
            raise NotCosignedError(HTTPStatus.NOT_FOUND, "the log is not known here")
        try:
            request.note.signers(trusted)
        except NoteError as error:
            raise NotCosignedError(HTTPStatus.FORBIDDEN, str(error)) from error
        if request.old > said.size:
            raise NotCosignedError(HTTPStatus.BAD_REQUEST, "the old size is larger than the new one")
        with self._lock:
            _hold(said, request, self._last(said.origin))
            signature = cosign(request.note, self._signer, int(time.time()))
            path = self._path(said.origin)
            kept = tuple(each for each in request.note.signatures if any(map(each.by, trusted)))
            place(path, bytes(Note(request.note.text, (*kept, signature))))
            settle(path.parent)
            settle(self._folder)
        return signature

    def checkpoint(self, origin_hash: str) -> bytes | None:
        """The last checkpoint that was cosigned of the log whose origin has this SHA-256; None: none was."""
        known = {_name(key.name): key.name for key in self._logs}
        if origin_hash not in known:
            return None
        try:
            return content_of(self._path(known[origin_hash]))
        except FileNotFoundError:
            return None

    def _last(self, origin: str) -> Checkpoint:
        content = self.checkpoint(_name(origin))
        if content is None:
            return Checkpoint(origin, 0, merkle.EMPTY_ROOT)
        return Checkpoint.parse(Note.parse(content).text)

    def _path(self, origin: str) -> Path:
        return self._folder / _name(origin) / "checkpoint"


def _hold(said: Checkpoint, request: Request, last: Checkpoint) -> None:
    """:raises NotCosignedError: the checkpoint does not extend the last one."""
    if request.old != last.size:
        raise NotCosignedError(HTTPStatus.CONFLICT, f"{last.size}\n", SIZE_TYPE)
    empty = said.size == 0 and said.root != merkle.EMPTY_ROOT
    if empty or not merkle.extends(last.size, last.root, said.size, said.root, request.path):
        raise NotCosignedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "the checkpoint does not extend the one that was seen before"
        )


def _name(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()


@contextmanager
def serving(witness: Witness, host: str, port: int) -> Generator[int]:
    """Answer over HTTP while the context lasts; gives the port, which 0 leaves open."""

    class Handler(_Handler):
        asked = witness

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    asked: Witness
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS_OF_SILENCE

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_REQUEST_BYTES:
            # What is not read would be taken for the next request.
            self.close_connection = True
            self._say(HTTPStatus.BAD_REQUEST, "a request has a length, and is short\n")
            return
        content = self.rfile.read(int(length))
        if not self.path.endswith("/add-checkpoint"):
            self._say(HTTPStatus.NOT_FOUND, "there is only add-checkpoint\n")
            return
        try:
            self._say(HTTPStatus.OK, str(self.asked.add_checkpoint(content)))
        except NotCosignedError as error:
            self._say(error.status, str(error), error.type)
        except OSError:
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, "it could not be kept\n")

    def do_GET(self) -> None:
        parts = self.path.split("/")
        found = self.asked.checkpoint(parts[-2]) if len(parts) > 2 and parts[-1] == "checkpoint" else None
        if found is None:
            self._say(HTTPStatus.NOT_FOUND, "there is no such checkpoint\n")
        else:
            self._say(HTTPStatus.OK, found.decode())

    def _say(self, status: HTTPStatus, text: str, type_: str = _TEXT) -> None:
        content = text.encode()
        # Whoever asked may be gone.
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", type_)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what matters is in the answer."""
