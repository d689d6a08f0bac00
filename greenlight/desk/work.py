"""My work: what waits for whoever asks, why, by when, and what to do about it."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from starlette.responses import Response

from greenlight.answers.moves import as_they_stand, move, taken
from greenlight.desk.asked import Asked
from greenlight.desk.news import board_of, told_of_use, waits_for
from greenlight.eventlog.rows import TaskRow
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import license_stream, stream_key
from greenlight.law.application.expedite.rules import EXPEDITE
from greenlight.law.application.flip.language import FLIP
from greenlight.law.registry import aggregate_of

SOON = timedelta(days=7)
"""Before a deadline, from which on it is marked."""

_WHY = {
    "possible_match": "A party may be listed: nothing can be decided before an officer has said who it is",
    "could_not_screen": "A party's name cannot be compared",
    "listed": "A listed entity is a party",
}


_BESIDE = {
    EXPEDITE: "The applicant asks that it come before others",
    FLIP: "Whether a license is required is answered otherwise than before",
}


class Task(NamedTuple):
    """Somebody's turn. ``what`` is to be done, and ``act`` the name of the command for it; None: look at the
    case. ``urgency``: ``overdue`` or ``soon``; ``expedited``: it comes before others; ``stands_until``:
    nothing can be done about it before."""

    stream: str | None
    case: str
    stage: str
    why: tuple[str, ...]
    due: datetime | None
    urgency: str | None
    what: str | None
    act: str | None
    expedited: bool = False
    stands_until: datetime | None = None


async def work(asked: Asked) -> Response:
    """The page."""
    caller, reader = asked.caller, asked.house.reader
    rows = await reader.tasks(waits_for(caller))
    streams = {stream_key(stream): stream for stream in await reader.streams_of(rows)}
    await asked.house.access.note_all(caller, streams.values(), "tasks")
    now = datetime.now(UTC)
    told = [_task(row, streams.get(row.case), caller.role, now) for row in as_they_stand(rows)]
    theirs = await reader.acted_in(tuple(streams.values()), caller.person)
    tasks = [await _barred(asked, task) if task.stream in theirs else task for task in told]
    used = await told_of_use(reader, waits_for(caller))
    await asked.house.access.note_all(caller, {license_stream(each.number) for each in used}, "usage")
    still = [task for task in tasks if task.stands_until]
    tasks = [task for task in tasks if not task.stands_until]
    late = sum(task.urgency == "overdue" for task in tasks)
    mark = board_of(rows, used).mark
    return asked.page("work.html", tasks=tasks, still=still, used=used, late=late, mark=mark)


async def _barred(asked: Asked, task: Task) -> Task:
    """The task, without its command where what the reader has done in the case before bars them from it."""
    if task.stream is None or task.act is None:
        return task
    kind = aggregate_of(task.stream)
    records = [event.record async for event in asked.house.reader.stream(task.stream)]
    state, _ = kind.known_state(records)
    refusal = kind.barred(state, task.act, asked.caller) if state is not None else None
    if refusal is None:
        return task
    return task._replace(why=(*task.why, f"Not by you: {refusal.message}"), what=None, act=None)


def _task(row: TaskRow, stream: str | None, role: Role, now: datetime) -> Task:
    urgency = None
    if row.due is not None and row.due <= now + SOON:
        urgency = "overdue" if row.due <= now else "soon"
    why = [_WHY[row.parties]] if row.parties else []
    if row.deadline in _BESIDE:
        why.append(_BESIDE[row.deadline])
    elif row.deadline:
        why.append(f"{row.deadline.replace('_', ' ').capitalize()} is due")
    if row.assigned_to:
        why.append(f"Assigned to {row.assigned_to}")
    found = move(row.stage, role, matter=row.parties, deadline=row.deadline)
    return Task(
        stream=stream,
        case=row.case,
        stage=row.stage,
        why=tuple(why),
        due=row.due,
        urgency=urgency,
        what=found.what if found else None,
        act=next(taken(found, row.stage), None) if stream and not row.stands_until else None,
        expedited=row.expedited,
        stands_until=row.stands_until,
    )
