"""Under which keys something stands, by its place among its like."""

from array import array
from collections.abc import Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", int, str)


class Postings(Generic[Key]):
    """The places under each key, in the order in which they were added; a place stands under a key once.

    Most keys have one place alone, which needs no array around it.
    """

    __slots__ = ("_places",)

    def __init__(self) -> None:
        self._places: dict[Key, int | array[int]] = {}

    def add(self, key: Key, place: int) -> None:
        """Add a place that is no lower than any that was added before it."""
        known = self._places.get(key)
        if known is None:
            self._places[key] = place
        elif not isinstance(known, int):
            if known[-1] != place:
                known.append(place)
        elif known != place:
            self._places[key] = array("I", (known, place))

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def at(self, key: Key) -> Sequence[int]:
        """The places under a key; none where it is unknown."""
        found = self._places.get(key, ())
        return (found,) if isinstance(found, int) else found
