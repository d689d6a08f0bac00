"""The functions that keep read models and the views over all of them, derived from the classes of rows."""

# ruff: noqa: S608  # What is put into the statements are names of tables and columns, and expressions of the code.

from collections.abc import Iterator

from greenlight.eventlog.roles import GROUPS
from greenlight.eventlog.tables import Table, literal, others, own
from greenlight.kernel.row import Child, Column, Row, StreamRow, Taken, children, said_of
from greenlight.law.registry import aggregates


def functions() -> str:
    """The SQL that keeps read models: ``show``, ``taken``, and the views over all streams."""
    rows = [(each.kind, each.row) for each in aggregates()]
    shows = "\n".join(_show(kind, row) for kind, row in rows)
    arms = "\n".join(
        f"        WHEN '{row.table.name}' THEN\n"
        f"            own := '{kind}-' || (view #>> '{{row,{row.table.key}}}');\n"
        f"            PERFORM greenlight.show_{row.table.name}(view -> 'row');"
        for kind, row in rows
    )
    taken = "\n".join(step for kind, row in rows for step in _claims(kind, row))
    streams = [(kind, row) for kind, row in rows if issubclass(row, StreamRow)]
    return _FRAME.format(
        shows=shows,
        arms=arms,
        taken=taken,
        streams="\nUNION ALL ".join(_stream(kind, row) for kind, row in streams),
        turns="\nUNION ALL ".join(turn for _, row in rows for turn in _turns(row)),
        readers=", ".join(GROUPS),
    )


_FRAME = """
{shows}
-- Without a row (a refusal changes nothing but the count of events) only the version moves on. A row is shown
-- by its own stream alone: no case writes into the register of officers.
CREATE FUNCTION greenlight.show(stream text, shown_version integer, view jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    model greenlight.read_model;
    own text := stream;
BEGIN
    CASE view ->> 'model'
{arms}
        ELSE
            IF view <> 'null' THEN
                RAISE EXCEPTION 'there is no read model %', view -> 'model';
            END IF;
            SELECT * INTO model FROM greenlight.read_model WHERE kind = split_part(stream, '-', 1);
            IF FOUND THEN
                EXECUTE format('UPDATE greenlight.%I SET version = $1 WHERE %I = $2', model.name, model.key)
                USING shown_version, substr(stream, length(model.kind) + 2);
            END IF;
    END CASE;
    IF own IS DISTINCT FROM stream THEN
        RAISE EXCEPTION '% does not show the row of %', stream, own USING ERRCODE = 'check_violation';
    END IF;
END
$$;

-- The refusal of a row that claims what is another stream's, or NULL.
CREATE FUNCTION greenlight.taken(view jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    shown jsonb := view -> 'row';
    other jsonb;
BEGIN
{taken}
    RETURN NULL;
END
$$;

CREATE VIEW greenlight.stream AS
{streams};

CREATE VIEW greenlight.worklist AS
{turns};

GRANT SELECT ON greenlight.stream, greenlight.worklist TO {readers};
"""


def _show(kind: str, row: type[Row]) -> str:
    table = own(kind, row)
    held = {name: said for name, _, said in children(row)}
    mine = f"FROM greenlight.{table.name} WHERE {table.owner} = shown ->> '{table.owner}'"
    before = [
        f"    {name}_before jsonb := (SELECT {name} {mine});\n" for name, said in held.items() if said.copied
    ]
    steps = [_keep(name, held[name], each) for name, each in zip(held, others(kind, row), strict=True)]
    if counted := _counted(table, row):
        stands = f"SELECT jsonb_build_array({', '.join(counted)}) {mine}"
        nothing = ", ".join("null" for _ in counted)
        before.append(f"    stood jsonb := coalesce(({stands}), '[{nothing}]');\n")
        steps.append(
            f"    IF stood <> ({stands}) THEN\n"
            "        UPDATE greenlight.log SET directives = directives + 1;\n    END IF;\n"
        )
    declare = f"DECLARE\n{''.join(before)}" if before else ""
    return (
        f"CREATE FUNCTION greenlight.show_{table.name}(shown jsonb) RETURNS void LANGUAGE plpgsql AS $$\n"
        f"{declare}BEGIN\n"
        f"    INSERT INTO greenlight.{table.name} SELECT t.* FROM {table.rows}\n    {table.update};\n"
        f"{''.join(steps)}END\n$$;\n"
    )


def _counted(table: Table, row: type[Row]) -> list[str]:
    said = {column: said_of(row.model_fields[column]) for column in table.columns}
    return [column for column, each in said.items() if isinstance(each, Column) and each.counted]


def _keep(name: str, said: Child, table: Table) -> str:
    """Many events change none of these rows, and rows that stay as they are cost no writing."""
    insert = f"INSERT INTO greenlight.{table.name} AS known SELECT t.* FROM {table.rows}"
    if said.kept:
        return (
            f"    IF shown -> '{name}' <> '[]' THEN\n        {insert}\n        {table.update}"
            " WHERE known IS DISTINCT FROM excluded;\n    END IF;\n"
        )
    mine = f"WHERE {table.owner} = shown ->> '{table.owner}'"
    anew = f"DELETE FROM greenlight.{table.name} {mine};\n        {insert};"
    condition = f"{name}_before IS DISTINCT FROM shown -> '{name}'" if said.copied else "true"
    return f"    IF {condition} THEN\n        {anew}\n    END IF;\n"


def _claims(kind: str, row: type[Row]) -> Iterator[str]:
    """Steps that find the row of another stream that has what ``shown`` claims."""
    table = own(kind, row)
    for column in table.unique:
        said = said_of(row.model_fields[column])
        if isinstance(said, Column) and said.taken:
            yield _claim(
                table,
                said.taken,
                f"SELECT to_jsonb(t) FROM greenlight.{table.name} t"
                f" WHERE t.{column} = shown ->> '{column}' AND t.{table.owner} <> shown ->> '{table.owner}'",
            )
    for (_, _, child), each in zip(children(row), others(kind, row), strict=True):
        if child.taken:
            yield _claim(
                table,
                child.taken,
                f"SELECT to_jsonb(known) FROM {each.rows} JOIN greenlight.{each.name} known"
                f" USING ({each.keys}) WHERE known.{each.owner} <> t.{each.owner} LIMIT 1",
            )


def _claim(table: Table, taken: Taken, query: str) -> str:
    return (
        f"    IF view ->> 'model' = '{table.name}' THEN\n        other := ({query});\n"
        f"        IF other IS NOT NULL THEN\n            RETURN jsonb_build_object('code', '{taken.code}',"
        f" 'message', greenlight.filled({literal(taken.message)}, other));\n        END IF;\n    END IF;"
    )


def _stream(kind: str, row: type[Row]) -> str:
    table = row.table
    return (
        f"SELECT '{kind}-' || {table.key} AS stream, '{kind}' AS kind, {table.key} AS key,"
        f" {table.case} AS case, stage, waiting_for, closed, due, version FROM greenlight.{table.name}"
    )


def _turns(row: type[Row]) -> Iterator[str]:
    table = row.table
    for turn in table.turns:
        yield (
            f"SELECT {table.key} AS case, stage, {turn.role} AS role, {turn.organisation} AS organisation,"
            f" {turn.assigned_to} AS assigned_to, {turn.due} AS due, {turn.deadline} AS deadline,"
            f" {turn.parties} AS parties FROM {turn.source or f'greenlight.{table.name}'} WHERE {turn.when}"
        )
