"""The log's tree, worked out from the very events that are checked: nothing is taken from what was published.

Full tiles lie in the auditor's folder, 32 bytes an event; the edge of the tree stands in its place, so that
to go on costs what is new.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

from greenlight.eventlog.database import Row
from greenlight.kernel import merkle
from greenlight.kernel.model import Model
from greenlight.tlog import leaf
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.tiles import WIDTH, Edge, Tile, subtree_reader


class EdgeAt(Model):
    """The edge of a tree of that size: the tiles that are not full, in base64, the lowest first."""

    size: int = 0
    tiles: tuple[str, ...] = ()


class Tree:
    """Grows with the events in their order. Behind a position that is missing there is no tree."""

    def __init__(self, folder: Path, secret: bytes, edge: EdgeAt) -> None:
        """:raises ValueError: it is no edge of a tree."""
        self._folder = TileFolder(folder)
        self._secret = secret
        try:
            contents = tuple(base64.b64decode(each, validate=True) for each in edge.tiles)
        except binascii.Error as error:
            raise ValueError("the edge is not base64") from error
        self._edge = Edge(edge.size, contents)

    @property
    def size(self) -> int:
        return self._edge.size

    @property
    def edge(self) -> EdgeAt:
        tiles = (base64.b64encode(content).decode() for _, content in self._edge.partial())
        return EdgeAt(size=self.size, tiles=tuple(tiles))

    def take(self, row: Row) -> None:
        """Take in the next event.

        :raises OSError: a tile that it filled cannot be written.
        """
        position = cast(int, row["position"])
        if position != self.size + 1:
            return
        entry = leaf.fields(
            self._secret,
            position,
            str(row["stream"]),
            cast(int, row["version"]),
            leaf.microseconds(cast(datetime, row["recorded_at"])),
            cast(str | None, row["command_id"]),
            cast(str | None, row["proof"]),
            str(row["record"]),
        )
        for tile, content in self._edge.append(merkle.leaf_hash(entry)):
            self._folder.write(tile, content)

    def settle(self) -> None:
        """Return when what was written will outlast a loss of power."""
        self._folder.settle()

    def root(self, size: int) -> bytes:
        """The hash of the tree as it was at that size, which it has or had.

        :raises TileError, OSError: the auditor's folder is not whole.
        """
        partial: Mapping[tuple[int, int], bytes] = {
            (tile.level, tile.number): content for tile, content in self._edge.partial()
        }

        def read(tile: Tile) -> bytes:
            content = partial.get((tile.level, tile.number))
            if content is None:
                content = self._folder.read(tile._replace(width=WIDTH))
            return content[: tile.width * len(merkle.EMPTY_ROOT)]

        return merkle.root(size, subtree_reader(size, read))
