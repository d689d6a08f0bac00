"""What docs/ says of the contract, written from the code that keeps it, so that it cannot drift."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter

from greenlight.kernel.authority import Claims, SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.clock_kind import TICK, TICK_MEANING, Tick, Ticked
from greenlight.kernel.commit import Receipt
from greenlight.kernel.inclusion import SIGN_OFF
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer, Resume
from greenlight.kernel.refusal import Code, known_codes
from greenlight.law import contract, registry
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.question import AuthorisationQuestion
from greenlight.law.contract import (
    LOOK,
    LOOK_MEANING,
    QUERIES,
    REGISTERED,
    REGISTERED_MEANING,
    REPRIEVE_QUERIES,
    SearchAttribute,
)
from greenlight.law.determination.determine import Determination
from greenlight.law.determination.question import Question
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion

T = TypeVar("T")
S = TypeVar("S")

DOCS = Path(__file__).resolve().parents[3] / "docs"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_GENERATED = "<!-- Written by `python starter.py schemas --write`; a test fails when it is stale. -->\n"


def documents() -> dict[Path, str]:
    """Every generated file below docs/, by its path there."""
    files = {Path("schemas") / f"{name}.json": _render(schema) for name, schema in _schemas()}
    files[Path("transitions.md")] = _transitions()
    files[Path("contract-tables.md")] = _tables()
    return files


def stale(folder: Path = DOCS) -> list[Path]:
    """Which files below ``folder`` are missing, changed or left over."""
    wanted = documents()
    left_over = {path.relative_to(folder) for path in (folder / "schemas").glob("*.json")} - set(wanted)
    return sorted(left_over | {path for path, text in wanted.items() if _read(folder / path) != text})


def write(folder: Path = DOCS) -> list[Path]:
    """Bring the files below ``folder`` up to date, and say which were not."""
    wanted, changed = documents(), stale(folder)
    for path in changed:
        if path in wanted:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(wanted[path], encoding="utf-8")
        else:
            (folder / path).unlink()
    return changed


def _schemas() -> Iterator[tuple[str, JsonValue]]:
    for name, body in contract.commands().items():
        yield f"command.{name}", _command(name, body)
    answers: tuple[tuple[str, type[BaseModel]], ...] = (
        ("claims", Claims),
        ("receipt", Receipt),
        ("resume", Resume),
        ("tick", Tick),
        ("ticked", Ticked),
        ("query.status", CaseStatus),
        ("query.dossier", DossierAnswer),
        ("query.deadlines", Deadlines),
        ("query.covered", CoverageAnswer),
        ("question.covered", CoverageQuestion),
        ("question.determine", Question),
        ("answer.determine", Determination),
        ("question.authorised", AuthorisationQuestion),
        ("answer.authorised", Authorisation),
    )
    for name, model in answers:
        yield name, _schema(TypeAdapter(model), name)
    for each in registry.with_workflow():
        yield f"events.{each.kind}", _schema(each.events, f"events.{each.kind}")


def _command(name: str, body: type[Body]) -> JsonValue:
    """A signed command whose body is the command's own."""
    schema = SignedCommand.model_json_schema()
    content = body.model_json_schema(ref_template="#/$defs/{model}")
    definitions = content.pop("$defs", {})
    if name != SIGN_OFF:
        # Only that one is given by a batch as well.
        del schema["properties"]["inclusion"]
        schema["$defs"] = {"JsonValue": {}}
        schema["description"] = (
            "A command as it arrives: the proof, and the body exactly as the sender wrote it."
        )
    else:
        definitions = {**schema["$defs"], **definitions}
    schema["properties"]["body"] = content
    schema["title"] = name
    if definitions:
        schema["$defs"] = definitions
    return {"$schema": _DIALECT, **schema}


def _schema(adapter: TypeAdapter[T], title: str) -> JsonValue:
    return {"$schema": _DIALECT, "title": title, **adapter.json_schema(mode="serialization")}


def _transitions() -> str:
    sections = [_GENERATED, "# Transitions\n"]
    sections.append(
        "Every stage and every command: where it may lead, or the code of its refusal. "
        "The tables are data (`transitions.py` of each aggregate), and a test walks every cell.\n"
    )
    for each in registry.with_workflow():
        sections.append(f"## {each.title}\n\n{_matrix(each.transitions)}")
        for table, heading, column in (
            (each.by_time, "What time alone does, when nobody acts:\n", "at its deadline"),
            (each.by_directive, "Where a directive in force may lead:\n", "by a directive"),
        ):
            if table:
                rows = [[str(stage), _cell(stages)] for stage, stages in table.items()]
                sections += [heading, _markdown(["stage", column], rows)]
    return "\n".join(sections)


def _matrix(table: Mapping[S | None, Mapping[str, frozenset[S] | Code]]) -> str:
    commands = list(next(iter(table.values())))
    rows = [
        [str(stage or "(no case)"), *(_cell(cells[command]) for command in commands)]
        for stage, cells in table.items()
    ]
    return _markdown(["stage", *commands], rows)


def _cell(cell: frozenset[S] | str) -> str:
    if isinstance(cell, str):
        return f"`{cell}`"
    return " / ".join(sorted(f"**{stage}**" for stage in cell))


def _tables() -> str:
    commands = [
        [
            f"`{name}`",
            _first_line(body),
            f"`{each.workflow}`" + (", its start" if body.declared.starts else ""),
            ", ".join(sorted(body.declared.by)),
            "yes" if body.declared.decision else "",
        ]
        for each in registry.with_workflow()
        for name, body in each.commands.items()
    ]
    queries = [[f"`{name}`", "every case", "", meaning] for name, meaning in QUERIES.items()]
    queries += [[f"`{name}`", "`Reprieve`", "yes", meaning] for name, meaning in REPRIEVE_QUERIES.items()]
    attributes = [[f"`{a.value}`", a.indexed_as] for a in SearchAttribute]
    codes = [[f"`{code.value}`", code.meaning] for code in known_codes()]
    return "\n".join(
        [
            _GENERATED,
            "# Contract tables\n",
            "## Commands\n",
            "Updates, and signals of the same name, of the workflow; its start is given with it.\n",
            _markdown(["command", "what it asks", "workflow", "role", "names the dossier"], commands),
            f"The update `{REGISTERED}` takes no input. {REGISTERED_MEANING}\n",
            f"The update `{LOOK}` takes no input. {LOOK_MEANING}\n",
            f"The update `{TICK}` takes `tick.json` and answers with `ticked.json`. {TICK_MEANING}\n",
            "## Queries\n",
            _markdown(["query", "of", "takes an input", "answer"], queries),
            "## Search attributes\n",
            _markdown(["name", "type"], attributes),
            "## Refusal codes\n",
            _markdown(["code", "meaning"], codes),
        ]
    )


def _first_line(body: type[Body]) -> str:
    return (body.__doc__ or "").strip().splitlines()[0]


def _markdown(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(columns)
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _render(schema: JsonValue) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
