"""Reference pages: one for each aggregate, and those of what all of them share."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import PydanticUndefined

from greenlight.cli.operations.documents.markdown import GENERATED, first_sentence, table
from greenlight.connection.settings import Settings
from greenlight.kernel.clock_kind import TICK, TICK_MEANING
from greenlight.kernel.refusal import known_codes
from greenlight.law import registry
from greenlight.law.contract import (
    LOOK,
    LOOK_MEANING,
    QUERIES,
    REGISTERED,
    REGISTERED_MEANING,
    REPRIEVE_QUERIES,
    SearchAttribute,
)


def files() -> Iterator[tuple[str, str]]:
    """Give every page as text, by its file's name."""
    yield "index", _page("Reference", _overview())
    for each in registry.with_workflow():
        yield each.kind, _page(each.title, _aggregate(each))
    yield "codes", _page("Refusal codes", _codes())
    yield "messages", _page("Queries, updates and search attributes", _messages())
    yield "settings", _page("Settings", _settings())


def _page(title: str, sections: Iterable[str]) -> str:
    return "\n".join([GENERATED, f"# {title}\n", *sections])


def _overview() -> Iterator[str]:
    yield "Written from the code, page by page. Who reads it first reads [the contract](../contract.md).\n"
    rows = [
        [f"[{each.title}]({each.kind}.md)", f"`{each.kind}-…`", f"`{each.workflow}`", each.about]
        for each in registry.with_workflow()
    ]
    yield table(["what", "workflow id", "workflow type", ""], rows)
    yield (
        "Common to all: [queries, updates and search attributes](messages.md), [refusal codes](codes.md), "
        "[settings](settings.md), [the command line](command-line.md).\n"
    )


def _aggregate(each: registry.AnyAggregate) -> Iterator[str]:
    schema = f"[`{each.kind}.json`](../schemas/{each.kind}.json)"
    yield f"{each.about} Workflow type `{each.workflow}`, workflow id `{each.kind}-…`, schemas in {schema}.\n"
    yield "## Commands\n"
    yield "Updates, and signals of the same name, of the workflow; its start is given with it.\n"
    rows = [
        [
            f"`{name}`" + (", its start" if body.declared.starts else ""),
            first_sentence(body.__doc__),
            ", ".join(sorted(body.declared.by)),
            "yes" if body.declared.decision else "",
        ]
        for name, body in each.commands.items()
    ]
    yield table(["command", "what it asks", "role", "names the dossier"], rows)
    yield "## Events\n"
    yield table(["event", "what it says"], _events(each))
    yield "## Transitions\n"
    yield (
        "Every stage and every command: where it may lead, or the code of its refusal. The table is data "
        "(`transitions.py`), and a test walks every cell.\n"
    )
    yield _matrix(each.transitions)
    for stages, heading, column in (
        (each.by_time, "What time alone does, when nobody acts:\n", "at its deadline"),
        (each.by_directive, "Where a directive in force may lead:\n", "by a directive"),
    ):
        if stages:
            yield heading
            yield table(["stage", column], [[str(stage), _to(to)] for stage, to in stages.items()])


def _events(each: registry.AnyAggregate) -> Iterator[list[str]]:
    schema = each.events.json_schema(mode="serialization")
    for name, reference in schema["discriminator"]["mapping"].items():
        described = schema["$defs"][reference.rpartition("/")[2]].get("description")
        yield [f"`{name}`", first_sentence(described)]


def _matrix(cells: Mapping[Any, Mapping[str, frozenset[Any] | str]]) -> str:
    """Lay stages beside commands: a command for each row, as there are more of them."""
    stages = list(cells)
    commands = list(next(iter(cells.values())))
    rows = [[f"`{command}`", *(_to(cells[stage][command]) for stage in stages)] for command in commands]
    return table(["", *(str(stage or "(no case)") for stage in stages)], rows)


def _to(cell: frozenset[Any] | str) -> str:
    if isinstance(cell, str):
        return f"`{cell}`"
    return " / ".join(sorted(f"**{stage}**" for stage in cell))


def _codes() -> Iterator[str]:
    yield "Act on codes; the messages beside them change. "
    yield "Schema: [`refusal-code.json`](../schemas/refusal-code.json).\n"
    yield table(["code", "meaning"], [[f"`{code.value}`", code.meaning] for code in known_codes()])


def _messages() -> Iterator[str]:
    yield "## Queries\n"
    rows = [[f"`{name}`", "every case", "", meaning] for name, meaning in QUERIES.items()]
    rows += [[f"`{name}`", "`Reprieve`", "yes", meaning] for name, meaning in REPRIEVE_QUERIES.items()]
    yield table(["query", "of", "takes an input", "answer"], rows)
    yield "## Updates of every workflow\n"
    yield f"`{REGISTERED}` takes no input. {REGISTERED_MEANING}\n"
    yield f"`{LOOK}` takes no input. {LOOK_MEANING}\n"
    yield (
        f"`{TICK}` takes [`tick.json`](../schemas/tick.json) and answers with "
        f"[`ticked.json`](../schemas/ticked.json). {TICK_MEANING}\n"
    )
    yield "## Search attributes\n"
    yield table(["name", "type"], [[f"`{a.value}`", a.indexed_as] for a in SearchAttribute])


def _settings() -> Iterator[str]:
    yield "All by environment variable; with none set, everything runs on one machine.\n"
    rows = [
        [
            f"`{field.validation_alias or f'GREENLIGHT_{name.upper()}'}`",
            _default(field.default),
            field.description or "",
        ]
        for name, field in Settings.model_fields.items()
    ]
    yield table(["variable", "default", ""], rows)
    yield (
        "`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_…` and profiles are "
        "read as the Temporal SDK reads them. `DATABASE_URL` and `TEMPORAL_ADDRESS`: give both or neither;\n"
        "what only reads the log needs the first alone.\n"
    )


def _default(value: object) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
