"""The file in which a whole log is carried: JSON lines.

The first line is a header, then each row of the record is a line ``{"table": {"column": value, …}}`` in the
order of its table's key, bytes in hexadecimal after ``\\x``; the last line has the SHA-256 of all lines
before it.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import IO, cast

from pydantic import JsonValue, ValidationError
from pydantic_core import from_json

from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.model import Model

FORMAT = 1
AT_ONCE = 500
_CHARACTERS = 4 * 1024 * 1024
"""Of rows that go into the database at once, if it is more than one."""
_LINE = re.compile(r'\{"([a-z_]+)":(\{.*\})\}\n', re.DOTALL)

NEEDED = {
    "log": {"log_id", "kind", '"position"', "directives", "tolerance", "bound_from"},
    "tree_secret": {"secret"},
    "event": {
        *('"position"', "stream", "version", "type", "at", "recorded_at"),
        *("command_id", "record", "proof"),
    },
    "command": {
        *("command_id", "stream", "name", "body", "version", '"position"', "recorded_at"),
        *("sender", "first_position", "last_position"),
    },
    "outbox": {"stream", "version", "kind", '"position"', "attempts", "sent_at"},
    "letter": {"letter_id", "rests_on", "digest", "pdf", "recorded_at"},
    "list_content": {"digest", "compressed", "stored_at"},
}
"""The tables and columns without which a log is not whole. A newer release may have more."""
LICENSE_NUMBER = "license_number"
SEQUENCES = {LICENSE_NUMBER: 999_999}
"""The sequences, and their highest values."""
_ONCE = ("log", "tree_secret")
"""Tables of one row."""


class TransferError(Exception):
    """The log is not carried over, and nothing was changed. The message says why."""


def damaged(line: int, what: str) -> TransferError:
    """The error for a file that is not what was exported."""
    return TransferError(
        f"line {line}: {what}: fetch the file again from where it is kept, or export the log once more"
    )


class Content(Model):
    """The columns that are carried of a table, and the number of its rows."""

    columns: tuple[str, ...]
    rows: int


class Header(Model):
    """The first line of a file. ``sequences``: of each the last value, and whether it was given out."""

    greenlight_log: int
    log: str
    kind: Kind
    position: int
    tables: dict[str, Content]
    sequences: dict[str, tuple[int, bool]]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables.values())


class End(Model):
    """The last line: the SHA-256 of all lines before it, in hexadecimal."""

    sha256: str


def examine(file: IO[bytes]) -> Header:
    """Read a file to its end, so that it is known to be whole before anything is done with it, and go back
    to its beginning.

    :raises TransferError: it is not whole, or not of this format.
    """
    if not file.seekable():
        raise TransferError("it is read twice, and is no file: put it into one")
    lines = Lines(file)
    rows = dict.fromkeys(lines.header.tables, 0)
    for name, some in lines.rows():
        rows[name] += len(some)
    for name, count in rows.items():
        said = lines.header.tables[name].rows
        if count != said:
            raise damaged(1, f"the header says {said} rows of {name}, and there are {count}")
    file.seek(0)
    return lines.header


class Lines:
    """The lines of a file, which are hashed and checked as they are read; the header is read at once.

    :raises TransferError: the header is none, or lacks something.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._read = hashlib.sha256()
        self.number = 0
        self.end = End(sha256="")
        self.header = self._header()
        self._columns = {
            name: {column.strip('"') for column in content.columns}
            for name, content in self.header.tables.items()
        }
        self._position = 0

    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """Rows of one table each, as many as go into the database at once.

        :raises TransferError: a line is not what it has to be, or the digest at the end is another.
        """
        name, rows, characters = "", list[str](), 0
        while line := self._next():
            table, row = self._row(line)
            if rows and (table != name or characters > _CHARACTERS or len(rows) >= AT_ONCE):
                yield name, rows
                rows, characters = [], 0
            name = table
            rows.append(row)
            characters += len(row)
        if rows:
            yield name, rows

    def _header(self) -> Header:
        line = self._next()
        try:
            format_ = cast(JsonValue, from_json(line))
            if isinstance(format_, dict) and format_.get("greenlight_log") not in (None, FORMAT):
                raise TransferError(
                    f"the file is of format {format_['greenlight_log']}, and {FORMAT} is known here"
                )
            header = Header.model_validate_json(line)
        except ValueError as error:
            raise damaged(1, "this is no log that was exported") from error
        for name, columns in NEEDED.items():
            content = header.tables.get(name, Content(columns=(), rows=0))
            if lacking := sorted(columns - {*content.columns}):
                raise damaged(1, f"the header lacks {name} with {', '.join(lacking)}")
        for name in _ONCE:
            if header.tables[name].rows != 1:
                raise damaged(1, f"the header has {header.tables[name].rows} rows of {name} in place of one")
        if header.tables["event"].rows != header.position:
            raise damaged(1, f"the header has {header.tables['event'].rows} events up to {header.position}")
        for name, most in SEQUENCES.items():
            if name not in header.sequences or not 1 <= header.sequences[name][0] <= most:
                raise damaged(1, f"the header lacks the sequence {name} with a value from 1 to {most}")
        for name in header.sequences:
            if name not in SEQUENCES:
                raise TransferError(
                    f"line 1: a newer release wrote the sequence {name}: import with that one"
                )
        return header

    def _next(self) -> str:
        """The next line; nothing at the end."""
        line = self._file.readline()
        self.number += 1
        if line.startswith(b'{"sha256":'):
            try:
                self.end = End.model_validate_json(line)
            except ValidationError as error:
                raise damaged(self.number, "the last line has no digest") from error
            if self.end.sha256 != self._read.hexdigest() or self._file.read(1):
                raise damaged(self.number, "the file is not what was exported, its SHA-256 is another")
            return ""
        if not line.endswith(b"\n"):
            raise damaged(self.number, "the file ends here, it was cut off")
        self._read.update(line)
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise damaged(self.number, f"byte {error.start + 1} is no UTF-8") from error

    def _row(self, line: str) -> tuple[str, str]:
        match = _LINE.fullmatch(line)
        table, row = (match[1], match[2]) if match else ("", "")
        try:
            values = cast(JsonValue, from_json(row))
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise damaged(self.number, "this is no row")
        if table not in self._columns:
            raise damaged(self.number, f"the header knows no table {table}")
        if values.keys() != self._columns[table]:
            raise damaged(self.number, f"the row of {table} has other columns than the header says")
        if table == "event":
            self._position += 1
            if values["position"] != self._position:
                raise damaged(self.number, f"event {self._position} is expected here")
        return table, row
