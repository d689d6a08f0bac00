"""Knowledge of terms: everything that was said and known by an instant counts at it, and nothing else."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Generic, TypeVar

from greenlight.law.terms.spans import NEVER, Interval

S = TypeVar("S")
T = TypeVar("T")


def as_known(
    said: Iterable[S], known: Callable[[S], datetime], first: datetime | None = None
) -> Iterator[tuple[Interval, list[S]]]:
    """From each instant at which more became known until the next: all that was said and known by then.

    It stays in its order. ``first``: the instant from which the matter is known at all, and before which
    nothing said of it was.
    """
    statements = list(said)
    instants = {known(each) if first is None else max(first, known(each)) for each in statements}
    since = sorted(instants if first is None else instants | {first})
    for place, begin in enumerate(since):
        until = since[place + 1] if place + 1 < len(since) else NEVER
        yield (begin, until), [each for each in statements if known(each) <= begin]


class Known(Generic[T]):
    """Knowledge by the instants from which it was had; before the first of them ``nothing``.

    ``before``: what was known until then, if something was.
    """

    def __init__(
        self, found: Iterable[tuple[datetime, T]], nothing: T, before: "Known[T] | None" = None
    ) -> None:
        later = dict(found)
        if before is not None and later:
            until = bisect_left(before.instants, min(later))
            later = dict(zip(before.instants[:until], before.values[:until], strict=True)) | later
        self.instants = tuple(later)
        self.values = tuple(later.values())
        self._nothing = nothing

    def at(self, known_at: datetime | None) -> T:
        """As it was known at an instant; None: by all of it."""
        place = len(self.instants) if known_at is None else bisect_right(self.instants, known_at)
        return self.values[place - 1] if place else self._nothing
