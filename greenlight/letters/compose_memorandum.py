"""From a decision by a policy to what a memorandum says of it, with each row of the policy in words."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from greenlight.kernel.model import Digest
from greenlight.kernel.tables.domain import Fact
from greenlight.kernel.tables.table import Cell, Evaluation, Row, Table, Trace
from greenlight.law.terms.deciding import KnownFact
from greenlight.letters.notices import FactLine, RowLine


class Decided(TypedDict):
    """Give what all memoranda have: the row that decided, by which table, and from what."""

    row: str | None
    reason: str | None
    policy: str
    table_version: Digest
    facts: tuple[FactLine, ...]
    rows: tuple[RowLine, ...]


def decided(table: Table, known: Iterable[KnownFact], found: Evaluation) -> Decided:
    """Say what ``table`` found of facts, and why."""
    facts = tuple(known)
    values, rows = {fact.name: fact.value for fact in facts}, {row.id: row for row in table.rows}
    return Decided(
        row=found.row,
        reason=rows[found.row].annotation if found.row else None,
        policy=table.title,
        table_version=found.version,
        facts=tuple(map(_fact, facts)),
        rows=tuple(_row(rows[trace.row], trace, values, found.row) for trace in found.trace),
    )


def _fact(fact: KnownFact) -> FactLine:
    return FactLine(
        name=_plain(fact.name), value=_in_words(fact.value), source=fact.source, position=fact.position
    )


def _row(row: Row, trace: Trace, facts: Mapping[str, Fact], deciding: str | None) -> RowLine:
    decides = trace.row == deciding
    result = "applies" if trace.fired else f"does not apply: {_stopped(row, trace, facts)}"
    if trace.fired and not decides:
        result += ", and does not decide"
    return RowLine(row=trace.row, annotation=row.annotation, result=result, decides=decides)


def _stopped(row: Row, trace: Trace, facts: Mapping[str, Fact]) -> str:
    """The fact that kept a row from applying: of several, the one on record."""
    kept = [name for name, cell in row.when.items() if not cell.accepts(facts.get(name))]
    name = next((each for each in kept if (trace.stopped_by or "").startswith(f"{each} ")), kept[0])
    return f"{_plain(name)} is {_in_words(facts.get(name))}, not {_wanted(row.when[name])}"


def _wanted(cell: Cell) -> str:
    match cell.test, cell.value:
        case "is", tuple() | None:
            return str(cell)
        case "is", value:
            return _in_words(value)
        case "one_of", tuple() as members:
            return " or ".join(map(_member, members))
        case "between", (low, high):
            return f"between {low} and {high}"
        case _:
            return str(cell)


def _in_words(value: Fact) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case _:
            return _plain(str(value))


def _member(value: Fact) -> str:
    """One of several. What has "not" in it is set apart from the word before it."""
    words = _in_words(value)
    return f"“{words}”" if words.startswith("not ") else words


def _plain(name: str) -> str:
    return name.replace("_", " ")
