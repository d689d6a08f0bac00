"""My work: what waits for whoever asks, why, by when, and what to do about it."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from starlette.responses import Response

from greenlight.answers.foreseen import open_at
from greenlight.desk.asked import Asked
from greenlight.eventlog.rows import TaskFilter, TaskRow
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.registry import aggregate_of

SOON = timedelta(days=7)
"""Before a deadline, from which on it is marked."""

_WHY = {
    "possible_match": "A party may be listed: say who it is, before anything can be decided",
    "could_not_screen": "A party's name cannot be compared: look it up by hand",
    "listed": "A listed entity is a party",
}
_FIRST = {"possible_match": ("resolve_match", "resolve_listing"), "could_not_screen": ("resolve_match",)}
"""Commands that come first where something is open of a party."""


class Task(NamedTuple):
    """Somebody's turn. ``act`` is what to do, by the name of its command; None: look at the case.
    ``urgency``: ``overdue`` or ``soon``."""

    stream: str | None
    case: str
    stage: str
    why: tuple[str, ...]
    due: datetime | None
    urgency: str | None
    act: str | None


async def work(asked: Asked) -> Response:
    """The page."""
    caller, reader = asked.caller, asked.house.reader
    assigned = caller.officer if caller.role is Role.LICENSING_OFFICER else None
    rows = await reader.tasks(TaskFilter((caller.role,), caller.organisation, assigned))
    streams = {stream_key(stream): stream for stream in await reader.streams_of(rows)}
    await asked.house.access.note_all(caller, streams.values(), "tasks")
    now = datetime.now(UTC)
    tasks = [_task(row, streams.get(row.case), caller.role, now) for row in rows]
    return asked.page("work.html", tasks=tasks, late=sum(task.urgency == "overdue" for task in tasks))


def _task(row: TaskRow, stream: str | None, role: Role, now: datetime) -> Task:
    urgency = None
    if row.due is not None and row.due <= now + SOON:
        urgency = "overdue" if row.due <= now else "soon"
    why = [_WHY[row.parties]] if row.parties else []
    if row.deadline:
        why.append(f"{row.deadline.replace('_', ' ').capitalize()} is due")
    if row.assigned_to:
        why.append(f"Assigned to {row.assigned_to}")
    return Task(
        stream=stream,
        case=row.case,
        stage=row.stage,
        why=tuple(why),
        due=row.due,
        urgency=urgency,
        act=_act(row, stream, role) if stream else None,
    )


def _act(row: TaskRow, stream: str, role: Role) -> str | None:
    """The first command that moves the case on."""
    names = [each.body.declared.name for each in open_at(aggregate_of(stream), row.stage, role)]
    moving = [
        each.body.declared.name for each in open_at(aggregate_of(stream), row.stage, role) if each.moves
    ]
    first = [name for name in _FIRST.get(row.parties or "", ()) if name in names]
    return next(iter([*first, *moving, *names]), None)
