"""What commands print: tables and sentences for people, or one JSON document for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import typer
from pydantic import BaseModel, JsonValue
from rich.console import Console
from rich.table import Table

from licensing.time.calendar import AGENCY_ZONE

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(value: BaseModel | JsonValue | Sequence[BaseModel]) -> None:
    """One JSON document on standard output."""
    if isinstance(value, BaseModel):
        content: object = value.model_dump(mode="json")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        content = [item.model_dump(mode="json") if isinstance(item, BaseModel) else item for item in value]
    else:
        content = value
    sys.stdout.write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def print_facts(facts: Mapping[str, str | None]) -> None:
    """Names and values in two columns; what has no value is left out."""
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        if value:
            table.add_row(f"[bold]{name}[/]", value)
    out.print(table)


def local(instant: datetime | None) -> str:
    """An instant in the agency's zone, for people."""
    return instant.astimezone(AGENCY_ZONE).strftime("%Y-%m-%d %H:%M %Z") if instant else "–"


def words(name: str | None) -> str:
    """``sign_off`` as ``sign off``."""
    return (name or "–").replace("_", " ")


def fail(code: int, message: str) -> typer.Exit:
    """Print one line on standard error and leave with ``code``."""
    err.print(message, markup=False, soft_wrap=True)
    return typer.Exit(code)
