"""The tree of RFC 6962 against its definition, written out anew here, and against published hashes."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.merkle import (
    consistency,
    extends,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of_path,
    tree_root,
)
from tests.law.properties import QUICK

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the first 0 to 8 entries: the reference data of the Certificate Transparency project."""

trees = st.lists(st.binary(max_size=6), min_size=1, max_size=40, unique=True)


def mth(entries: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    n = len(entries)
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < n:
        k *= 2
    return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1, word for word."""
    n = len(entries)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_roots_are_the_published_ones(size: int) -> None:
    assert tree_root(ENTRIES[:size]).hex() == ROOTS[size]


def test_a_path_is_the_published_one() -> None:
    """RFC 6962, section 2.1.3: of seven entries, the one at 0 has [b, h, l], the one at 6 has [i, k]."""
    leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in ENTRIES[:7]]

    def both(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    g, h, i, j = (both(a, b) for a, b in zip(leaves[0:7:2], [*leaves[1:7:2], b""], strict=True))
    assert j  # The last has no neighbour: the RFC calls the entry's own hash j.
    k, upper = both(g, h), both(i, leaves[6])
    assert inclusion_path(ENTRIES[:7], 0) == (leaves[1], h, upper)
    assert inclusion_path(ENTRIES[:7], 3) == (leaves[2], g, upper)
    assert inclusion_path(ENTRIES[:7], 4) == (leaves[5], leaves[6], k)
    assert inclusion_path(ENTRIES[:7], 6) == (i, k)


@given(trees)
@QUICK
def test_root_and_paths_are_those_of_the_definition(entries: list[bytes]) -> None:
    assert tree_root(entries) == mth(entries)
    for index in range(len(entries)):
        assert list(inclusion_path(entries, index)) == path(index, entries)


@given(trees)
@QUICK
def test_every_entry_proves_itself_and_nothing_else(entries: list[bytes]) -> None:
    root, size = tree_root(entries), len(entries)
    for index, entry in enumerate(entries):
        steps = inclusion_path(entries, index)
        assert root_of_path(entry, index, size, steps) == root
        for other in range(-1, size + 1):
            if other != index:
                assert root_of_path(entry, other, size, steps) != root
        for other in entries:
            if other != entry:
                assert root_of_path(other, index, size, steps) != root
        assert root_of_path(entry + b"\x00", index, size, steps) != root


@given(trees, st.data())
@QUICK
def test_no_other_path_leads_to_the_root(entries: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    steps = inclusion_path(entries, index)
    root, entry, size = tree_root(entries), entries[index], len(entries)
    assert root_of_path(entry, index, size, (*steps, root)) != root
    for at, step in enumerate(steps):
        changed = bytes([step[0] ^ 1]) + step[1:]
        for forged in (
            (*steps[:at], changed, *steps[at + 1 :]),
            (*steps[:at], *steps[at + 1 :]),
            (*steps[:at], step, *steps[at:]),
        ):
            assert root_of_path(entry, index, size, forged) != root
    for before, after in pairwise(range(len(steps))):
        swapped = [*steps]
        swapped[before], swapped[after] = steps[after], steps[before]
        assert root_of_path(entry, index, size, swapped) != root


@given(trees)
@QUICK
def test_a_node_does_not_pass_for_an_entry(entries: list[bytes]) -> None:
    """The second preimage that trees without prefixes allow."""
    leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    if len(leaves) == 2:
        assert tree_root([b"".join(leaves)]) != tree_root(entries)
    assert tree_root(leaves) != tree_root(entries)


CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
"""Between trees of the entries above: the reference data of the Certificate Transparency project."""


def _proof(old: int, entries: list[bytes]) -> list[bytes]:
    hashes = [leaf_hash(entry) for entry in entries]

    def subtree(level: int, index: int) -> bytes:
        return mth_of(hashes[index << level : (index + 1) << level])

    return consistency(old, len(entries), subtree)


def mth_of(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    middle = len(hashes) // 2
    return node_hash(mth_of(hashes[:middle]), mth_of(hashes[middle:]))


@pytest.mark.parametrize("sizes", CONSISTENCY)
def test_proofs_of_consistency_are_the_published_ones(sizes: tuple[int, int]) -> None:
    old, new = sizes
    assert tuple(step.hex() for step in _proof(old, ENTRIES[:new])) == CONSISTENCY[sizes]


@given(trees, st.data())
@QUICK
def test_every_beginning_shows_that_it_is_one(entries: list[bytes], data: st.DataObject) -> None:
    size, new = len(entries), tree_root(entries)
    for old in range(size + 1):
        steps = _proof(old, entries)
        assert extends(old, tree_root(entries[:old]), size, new, steps)
        forged = data.draw(st.binary(min_size=32, max_size=32))
        assert not extends(old, forged, size, new, steps)
        assert not extends(old, tree_root(entries[:old]), size, forged, steps) or old == 0
        for at, step in enumerate(steps):
            changed = bytes([step[0] ^ 1]) + step[1:]
            for path_ in (
                [*steps[:at], changed, *steps[at + 1 :]],
                [*steps[:at], *steps[at + 1 :]],
                [*steps[:at], step, *steps[at:]],
            ):
                assert not extends(old, tree_root(entries[:old]), size, new, path_)


def test_a_tree_is_not_the_beginning_of_a_smaller_one() -> None:
    with pytest.raises(IndexError):
        _proof(3, ENTRIES[:2])
    assert not extends(3, tree_root(ENTRIES[:3]), 2, tree_root(ENTRIES[:2]), [])


def test_there_is_no_path_from_nowhere() -> None:
    for index in (-1, 3):
        with pytest.raises(IndexError):
            inclusion_path(ENTRIES[:3], index)
