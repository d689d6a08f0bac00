"""Commands that look: the docket, a case as it stands or stood, its history."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue

from greenlight.cli.base.options import AsOf, DueBefore, Json, OnRecordAt, stream_of, valid
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    local,
    print_facts,
    print_json,
    print_rows,
    print_table,
    say,
    words,
)
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.session import REFUSED, USAGE, Session, look, run
from greenlight.cli.cases.facts import facts_of, plain
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import CommandId
from greenlight.kernel.model import JsonObject, Model
from greenlight.kernel.refusal import UNPROVEN
from greenlight.kernel.roles import Role
from greenlight.kernel.time.calendar import last_day, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.registry import AnyAggregate, aggregate_of, with_workflow

if TYPE_CHECKING:
    from greenlight.eventlog.stored import StoredEvent

_LOOK = "Look"
APPLICATION = "application"

Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Control number (A123456), license (D000001), or a whole workflow id, such as reprieve-rural.",
    ),
]


class Shown(Model):
    """A case for programs: its whole state, and its deadlines where it is still open."""

    stream: str
    version: int
    dossier: str
    state: JsonValue
    deadlines: tuple[Deadline, ...]


def add_to(app: typer.Typer) -> None:
    app.command("list", rich_help_panel=_LOOK)(list_)
    app.command(rich_help_panel=_LOOK)(licenses)
    app.command(rich_help_panel=_LOOK)(show)
    app.command(rich_help_panel=_LOOK)(history)


def list_(
    stage: Annotated[str | None, typer.Option(help="Only cases at this stage.")] = None,
    waiting_for: Annotated[str | None, typer.Option(help="Only cases that wait for this role.")] = None,
    officer: Annotated[str | None, typer.Option(help="Only cases assigned to this officer.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Only cases with this outcome.")] = None,
    due_before: DueBefore = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only cases that wait for somebody.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 50,
    kind: Annotated[
        str, typer.Option(help="What to list: what the names of such streams begin with.")
    ] = APPLICATION,
    json: Json = False,
) -> None:
    """List applications, or cases of another kind, those due first on top.

    Example: starter.py list --waiting-for countersigner --due-before 2026-12-24
    """
    _one_of("--kind", kind, [each.kind for each in with_workflow()])
    _one_of("--stage", stage, _stages(next(each for each in with_workflow() if each.kind == kind)))
    _one_of("--waiting-for", waiting_for, _WAITED_FOR)
    if outcome is not None:
        from greenlight.law.application.view import OUTCOMES

        _one_of("--outcome", outcome, OUTCOMES)
    if kind != APPLICATION:
        if officer or outcome or due_before:
            raise fail(USAGE, "--officer, --outcome and --due-before are for applications")
        _list_others(kind, stage, waiting_for, open_only, limit, json)
        return
    from greenlight.eventlog.rows import DocketFilter

    wanted = DocketFilter(
        stage=stage,
        waiting_for=waiting_for,
        officer=officer,
        outcome=outcome,
        due_before=due_before,
        open_only=open_only,
    )
    rows = look(lambda reader: reader.docket(wanted, limit))
    print_rows(
        rows,
        json,
        counted(len(rows), "application"),
        {
            "ACN": lambda row: row.acn,
            "stage": lambda row: words(row.outcome or row.stage) + (" (overdue)" if row.overdue else ""),
            "waits for": lambda row: words(row.waiting_for),
            "officer": lambda row: row.assigned_to or "–",
            "listed": lambda row: {True: "yes", False: "no", None: "?"}[row.listed],
            "due": lambda row: plain_date(last_day(row.due)) if row.due else "–",
            "license": lambda row: row.license_number or "–",
        },
    )


_WAITED_FOR = (*Role, "screening", "service", "nobody")


def _one_of(option: str, given: str | None, known: Iterable[str]) -> None:
    """Hold what was given against all that there is: nothing found would read as if there were none."""
    if given is not None and given not in (names := tuple(known)):
        raise fail(USAGE, f"{option}: there is no {given}; it is one of {', '.join(names)}")


def _stages(aggregate: AnyAggregate) -> tuple[str, ...]:
    return tuple(str(stage) for stage in aggregate.transitions if stage is not None)


def _list_others(
    kind: str, stage: str | None, waiting_for: str | None, open_only: bool, limit: int, json: bool
) -> None:
    rows = look(
        lambda reader: reader.summaries(
            kind, stage=stage, waiting_for=waiting_for, open_only=open_only, limit=limit
        )
    )
    print_rows(
        rows,
        json,
        counted(len(rows), "case"),
        {
            "case": lambda row: row.stream,
            "stage": lambda row: words(row.stage),
            "waits for": lambda row: words(row.waiting_for),
            "due": lambda row: local(row.due) if row.due else "–",
            "events": lambda row: str(row.version),
        },
    )


def licenses(
    stage: Annotated[str | None, typer.Option(help="Only licenses at this stage.")] = None,
    licensee: Annotated[str | None, typer.Option(help="Only licenses of this organisation.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 50,
    json: Json = False,
) -> None:
    """List licenses: who has them, until when they are valid and their records are kept.

    Example: starter.py licenses --stage active --licensee acme
    """
    _one_of("--stage", stage, _stages(aggregate_of("license-")))
    rows = look(lambda reader: reader.licenses(stage=stage, licensee=licensee, limit=limit))
    print_rows(
        rows,
        json,
        counted(len(rows), "license"),
        {
            "license": lambda row: row.number,
            "ACN": lambda row: row.acn,
            "stage": lambda row: words(row.stage),
            "licensee": lambda row: row.licensee,
            "waits for": lambda row: words(row.waiting_for),
            "valid through": lambda row: plain_date(row.valid_through),
            "records kept through": lambda row: plain_date(row.retained_through),
        },
    )


def show(
    case: Case,
    as_of: AsOf = None,
    known_at: OnRecordAt = None,
    json: Json = False,
) -> None:
    """Show a case from the event log, now or as of a past instant.

    Example: starter.py show A123456 --as-of 2026-09-01
    """
    stream = stream_of(case)

    aggregate = aggregate_of(stream)
    state, events = run(lambda session: replayed(session, aggregate, stream, as_of, known_at))
    shown = Shown(
        stream=stream,
        version=len(events),
        dossier=aggregate.dossier_digest(state),
        state=aggregate.state.dump_python(state, mode="json"),
        deadlines=aggregate.deadlines(state),
    )
    if json:
        print_json(shown)
        return
    say(bold(stream), f" as of {local(as_of)}" if as_of else "")
    if aggregate.kind == "reprieve":
        from greenlight.cli.reprieves.view import print_reprieve

        print_reprieve(state, events, shown.dossier, as_of)
        return
    print_facts({**facts_of(aggregate, state), "Events": str(shown.version), "Dossier": shown.dossier})
    for deadline in shown.deadlines:
        say(f"  • {deadline.explanation}")


def history(
    case: Case,
    command_id: Annotated[
        str | None,
        typer.Option(
            help="What became of the command of this id alone.",
            callback=valid(CommandId, "--command-id"),
        ),
    ] = None,
    json: Json = False,
) -> None:
    """List everything that happened to a case, refusals included.

    With an id, code 1: nothing is on record of that command, or not yet.
    """
    stream = stream_of(case)

    async def action(session: Session) -> "list[StoredEvent]":
        async with session.reader() as reader:
            return [event async for event in reader.stream(stream)]

    events = run(action)
    if command_id is not None:
        events = [event for event in events if command_id in (event.command_id, _refused(event))]
        if not events:
            raise fail(REFUSED, f"nothing is on record of {command_id} on {stream}, or not yet")
    if not events:
        raise fail(REFUSED, f"refused: no_such_case: there is no {stream}")
    if json:
        print_json(events)
        return
    print_table(
        f"{stream}, {counted(len(events), 'event')}",
        ("#", "legal time", "what", "by", "details"),
        (
            (str(event.version), local(event.at), _headline(event.type), *_by_and_details(event.content))
            for event in events
        ),
    )


def _refused(event: "StoredEvent") -> JsonValue:
    """The command that was refused, by the id that its sender gave it."""
    return event.content.get("command_id") if event.type == CommandRefused.__name__ else None


def _headline(kind: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind).strip()


def _by_and_details(content: JsonObject) -> tuple[str, str]:
    by = content.get("by")
    # A role that was only claimed is none.
    claimed = content.get("type") == CommandRefused.__name__ and content.get("code") in UNPROVEN
    role = "" if claimed or not isinstance(by, dict) else f" ({words(str(by['role']))})"
    who = f"{by['officer']}{role}" if isinstance(by, dict) else "–"
    hidden = {"type", "at", "by", "application", "screening", "sign_off", "items", "parties", "counted_from"}
    hidden |= {"leaves", "inclusion"}
    from greenlight.cli.reprieves.view import short

    details = (
        f"{words(name)}: {plain(short(name, value))}"
        for name, value in content.items()
        if name not in hidden and value
    )
    batch = content.get("inclusion")
    return who, "\n".join([*details, *((f"by batch: {batch['batch']}",) if isinstance(batch, dict) else ())])
