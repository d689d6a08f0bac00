"""Values used again: results of pure functions by what they are of, and equal values."""

import functools
import threading
import weakref
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

K = TypeVar("K")
V = TypeVar("V")

KEPT = 128
"""Results of a function that are kept: of the states of cases that are just being worked on."""


class Latest(Generic[K, V]):
    """The last values that were put there, as many as ``kept``, by their keys. Any number of threads may
    ask."""

    def __init__(self, kept: int) -> None:
        self._most = kept
        self._values: dict[K, V] = {}
        self._making_room = threading.Lock()

    def get(self, key: K) -> V | None:
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        with self._making_room:
            while len(self._values) >= self._most:
                self._values.pop(next(iter(self._values)))
            self._values[key] = value

    def pop(self, key: K) -> V | None:
        with self._making_room:
            return self._values.pop(key, None)


class OncePerObject(Generic[P, R]):
    """A pure function of objects that do not change, such as the digest of a state's dossier.

    Objects are told by their identity, which costs nothing however large they are; equal ones are asked about
    anew. The last ``kept`` are remembered, with their results. Any number of threads may ask.
    """

    def __init__(self, work: Callable[P, R], kept: int = KEPT) -> None:
        functools.update_wrapper(self, work)
        self._work = work
        # As long as objects are remembered, no others are in their places.
        self._kept = Latest[tuple[int, ...], tuple[tuple[object, ...], R]](kept)

    def __call__(self, *about: P.args, **none: P.kwargs) -> R:
        key = tuple(map(id, about))
        if (known := self._kept.get(key)) is not None:
            return known[1]
        result = self._work(*about, **none)
        self._kept.put(key, (about, result))
        return result


def once_per_object(kept: int) -> Callable[[Callable[P, R]], OncePerObject[P, R]]:
    """Decorate a pure function of objects, of which so many results are kept."""
    return lambda work: OncePerObject(work, kept)


class OneOfEquals(Generic[V]):
    """Puts in the place of a value an equal one that somebody holds already, so that many share it."""

    def __init__(self) -> None:
        self._held: weakref.WeakValueDictionary[int, V] = weakref.WeakValueDictionary()

    def __call__(self, value: V) -> V:
        held = self._held.get(hash(value))
        if held is not None and held == value:
            return held
        self._held[hash(value)] = value
        return value
