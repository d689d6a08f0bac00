"""Commands that look: the docket, a case as it stands or stood, its history."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue, TypeAdapter

from greenlight.cli.base.options import Json, instant, stream_of, valid
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    local,
    print_facts,
    print_json,
    print_table,
    say,
    words,
)
from greenlight.cli.base.replay import S, replayed
from greenlight.cli.base.session import REFUSED, Session, run
from greenlight.cli.cases.case_view import application_facts, license_facts
from greenlight.cli.cases.directive import facts as directive_facts
from greenlight.cli.reprieves.view import print_reprieve, short
from greenlight.kernel.aggregate import Aggregate, CommandRefused
from greenlight.kernel.authority import CommandId
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import JsonObject, Model
from greenlight.kernel.streams import (
    batch_stream,
    directive_stream,
    entity_stream,
    list_stream,
    reprieve_stream,
)
from greenlight.kernel.time.calendar import last_day, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.state import ReprieveState
from greenlight.law.screening_list.aggregate import LIST

if TYPE_CHECKING:
    from greenlight.eventlog.stored import StoredEvent

_LOOK = "Look"

Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Control number (A123456), license (D000001), or reprieve-, directive-, entity-, batch-….",
    ),
]


class Shown(Model):
    """A case for programs: its whole state, and its deadlines where it is still open."""

    stream: str
    version: int
    dossier: str | None
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
    due_before: Annotated[str | None, typer.Option(help="Only cases due before this day or instant.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only cases that wait for somebody.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 50,
    json: Json = False,
) -> None:
    """List applications, those due first on top.

    Example: starter.py list --waiting-for countersigner --due-before 2026-12-24
    """
    from greenlight.eventlog.rows import DocketFilter
    from greenlight.law.application.view import DocketRow

    wanted = DocketFilter(
        stage=stage,
        waiting_for=waiting_for,
        officer=officer,
        outcome=outcome,
        due_before=instant(due_before) if due_before else None,
        open_only=open_only,
    )

    async def action(session: Session) -> tuple[DocketRow, ...]:
        async with session.reader() as reader:
            return await reader.docket(wanted, limit)

    rows = run(action)
    if json:
        print_json(rows)
        return
    columns = ("ACN", "stage", "waits for", "officer", "listed", "due", "license")
    print_table(
        counted(len(rows), "application"),
        columns,
        (
            (
                row.acn,
                words(row.outcome or row.stage) + (" (overdue)" if row.overdue else ""),
                words(row.waiting_for),
                row.assigned_to or "–",
                {True: "yes", False: "no", None: "?"}[row.listed],
                plain_date(last_day(row.due)) if row.due else "–",
                row.license_number or "–",
            )
            for row in rows
        ),
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
    from greenlight.law.license.view import LicenseRow

    async def action(session: Session) -> tuple[LicenseRow, ...]:
        async with session.reader() as reader:
            return await reader.licenses(stage=stage, licensee=licensee, limit=limit)

    rows = run(action)
    if json:
        print_json(rows)
        return
    columns = ("license", "ACN", "stage", "licensee", "waits for", "valid through", "records kept through")
    print_table(
        counted(len(rows), "license"),
        columns,
        (
            (
                row.number,
                row.acn,
                words(row.stage),
                row.licensee,
                words(row.waiting_for),
                plain_date(row.valid_through),
                plain_date(row.retained_through),
            )
            for row in rows
        ),
    )


def show(
    case: Case,
    as_of: Annotated[
        str | None, typer.Option(help="As it stood at this instant, or at the end of this day in Washington.")
    ] = None,
    known_at: Annotated[str | None, typer.Option(help="Only what was on record at this instant.")] = None,
    json: Json = False,
) -> None:
    """Show a case from the event log, now or as of a past instant.

    Example: starter.py show A123456 --as-of 2026-09-01
    """
    stream = stream_of(case)
    until = instant(as_of) if as_of else None
    known = instant(known_at) if known_at else None

    if stream.startswith(reprieve_stream("")):
        _show_reprieve(stream, until, known, json)
        return

    async def action(session: Session) -> tuple[Shown, dict[str, str | None]]:
        if stream.startswith("license-"):
            state, events = await replayed(session, LICENSE, stream, until, known)
            return _shown(LICENSE, stream, len(events), state), license_facts(state)
        if stream.startswith(directive_stream("")):
            directive, events = await replayed(session, DIRECTIVE, stream, until, known)
            return _shown(DIRECTIVE, stream, len(events), directive), directive_facts(directive)
        if stream.startswith(entity_stream("")):
            entity, events = await replayed(session, ENTITY, stream, until, known)
            row = ENTITY.view(entity, len(events)).row
            return _shown(ENTITY, stream, len(events), entity), _row(row)
        if stream.startswith(batch_stream("")):
            batch, events = await replayed(session, BATCH, stream, until, known)
            row = BATCH.view(batch, len(events)).row
            return _shown(BATCH, stream, len(events), batch), _row(row)
        if stream.startswith(list_stream("")):
            kept, events = await replayed(session, LIST, stream, until, known)
            row = LIST.view(kept, len(events)).row
            return _shown(LIST, stream, len(events), kept), _row(row)
        opened, events = await replayed(session, APPLICATION, stream, until, known)
        return _shown(APPLICATION, stream, len(events), opened), application_facts(opened)

    shown, facts = run(action)
    if json:
        print_json(shown)
        return
    _print_head(shown, until)
    print_facts({**facts, "Events": str(shown.version), "Dossier": shown.dossier})
    for deadline in shown.deadlines:
        say(f"  • {deadline.explanation}")


def _show_reprieve(stream: str, until: datetime | None, known: datetime | None, json: bool) -> None:
    async def action(session: Session) -> tuple[ReprieveState, list[Event]]:
        return await replayed(session, REPRIEVE, stream, until, known)

    state, events = run(action)
    shown = _shown(REPRIEVE, stream, len(events), state)
    if json:
        print_json(shown)
        return
    _print_head(shown, until)
    print_reprieve(state, events, shown.dossier or "", until)


def _print_head(shown: Shown, until: datetime | None) -> None:
    say(bold(shown.stream), f" as of {local(until)}" if until else "")


def history(
    case: Case,
    command_id: Annotated[
        str | None,
        typer.Option(
            help="What became of the command of this id alone.",
            callback=valid(TypeAdapter(CommandId), "--command-id"),
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


def _shown(decider: Aggregate[S], stream: str, version: int, state: S) -> Shown:
    return Shown(
        stream=stream,
        version=version,
        dossier=None if isinstance(state, LicenseState) else digest(decider.dossier(state)),
        state=state.model_dump(mode="json"),
        deadlines=decider.deadlines(state),
    )


def _refused(event: "StoredEvent") -> JsonValue:
    """The command that was refused, by the id that its sender gave it."""
    return event.content.get("command_id") if event.type == CommandRefused.__name__ else None


def _row(row: JsonObject) -> dict[str, str | None]:
    return {words(name): None if value is None else _plain(value) for name, value in row.items()}


def _headline(kind: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind).strip()


def _by_and_details(content: JsonObject) -> tuple[str, str]:
    by = content.get("by")
    who = f"{by['officer']} ({words(str(by['role']))})" if isinstance(by, dict) else "–"
    hidden = {"type", "at", "by", "application", "screening", "sign_off", "items", "parties", "counted_from"}
    hidden |= {"leaves", "inclusion"}
    details = (
        f"{words(name)}: {_plain(short(name, value))}"
        for name, value in content.items()
        if name not in hidden and value
    )
    batch = content.get("inclusion")
    return who, "\n".join([*details, *((f"by batch: {batch['batch']}",) if isinstance(batch, dict) else ())])


def _plain(value: JsonValue) -> str:
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {_plain(part)}" for name, part in value.items())
    return "yes" if value is True else str(value)
