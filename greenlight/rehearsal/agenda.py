"""The agenda: what is to be done when, in one order that does not depend on how anything went."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

A = TypeVar("A")


@dataclass(frozen=True, slots=True, order=True)
class Item(Generic[A]):
    """Something for an instant. At one instant what comes by itself (``planned`` False) precedes what
    somebody does, and of that ``order`` decides: a number for each that was planned from outside, and for
    what an item plans itself its own number and then a further one.

    ``case`` is the application stream that it belongs to. None: it may concern everything, and everything
    before it has to be done before, everything after it after.
    """

    at: datetime
    planned: bool
    order: tuple[int | str, ...]
    case: str | None = field(compare=False)
    action: A = field(compare=False)


class Agenda(Generic[A]):
    """Items, the earliest first."""

    def __init__(self, items: Iterable[Item[A]] = ()) -> None:
        self._items = list(items)
        heapq.heapify(self._items)

    def __bool__(self) -> bool:
        return bool(self._items)

    def add(self, item: Item[A]) -> None:
        heapq.heappush(self._items, item)

    @property
    def next_at(self) -> datetime | None:
        return self._items[0].at if self._items else None

    def pop(self) -> Item[A]:
        return heapq.heappop(self._items)

    def pop_while(self, wanted: Callable[[Item[A]], bool]) -> list[Item[A]]:
        """Take items for as long as the next one is wanted."""
        taken: list[Item[A]] = []
        while self._items and wanted(self._items[0]):
            taken.append(self.pop())
        return taken
