"""What waits for an officer, or for a role, and when it is due."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Json
from cli.output import fail, print_json, print_table, words
from cli.session import REFUSED, USAGE, Session, run
from licensing.authority import Role
from licensing.model import Instant, Model
from licensing.time.calendar import last_day, plain_date

if TYPE_CHECKING:
    from eventlog.read import DocketRow, OfficerRow


class Task(Model):
    """A case that waits. ``overdue`` names the deadlines that passed unmet; ``due_soon``: the next one comes
    within the days that were asked for."""

    acn: str
    stage: str
    waiting_for: str
    assigned_to: str | None
    due: Instant | None
    overdue: str | None
    due_soon: bool


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(worklist)


def worklist(
    officer: Annotated[
        str | None, typer.Option("--as", metavar="OFFICER", help="What waits for this officer's roles.")
    ] = None,
    role: Annotated[Role | None, typer.Option(help="What waits for this role.")] = None,
    within: Annotated[int, typer.Option(min=0, metavar="DAYS", help="What counts as due soon.")] = 7,
    json: Json = False,
) -> None:
    """List what waits for an officer or a role, the overdue first, then by deadline.

    A case that was assigned to somebody else is left out of an officer's own list.

    Example: starter.py worklist --as olga --within 3
    """
    if (officer is None) == (role is None):
        raise fail(USAGE, "give an officer with --as, or a --role")
    now = datetime.now(UTC)

    async def action(session: Session) -> "tuple[DocketRow, ...]":
        from eventlog.read import DocketFilter

        async with session.reader() as reader:
            roles = (role,) if role else _roles_of(await reader.officers(officer), officer, now)
            wanted = DocketFilter(
                waiting_for=tuple(roles),
                free_for=officer if Role.LICENSING_OFFICER in roles else None,
                open_only=True,
            )
            return await reader.docket(wanted, 1_000)

    soon = now + timedelta(days=within)
    tasks = [_task(row, soon) for row in run(action)]
    tasks.sort(key=lambda task: task.overdue is None)
    if json:
        print_json(tasks)
        return
    print_table(
        f"{len(tasks)} cases wait for {officer or words(role or '')}",
        ("ACN", "stage", "waits for", "officer", "due", ""),
        (
            (
                task.acn,
                words(task.stage),
                words(task.waiting_for),
                task.assigned_to or "–",
                plain_date(last_day(task.due)) if task.due else "–",
                f"overdue: {words(task.overdue)}" if task.overdue else "due soon" if task.due_soon else "",
            )
            for task in tasks
        ),
    )


def _roles_of(found: "tuple[OfficerRow, ...]", officer: str | None, now: datetime) -> tuple[Role, ...]:
    if not found:
        raise fail(REFUSED, f"refused: unknown_officer: the register has no officer {officer}")
    return tuple(
        term.role
        for term in found[0].roles
        if term.valid_from <= now and (term.valid_until is None or now < term.valid_until)
    )


def _task(row: "DocketRow", soon: datetime) -> Task:
    return Task(
        acn=row.acn,
        stage=row.stage,
        waiting_for=row.waiting_for,
        assigned_to=row.assigned_to,
        due=row.due,
        overdue=row.overdue,
        due_soon=row.due is not None and row.due <= soon,
    )
