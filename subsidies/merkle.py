"""The Merkle tree of a locked month: one root that changes when any entry does. Source: RFC 9162, section 2.1."""

import hashlib
from collections.abc import Sequence

_LEAF, _NODE = b"\x00", b"\x01"
"""Prefixes that keep a leaf from passing for a node (second preimages)."""


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaves in their order, 32 bytes; of no leaves SHA-256 of nothing.

    Pairs level by level, an odd one out moves up unpaired: the same tree as the recursive definition.
    """
    if not leaves:
        return hashlib.sha256().digest()
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        paired = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(level) & ~1 :]
    return level[0]


class Growing:
    """A tree that takes one leaf after the other and keeps only the roots of its full halves: log₂ n hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[tuple[int, bytes]] = []
        """(leaves below, root), the larger before the smaller."""

    def add(self, leaf: bytes) -> None:
        """One more leaf, the last."""
        self.size += 1
        below, found = 1, leaf_hash(leaf)
        while self._full and self._full[-1][0] == below:
            found = _node(self._full.pop()[1], found)
            below *= 2
        self._full.append((below, found))

    def root(self) -> bytes:
        """What `root` gives for the leaves so far."""
        if not self._full:
            return root(())
        found = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            found = _node(left, found)
        return found


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root, from the leaf upwards (audit path).

    Raises: IndexError when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} of {len(leaves)}")
    level = [leaf_hash(leaf) for leaf in leaves]
    found: list[bytes] = []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            found.append(level[beside])
        paired = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(level) & ~1 :]
        index //= 2
    return found


def leads_to(leaf: bytes, index: int, size: int, audit_path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf at `index` of `size` gives with its path; None when the path has another length.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    found, place, last = leaf_hash(leaf), index, size - 1
    for beside in audit_path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = _node(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, beside)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of a leaf behind its prefix."""
    return hashlib.sha256(_LEAF + leaf).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
