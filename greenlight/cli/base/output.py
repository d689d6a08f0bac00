"""All that commands print: tables and sentences for people, JSON or CSV for programs.

Nothing else in ``cli`` writes to a stream. Text goes out as it was written: brackets are no markup, and what
cannot be seen is shown by its code (``greenlight.kernel.legible``). On a terminal, tables leave out columns
and are folded to its width; anywhere else each row is one line, however long, to be searched and cut.
"""

import csv as csvlib
import json
import os
import signal
import sys
from collections.abc import Callable, Container, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

import typer
from pydantic import BaseModel, JsonValue
from rich.console import Console
from rich.text import Text

from greenlight.cli.base.layout import (
    TYPED,
    Entry,
    Facts,
    as_entries,
    as_records,
    by_words,
    chosen,
    flat,
    in_columns,
    lines_of,
    on_a_screen,
    one_line_each,
    room_by_words,
    short,
    typed,
)
from greenlight.kernel.counted import counted as counted
from greenlight.kernel.legible import legible, with_unseen
from greenlight.kernel.time.calendar import AGENCY_ZONE

if TYPE_CHECKING:
    from rich.progress import Progress

R = TypeVar("R", bound=BaseModel)

_COLUMNS = 80
"""The width of what people read before they sign."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With which a cell begins that a spreadsheet would carry out."""


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
    with _interruptible():
        return str(typer.prompt(legible(question), err=True))


def people_read() -> bool:
    """Tell whether somebody sits at a terminal: sees what is said on standard error, and can answer."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def confirmed(question: str) -> bool:
    """The word of a person at the terminal, no unless they say yes; asked on standard error."""
    with _interruptible():
        _err.print(Text(f"{legible(question)} [y/N] "), soft_wrap=True, end="")
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


@contextmanager
def _interruptible() -> Generator[None]:
    """While a person is waited for, Ctrl-C ends the command: the event loop would hear of it after they have
    answered."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def print_brief(facts: Facts, *, whole: bool) -> None:
    """Names and values in two columns of 80 together, on standard error; ``whole``: with nothing cut off.

    Otherwise an entry takes two lines at most, or one where there are many, and ends in … where that cuts it.
    """
    for line in in_columns(facts, _COLUMNS) if whole else on_a_screen(facts, _COLUMNS):
        _err.print(line, soft_wrap=True)


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


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Words]],
    *,
    drop: Sequence[str] = (),
    tallest: int | None = None,
) -> None:
    """A title and a table under it. On a terminal without room for all columns, those of ``drop`` are left
    out, the first first, and named; where a word would still be broken, or a cell take more lines than
    ``tallest``, each row is told below the other."""
    say(bold(title))
    cells = [list(map(_text, row)) for row in rows]
    if not _is_terminal(sys.stdout):
        for line in one_line_each([list(map(_text, columns)), *cells]):
            _print(line)
        return
    if not cells:
        return
    kept = chosen(columns, cells, _out.width, drop)
    widths = room_by_words([[_text(columns[at]) for at in kept], *_of(kept, cells)], _out.width)
    if widths is not None and tallest is not None and lines_of(_of(kept, cells), widths) > tallest:
        widths = None
    if widths is None:
        kept = short(columns, cells, _out.width, drop)
        for line in as_records([columns[at] for at in kept], _of(kept, cells), _out.width):
            _out.print(line, soft_wrap=True)
    else:
        _side_by_side([columns[at] for at in kept], _of(kept, cells), widths)
    if left := [name for place, name in enumerate(columns) if place not in kept]:
        for line in by_words(f"No room here for: {', '.join(left)}.", _out.width):
            say(faint(line))


def _of(kept: Sequence[int], rows: Sequence[Sequence[Text]]) -> list[list[Text]]:
    """The rows with those columns alone."""
    return [[row[place] for place in kept] for row in rows]


def _side_by_side(columns: Sequence[str], rows: Sequence[Sequence[Text]], widths: Sequence[int]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for name, width in zip(columns, widths, strict=True):
        table.add_column(_text(name), width=width, overflow="fold")
    for row in rows:
        table.add_row(*row)
    _out.print(table)


def print_entries(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose last column says more than has room beside the others: on a terminal, each row is a line
    and what its last cell says below it."""
    if not _is_terminal(sys.stdout):
        print_table(title, columns, rows)
        return
    say(bold(title))
    entries = (
        Entry("  ".join(cell for cell in row[:-1]), row[-1].split("\n") if row[-1] else ()) for row in rows
    )
    for line in as_entries(entries, _out.width):
        _out.print(line, soft_wrap=True)


def print_rows(
    rows: Sequence[R],
    json: bool,
    title: str,
    columns: Mapping[str, Callable[[R], Words]],
    *,
    csv: bool = False,
    drop: Sequence[str] = (),
) -> None:
    """Print what a list found: as one JSON document, as CSV, or as a table with what each column shows of a
    row."""
    if json:
        print_json(rows)
        return
    cells = ([cell(row) for cell in columns.values()] for row in rows)
    if csv:
        print_csv([*columns], cells)
    else:
        print_table(title, [*columns], cells, drop=drop)


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Words]]) -> None:
    """A table as CSV (RFC 4180) on standard output. What a spreadsheet would take for a formula begins with
    an apostrophe there."""
    text = StringIO()
    writer = csvlib.writer(text)
    for row in (columns, *rows):
        plain = (legible(cell.text if isinstance(cell, Styled) else cell) for cell in row)
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in plain])
    _write(sys.stdout, text.getvalue())


def print_facts(
    facts: Mapping[str, str | None], *, short: bool = False, used: int = 0, whole: Container[str] = ()
) -> None:
    """Names and values in two columns; what has no value is left out.

    ``short``: on a terminal each line of a value takes two of its lines at most, or one where there are too
    many for a screen on which ``used`` lines are taken; but for those of ``whole``.
    """
    told: Facts = {name: legible(value).split("\n") for name, value in facts.items() if value}
    if not _is_terminal(sys.stdout):
        lines: Iterable[Text] = flat(told)
    else:
        lines = on_a_screen(told, _out.width, used, whole) if short else in_columns(told, _out.width)
    for line in lines:
        _out.print(line, soft_wrap=True)


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


def local(instant: datetime | None) -> str:
    """An instant in the agency's zone, for people."""
    return instant.astimezone(AGENCY_ZONE).strftime("%Y-%m-%d %H:%M %Z") if instant else "–"


def to_the_second(instant: datetime) -> str:
    """The same, with seconds where there are any: somebody may sign for them."""
    shown = "%Y-%m-%d %H:%M:%S %Z" if instant.second else "%Y-%m-%d %H:%M %Z"
    return instant.astimezone(AGENCY_ZONE).strftime(shown)


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
    if not _is_terminal(sys.stdout):
        # Where nobody looks at a width, lines are as long as they are.
        _out.print(text, soft_wrap=True)
        return
    command = text.plain.lstrip()
    if not command.startswith(TYPED):
        _out.print(text)
        return
    indent = " " * (len(text.plain) - len(command))
    for line in typed(command, _out.width - len(indent)):
        _out.print(Text(indent) + line, soft_wrap=True)


def _is_terminal(stream: IO[str]) -> bool:
    return stream.isatty()


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
