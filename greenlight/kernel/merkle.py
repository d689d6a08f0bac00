"""The Merkle tree of RFC 6962, section 2.1 (RFC 9162 has the same), with SHA-256: one hash for many entries.

Leaves and nodes are hashed under different prefixes, so that no node passes for an entry. A path alone does
not tell how many entries the tree has: whoever signs a root signs the size with it.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(entries: Sequence[bytes]) -> bytes:
    """The hash of the whole tree; of none, that of the empty string."""
    return _root([leaf_hash(entry) for entry in entries])


def inclusion_path(entries: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from the entry at ``index`` to the root, the nearest first.

    :raises IndexError: there is no such entry.
    """
    if not 0 <= index < len(entries):
        raise IndexError(f"there is no entry {index} among {len(entries)}")
    return tuple(_path([leaf_hash(entry) for entry in entries], index))


def root_of_path(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which ``path`` leads from the entry, None if no tree of ``size`` has such a path.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf_hash(entry)
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


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    # From the leaves up: a node without a neighbour goes up as it is.
    level = list(hashes)
    while len(level) > 1:
        pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def _path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    # The left part is the largest power of two that leaves something to the right.
    split = 1 << (len(hashes) - 1).bit_length() - 1
    left, right = hashes[:split], hashes[split:]
    if index < split:
        return [*_path(left, index), _root(right)]
    return [*_path(right, index - split), _root(left)]
