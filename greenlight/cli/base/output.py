"""All that commands print: tables and sentences for people, or one JSON document for programs.

Nothing else in ``cli`` writes to a stream. Text goes out as it was written: brackets are no markup, and what
cannot be seen is shown by its code (``greenlight.kernel.legible``). On a terminal, tables have frames and
are folded to its width; anywhere else each row is one line, however long, to be searched and cut.
"""

import html
import json
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

import typer
from pydantic import BaseModel, JsonValue
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from greenlight.kernel.legible import legible, with_unseen
from greenlight.kernel.time.calendar import AGENCY_ZONE

if TYPE_CHECKING:
    from rich.progress import Progress

R = TypeVar("R", bound=BaseModel)

LINE_BREAK = " ⏎ "
"""In the place of a line break where a row is one line."""

_COLUMNS, _LINES = 80, 24
"""The size of what people read before they sign."""
_ALIGNED = 60
"""Cells that are wider push those after them to the right instead of widening their column."""


class Styled(NamedTuple):
    """Text that is shown in a style, where there are any."""

    text: str
    style: str


Words = str | Styled


def bold(text: str) -> Styled:
    return Styled(text, "bold")


def good(text: str) -> Styled:
    return Styled(text, "green bold")


def bad(text: str) -> Styled:
    return Styled(text, "red bold")


def doubtful(text: str) -> Styled:
    return Styled(text, "yellow")


def faint(text: str) -> Styled:
    return Styled(text, "dim")


def say(*parts: Words) -> None:
    """A sentence on standard output, in parts."""
    _print(_text(*parts))


def warn(*parts: Words) -> None:
    """A sentence on standard error, in parts; one line, however long."""
    _err.print(_text(*parts), soft_wrap=True)


def ask(question: str) -> str:
    """The answer of a person at the terminal, asked on standard error."""
    return str(typer.prompt(legible(question), err=True))


def people_read() -> bool:
    """Tell whether somebody sits at a terminal: sees what is said on standard error, and can answer."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def confirmed(question: str) -> bool:
    """The word of a person at the terminal, no unless they say yes; asked on standard error."""
    _err.print(Text(f"{legible(question)} [y/N] "), soft_wrap=True, end="")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def print_brief(facts: Mapping[str, Sequence[str]], *, whole: bool) -> None:
    """Names and values in two columns of 80 together, on standard error; ``whole``: with nothing cut off.

    Otherwise an entry takes two lines at most, or one where there are many, and ends in … where that cuts it.
    """
    two = list(_brief(facts, None if whole else 2))
    for line in two if whole or len(two) <= _LINES else _brief(facts, 1):
        _err.print(line, soft_wrap=True)


def _brief(facts: Mapping[str, Sequence[str]], most: int | None) -> Iterator[Text]:
    told = {name: values for name, values in facts.items() if values}
    width = max(map(cell_len, told)) + 2
    for name, values in told.items():
        for place, value in enumerate(values):
            lines = Text(legible(" ".join(value.split()))).wrap(_err, _COLUMNS - width, overflow="fold")
            for number, line in enumerate(lines[:most]):
                if most is not None and number + 1 == most < len(lines):
                    line.truncate(_COLUMNS - width - 1)
                    line.append("…")
                label = "" if place or number else name
                yield Text(label.ljust(width), "bold") + line


def fail(code: int, message: str) -> typer.Exit:
    """Say on standard error what is wrong, and leave with ``code``."""
    warn(message)
    return typer.Exit(code)


def print_json(value: BaseModel | JsonValue | Sequence[BaseModel]) -> None:
    """One JSON document on standard output."""
    if isinstance(value, BaseModel):
        content: object = value.model_dump(mode="json")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        content = [item.model_dump(mode="json") if isinstance(item, BaseModel) else item for item in value]
    else:
        content = value
    document = json.dumps(content, indent=2, ensure_ascii=False)
    _write(sys.stdout, with_unseen(document, _json_code) + "\n")


def print_line(document: str) -> bool:
    """One of many JSON documents, in a line of its own, on standard output; False: nobody reads any more."""
    return _write(sys.stdout, with_unseen(document, _json_code) + "\n")


def raw_output() -> IO[bytes]:
    """Standard output for bytes, where a document goes to a pipe and nothing is said beside it."""
    return sys.stdout.buffer


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Words]]) -> None:
    """A title and a table under it."""
    say(bold(title))
    cells = [list(map(_text, row)) for row in rows]
    if not _is_terminal(sys.stdout):
        for line in _lines([list(map(_text, columns)), *cells]):
            _print(line)
        return
    from rich.table import Table

    table = Table(pad_edge=False)
    for column in columns:
        table.add_column(_text(column), overflow="fold")
    for row in cells:
        table.add_row(*row)
    _out.print(table)


def print_rows(
    rows: Sequence[R], json: bool, title: str, columns: Mapping[str, Callable[[R], Words]]
) -> None:
    """Print what a list found: as one JSON document, or as a table with what each column shows of a row."""
    if json:
        print_json(rows)
    else:
        print_table(title, [*columns], ([cell(row) for cell in columns.values()] for row in rows))


def print_facts(facts: Mapping[str, str | None]) -> None:
    """Names and values in two columns; what has no value is left out."""
    told = {legible(name): legible(value) for name, value in facts.items() if value}
    if not _is_terminal(sys.stdout):
        width = max((cell_len(name) for name in told), default=0) + 2
        for name, value in told.items():
            for place, line in enumerate(value.split("\n")):
                _print(Text(("" if place else name).ljust(width) + line))
        return
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for name, value in told.items():
        table.add_row(Text(name, "bold"), Text(value, overflow="fold"))
    _out.print(table)


class Steps:
    """Show how far something is, on standard error; nothing where that is no terminal."""

    def __init__(self, shown: "Progress", what: str, total: float | None) -> None:
        self._shown = shown
        self._task = shown.add_task(legible(what), total=total)

    def advance(self) -> None:
        self._shown.advance(self._task)

    def at(self, done: float | None = None, total: float | None = None, what: str | None = None) -> None:
        """So much of ``total`` is done, and ``what`` is being done now; None: as it was."""
        description = None if what is None else legible(what)
        self._shown.update(self._task, completed=done, total=total, description=description)


@contextmanager
def progress(what: str, total: float | None = None) -> Generator[Steps]:
    """While it lasts, how far it is."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_err, transient=True, disable=not _is_terminal(sys.stderr)) as shown:
        yield Steps(shown, what, total)


def drawn(text: str) -> str:
    """The text for a picture in SVG."""
    return html.escape(legible(text))


def local(instant: datetime | None) -> str:
    """An instant in the agency's zone, for people."""
    return instant.astimezone(AGENCY_ZONE).strftime("%Y-%m-%d %H:%M %Z") if instant else "–"


def counted(number: int, one: str, several: str | None = None) -> str:
    """``1 letter``, ``2 letters``; ``several`` where the plural takes more than an s."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def words(name: str | None) -> str:
    """``sign_off`` as ``sign off``."""
    return (name or "–").replace("_", " ")


class _Console(Console):
    def on_broken_pipe(self) -> None:
        _nobody_reads(self.file)


_out = _Console(highlight=False, markup=False, emoji=False)
_err = _Console(highlight=False, markup=False, emoji=False, stderr=True)


def _text(*parts: Words) -> Text:
    shown = (part if isinstance(part, Styled) else Styled(part, "") for part in parts)
    return Text.assemble(*((legible(part.text), part.style) for part in shown))


def _print(text: Text) -> None:
    # Where nobody looks at a width, lines are as long as they are.
    _out.print(text, soft_wrap=not _is_terminal(sys.stdout))


def _is_terminal(stream: IO[str]) -> bool:
    return stream.isatty()


def _lines(rows: Sequence[Sequence[Text]]) -> Iterator[Text]:
    """Each row as a line, its cells below those of the others."""
    flat = [[Text(LINE_BREAK).join(cell.split("\n")) for cell in row] for row in rows]
    widths = [min(max(map(_width, column)), _ALIGNED) for column in zip(*flat, strict=True)]
    for row in flat:
        line = Text("  ").join(
            cell + Text(" " * (width - _width(cell))) for cell, width in zip(row, widths, strict=True)
        )
        line.rstrip()
        yield line


def _width(cell: Text) -> int:
    return cell_len(cell.plain)


def _json_code(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _write(stream: IO[str], text: str) -> bool:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _nobody_reads(stream)
        return False
    return True


def _nobody_reads(stream: IO[str]) -> None:
    """Whoever reads has read enough (``| head``): the command goes on to its own end and exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
