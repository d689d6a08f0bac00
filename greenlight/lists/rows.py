"""Records out of the bytes of a file, one by one, and what was wrong with the others."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from operator import itemgetter

from greenlight.lists.columns import LAYOUT_2026, MAX_BYTES, MAX_LINES, MAX_ROWS, NEEDED, Row
from greenlight.lists.errors import ListFileError
from greenlight.lists.sources import is_title

_BOM = b"\xef\xbb\xbf"
csv.field_size_limit(MAX_BYTES)
"""The module's own limit would lose the row; the file as a whole has one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error at a line (the header is line 1), and in which column, None: the record as a whole.

    ``row_lost``: the record is not among the entries. Otherwise only what ``what`` names is left out of it.
    """

    line: int
    column: str | None
    what: str
    row_lost: bool = True

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Header:
    """Which known column stands where; ``missing`` and ``unknown`` are those of one and not of the other."""

    places: tuple[tuple[str, int], ...]
    width: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


class Records:
    """The records of a file. Iterate once: each is ``(line, Row)``, or a ``Problem`` in its place.

    ``ends_whole``: the last line ends as a line does, which it does not where a file was cut off within it.
    """

    def __init__(self, content: bytes) -> None:
        """:raises ListFileError: too large, not UTF-8, or without the header of such a list."""
        if len(content) > MAX_BYTES:
            raise ListFileError(f"the file has {len(content)} bytes, at most {MAX_BYTES}")
        self._lines = list(_decoded(content.removeprefix(_BOM)))
        self.ends_whole = content.endswith(b"\n")
        self._next = 0
        self._begins = 0
        self._reader = csv.reader(self._feed(), strict=True)
        self._named = self._record()
        self.header = _header(self._named)
        places = dict(self.header.places)
        self._source = places["source"]
        self._whole = (
            itemgetter(*(places[name] for name in Row._fields)) if len(places) == len(Row._fields) else None
        )

    def __iter__(self) -> Iterator[tuple[int, Row] | Problem]:
        rows = 0
        while self._next < len(self._lines):
            line = self._next + 1
            fields = self._record()
            if isinstance(fields, list) and len(fields) <= 1 and not "".join(fields).strip():
                continue
            rows += 1
            if rows > MAX_ROWS:
                raise ListFileError(f"more than {MAX_ROWS} rows")
            yield self._checked(line, fields)

    def _feed(self) -> Iterator[str]:
        while self._next < len(self._lines):
            if self._next - self._begins >= MAX_LINES:
                raise csv.Error("a quote is not closed")
            self._next += 1
            yield self._lines[self._next - 1]

    def _record(self) -> list[str] | str:
        """The fields of the next record, or why it has none. A record that went wrong ends with its line."""
        self._begins = self._next
        try:
            return next(self._reader)
        except StopIteration:
            return []
        except csv.Error as error:
            self._give_up_one_line()
            return str(error)

    def _give_up_one_line(self) -> None:
        """Skip the first line of a record that is none: what follows may well be in order."""
        self._next = self._begins + 1
        self._reader = csv.reader(self._feed(), strict=True)

    def _checked(self, line: int, fields: list[str] | str) -> tuple[int, Row] | Problem:
        if isinstance(fields, str):
            return Problem(line, None, f"not readable as CSV: {fields}")
        if fields == self._named:
            return Problem(line, None, "the header again", row_lost=False)
        if self._swallows_a_row():
            self._give_up_one_line()
            return Problem(line, None, "a quote reaches into the next row")
        if len(fields) != self.header.width:
            self._give_up_one_line()
            return Problem(line, None, f"{len(fields)} fields, and the header has {self.header.width}")
        return line, self._in_order(fields)

    def _swallows_a_row(self) -> bool:
        """Tell whether a line within the record begins as one does: two stray quotes make one of several."""
        return any(
            len(fields) > self._source and is_title(fields[self._source])
            for line in self._lines[self._begins + 1 : self._next]
            for fields in csv.reader([line])
        )

    def _in_order(self, fields: list[str]) -> Row:
        if self._whole is not None:
            return Row._make(self._whole(fields))
        return Row(**{name: fields[at] for name, at in self.header.places})


def _decoded(content: bytes) -> Iterator[str]:
    """The lines of a file, each with its end. A line ends where CSV says, and not at the other characters
    that Unicode calls line breaks. Line by line: while all at once is decoded, no other thread runs."""
    lines = BytesIO(content)
    for line in lines:
        try:
            yield line.decode("utf-8").removesuffix("\n") + "\n"
        except UnicodeDecodeError as error:
            at = lines.tell() - len(line) + error.start
            raise ListFileError(f"the file is not UTF-8: byte {at} cannot be read") from None


def _header(fields: list[str] | str) -> Header:
    if isinstance(fields, str):
        raise ListFileError(f"the header is not readable as CSV: {fields}")
    names = [field.strip() for field in fields]
    if missing := NEEDED - set(names):
        raise ListFileError(f"not a Consolidated Screening List: no column {', '.join(sorted(missing))}")
    known = [name for name in names if name in LAYOUT_2026]
    if len(set(known)) < len(known):
        raise ListFileError("a column stands twice in the header")
    return Header(
        places=tuple((name, at) for at, name in enumerate(names) if name in Row._fields),
        width=len(names),
        missing=tuple(name for name in Row._fields if name not in names),
        unknown=tuple(name[:60] for name in names if name not in LAYOUT_2026),
    )
