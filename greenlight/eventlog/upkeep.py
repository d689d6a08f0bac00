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
        f"        WHEN model = '{row.table.name}' THEN PERFORM greenlight.show_{row.table.name}(rows);"
        for _, row in rows
    )
    taken = "\n        UNION ALL\n".join(step for kind, row in rows for step in _claims(kind, row))
    claimed = ", ".join(
        f"CASE view ->> 'model' WHEN '{table.name}' THEN '{column} ' || (view #>> '{{row,{column}}}') END"
        for table in (own(kind, row) for kind, row in rows)
        for column in table.unique
    )
    streams = [(kind, row) for kind, row in rows if issubclass(row, StreamRow)]
    return _FRAME.format(
        shows=shows,
        arms=arms,
        taken=taken,
        claimed=claimed,
        streams="\nUNION ALL ".join(_stream(kind, row) for kind, row in streams),
        turns="\nUNION ALL ".join(turn for _, row in rows for turn in _turns(row)),
        privy="\nUNION ALL ".join(privy for kind, row in rows for privy in _privy(kind, row)),
        readers=", ".join(GROUPS),
    )


_FRAME = """
{shows}
-- Show rows of one model, each of another stream. Without a model (a refusal changes nothing but the count of
-- events) only the version moves on of the streams that the rows name.
CREATE FUNCTION greenlight.show(model text, rows jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    each record;
BEGIN
    CASE
{arms}
        WHEN model IS NULL THEN
            FOR each IN
                SELECT s.said ->> 'version' AS version, m.name, m.key AS own,
                       substr(s.said ->> 'stream', length(m.kind) + 2) AS key
                FROM unnest(rows) AS s (said)
                JOIN greenlight.read_model m ON m.kind = split_part(s.said ->> 'stream', '-', 1)
            LOOP
                EXECUTE format('UPDATE greenlight.%I SET version = $1 WHERE %I = $2', each.name, each.own)
                USING each.version::integer, each.key;
            END LOOP;
    END CASE;
END
$$;

-- Marks of what only one stream may have, of those that a row claims.
CREATE FUNCTION greenlight.claimed(view jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN ARRAY[{claimed}]::text[];

-- The refusal of a row that claims what is another stream's, code and message.
CREATE FUNCTION greenlight.taken(view jsonb) RETURNS TABLE (code text, message text) LANGUAGE sql STABLE AS $$
    SELECT code, greenlight.filled(template, other) FROM (
{taken}
    ) AS claimed (code, template, other) LIMIT 1
$$;

CREATE VIEW greenlight.stream AS
{streams};

CREATE VIEW greenlight.worklist AS
{turns};

-- To whom of which organisation in which roles a stream is open, beside those to whom all of its kind are.
CREATE VIEW greenlight.privy AS
{privy};

GRANT SELECT ON greenlight.stream, greenlight.worklist, greenlight.privy TO {readers};
"""


def _show(kind: str, row: type[Row]) -> str:
    table = own(kind, row)
    held = {name: said for name, _, said in children(row)}
    mine = (
        f"FROM unnest(rows) AS shown LEFT JOIN greenlight.{table.name} AS s"
        f" ON s.{table.owner} = shown ->> '{table.owner}'"
    )
    before = [
        f"    {name}_changed text[] := ARRAY(SELECT shown ->> '{table.owner}' {mine}"
        f" WHERE s.{name} IS DISTINCT FROM shown -> '{name}');\n"
        for name, said in held.items()
        if said.copied
    ]
    steps = [_keep(name, held[name], each) for name, each in zip(held, others(kind, row), strict=True)]
    if counted := _counted(table, row):
        stood, stands = (", ".join(f"{of}.{column}" for column in counted) for of in ("s", "t"))
        before.append(
            f"    changed bigint := (SELECT count(*) {mine}, {table.rows}"
            f" WHERE ROW({stood}) IS DISTINCT FROM ROW({stands}));\n"
        )
        steps.append(
            "    IF changed > 0 THEN\n"
            "        UPDATE greenlight.log SET directives = directives + changed;\n    END IF;\n"
        )
    declare = f"DECLARE\n{''.join(before)}" if before else ""
    return (
        f"CREATE FUNCTION greenlight.show_{table.name}(rows jsonb[]) RETURNS void LANGUAGE plpgsql AS $$\n"
        f"{declare}BEGIN\n"
        f"    INSERT INTO greenlight.{table.name} SELECT t.* FROM unnest(rows) AS shown, {table.rows}\n"
        f"    {table.update};\n{''.join(steps)}END\n$$;\n"
    )


def is_heeded(kind: str, row: type[Row]) -> bool:
    """Tell whether what one commit shows there may change the answer to any other."""
    register = row.table.name == "officer"
    return register or bool(_counted(own(kind, row), row)) or any(each.taken for *_, each in children(row))


def _counted(table: Table, row: type[Row]) -> list[str]:
    said = {column: said_of(row.model_fields[column]) for column in table.columns}
    return [column for column, each in said.items() if isinstance(each, Column) and each.counted]


def _keep(name: str, said: Child, table: Table) -> str:
    """Many events change none of these rows, and rows that stay as they are cost no writing."""
    insert = (
        f"INSERT INTO greenlight.{table.name} AS known SELECT t.* FROM unnest(rows) AS shown, {table.rows}"
    )
    if said.kept:
        return (
            f"    IF EXISTS (SELECT FROM unnest(rows) AS shown WHERE shown -> '{name}' <> '[]') THEN\n"
            f"        {insert}\n        {table.update} WHERE known IS DISTINCT FROM excluded;\n    END IF;\n"
        )
    of = f"shown ->> '{table.owner}'"
    if not said.copied:
        rows = f"SELECT {of} FROM unnest(rows) AS shown"
        anew = f"DELETE FROM greenlight.{table.name} WHERE {table.owner} IN ({rows})"
        return f"    {anew};\n    {insert};\n"
    return (
        f"    IF {name}_changed <> '{{}}' THEN\n"
        f"        DELETE FROM greenlight.{table.name} WHERE {table.owner} = ANY ({name}_changed);\n"
        f"        {insert} WHERE {of} = ANY ({name}_changed);\n    END IF;\n"
    )


def _claims(kind: str, row: type[Row]) -> Iterator[str]:
    """Steps that find the row of another stream that has what ``shown`` claims."""
    table = own(kind, row)
    for column in table.unique:
        said = said_of(row.model_fields[column])
        if isinstance(said, Column) and said.taken:
            yield _claim(
                table,
                said.taken,
                f"to_jsonb(t) FROM greenlight.{table.name} t WHERE t.{column} = view #>> '{{row,{column}}}'"
                f" AND t.{table.owner} <> view #>> '{{row,{table.owner}}}'",
            )
    for (_, _, child), each in zip(children(row), others(kind, row), strict=True):
        if child.taken:
            yield _claim(
                table,
                child.taken,
                f"to_jsonb(known) FROM (VALUES (view -> 'row')) AS s (shown), {each.rows}"
                f" JOIN greenlight.{each.name} known USING ({each.keys})"
                f" WHERE known.{each.owner} <> t.{each.owner}",
            )


def _claim(table: Table, taken: Taken, query: str) -> str:
    return (
        f"        SELECT '{taken.code}', {literal(taken.message)}, {query}"
        f" AND view ->> 'model' = '{table.name}'"
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
            f" {turn.parties} AS parties, {turn.expedited} AS expedited,"
            f" {turn.stands_until} AS stands_until"
            f" FROM {turn.source or f'greenlight.{table.name}'} WHERE {turn.when}"
        )


def _privy(kind: str, row: type[Row]) -> Iterator[str]:
    table = row.table
    for each in table.privy:
        roles = ", ".join(f"'{role}'" for role in sorted(each.roles))
        yield (
            f"SELECT '{kind}' AS kind, greenlight.{table.name}.{table.key} AS key, ARRAY[{roles}] AS roles,"
            f" {each.organisation} AS organisation FROM {each.source or f'greenlight.{table.name}'}"
        )
