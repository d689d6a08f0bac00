"""How long the event loop is held: by each turn of its own, and by threads that let no other run."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

MOST = 0.005
"""Seconds of the processor: nothing heavier runs on the worker's event loop."""


@dataclass(slots=True)
class Turns:
    """The processor time of every turn (or call), in seconds, and of the longest what it was."""

    longest: float = 0.0
    what: str = ""
    took: list[float] = field(default_factory=list[float])

    def note(self, seconds: float, what: object) -> None:
        self.took.append(seconds)
        if seconds > self.longest:
            self.longest, self.what = seconds, repr(what)


@contextmanager
def turns() -> Generator[Turns]:
    """Measure each turn while it lasts. It is the processor's time: however busy the machine is with others,
    it stays the same, as the time of day does not."""
    found, thread = Turns(), threading.get_ident()
    run = asyncio.Handle._run

    def timed(self: asyncio.Handle) -> None:
        if threading.get_ident() != thread:
            run(self)
            return
        begun = time.thread_time()
        run(self)
        # The turn in which the measuring ends goes on with what whoever measures has to do.
        if asyncio.Handle._run is timed:
            found.note(time.thread_time() - begun, self)

    asyncio.Handle._run = timed
    try:
        yield found
    finally:
        asyncio.Handle._run = run


def calls(work: Callable[[], object]) -> Turns:
    """Measure each call of a function that is written in C: while it lasts, no other thread runs."""
    found = Turns()
    begun: list[float] = []

    def profile(_: FrameType, event: str, called: object) -> None:
        match event:
            case "c_call":
                begun.append(time.thread_time())
            case "c_return" | "c_exception" if begun:
                found.note(time.thread_time() - begun.pop(), called)
            case _:
                pass

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found
