"""Making what stays: a list as read, and its index."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """Make what stays, without the collector: of millions of objects it finds none to free, and while it goes
    through them no thread runs, for seconds. What was made by then it never goes through again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
