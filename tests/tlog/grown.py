"""Logs in memory and in folders, grown as the publisher grows them."""

import hashlib
from pathlib import Path

from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import KeyType, NoteSigner
from greenlight.tlog.tiles import Edge, Tile

ORIGIN = "log.example/one"
LOG = NoteSigner(ORIGIN, SigningKey.generate())
AUDITOR = NoteSigner("auditor.example", SigningKey.generate(), KeyType.COSIGNATURE)
TIME = 1_790_000_000


def leaf(number: int) -> bytes:
    return hashlib.sha256(b"entry %d" % number).digest()


class Grown:
    """A tree that keeps its full tiles in memory; ``fork``: from which leaf on it is another tree."""

    def __init__(self, fork: int | None = None) -> None:
        self.edge = Edge()
        self.full: dict[Tile, bytes] = {}
        self._fork = fork

    def to(self, size: int) -> "Grown":
        while self.edge.size < size:
            forked = self._fork is not None and self.edge.size >= self._fork
            self.full.update(self.edge.append(leaf(self.edge.size + 10_000_000 * forked)))
        return self

    @property
    def tiles(self) -> dict[Tile, bytes]:
        return self.full | dict(self.edge.partial())

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(ORIGIN, self.edge.size, self.edge.root())


def publish(folder: TileFolder, grown: Grown, *, cosigned: bool = True) -> None:
    """Put the whole of a tree into a folder, with a checkpoint of its size."""
    for tile, content in grown.tiles.items():
        folder.write(tile, content)
    note = checkpoint.sign(grown.checkpoint, LOG)
    if cosigned:
        note = note.with_signatures([checkpoint.cosign(note, AUDITOR, TIME)])
    folder.keep(grown.edge.size, bytes(note))
    folder.add_keys([LOG.verifier, AUDITOR.verifier])
    folder.publish(bytes(note))


def published(path: Path, *sizes: int) -> TileFolder:
    """A folder with a checkpoint at each of these sizes."""
    folder, grown = TileFolder(path), Grown()
    for size in sizes:
        publish(folder, grown.to(size))
    return folder
