"""Holding the log against what was published of it, event by event, as it is walked from its beginning."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from greenlight.eventlog.stored import Head
from greenlight.kernel.model import Model
from greenlight.law.officer.keys import PublicKey
from greenlight.tlog import checkpoint
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.folder import CHECKPOINT, TileFolder
from greenlight.tlog.note import KeyType, NoteError, VerifierKey
from greenlight.tlog.tiles import HASH_BYTES, WIDTH, Edge, Tile, TileError

REWRITTEN = "the event is not the one whose hash was published: it was changed"


class Fault(Model):
    """The first position at which something is wrong, and what."""

    position: int
    reason: str


class PublishedLog(NamedTuple):
    """All that was published: the folder, the key that the log signs with, and checkpoints that others
    kept."""

    folder: TileFolder
    key: PublicKey
    kept: Sequence[bytes] = ()


class _Differs(NamedTuple):
    """The first place where a tile is not what the events lead to."""

    position: int
    tile: Tile


class Comparison:
    """Takes in one leaf after the other. Memory does not grow with the log, but by some bytes with each
    checkpoint. ``fault`` is the first that was found."""

    def __init__(self, head: Head, published: PublishedLog) -> None:
        """:raises OSError: the folder cannot be read; also by the other methods."""
        self.fault: Fault | None = None
        self._folder = published.folder
        self._log = VerifierKey(head.origin, KeyType.NOTE, published.key.content)
        self._edge = Edge()
        self._differs: _Differs | None = None
        self._kept: dict[int, list[Checkpoint]] = {}
        newest = self._read(CHECKPOINT, self._folder.newest(), 1)
        for number, content in enumerate(published.kept, 1):
            said = self._read(f"checkpoint {number} of those given", content, 1)
            if said is not None:
                self._kept.setdefault(said.size, []).append(said)
        if newest is not None:
            self._kept.setdefault(newest.size, []).append(newest)
        self.newest = newest.size if newest else None
        """The size of the newest checkpoint; None: there is none."""
        # The next one last.
        self._sizes = sorted({*self._folder.sizes(), *self._kept}, reverse=True)
        self._meet()

    def add(self, leaf: bytes) -> None:
        """Take in the hash of the next event."""
        for tile, content in self._edge.append(leaf):
            if self._differs is None and tile.number < self._published(tile.level):
                self._hold(tile, content)
        if self._sizes and self._sizes[-1] == self._edge.size:
            self._meet()

    def end(self, *, whole: bool) -> Fault | None:
        """Hold what is left against the log, which ends here if it was walked as a ``whole``."""
        if self.fault is None and self._differs is None and self._edge.size < (self.newest or 0):
            self._hold_edge()
        if self.fault is None and self._differs is not None and self._edge.size <= (self.newest or 0):
            self._say(self._differs.position, REWRITTEN)
        if self.fault is None and whole and self._sizes:
            self._say(
                self._edge.size + 1,
                f"the log ends at position {self._edge.size}; {self._sizes[0]} events were published: "
                "its end was cut off",
            )
        return self.fault

    def _published(self, level: int) -> int:
        """The number of full tiles of a level that the newest checkpoint stands for."""
        return (self.newest or 0) >> (8 * (level + 1))

    def _meet(self) -> None:
        """Hold the tree against the checkpoints of its size."""
        size = self._edge.size
        while self._sizes and self._sizes[-1] <= size:
            at = self._sizes.pop()
            if at == size:
                self._hold_root(size)
        if size == self.newest and self.fault is None:
            self._hold_edge(every=True)
            if self._differs is not None:
                self._say_tile(self._differs)

    def _hold_root(self, size: int) -> None:
        content = self._folder.at(size)
        own = None if content is None else self._read(f"the checkpoint of {size}", content, size)
        roots = {each.root for each in (*self._kept.pop(size, ()), *([own] if own else []))}
        if self.fault is not None:
            return
        if roots - {self._edge.root()} and size <= (self.newest or 0) and self._differs is None:
            self._hold_edge()
        if len(roots) > 1:
            self._say(
                self._differs.position if self._differs else size,
                f"two checkpoints of {size} events with different roots were signed: two histories were told",
            )
        elif roots and roots != {self._edge.root()}:
            if self._differs is None:
                self._say(size, f"the checkpoint of {size} events has another root: the log was rewritten")
            else:
                self._say(self._differs.position, REWRITTEN)
        elif self._differs is not None and roots:
            self._say_tile(self._differs)

    def _hold_edge(self, *, every: bool = False) -> None:
        """Hold the tiles that are not full against the folder; ``every``: in all widths that are there."""
        for tile, content in self._edge.partial():
            widths = {tile.width, *(self._folder.widths(tile) if every else ())}
            for width in sorted(width for width in widths if width <= tile.width):
                self._hold(tile._replace(width=width), content[: width * HASH_BYTES])

    def _hold(self, tile: Tile, content: bytes) -> None:
        if self._differs is not None or self.fault is not None:
            return
        first = tile.number * WIDTH
        scale = WIDTH**tile.level
        try:
            there = self._folder.read(tile)
        except TileError as error:
            self._say(first * scale + 1, str(error))
            return
        if there != content:
            at = next(place for place in range(tile.width) if _hash(there, place) != _hash(content, place))
            self._differs = _Differs((first + at) * scale + 1, tile)

    def _say_tile(self, differs: _Differs) -> None:
        self._say(
            differs.position, f"{differs.tile.path} is damaged: the event is the one that was published"
        )

    def _read(self, name: str, content: bytes | None, position: int) -> Checkpoint | None:
        if content is None:
            return None
        try:
            return checkpoint.read(content, self._log)[0]
        except NoteError as error:
            self._say(position, f"{name}: {error}")
            return None

    def _say(self, position: int, reason: str) -> None:
        if self.fault is None:
            self.fault = Fault(position=position, reason=reason)


def earliest(faults: Iterable[Fault | None]) -> Fault | None:
    """Of several the one with the lowest position; of those, the first."""
    found = [fault for fault in faults if fault is not None]
    return min(found, key=lambda fault: fault.position, default=None)


def _hash(content: bytes, place: int) -> bytes:
    return content[place * HASH_BYTES : (place + 1) * HASH_BYTES]
