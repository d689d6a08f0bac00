"""A published log as a folder that any web server can serve: tiles, checkpoints, keys.

    checkpoint                the newest (c2sp.org/tlog-tiles)
    checkpoints/x001/234/567  every earlier one, by its size
    tile/0/x001/234           hashes; of entries nothing else is published
    auditor                   how the auditor says that the log stands (``greenlight.tlog.statement``)
    keys.txt                  the verifier keys of the log, of its auditor and of who else cosigns, one a line

A file is there whole or not at all, and what a checkpoint stands for is on disk before it.
"""

import fcntl
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from greenlight.files import content_of, text_of
from greenlight.tlog.durable import place, settle
from greenlight.tlog.note import Note, NoteError, Signature, VerifierKey
from greenlight.tlog.tiles import HASH_BYTES, WIDTH, Tile, TileError, number_path

CHECKPOINT = "checkpoint"
CHECKPOINTS = "checkpoints"
STATEMENT = "auditor"
KEYS = "keys.txt"
_LOCK = ".lock"
LARGEST = 2**63 - 1
"""No log has more entries: positions are of eight bytes."""


class TileFolder:
    """Reads and writes such a folder. Every method may raise ``OSError``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._touched: set[Path] = set()

    def read(self, tile: Tile) -> bytes:
        """The content of a tile. One that is not full any more is read out of a fuller one.

        :raises TileError: it is not there, or has another length.
        """
        for wider in self._as_wide(tile):
            try:
                content = content_of(self.path / wider.path)
            except (FileNotFoundError, NotADirectoryError):
                continue
            if len(content) != wider.width * HASH_BYTES:
                raise TileError(f"{wider.path} has {len(content)} bytes")
            return content[: tile.width * HASH_BYTES]
        raise TileError(f"{tile.path} is missing")

    def _as_wide(self, tile: Tile) -> Iterator[Tile]:
        yield tile
        if tile.width < WIDTH:
            yield tile._replace(width=WIDTH)
            for width in sorted(self.widths(tile)):
                if width > tile.width:
                    yield tile._replace(width=width)

    def widths(self, tile: Tile) -> list[int]:
        """The widths in which a tile is there while it is not full."""
        folder = (self.path / tile._replace(width=1).path).parent
        return [int(each.name) for each in _listed(folder) if each.name.isdecimal()]

    def write(self, tile: Tile, content: bytes) -> None:
        """Put a tile in its place; it is safe after ``settle``."""
        self._place(self.path / tile.path, content)

    def settle(self) -> None:
        """Return when everything that was written will outlast a loss of power."""
        for folder in self._touched:
            settle(folder)
        self._touched.clear()

    def drop_partial(self, tile: Tile) -> None:
        """Take away the narrower forms of a tile that is full now; who looks for one reads the full one."""
        folder = (self.path / tile._replace(width=1).path).parent
        for file in _listed(folder):
            file.unlink(missing_ok=True)
        if folder.is_dir():
            folder.rmdir()

    def newest(self) -> bytes | None:
        """The newest checkpoint as it is published; None: there is none."""
        try:
            return content_of(self.path / CHECKPOINT)
        except FileNotFoundError:
            return None

    def statement(self) -> bytes | None:
        """The last word of the auditor; None: there is none."""
        try:
            return content_of(self.path / STATEMENT)
        except FileNotFoundError:
            return None

    def state(self, content: bytes) -> None:
        """Let this be the auditor's last word."""
        self._place(self.path / STATEMENT, content)
        self.settle()

    def at(self, size: int) -> bytes | None:
        """The checkpoint of that size; None: none was made."""
        try:
            return content_of(self.path / CHECKPOINTS / number_path(size))
        except FileNotFoundError:
            return None

    def sizes(self) -> list[int]:
        """The sizes of all checkpoints, the smallest first."""
        return sorted(_sizes(self.path / CHECKPOINTS, ""))

    def latest(self, limit: int = LARGEST) -> int | None:
        """The largest size up to ``limit`` of which there is a checkpoint. Few of them are looked through."""
        for groups in range(number_path(limit).count("/"), -1, -1):
            found = _largest(self.path / CHECKPOINTS, "", groups, limit)
            if found is not None:
                return found
        return None

    def keep(self, size: int, content: bytes) -> None:
        """Keep a checkpoint under its size."""
        self._place(self.path / CHECKPOINTS / number_path(size), content)

    def attach(self, size: int, signatures: Sequence[Signature]) -> bool:
        """Add cosignatures to the checkpoint of that size, and to the newest one if it is of that size. To be
        called in ``locked``. False: there is no such checkpoint.

        The signatures are not verified here.
        """
        content, newest = self.at(size), self.newest()
        if content is None:
            return False
        note = Note.parse(content).with_signatures(signatures)
        self.keep(size, bytes(note))
        if newest is not None and Note.parse(newest).text == note.text:
            note = Note.parse(newest).with_signatures(note.signatures)
            self.publish(bytes(note))
        self.settle()
        return True

    def publish(self, content: bytes) -> None:
        """Let this be the newest checkpoint. What was written before is safe then, and so is this."""
        self.settle()
        self._place(self.path / CHECKPOINT, content)
        self.settle()

    def read_keys(self) -> tuple[VerifierKey, ...]:
        """The keys of ``keys.txt``, the log's first; none: there is no such file.

        :raises NoteError: a line of it is no verifier key.
        """
        try:
            text = text_of(self.path / KEYS)
        except FileNotFoundError:
            return ()
        except UnicodeDecodeError as error:
            raise NoteError(f"{KEYS} is not UTF-8") from error
        return tuple(map(VerifierKey.parse, text.splitlines()))

    def add_keys(self, keys: Sequence[VerifierKey], *, behind_the_log: bool = False) -> None:
        """Add to ``keys.txt`` those that it lacks. Whoever cosigns adds their own; an auditor behind the log.

        None is ever taken away, since checkpoints that it signed are kept. To be called in ``locked``.

        :raises NoteError: a line of it is no verifier key.
        """
        known = self.read_keys()
        if missing := [key for key in keys if key not in known]:
            at = 1 if behind_the_log else len(known)
            lines = (f"{key}\n" for key in (*known[:at], *missing, *known[at:]))
            self._place(self.path / KEYS, "".join(lines).encode())
            self.settle()

    @contextmanager
    def locked(self, *, wait: bool = False) -> Generator[bool]:
        """Hold the folder for writing while the context lasts; False: another process does, which is not
        waited for unless ``wait``."""
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / _LOCK, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            # The lock ends with the descriptor, also where the process is killed.
            os.close(descriptor)

    def _place(self, path: Path, content: bytes) -> None:
        place(path, content)
        # A new folder is only there for good once the one above says so.
        folder = path.parent
        while folder not in self._touched and folder.is_relative_to(self.path):
            self._touched.add(folder)
            folder = folder.parent


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _sizes(folder: Path, digits: str) -> Iterator[int]:
    for each in _listed(folder):
        name = each.name.removeprefix("x")
        if len(name) == 3 and name.isdecimal():
            if each.name == name:
                yield int(digits + name)
            else:
                yield from _sizes(each, digits + name)


def _largest(folder: Path, digits: str, deeper: int, limit: int) -> int | None:
    """The largest number that is so many folders further down, and no larger than ``limit``."""
    form = "x" if deeper else ""
    names = (each.name for each in _listed(folder))
    for name in sorted((name for name in names if _is_group(name, form)), reverse=True):
        number = digits + name.removeprefix("x")
        if int(number) * 1000**deeper > limit:
            continue
        found = _largest(folder / name, number, deeper - 1, limit) if deeper else int(number)
        if found is not None:
            return found
    return None


def _is_group(name: str, form: str) -> bool:
    return len(name) == len(form) + 3 and name.startswith(form) and name[len(form) :].isdecimal()
