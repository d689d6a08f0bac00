"""Standard output and error that lose nothing, however slowly they are read."""

import io
import select
from typing import Any, TextIO


class _Patient(io.FileIO):
    """A descriptor that waits where there is no room. One that it shares with others, such as the servers
    beside it, may have been set not to wait."""

    def write(self, data: Any, /) -> int:
        left = memoryview(data).cast("B")
        size = len(left)
        while left:
            done = super().write(left)
            # To its own annotation it always writes something.
            if done is None:  # pyright: ignore[reportUnnecessaryComparison]
                select.select((), (self.fileno(),), ())
                continue
            left = left[done:]
        return size


def patient(stream: TextIO) -> TextIO:
    """The same stream, which writes all that it is given."""
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Patient(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.isatty(),
    )
