"""In what two decision tables differ: in which rows and cells, and for which facts in what they decide.

For each row of the one and each of the other, the facts that both rows decide are a part of the common space
of the tables; where the outcomes differ and that part is not empty, facts in it show the difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from greenlight.kernel.model import Model
from greenlight.kernel.tables.domain import Fact, Input, OutputEntry
from greenlight.kernel.tables.space import Box, Space, both, outside
from greenlight.kernel.tables.table import Row, Table


class RowChange(Model):
    """``before`` or ``after`` is None where the row is in one table only. ``cells`` names those that differ:
    inputs, ``outcome``, ``annotation``, ``citation``, and ``place`` where the row moved among the others."""

    row: str
    before: Row | None
    after: Row | None
    cells: tuple[str, ...] = ()


class Otherwise(Model):
    """A kind of facts that two tables decide otherwise. A row of None: there is none for them; an input
    that only one of the tables has is free in the other."""

    before: str | None
    after: str | None
    outcome_before: OutputEntry | None
    outcome_after: OutputEntry | None
    witness: dict[str, Fact]


class Comparison(Model):
    """``incomparable``: inputs of one name and two types; then ``decided`` says nothing."""

    title: tuple[str, ...]
    inputs: tuple[str, ...]
    rows: tuple[RowChange, ...]
    incomparable: tuple[str, ...]
    decided: tuple[Otherwise, ...]

    @property
    def same(self) -> bool:
        return not (self.title or self.inputs or self.rows)


def compare(before: Table, after: Table) -> Comparison:
    """``before`` and ``after`` are tables that pass the check."""
    inputs = _by_name(before), _by_name(after)
    shared = inputs[0].keys() & inputs[1].keys()
    incomparable = tuple(sorted(name for name in shared if inputs[0][name].type != inputs[1][name].type))
    members = ("id", "title", "citation", "effective", "hit_policy", "outcomes")
    return Comparison(
        title=tuple(name for name in members if getattr(before, name) != getattr(after, name)),
        inputs=tuple(
            name
            for name in dict.fromkeys((*inputs[0], *inputs[1]))
            if inputs[0].get(name) != inputs[1].get(name)
        ),
        rows=tuple(_rows(before, after)),
        incomparable=incomparable,
        decided=() if incomparable else tuple(_decided(before, after)),
    )


def _by_name(table: Table) -> dict[str, Input]:
    return {given.name: given for given in table.inputs}


def _rows(before: Table, after: Table) -> Iterator[RowChange]:
    old = {row.id: row for row in before.rows}
    new = {row.id: row for row in after.rows}
    moved = _moved([row for row in old if row in new], [row for row in new if row in old])
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            yield RowChange(row=name, before=was, after=now)
        elif cells := (*_cells(was, now), *(("place",) if name in moved else ())):
            yield RowChange(row=name, before=was, after=now, cells=cells)


def _cells(was: Row, now: Row) -> Iterator[str]:
    for name in dict.fromkeys((*was.when, *now.when)):
        if was.when.get(name) != now.when.get(name):
            yield name
    if was.then != now.then:
        yield "outcome"
    if was.annotation != now.annotation:
        yield "annotation"
    if was.citation != now.citation:
        yield "citation"


def _moved(was: list[str], now: list[str]) -> frozenset[str]:
    """The fewest names that have to move to make the one order the other."""
    place = {name: at for at, name in enumerate(now)}
    longest: list[tuple[str, ...]] = []
    for name in was:
        before = (kept for kept in longest if place[kept[-1]] < place[name])
        longest.append((*max(before, key=len, default=()), name))
    return frozenset(was) - frozenset(max(longest, key=len, default=()))


@dataclass(frozen=True, slots=True)
class _Part:
    """The facts of ``box`` that none of ``others`` accepts: those that a table decides by ``row``."""

    row: Row | None
    box: Box
    others: tuple[Box, ...]


def _decided(before: Table, after: Table) -> Iterator[Otherwise]:
    old, new = _by_name(before), _by_name(after)
    inputs = tuple(_joined(old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new)))

    def bounds(given: Input) -> Iterator[int]:
        for table in (old, new):
            if given.name in table:
                yield table[given.name].minimum
                yield table[given.name].maximum + 1

    space = Space(inputs, (*before.rows, *after.rows), bounds)
    ours, theirs = tuple(_parts(before, space, old)), tuple(_parts(after, space, new))
    for was in ours:
        for now in theirs:
            then = was.row.then if was.row else None, now.row.then if now.row else None
            if then[0] == then[1]:
                continue
            piece = next(outside(both(was.box, now.box), (*was.others, *now.others)), None)
            witness = space.witness(piece) if piece else None
            if witness is not None:
                yield Otherwise(
                    before=was.row.id if was.row else None,
                    after=now.row.id if now.row else None,
                    outcome_before=then[0],
                    outcome_after=then[1],
                    witness=witness,
                )


def _parts(table: Table, space: Space, inputs: Mapping[str, Input]) -> Iterator[_Part]:
    """List what each row of ``table`` decides within the table's own domains, and what none does."""
    within = space.where(lambda name, value: name not in inputs or inputs[name].admits(value))
    boxes = [both(space.box(row), within) for row in table.rows]
    for at, row in enumerate(table.rows):
        yield _Part(row, boxes[at], tuple(boxes[:at]))
    yield _Part(None, space.whole, tuple(boxes))


def _joined(one: Input | None, other: Input | None) -> Input:
    """An input that has every value that either has."""
    if one is None or other is None:
        found = one or other
        assert found is not None, "the name is that of an input of one of the tables"
        return found
    return one.model_copy(
        update={
            "minimum": min(one.minimum, other.minimum),
            "maximum": max(one.maximum, other.maximum),
            "values": tuple(dict.fromkeys((*one.values, *other.values))),
            "may_be_unknown": one.may_be_unknown or other.may_be_unknown,
        }
    )
