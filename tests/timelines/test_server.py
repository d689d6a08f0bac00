"""Timelines marked ``server`` on the real server, which lives through their days by skipping time.

A case there is registered now and not on the timeline's date, so the timeline is moved by whole days: each
command is sent at its local time of day, as many days after registration as in the file. Every period ends
with a day in Washington, so that what comes by itself must come as many days after registration, at
midnight, as in the file, whatever clocks do meanwhile. Then the commands are replayed in the pure law at the
instants at which the log says that they were taken: event for event, the records must be the same.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest

import pytest

from client import Refused
from eventlog.stored import StoredEvent
from licensing.application.aggregate import APPLICATION
from licensing.application.events import ApplicationGranted, PartiesScreened
from licensing.commit import Event
from licensing.contract import stream_key
from licensing.decider import CommandRefused
from licensing.time.calendar import AGENCY_ZONE, agency_date, end_of_day
from tests.timelines.timeline import TIMELINES, Life, Step, Timeline, Wait, columns, line
from tests.workflows.office import Office, eventually

ON_SERVER = [name for name, timeline in TIMELINES.items() if timeline.server]
A_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Case:
    """A timeline as it is lived in an office. ``taken``: each accepted command, by its id."""

    timeline: Timeline
    stream: str
    registered: datetime
    taken: dict[str, Step]

    def moved(self, instant: datetime) -> datetime:
        """An instant of the timeline, as many days after registration here."""
        days = agency_date(instant) - agency_date(self.timeline.start)
        local = instant.astimezone(AGENCY_ZONE)
        day: date = agency_date(self.registered) + days
        return datetime.combine(day, local.time(), tzinfo=AGENCY_ZONE).astimezone(UTC)


async def opened(office: Office, timeline: Timeline) -> Case:
    # What is to happen on the day of registration must not slip into the next.
    left = end_of_day(agency_date(datetime.now(UTC))) - datetime.now(UTC)
    if left < A_MINUTE:
        await asyncio.sleep(left.total_seconds())
    stream = await office.submitted(timeline.application)
    (filed, *_) = await office.events(stream)
    return Case(timeline, stream, filed.at, {})


async def go_on_to(office: Office, case: Case, instant: datetime) -> None:
    """Live on to an instant of the timeline, unless it is over."""
    left = case.moved(instant) - await office.now(case.stream)
    if left > timedelta(0):
        await office.fast_forward(case.stream, left)


async def take(office: Office, case: Case, step: Step) -> None:
    await go_on_to(office, case, step.at)
    try:
        receipt = await office[step.by].decide(case.stream, step.body, role=step.role)
    except Refused as refused:
        assert refused.code == step.refused, f"{step.command} at {step.at}: {refused}"
        return
    assert step.refused is None, f"{step.command} at {step.at} was accepted"
    case.taken[receipt.command_id] = step


async def recorded(office: Office, case: Case) -> list[StoredEvent]:
    """Everything on record but refusals, once it is as much as the timeline expects."""

    async def found() -> list[StoredEvent] | None:
        events = [event for event in await office.events(case.stream) if event.type != "CommandRefused"]
        return events if len(events) >= 2 + len(case.timeline.expect) else None

    return await eventually(found, "\n".join(await office.types(case.stream)))


def replayed(case: Case, events: list[StoredEvent], now: datetime) -> list[Event]:
    """What the law makes of the commands at the instants at which they were taken."""
    actual = [APPLICATION.read(event.record) for event in events]
    (screening, *_) = [event.screening for event in actual if isinstance(event, PartiesScreened)]
    numbers = [event.license_number for event in actual if isinstance(event, ApplicationGranted)]
    life = Life(key=stream_key(case.stream), screening=screening, license_number="".join(numbers[:1]))
    life.submit(case.timeline.application, case.registered)
    sent: set[str] = set()
    for event in events[2:]:
        if event.command_id in case.taken and event.command_id not in sent:
            sent.add(event.command_id)
            assert life.send(case.taken[event.command_id], event.at) is None
    life.advance(now)
    return life.events


def check(case: Case, events: list[StoredEvent], now: datetime) -> None:
    actual = [APPLICATION.read(event.record) for event in events]
    assert not [event for event in actual if isinstance(event, CommandRefused)]
    by_itself = [event.command_id is None for event in events]
    rows: list[tuple[str, str]] = []
    for expected, event, alone in zip_longest(case.timeline.expect, actual[2:], by_itself[2:]):
        said = line(event, fields=expected.fields if expected else ()) if event else ""
        if expected is None:
            rows.append(("", said))
            continue
        # A command comes when it is sent; a deadline comes at its own instant.
        at = case.moved(expected.at) if alone or event is None else event.at
        rows.append((expected.model_copy(update={"at": at, "by": None}).line(), said))
    assert all(left == right for left, right in rows), columns(rows)
    law = replayed(case, events, now)
    pairs = zip_longest(law, actual)
    assert [event.record() for event in law] == [event.record for event in events], columns(
        (line(left) if left else "", line(right) if right else "") for left, right in pairs
    )


async def lived(office: Office, case: Case) -> None:
    for step in case.timeline.step:
        if isinstance(step, Step):
            await take(office, case, step)
        else:
            await go_on_to(office, case, step.until)
    now = await office.now(case.stream)
    check(case, await recorded(office, case), now)


@pytest.mark.parametrize("name", ON_SERVER)
async def test_the_server_lives_it_as_the_law_says(office: Office, name: str) -> None:
    timeline = TIMELINES[name]
    assert not any(isinstance(step, Wait) and step.worker == "down" for step in timeline.step)
    await lived(office, await opened(office, timeline))
