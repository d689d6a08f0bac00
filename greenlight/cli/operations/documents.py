"""What docs/ says of the contract, written from the code that keeps it, so that it cannot drift."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter

from greenlight.kernel.authority import PERMITTED, Claims, SignedCommand
from greenlight.kernel.clock_kind import TICK, TICK_MEANING, Tick, Ticked
from greenlight.kernel.commit import Receipt
from greenlight.kernel.decider import Body
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer, Resume
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.transitions import BY_DIRECTIVE, BY_TIME
from greenlight.law.application.transitions import TRANSITIONS as APPLICATION_TRANSITIONS
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.question import AuthorisationQuestion
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.inclusion import SIGN_OFF
from greenlight.law.batch.transitions import TRANSITIONS as BATCH_TRANSITIONS
from greenlight.law.contract import (
    BATCH_MESSAGES,
    COMMANDS,
    DECISIONS,
    DIRECTIVE_MESSAGES,
    ENTITY_MESSAGES,
    LICENSE_MESSAGES,
    LIST_MESSAGES,
    LOOK,
    LOOK_MEANING,
    QUERIES,
    REGISTERED,
    REGISTERED_MEANING,
    REPRIEVE_MESSAGES,
    REPRIEVE_QUERIES,
    SearchAttribute,
)
from greenlight.law.determination.determine import Determination
from greenlight.law.determination.question import Question
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.transitions import TRANSITIONS as DIRECTIVE_TRANSITIONS
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.transitions import TRANSITIONS as ENTITY_TRANSITIONS
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.transitions import TRANSITIONS as LICENSE_TRANSITIONS
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion
from greenlight.law.reprieve.transitions import TRANSITIONS as REPRIEVE_TRANSITIONS
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.transitions import TRANSITIONS as LIST_TRANSITIONS

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
    for name, body in COMMANDS.items():
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
    yield "events.application", _schema(APPLICATION.events, "events.application")
    yield "events.license", _schema(LICENSE.events, "events.license")
    yield "events.reprieve", _schema(REPRIEVE.events, "events.reprieve")
    yield "events.entity", _schema(ENTITY.events, "events.entity")
    yield "events.batch", _schema(BATCH.events, "events.batch")
    yield "events.directive", _schema(DIRECTIVE.events, "events.directive")
    yield "events.list", _schema(LIST.events, "events.list")


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
    sections.append(f"## Application\n\n{_matrix(APPLICATION_TRANSITIONS)}")
    by_time = [[str(stage), _cell(stages)] for stage, stages in BY_TIME.items()]
    sections.append("What time alone does, when nobody acts:\n")
    sections.append(_markdown(["stage", "at its deadline"], by_time))
    by_directive = [[str(stage), _cell(stages)] for stage, stages in BY_DIRECTIVE.items()]
    sections.append("Where a directive in force may lead:\n")
    sections.append(_markdown(["stage", "by a directive"], by_directive))
    sections.append(f"## License\n\n{_matrix(LICENSE_TRANSITIONS)}")
    sections.append(f"## Reprieve\n\n{_matrix(REPRIEVE_TRANSITIONS)}")
    sections.append(f"## Listed entity\n\n{_matrix(ENTITY_TRANSITIONS)}")
    sections.append(f"## Batch\n\n{_matrix(BATCH_TRANSITIONS)}")
    sections.append(f"## Directive\n\n{_matrix(DIRECTIVE_TRANSITIONS)}")
    sections.append(f"## Screening list\n\n{_matrix(LIST_TRANSITIONS)}")
    return "\n".join(sections)


def _matrix(table: Mapping[S | None, Mapping[str, frozenset[S] | RefusalCode]]) -> str:
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
            ", ".join(sorted(PERMITTED[name])),
            "yes" if name in DECISIONS else "",
        ]
        for name, body in COMMANDS.items()
    ]
    queries = [[f"`{name}`", "every case", "", meaning] for name, meaning in QUERIES.items()]
    queries += [[f"`{name}`", "`Reprieve`", "yes", meaning] for name, meaning in REPRIEVE_QUERIES.items()]
    attributes = [[f"`{a.value}`", a.indexed_as] for a in SearchAttribute]
    codes = [[f"`{code.value}`", code.meaning] for code in RefusalCode]
    license_messages = ", ".join(f"`{name}`" for name in LICENSE_MESSAGES)
    reprieve_messages = ", ".join(f"`{name}`" for name in REPRIEVE_MESSAGES)
    entity_messages = ", ".join(f"`{name}`" for name in ENTITY_MESSAGES)
    batch_messages = ", ".join(f"`{name}`" for name in BATCH_MESSAGES)
    directive_messages = ", ".join(f"`{name}`" for name in DIRECTIVE_MESSAGES)
    list_messages = ", ".join(f"`{name}`" for name in LIST_MESSAGES)
    return "\n".join(
        [
            _GENERATED,
            "# Contract tables\n",
            "## Commands\n",
            f"Updates, and signals of the same name. {license_messages} go to `License`; "
            f"{reprieve_messages} go to `Reprieve`, and `open_reprieve` is its start; "
            f"{entity_messages} go to `ListedEntity`, and `list_entity` is its start; "
            f"{directive_messages} go to `Directive`, and `issue_directive` is its start; "
            f"{list_messages} go to `ScreeningList`, and `open_list` is its start; "
            f"{batch_messages} go to `Batch`, and `open_batch` is its start; all others go to "
            "`LicenseApplication`, and `submit` is its start.\n",
            _markdown(["command", "what it asks", "role", "names the dossier"], commands),
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
