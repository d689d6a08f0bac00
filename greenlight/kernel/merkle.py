"""The Merkle tree of RFC 6962, section 2.1 (RFC 9162 has the same), with SHA-256: one hash for many entries.

Leaves and nodes are hashed under different prefixes, so that no node passes for an entry. A path alone does
not tell how many entries the tree has: whoever signs a root signs the size with it.

Nothing here holds a tree. Roots and proofs are made from the hashes of complete subtrees, which never change
once a tree has them, wherever they are kept: in memory for a batch, in files for the log.
"""

import hashlib
from collections.abc import Callable, Sequence

Subtree = Callable[[int, int], bytes]
"""The hash of the complete subtree number ``index`` of height ``level``: of the ``2**level`` entries from
``index * 2**level`` on. Called with ``(level, index)``."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The hash of a tree without entries."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def level_above(hashes: bytes) -> bytes:
    """The nodes over a row of hashes, 32 bytes each, of which there is an even number."""
    sha256 = hashlib.sha256
    return b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, len(hashes), 64)])


def root(size: int, subtree: Subtree) -> bytes:
    """The hash of the whole tree; of none, that of the empty string."""
    return _range(subtree, 0, size) if size else EMPTY_ROOT


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from the leaf at ``index`` to the root, the nearest first (section 2.1.1).

    :raises IndexError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"there is no entry {index} among {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(subtree, middle, high))
            high = middle
        else:
            path.append(_range(subtree, low, middle))
            low = middle
    return path[::-1]


def consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show the tree of ``old`` entries to be the beginning of that of ``new`` (2.1.2).

    :raises IndexError: the old tree is the larger one.
    """
    if not 0 <= old <= new:
        raise IndexError(f"{old} entries are not the beginning of {new}")
    path: list[bytes] = []
    low, high = 0, new
    while 0 < old < high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(subtree, middle, high))
            high = middle
        else:
            path.append(_range(subtree, low, middle))
            low = middle
    # The old root itself is known to whoever asks.
    if path and low:
        path.append(_range(subtree, low, high))
    return path[::-1]


def root_of_leaf(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which ``path`` leads from the hash of a leaf, None if no tree of ``size`` has such a path.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = node_hash(step, found)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, step)
        place, last = place // 2, last // 2
    return found if last == 0 else None


def extends(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether ``path`` shows that a tree is the beginning of another. RFC 9162, section 2.1.4.2."""
    if old == new:
        return old_root == new_root and not path
    if old == 0:
        return old_root == EMPTY_ROOT and not path
    if not (old < new and path):
        return False
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place // 2, last // 2
    first, second = steps[0], steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            second = node_hash(second, step)
        place, last = place // 2, last // 2
    return last == 0 and first == old_root and second == new_root


def tree_root(entries: Sequence[bytes]) -> bytes:
    """The hash of the tree over these entries; of none, that of the empty string."""
    return root(len(entries), _in_memory(entries))


def inclusion_path(entries: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from the entry at ``index`` to the root, the nearest first.

    :raises IndexError: there is no such entry.
    """
    return tuple(inclusion(index, len(entries), _in_memory(entries)))


def inclusion_paths(entries: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """Those hashes for every entry, in their order."""
    subtree = _in_memory(entries)
    return [tuple(inclusion(index, len(entries), subtree)) for index in range(len(entries))]


def root_of_path(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which ``path`` leads from the entry, None if no tree of ``size`` has such a path."""
    return root_of_leaf(leaf_hash(entry), index, size, path)


def _in_memory(entries: Sequence[bytes]) -> Subtree:
    rows = [b"".join(map(leaf_hash, entries))]
    while len(rows[-1]) >= 64:
        # A node without a neighbour is of no complete subtree above.
        rows.append(level_above(rows[-1][: len(rows[-1]) // 64 * 64]))
    return lambda level, index: rows[level][index * 32 : index * 32 + 32]


def _split(size: int) -> int:
    """The left part: the largest power of two that leaves something to the right."""
    return 1 << (size - 1).bit_length() - 1


def _range(subtree: Subtree, low: int, high: int) -> bytes:
    """The hash over the entries from ``low`` to before ``high``, a node of the tree."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range(subtree, low, middle), _range(subtree, middle, high))
