"""The tables of read models in PostgreSQL's words, derived from the classes of their rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from greenlight.eventlog.roles import GROUPS
from greenlight.kernel.row import Column, Row, children, columns, item, said_of
from greenlight.law.registry import aggregates


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a read model. ``model`` is the model's name, ``owner`` the column with the stream's key.

    ``rows`` selects rows ``t`` of the table from ``shown``, a row as a commit has it.
    """

    name: str
    kind: str
    model: str
    owner: str
    key: tuple[str, ...]
    columns: dict[str, str]
    rows: str
    indexes: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    unique: tuple[str, ...] = ()

    @property
    def keys(self) -> str:
        return ", ".join(self.key)

    @property
    def ddl(self) -> str:
        """The statements that make the table, empty."""
        body = ", ".join(f"{column} {kind}" for column, kind in self.columns.items())
        return ";\n".join(
            (
                f"CREATE TABLE greenlight.{self.name} ({body}, PRIMARY KEY ({self.keys}))"
                " WITH (fillfactor = 80)",
                *(f"CREATE INDEX ON greenlight.{self.name} {index}" for index in self.indexes),
                *(
                    f"CREATE UNIQUE INDEX {self.name}_by_{column} ON greenlight.{self.name} ({column})"
                    f" WHERE {column} IS NOT NULL"
                    for column in self.unique
                ),
                *(
                    f"COMMENT ON COLUMN greenlight.{self.name}.{column} IS {literal(note)}"
                    for column, note in self.notes
                ),
            )
        )

    @property
    def grant(self) -> str:
        """The statement that says who reads it: a read model is there to be read."""
        return f"GRANT SELECT ON greenlight.{self.name} TO {', '.join(GROUPS)};"

    @property
    def update(self) -> str:
        """The clause by which a row takes the place of one with its key."""
        others = [column for column in self.columns if column not in self.key]
        return f"ON CONFLICT ({self.keys}) DO UPDATE SET " + ", ".join(
            f"{column} = excluded.{column}" for column in others
        )


def literal(text: str) -> str:
    """A text constant; none of ours has a backslash."""
    return "'" + text.replace("'", "''") + "'"


def tables() -> tuple[Table, ...]:
    """Every table of every read model, that of a stream's own row before those of its other rows."""
    return tuple(
        table for each in aggregates() for table in (own(each.kind, each.row), *others(each.kind, each.row))
    )


def own(kind: str, row: type[Row]) -> Table:
    """The table with a row for each stream."""
    name, key = row.table.name, row.table.key
    found = columns(row)
    said = {column: said_of(row.model_fields[column]) for column in found}
    of_columns = {column: each for column, each in said.items() if isinstance(each, Column)}
    return Table(
        name=name,
        kind=kind,
        model=name,
        owner=key,
        key=(key,),
        columns={key: found.pop(key), **found},
        rows=f"jsonb_populate_record(NULL::greenlight.{name}, shown) AS t",
        indexes=row.table.indexes,
        notes=tuple((column, each.note) for column, each in of_columns.items() if each.note),
        unique=tuple(column for column, each in of_columns.items() if each.taken),
    )


def others(kind: str, row: type[Row]) -> Iterator[Table]:
    """The tables with many rows for a stream."""
    owner = row.table.key
    for name, field, child in children(row):
        numbered = "number" in child.key and owner != "number"
        place = ", 'number', number" if numbered else ""
        of_item = item(field)
        said = {column: said_of(each) for column, each in of_item.model_fields.items()}
        yield Table(
            name=child.table,
            kind=kind,
            model=row.table.name,
            owner=owner,
            key=child.key,
            columns={
                owner: "text NOT NULL",
                **({"number": "smallint NOT NULL"} if numbered else {}),
                **columns(of_item),
            },
            rows=(
                f"jsonb_array_elements(shown -> '{name}') WITH ORDINALITY AS listed (item, number),"
                f" jsonb_populate_record(NULL::greenlight.{child.table}, item || jsonb_build_object("
                f"'{owner}', shown -> '{owner}'{place})) AS t"
            ),
            indexes=child.indexes,
            notes=tuple(
                (column, each.note) for column, each in said.items() if isinstance(each, Column) and each.note
            ),
        )
