"""Timelines on the real server, which lives through their days by skipping time.

A case there is opened now and not on the timeline's date, so the timeline is moved by whole days: each
command is sent at its local time of day, as many days after the opening as in the file. Every period ends
with a day in Washington, so that what comes by itself must come as many days after the opening, at
midnight, as in the file, whatever clocks do meanwhile. Then the commands are replayed in the pure law at the
instants at which the log says that they were taken: event for event, the records must be the same.

All are lived at once, since they wait more than they work.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import pytest
import pytest_asyncio

from greenlight.client import Refused
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.commit import Event
from greenlight.kernel.messages import Resume
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.contract import TASK_QUEUE, workflow_type
from tests.conftest import temporal_server
from tests.timelines.golden import TIMELINES, Golden
from tests.timelines.law import OPENING
from tests.timelines.timeline import Step, Wait, columns, is_gap, line
from tests.workflows.office import Office, eventually, open_office

ON_SERVER = [name for name, found in TIMELINES.items() if found.law_only is None]
INTERRUPTED = [
    name
    for name in ON_SERVER
    if TIMELINES[name].case == "application" and any(map(is_gap, TIMELINES[name].step))
]
UNINTERRUPTED = [name for name in ON_SERVER if name not in INTERRUPTED]
AT_ONCE = 16
A_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Case:
    """A timeline as it is lived in an office, moved to today. ``taken``: each accepted command, by its id."""

    timeline: Golden
    stream: str
    taken: dict[str, Step] = field(default_factory=dict[str, Step])


async def opened(office: Office, timeline: Golden) -> Case:
    # What is to happen on the first day must not slip into the next.
    today = agency_date(datetime.now(UTC))
    left = end_of_day(today) - datetime.now(UTC)
    if left < A_MINUTE:
        await asyncio.sleep(left.total_seconds())
        today += timedelta(days=1)
    moved = timeline.moved(today - agency_date(timeline.start))
    return Case(moved, await moved.open(office))


async def go_on_to(office: Office, case: Case, instant: datetime) -> None:
    """Live on to an instant, unless the case has ended."""
    left = instant - await office.now(case.stream)
    if left > timedelta(0) and await office.runs(case.stream):
        await office.fast_forward(case.stream, left)
        await office.settled(case.stream)


async def take(office: Office, case: Case, step: Step) -> None:
    await go_on_to(office, case, step.at)
    try:
        receipt = await office[step.by].decide(case.stream, step.body, role=step.role)
    except Refused as refused:
        code, command_id = refused.code, None
    else:
        code, command_id = None, receipt.command_id
    assert code == step.refused, f"{step.command} by {step.by} at {step.at}"
    if command_id is not None:
        case.taken[command_id] = step


async def miss(office: Office, case: Case, until: datetime) -> None:
    """Without its workflow a case lives through nothing, however much comes due; until it is started again.

    It begins today again, with a delay that is skipped. Of a workflow that is there and has no worker, time
    would pass only as far as the first timer.
    """
    left = until - datetime.now(UTC)
    known = len(await office.events(case.stream))
    await office.handle(case.stream).terminate()
    await office.temporal.start_workflow(
        workflow_type(case.stream), Resume(), id=case.stream, task_queue=TASK_QUEUE, start_delay=left
    )
    await office.fast_forward(case.stream, left)

    async def noticed() -> bool:
        return len(await office.events(case.stream)) > known

    await eventually(noticed, f"what came due meanwhile, in {case.stream}")


async def live_through(office: Office, case: Case, steps: tuple[Step | Wait, ...]) -> None:
    for step in steps:
        if isinstance(step, Step):
            await take(office, case, step)
        elif is_gap(step):
            await miss(office, case, step.until)
        else:
            await go_on_to(office, case, step.until)


async def recorded(office: Office, case: Case) -> list[StoredEvent]:
    """Everything on record but refusals, once it is as much as the timeline expects."""

    async def found() -> list[StoredEvent] | None:
        events = [event for event in await office.events(case.stream) if event.type != "CommandRefused"]
        return events if len(events) >= OPENING + len(case.timeline.expect) else None

    return await eventually(found, f"all events in {case.stream}")


def like_the_law(
    case: Case, events: list[StoredEvent], actual: list[Event], now: datetime
) -> tuple[Deadline, ...]:
    """Of the commands, at the instants at which they were taken, the law makes the same records."""
    life = case.timeline.begun_as(case.stream, actual)
    to_come = dict(case.taken)
    for event, found in zip(events, actual, strict=True):
        if step := to_come.pop(event.command_id or "", None):
            assert life.take(step, event.at) is None
        else:
            life.follow(found)
    life.advance(now)
    pairs = zip_longest(life.events, actual)
    assert [event.record() for event in life.events] == [event.record for event in events], columns(
        (_line(left), _line(right)) for left, right in pairs
    )
    return life.deadlines()


def like_the_file(case: Case, events: list[StoredEvent], actual: list[Event]) -> None:
    """What is sent, and what the service does, comes on its day; what comes by itself, at its own instant."""
    rows: list[tuple[str, str]] = []
    came = {case.timeline.start: events[0].at}
    for expected, event, found in zip_longest(case.timeline.expect, events[OPENING:], actual[OPENING:]):
        if expected is None or event is None or found is None:
            rows.append((expected.line() if expected else "", _line(found)))
            continue
        done = event.command_id is not None or case.timeline.by_the_service(found)
        if done and agency_date(event.at) == agency_date(expected.at):
            came.setdefault(expected.at, event.at)
            expected = expected.settled({expected.at: event.at}, found)
        expected = expected.settled(came, found)
        rows.append((expected.line(), expected.line_of(found)))
    rows += case.timeline.answers(actual)
    assert all(left == right for left, right in rows), columns(rows)


def _line(event: Event | None) -> str:
    return line(event) if event else ""


async def check(office: Office, case: Case) -> None:
    events = await recorded(office, case)
    actual = case.timeline.read(events)
    # A workflow that has ended skips no time any more; whoever sends it something later takes it up today.
    now = max(await office.now(case.stream), events[-1].at)
    like_the_file(case, events, actual)
    deadlines = like_the_law(case, events, actual, now)
    shown = await office["acme"].deadlines(case.stream)
    assert shown.deadlines == deadlines


async def lived(office: Office, timeline: Golden) -> None:
    case = await opened(office, timeline)
    await live_through(office, case, case.timeline.step)
    await check(office, case)


@pytest_asyncio.fixture(scope="module")
async def lives(
    office: Office, request: pytest.FixtureRequest
) -> AsyncGenerator[Mapping[str, asyncio.Task[None]]]:
    turn = asyncio.Semaphore(AT_ONCE)
    asked_for = [item.name for item in request.session.items]
    chosen = [name for name in UNINTERRUPTED if any(item.endswith(f"[{name}]") for item in asked_for)]

    async def live(name: str) -> None:
        async with turn:
            await lived(office, TIMELINES[name])

    tasks = {name: asyncio.create_task(live(name)) for name in chosen}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


@pytest.mark.parametrize("name", UNINTERRUPTED)
async def test_the_server_lives_it_as_the_law_says(
    lives: Mapping[str, asyncio.Task[None]], name: str
) -> None:
    await lives[name]


# A worker that is down


@pytest_asyncio.fixture(scope="module")
async def alone(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal without a worker but those that a test starts."""
    async with temporal_server(tmp_path_factory.mktemp("alone"), target) as alone:
        yield alone


@pytest.mark.parametrize("name", INTERRUPTED)
async def test_a_worker_that_is_down_changes_no_instant(settings: Settings, alone: Target, name: str) -> None:
    """Without one, time passes as far as the first timer, which nobody notices; the rest passes later."""
    timeline = TIMELINES[name]
    (gap,) = (place for place, step in enumerate(timeline.step) if is_gap(step))
    async with open_office(settings, alone) as office:
        case = await opened(office, timeline)
        steps = case.timeline.step
        await live_through(office, case, steps[:gap])
        due = (await office.status(case.stream)).status.due
    assert due is not None
    until = steps[gap].at
    assert due < until
    passing = asyncio.create_task(office.fast_forward(case.stream, until - await office.now(case.stream)))

    async def has_come() -> bool:
        return await office.now(case.stream) >= due

    await eventually(has_come, "the timer that nobody notices")
    reopened = datetime.now(UTC)
    async with open_office(settings, alone) as office:
        await passing
        await live_through(office, case, steps[gap + 1 :])
        await check(office, case)
        late = [event.recorded_at for event in await office.events(case.stream) if event.at == due]
        assert late
        assert min(late) >= reopened
