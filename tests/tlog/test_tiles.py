"""The tree in tiles: what the specification says of paths and widths, and RFC 6962 of roots and proofs."""

import hashlib
import tracemalloc
from functools import lru_cache
from pathlib import Path

import pytest

from greenlight.kernel import merkle
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.tiles import Edge, Tile, TileError, edge_tiles, number_path, subtree_reader, tiles
from tests.tlog.grown import Grown, leaf, published

SMALL = range(601)
LARGE = (65_535, 65_536, 65_537, 70_000)


def test_paths_are_those_of_the_specification() -> None:
    assert number_path(1_234_067) == "x001/x234/067"
    assert Tile(0, 0).path == "tile/0/000"
    assert Tile(1, 1_000, 17).path == "tile/1/x001/000.p/17"


def test_the_tiles_of_a_size_are_those_of_the_specification() -> None:
    found = list(tiles(70_000))
    assert sum(tile.level == 0 and tile.width == 256 for tile in found) == 273
    assert [tile for tile in found if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in found if tile.level == 1] == [Tile(1, 0), Tile(1, 1, 17)]
    assert list(tiles(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(edge_tiles(256)) == [Tile(1, 0, 1)]
    assert list(tiles(0)) == []


def _mth(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, over hashes of leaves."""
    if not leaves:
        return hashlib.sha256().digest()

    @lru_cache(None)
    def over(low: int, high: int) -> bytes:
        if high - low == 1:
            return leaves[low]
        k = 1
        while k * 2 < high - low:
            k *= 2
        return hashlib.sha256(b"\x01" + over(low, low + k) + over(low + k, high)).digest()

    return over(0, len(leaves))


def test_roots_are_those_of_the_definition_at_every_small_size() -> None:
    grown, leaves = Grown(), [leaf(number) for number in SMALL]
    for size in SMALL:
        assert grown.to(size).edge.root() == _mth(leaves[:size])
        assert set(grown.tiles) == set(tiles(size))


@pytest.mark.parametrize("size", LARGE)
def test_roots_are_those_of_the_definition_at_large_sizes(size: int) -> None:
    grown = Grown().to(size)
    assert grown.edge.root() == _mth([leaf(number) for number in range(size)])
    assert set(grown.tiles) == set(tiles(size))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 600, 65_536, 65_793])
def test_an_edge_goes_on_where_another_ended(size: int) -> None:
    grown = Grown().to(size)
    contents = tuple(content for _, content in grown.edge.partial())
    again = Edge(size, contents)
    for number in range(size, size + 300):
        grown.to(number + 1)
        again.append(leaf(number))
    assert again.root() == grown.edge.root()
    assert again.partial() == grown.edge.partial()


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 512, 600, 65_537])
def test_proofs_from_tiles_lead_to_the_root(size: int) -> None:
    grown = Grown().to(size)
    root, subtree = grown.edge.root(), subtree_reader(size, grown.tiles.__getitem__)
    for index in {0, 1, 254, 255, 256, size // 2, size - 2, size - 1}:
        if 0 <= index < size:
            path = merkle.inclusion(index, size, subtree)
            assert merkle.root_of_leaf(leaf(index), index, size, path) == root
            assert merkle.root_of_leaf(leaf(index + 1), index, size, path) != root
    for old in {0, 1, 128, 255, 256, 257, size // 3, size - 1, size}:
        if old <= size:
            path = merkle.consistency(old, size, subtree)
            assert merkle.extends(old, Grown().to(old).edge.root(), size, root, path)


def test_memory_does_not_grow_with_the_tree() -> None:
    edge = Edge()

    def grow(to: int) -> int:
        tracemalloc.reset_peak()
        while edge.size < to:
            edge.append(leaf(edge.size))
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        assert grow(5_000) < 250_000
        assert grow(70_000) < 250_000
    finally:
        tracemalloc.stop()


def test_a_partial_tile_is_read_out_of_a_fuller_one(tmp_path: Path) -> None:
    folder = published(tmp_path, 100, 200, 300)
    whole = folder.read(Tile(0, 0))
    folder.drop_partial(Tile(0, 0))
    assert folder.read(Tile(0, 0, 100)) == whole[:3_200]
    assert folder.sizes() == [100, 200, 300]
    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(TileError, match="missing"):
        folder.read(Tile(0, 0))


def test_sizes_are_read_from_any_depth(tmp_path: Path) -> None:
    folder = TileFolder(tmp_path)
    for size in (0, 7, 999, 1_000, 1_234_067):
        folder.keep(size, b"x")
    assert folder.sizes() == [0, 7, 999, 1_000, 1_234_067]
    assert folder.at(1_234_067) == b"x"
    assert folder.at(8) is None


def test_one_process_writes(tmp_path: Path) -> None:
    folder, other = TileFolder(tmp_path), TileFolder(tmp_path)
    with folder.locked() as first, other.locked() as second:
        assert (first, second) == (True, False)
    with other.locked() as again:
        assert again
