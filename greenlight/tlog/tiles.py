"""Tiles (c2sp.org/tlog-tiles): the tree cut into pieces of eight levels, of which only the lowest is kept.

A tile of level ``n`` holds the hashes of up to 256 subtrees of ``256**n`` entries. A full one never changes.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from greenlight.kernel import merkle

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32
_FULL_BYTES = WIDTH * HASH_BYTES
_CACHED = 64
"""Tiles that a reader keeps, 16 KiB each with what is above: as many as several proofs need."""


class TileError(ValueError):
    """A tile is not there, or is not what it has to be. The message names it."""


class Tile(NamedTuple):
    """A piece of the tree: level, number within it, and how many hashes it has."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The place under a log's prefix."""
        whole = f"tile/{self.level}/{number_path(self.number)}"
        return whole if self.width == WIDTH else f"{whole}.p/{self.width}"


def number_path(number: int) -> str:
    """A number in groups of three digits, so that no folder holds more than a thousand: x001/x234/067."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}")
    return "/".join(reversed(groups))


def tiles(size: int) -> Iterator[Tile]:
    """All tiles of a tree of that size."""
    level = 0
    while wide := size >> (HEIGHT * level):
        for index in range((wide + WIDTH - 1) // WIDTH):
            yield Tile(level, index, min(WIDTH, wide - index * WIDTH))
        level += 1


def edge_tiles(size: int) -> Iterator[Tile]:
    """Of a tree of that size the tiles that are not full."""
    level = 0
    while wide := size >> (HEIGHT * level):
        if wide % WIDTH:
            yield Tile(level, wide // WIDTH, wide % WIDTH)
        level += 1


def subtree_reader(size: int, read: Callable[[Tile], bytes]) -> merkle.Subtree:
    """The hashes of complete subtrees of a tree of that size, out of its tiles.

    ``read`` gives a tile's content, which is not verified: only a proof that leads to a signed root is.
    The reader raises what ``read`` raises.
    """

    @lru_cache(maxsize=_CACHED)
    def rows(level: int, index: int) -> tuple[bytes, ...]:
        wide = size >> (HEIGHT * level)
        return _rows(read(Tile(level, index, min(WIDTH, wide - index * WIDTH))))

    def subtree(level: int, index: int) -> bytes:
        of, above = divmod(level, HEIGHT)
        tile, at = divmod(index, WIDTH >> above)
        return rows(of, tile)[above][at * HASH_BYTES : (at + 1) * HASH_BYTES]

    return subtree


def _rows(content: bytes) -> tuple[bytes, ...]:
    """The hashes of a tile, and above them those of every level that it stands for."""
    found = [content]
    for _ in range(HEIGHT - 1):
        pairs = len(found[-1]) // (2 * HASH_BYTES) * 2 * HASH_BYTES
        found.append(merkle.level_above(found[-1][:pairs]))
    return tuple(found)


def tile_root(content: bytes) -> bytes:
    """The hash of a full tile, which stands in the tile above."""
    return merkle.level_above(_rows(content)[-1])


class Edge:
    """The right edge of a tree that grows: of each level the tile that is not full. It takes 8 KiB a level,
    however many entries there are."""

    def __init__(self, size: int = 0, contents: tuple[bytes, ...] = ()) -> None:
        """Begin at a tree of that size; ``contents`` are those of its ``edge_tiles``."""
        self.size = size
        self._levels: list[bytearray] = []
        given = dict(zip(edge_tiles(size), contents, strict=True))
        for tile, content in given.items():
            self._levels += [bytearray() for _ in range(tile.level + 1 - len(self._levels))]
            self._levels[tile.level] += content

    def append(self, leaf: bytes) -> list[tuple[Tile, bytes]]:
        """Take in the hash of the next entry; gives the tiles that it has filled, the lowest first."""
        if not self._levels:
            self._levels.append(bytearray())
        level = self._levels[0]
        level += leaf
        self.size += 1
        return self._full() if len(level) == _FULL_BYTES else []

    def _full(self) -> list[tuple[Tile, bytes]]:
        found: list[tuple[Tile, bytes]] = []
        number, wide = 0, self.size
        while len(self._levels[number]) == _FULL_BYTES:
            content = bytes(self._levels[number])
            found.append((Tile(number, wide // WIDTH - 1), content))
            self._levels[number].clear()
            number, wide = number + 1, wide // WIDTH
            if number == len(self._levels):
                self._levels.append(bytearray())
            self._levels[number] += tile_root(content)
        return found

    def partial(self) -> list[tuple[Tile, bytes]]:
        """The tiles that are not full, the lowest first."""
        return [(tile, bytes(self._levels[tile.level])) for tile in edge_tiles(self.size)]

    def root(self) -> bytes:
        """The hash of the tree."""
        # Every subtree that the root is made of begins in a tile that is not full.
        contents = dict(self.partial())
        return merkle.root(self.size, subtree_reader(self.size, contents.__getitem__))
