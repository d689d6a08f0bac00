"""Facts and tables laid out in lines: in the width of a terminal, or each row as one line, however long.

What has to be copied whole, a digest or a command, is never cut and never broken where it would fit.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from greenlight.kernel.counted import counted
from greenlight.kernel.legible import legible

LINE_BREAK: Final = " ⏎ "
"""In the place of a line break where a row is one line."""

TYPED: Final = "starter.py "
"""A line that begins so is to be copied."""

_SCREEN: Final = 24
_MOST_OF_ONE: Final = 10
"""Lines of one member of an entry."""
_ALIGNED: Final = 60
"""Cells that are wider push those after them to the right instead of widening their column."""
_BELOW: Final = 4
"""Columns by which what is told below a line is indented."""
_BETWEEN: Final = 2
"""Columns of a terminal between two columns of a table."""
_WRAPPING: Final = Console(highlight=False, markup=False, emoji=False, width=80)

Facts = Mapping[str, Sequence[str]]
"""By its name, each fact, an entry for each line."""


def on_a_screen(facts: Facts, width: int, used: int = 0, whole: Container[str] = ()) -> list[Text]:
    """Names and values in two columns: an entry takes two lines at most, or one where there are too many for
    a screen, of which ``used`` lines are taken; it ends in … where that cuts it. Those of ``whole`` are not
    cut."""
    two = list(in_columns(facts, width, 2, whole))
    return two if len(two) + used <= _SCREEN else list(in_columns(facts, width, 1, whole))


def in_columns(
    facts: Facts, width: int, most: int | None = None, whole: Container[str] = ()
) -> Iterator[Text]:
    """Names and values in two columns of ``width`` together; each entry on at most so many lines, but for
    those of ``whole``."""
    told = {legible(name): values for name, values in facts.items() if values}
    label = max(map(cell_len, told), default=0) + 2
    for name, values in told.items():
        for place, value in enumerate(values):
            shown = Text("" if place else name.ljust(label), "bold")
            lines = _entry(legible(value), width - label, None if name in whole else most)
            if not _fits(lines, width - label):
                yield from _beside(name if shown.plain else "", legible(value), width)
                continue
            for number, line in enumerate(lines):
                yield _indented(line, label) if number or not shown.plain else shown + line


def flat(facts: Facts) -> Iterator[Text]:
    """The same with every entry as one line, however long."""
    told = {legible(name): values for name, values in facts.items() if values}
    label = max(map(cell_len, told), default=0) + 2
    for name, values in told.items():
        for place, value in enumerate(values):
            yield Text(("" if place else name).ljust(label) + legible(value))


def _beside(name: str, value: str, width: int) -> Iterator[Text]:
    """Words that have no room in their column: right behind its name, or alone on its line, where it may
    have."""
    if name and cell_len(name) + 2 + cell_len(value) <= width:
        yield Text(f"{name}  ", "bold") + Text(value)
        return
    if name:
        yield Text(name, "bold")
    yield from (_indented(line, 2) for line in _entry(value, width - 2, None))


def _entry(value: str, width: int, most: int | None) -> list[Text]:
    indent = len(value) - len(value.lstrip(" "))
    text = value.strip()
    if text.startswith(TYPED):
        return [_indented(line, indent) for line in typed(text, width - indent)]
    if " " not in text and cell_len(text) > width:
        return [_indented(Text(text), indent)]
    lines = list(Text(text).wrap(_WRAPPING, max(width - indent, 8), overflow="fold"))
    if most is not None and len(lines) > most:
        del lines[most:]
        lines[-1].truncate(max(width - indent, 8) - 1)
        lines[-1].append("…")
    return [_indented(_stripped(line), indent) for line in lines]


def typed(command: str, width: int) -> list[Text]:
    """A command in lines that a shell reads as one: broken before options, each but the last with a backslash
    at its end."""
    lines: list[str] = []
    for part in command.replace(" --", "\n--").split("\n"):
        if lines and cell_len(lines[-1]) + cell_len(part) + 3 <= width:
            lines[-1] += f" {part}"
        else:
            lines.append(f"  {part}" if lines else part)
    return [Text(f"{line} \\") for line in lines[:-1]] + [Text(lines[-1])]


class Entry(NamedTuple):
    """Something that happened: a line about it, and more of it in lines below."""

    head: str
    more: Sequence[str]


def as_entries(entries: Iterable[Entry], width: int) -> Iterator[Text]:
    """Entries one below the other in ``width``. No word is broken: one that is wider has its line alone. Of
    what would fill a screen by itself the beginning is shown, and how much more there is."""
    for head, more in entries:
        for number, line in enumerate(by_words(legible(head), width, 4)):
            yield Text(line, "" if number else "bold")
        for each in more:
            lines = by_words(legible(each), width - _BELOW, 2)
            if len(lines) > _MOST_OF_ONE:
                left = len(lines) - _MOST_OF_ONE + 1
                lines[_MOST_OF_ONE - 1 :] = [f"  … {counted(left, 'line')} more: --json has all of it"]
            yield from (Text(" " * _BELOW + line) for line in lines)


def by_words(text: str, width: int, indent: int = 0) -> list[str]:
    """Lines of whole words, those after the first indented."""
    first, *others = text.split(" ")
    lines = [first]
    for word in others:
        if cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        elif word:
            lines.append(" " * indent + word)
    return lines


def _fits(lines: Iterable[Text], width: int) -> bool:
    return all(cell_len(line.plain) <= width for line in lines)


def _indented(line: Text, by: int) -> Text:
    return Text(" " * by) + line


def _stripped(line: Text) -> Text:
    line.rstrip()
    return line


Rows = Sequence[Sequence[Text]]


def chosen(columns: Sequence[str], rows: Rows, width: int, drop: Iterable[str]) -> list[int]:
    """The columns of a table for which there is room, by their places: those of ``drop`` give way, the first
    of them first."""
    widths = _widths([[Text(legible(name)) for name in columns], *rows])
    kept = list(range(len(columns)))
    for name in drop:
        if sum(widths[place] + _BETWEEN for place in kept) - _BETWEEN <= width:
            break
        if name in columns:
            kept.remove(columns.index(name))
    return kept


def room_by_words(rows: Rows, width: int) -> list[int] | None:
    """How wide each column is, so that all have room and no word is broken; None where they have none so.
    What is left after the longest word of each goes to the narrowest that want more."""
    wanted, widths = _widths(rows), [max(map(_longest_word, column)) for column in zip(*rows, strict=True)]
    left = width - sum(widths) - _BETWEEN * (len(widths) - 1)
    if left < 0:
        return None
    for _ in range(left):
        growing = [place for place, most in enumerate(wanted) if widths[place] < most]
        if not growing:
            break
        widths[min(growing, key=widths.__getitem__)] += 1
    return widths


def lines_of(rows: Rows, widths: Sequence[int]) -> int:
    """The lines that the tallest cell takes where each column is so wide."""
    return max(
        sum(len(by_words(line, width)) for line in cell.plain.split("\n"))
        for row in rows
        for cell, width in zip(row, widths, strict=True)
    )


def _longest_word(cell: Text) -> int:
    return max(map(cell_len, cell.plain.split()), default=0)


def short(columns: Sequence[str], rows: Rows, width: int, drop: Container[str]) -> list[int]:
    """The columns of records, by their places: those of ``drop`` where each has room on its line."""
    widths = [cell_len(legible(name)) + most for name, most in zip(columns, _widths(rows), strict=True)]
    most = width - _BELOW - len(": ")
    return [place for place, name in enumerate(columns) if name not in drop or widths[place] <= most]


def as_records(columns: Sequence[str], rows: Rows, width: int) -> Iterator[Text]:
    """The rows of a table one below the other: the first cell, and under it each other by its name."""
    for first, *others in rows:
        named = zip(columns[1:], others, strict=True)
        more = [
            f"{name}: {line}" if name else line for name, cell in named for line in cell.plain.split("\n")
        ]
        yield from as_entries([Entry(first.plain, [line for line in more if not line.endswith(": ")])], width)


def _widths(rows: Rows) -> list[int]:
    """The widest line of each column."""
    return [max(map(_width, column)) for column in zip(*rows, strict=True)]


def _width(cell: Text) -> int:
    return max(map(cell_len, cell.plain.split("\n")))


def one_line_each(rows: Rows) -> Iterator[Text]:
    """Each row as a line, its cells below those of the others."""
    whole = [[Text(LINE_BREAK).join(cell.split("\n")) for cell in row] for row in rows]
    widths = [min(width, _ALIGNED) for width in _widths(whole)]
    for row in whole:
        cells = (_padded(cell, width) for cell, width in zip(row, widths, strict=True))
        yield _stripped(Text("  ").join(cells))


def _padded(cell: Text, width: int) -> Text:
    return cell + Text(" " * (width - cell_len(cell.plain)))
