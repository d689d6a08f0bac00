"""The events of a stretch of the log as a table for a warehouse, in a file that is there whole or not at all.

By position, so that one file begins where the one before it ended, and none lacks a row.
"""

import csv
import io
from collections.abc import AsyncIterable, Callable, Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final, Literal, NamedTuple, cast

from greenlight.eventlog.following import Fact
from greenlight.tlog.durable import placing, settle

Form = Literal["csv", "parquet"]

COLUMNS: Final = (
    "position", "stream", "version", "type", "at", "recorded_at", "command_id", "record",
)  # fmt: skip
"""``at`` is the legal time, ``recorded_at`` when the log took it in, both in UTC; ``record`` is JSON."""


TOGETHER: Final = 10_000
"""Rows of Parquet that are written, and kept in memory, together."""


class ExportError(Exception):
    """The file cannot be written. The message says why."""


class Exported(NamedTuple):
    """So many rows are in the file, and the last is that of ``position``: go on after it."""

    rows: int
    position: int


Write = Callable[[Sequence[Fact]], None]


async def export(
    pages: AsyncIterable[tuple[Sequence[Fact], int]], after: int, form: Form, path: Path
) -> Exported:
    """Write pages of events, each with the position that it reaches, into a file.

    :raises ExportError: it cannot be written.
    """
    rows, position = 0, after
    try:
        with placing(path) as file, _csv(file) if form == "csv" else _parquet(file) as write:
            async for events, reached in pages:
                write(events)
                rows, position = rows + len(events), reached
        settle(path.parent)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}") from error
    return Exported(rows, position)


@contextmanager
def _csv(file: IO[bytes]) -> Generator[Write]:
    """RFC 4180, in UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    try:
        yield lambda events: rows.writerows(
            (
                *(event.position, event.stream, event.version, event.type),
                *(event.at.isoformat(), event.recorded_at.isoformat(), event.command_id, event.record),
            )
            for event in events
        )
        text.flush()
    finally:
        # The file goes on without it.
        text.detach()


@contextmanager
def _parquet(file: IO[bytes]) -> Generator[Write]:
    try:
        # It has no types.
        arrow, parquet = cast(Any, import_module("pyarrow")), cast(Any, import_module("pyarrow.parquet"))
    except ModuleNotFoundError as error:
        raise ExportError(
            f"{error.name} is not installed: Parquet comes with the extra `parquet` of the package"
        ) from error
    instant = arrow.timestamp("us", tz="UTC")
    types = (
        *(arrow.int64(), arrow.string(), arrow.int32(), arrow.string()),
        *(instant, instant, arrow.string(), arrow.string()),
    )
    schema = arrow.schema(list(zip(COLUMNS, types, strict=True)))
    waiting: list[Fact] = []

    def write(events: Sequence[Fact]) -> None:
        waiting.extend(events)
        if len(waiting) >= TOGETHER:
            flush()

    def flush() -> None:
        columns = {name: [getattr(event, name) for event in waiting] for name in COLUMNS}
        writer.write_table(arrow.Table.from_pydict(columns, schema=schema))
        waiting.clear()

    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        yield write
        if waiting:
            flush()
