"""Markdown as the pages of docs/ need it."""

import re
from collections.abc import Iterable

GENERATED = "<!-- Written by `python starter.py schemas --write`; a test fails when it is stale. -->\n"


def first_sentence(text: str | None) -> str:
    """Take the first sentence of a docstring, on one line and with code marked as Markdown has it."""
    paragraph = " ".join((text or "").strip().partition("\n\n")[0].split())
    return re.split(r"(?<=[.?!]) (?=[A-Z`])", paragraph.replace("``", "`"), maxsplit=1)[0]


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(columns)
    lines = [columns, ["---"] * len(columns), *(map(_cell, row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
