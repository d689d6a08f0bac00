"""Under which keys something stands, by its place among its like."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

_BITS: Final = 24
_PLACE: Final = (1 << _BITS) - 1
_KEY_BITS: Final = 40
_KEY: Final = (1 << _KEY_BITS) - 1
_PARTS: Final = 256
_PART: Final = 64 - 8


class Postings:
    """The places under each word, in the order in which they were added; a place stands under a key once.

    Most keys have one place alone, which needs no array around it.
    """

    __slots__ = ("_places",)

    def __init__(self) -> None:
        self._places: dict[str, int | array[int]] = {}

    def add(self, key: str, place: int) -> None:
        """Add a place that is no lower than any that was added before it."""
        known = self._places.get(key)
        if known is None:
            self._places[key] = place
        elif not isinstance(known, int):
            if known[-1] != place:
                known.append(place)
        elif known != place:
            self._places[key] = array("I", (known, place))

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def at(self, key: str) -> Sequence[int]:
        """The places under a key; none where it is unknown."""
        found = self._places.get(key, ())
        return (found,) if isinstance(found, int) else found


class PackedPostings:
    """As `Postings`, for numbers as keys, in a tenth of the memory: a key and a place are one number, and all
    numbers stand in order, with a start for every few of them. Of a key 40 bits count: one in millions finds
    a place that is not its own.
    """

    __slots__ = ("_added", "_packed", "_shift", "_starts")

    def __init__(self) -> None:
        self._packed = array("Q")
        self._added = tuple(array("Q") for _ in range(_PARTS))
        self._starts = array("I")
        self._shift = 0

    def add(self, key: int, place: int) -> None:
        """Add a place that is no lower than any that was added before it."""
        packed = (key & _KEY) << _BITS | place
        self._added[packed >> _PART].append(packed)

    def put_in_order(self) -> None:
        """Make ready to be asked: after the last place was added. Part by part, by the first bits: while a
        million numbers are sorted at once, no other thread runs."""
        for part in self._added:
            self._packed.extend(sorted(part))
        self._added = ()
        # A start for four to eight of them: finding more costs more than going past some.
        bits = max(len(self._packed).bit_length() - 3, 0)
        self._shift = _KEY_BITS - bits
        first_of = range(0, 1 << _KEY_BITS + _BITS, 1 << self._shift + _BITS)
        self._starts = array("I", [bisect_left(self._packed, first) for first in first_of])
        self._starts.append(len(self._packed))

    def at(self, key: int) -> Sequence[int]:
        """The places under a key; none where it is unknown."""
        key &= _KEY
        near = key >> self._shift
        start, end = self._starts[near], self._starts[near + 1]
        if start == end:
            return ()
        return [packed & _PLACE for packed in self._packed[start:end] if packed >> _BITS == key]
