"""List what waits for an officer, or for a role, and when it is due."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from greenlight.answers.moves import as_they_stand, move
from greenlight.cli.base.options import Csv, Json
from greenlight.cli.base.output import bold, counted, fail, local, print_json, print_rows, say, words
from greenlight.cli.base.send import roles_at
from greenlight.cli.base.session import REFUSED, USAGE, look
from greenlight.cli.cases.moves import command
from greenlight.cli.operations.registration import news
from greenlight.kernel.model import Instant, Model
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.kernel.time.calendar import last_day, plain_date
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.state import Stage

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader
    from greenlight.eventlog.rows import TaskFilter, TaskRow
    from greenlight.law.officer.view import OfficerRow


class Listed(Model):
    """Somebody's turn, with the deadline that it must meet. ``urgency``: that deadline has passed, or comes
    within the days that were asked for. ``parties``: one of them is listed, or may be, or could not be
    screened for good; ``expedited``: it comes before others; ``why``: what is to be done; ``command``: what
    to type for that, but for what only the officer can say. ``stands_until``: it stands still by a directive
    until then at the latest, and no command decides anything of it. ``news``: it is nobody's turn; so the
    register changed what the officer holds, or so much of a license is used."""

    case: str
    stage: str
    role: Role | None
    organisation: str | None
    assigned_to: str | None
    due: Instant | None
    deadline: str | None
    parties: Literal["listed", "possible_match", "could_not_screen"] | None
    why: str | None
    command: str | None
    urgency: Literal["overdue", "due_soon"] | None
    expedited: bool = False
    stands_until: Instant | None = None
    news: str | None = None


NEWS_DAYS = 30


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(worklist)


def worklist(
    officer: Annotated[
        str | None,
        typer.Option("--as", metavar="OFFICER", help="What waits for this officer's roles and organisation."),
    ] = None,
    role: Annotated[Role | None, typer.Option(help="What waits for this role.")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="With --role: only what waits for this organisation or for anybody.")
    ] = None,
    within: Annotated[int, typer.Option(min=0, metavar="DAYS", help="What counts as due soon.")] = 7,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List what waits for an officer or a role, what is expedited first, then the overdue, then by deadline:
    what is to be done, why, and with which command.

    A licensing officer sees the reprieves with terms whose publication is not on record, due when these take
    effect.
    An agency sees the cases on which it owes its word, a member those on which the department has not voted,
    an applicant its own. What was assigned to another licensing officer is left out of an officer's own list.
    What stands still by a directive comes last, is counted apart, and has no command.
    A registrar sees what waits for a second one, an officer what changed of their keys and roles in 30 days,
    a licensee of which licenses so much was used in 30 days that it was told.

    Example: starter.py worklist --role agency_reviewer --organisation defense
    """
    if (officer is None) == (role is None):
        raise fail(USAGE, "give an officer with --as, or a --role")
    if organisation and role is None:
        raise fail(USAGE, "--organisation goes with --role; an officer's own is on file")
    now = datetime.now(UTC)

    async def waiting(reader: "Reader") -> "tuple[tuple[TaskRow, ...], list[Listed]]":
        from greenlight.eventlog.rows import TaskFilter

        wanted = TaskFilter((role,), organisation) if role else None
        wanted = wanted or _of(await reader.officers(officer), officer, now)
        told = await _news(reader, officer, now - timedelta(days=NEWS_DAYS)) if officer else []
        if Role.APPLICANT in wanted.roles and wanted.organisation:
            told += await _used(reader, wanted.organisation, now - timedelta(days=NEWS_DAYS))
        return await reader.tasks(wanted), told

    rows, told = look(waiting)
    rows = as_they_stand(rows)
    tasks = [_listed(row, officer, now, now + timedelta(days=within)) for row in rows]
    # What can be done comes before what cannot.
    tasks.sort(key=lambda task: task.stands_until is not None)
    still = sum(task.stands_until is not None for task in tasks)
    if json:
        print_json([*tasks, *told])
        return
    whom = officer or f"{words(role or '')}{f' of {organisation}' if organisation else ''}"
    apart = f"; {counted(still, 'stands', 'stand')} still by a directive" if still else ""
    print_rows(
        tasks if csv else _together(tasks),
        json,
        f"{counted(len(tasks) - still, 'task waits', 'tasks wait')} for {whom}{apart}",
        {
            "case": lambda task: task.case,
            "to do": lambda task: task.why or "see what it is",
            "due": lambda task: plain_date(last_day(task.due)) if task.due else "–",
            "": lambda task: ", ".join(filter(None, _marks(task))) or "–",
            "deadline": lambda task: words(task.deadline),
            "parties": lambda task: words(task.parties),
            "stage": lambda task: words(task.stage),
            "waits for": lambda task: (
                words(task.role or "") + (f" of {task.organisation}" if task.organisation else "")
            ),
            "officer": lambda task: task.assigned_to or "–",
            **({"command": lambda task: task.command or "–"} if csv else {}),
        },
        csv=csv,
        drop=("officer", "waits for", "stage", "deadline", "parties"),
    )
    if csv:
        return
    _say_commands(tasks)
    for task in told:
        say(f"{task.case}: {task.news}")


def _marks(task: Listed) -> Iterator[str]:
    if task.stands_until:
        yield f"stands until {plain_date(last_day(task.stands_until))}"
    yield "expedited" * task.expedited
    yield (task.urgency or "").replace("_", " ")


def _together(tasks: "list[Listed]") -> "list[Listed]":
    """One row for what several organisations owe of one case, all by the same day: they are named in it."""
    of: dict[Listed, list[str]] = {}
    for task in tasks:
        of.setdefault(task.model_copy(update={"organisation": None}), []).append(task.organisation or "")
    return [
        task.model_copy(update={"organisation": ", ".join(filter(None, owing)) or None})
        for task, owing in of.items()
    ]


def _say_commands(tasks: "list[Listed]") -> None:
    """The commands to type, once for each thing that is to be done, for the first case of which it is."""
    of: dict[str, list[Listed]] = {}
    for task in tasks:
        if task.why is not None and task.command is not None:
            of.setdefault(task.why, []).append(task)
    for why, alike in of.items():
        others = f", and so for {counted(len(alike) - 1, 'other')}" if len(alike) > 1 else ""
        say(bold(f"{alike[0].case}: {why}"), others)
        say(f"  {alike[0].command}")


async def _news(reader: "Reader", officer: str, since: datetime) -> list[Listed]:
    """Changes of an officer's keys and roles since an instant, and those proposed."""
    told: list[Listed] = []
    async for stored in reader.stream(officer_stream(officer)):
        found = news(OFFICER.read(stored.record)) if stored.at >= since else None
        if found is not None:
            by = f" by {found.by}" if found.by else ""
            what = f"{found.what}{by} at {local(found.at)}"
            told.append(_nobodys(officer, Stage.REGISTERED, officer, what))
    return told


async def _used(reader: "Reader", licensee: str, since: datetime) -> list[Listed]:
    """The notices of use that a licensee had of its licenses since an instant."""
    from greenlight.eventlog.usage import usage_told

    return [
        _nobodys(each.number, each.stage, None, f"{each.said}, at {local(each.told.at)}")
        for each in await usage_told(reader.source, licensee, since)
    ]


def _nobodys(case: str, stage: str, officer: str | None, news: str) -> Listed:
    """Something to know, and nobody's turn."""
    return Listed(
        case=case,
        stage=stage,
        role=None,
        organisation=None,
        assigned_to=officer,
        due=None,
        deadline=None,
        parties=None,
        why=None,
        command=None,
        urgency=None,
        news=news,
    )


def _of(found: "tuple[OfficerRow, ...]", officer: str | None, now: datetime) -> "TaskFilter":
    """Select what waits for an officer, by the roles that the register says are theirs now."""
    from greenlight.eventlog.rows import TaskFilter

    if not found or found[0].person is None:
        raise fail(REFUSED, f"refused: unknown_officer: the register has no officer {officer}")
    return TaskFilter(roles_at(found[0], now), found[0].organisation, officer)


def _listed(row: "TaskRow", officer: str | None, now: datetime, soon: datetime) -> Listed:
    urgency = None
    if row.due is not None and row.due <= soon:
        urgency = "overdue" if row.due <= now else "due_soon"
    found = move(row.stage, row.role, matter=row.parties, deadline=row.deadline)
    return Listed(
        **row.model_dump(),
        why=found.what if found else None,
        command=command(found, row.case, officer) if found and not row.stands_until else None,
        urgency=urgency,
    )
