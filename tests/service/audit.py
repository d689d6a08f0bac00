"""What an auditor finds after everything was killed: nothing lost, nothing doubled, nobody forgotten."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from temporalio.client import WorkflowExecutionStatus, WorkflowHistory

from greenlight.eventlog.database import connection
from greenlight.eventlog.published import PublishedLog
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.stored import StoredEvent
from greenlight.eventlog.verify import verify
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Receipt
from greenlight.kernel.streams import stream_key
from greenlight.signing.keys import SigningKey
from greenlight.tlog.folder import TileFolder
from tests.service.cases import CONFIDENTIAL, Lived
from tests.service.processes import Patience, Worker
from tests.service.site import Site, insist

ABOUT = timedelta(minutes=1)
"""A timer is set after the time from which it was computed: a moment, or as long as a server was away."""

LICENSE_EVENTS = ("LicenseIssued", "ConditionsAccepted")


class Traced(Protocol):
    """A case as somebody lived it: its streams, the commands by their ids, and what they were answered."""

    @property
    def streams(self) -> tuple[str, ...]: ...

    @property
    def command_ids(self) -> tuple[str, ...]: ...

    @property
    def receipts(self) -> tuple[Receipt, ...]: ...


async def nothing_is_lost_or_doubled(site: Site, lives: Sequence[Lived]) -> None:
    """Hold what was answered against the log, the read models, the checkpoints and the workflows."""
    async with Reader(site.target.database_url) as reader:
        events = [event async for event in reader.log()]
    async with connection(site.target.database_url, application="test") as database:
        rows = await database.fetch("SELECT acn, stage, version, outcome, due FROM greenlight.docket")
        stages = await database.fetch("SELECT number, stage FROM greenlight.license")
    docket = {str(row["acn"]): row for row in rows}
    licenses = {str(row["number"]): row["stage"] for row in stages}
    of = _by_stream(events)
    for lived in lives:
        assert types(of[lived.stream], lived.stream) == lived.story.events, lived.stream
        row = docket[stream_key(lived.stream)]
        assert (row["stage"], row["version"]) == (lived.story.stage, len(lived.story.events))
        assert (row["outcome"], row["due"]) == (lived.end.status.outcome, lived.end.status.due)
        assert lived.end.status.closed or row["due"] is not None
        if lived.license_stream is not None:
            assert types(of[lived.license_stream], lived.license_stream) == LICENSE_EVENTS
            assert licenses[stream_key(lived.license_stream)] == "active"
    await everything_agrees(site, events, lives)


async def everything_agrees(site: Site, events: Sequence[StoredEvent], lives: Sequence[Traced]) -> None:
    """The log with the answers, with itself, with what is derived from it, and with the workflows."""
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    _every_receipt_is_true(events, lives)
    await _every_command_was_accepted_once(site, events, lives)
    assert (await verify(site.target.database_url, await _published(site))).fault is None
    assert not (await rebuild(site.target.owner_url, swap=False)).differences
    await _every_workflow_waits_for_what_is_due(site, lives)


async def letters_are_sent(site: Site) -> None:
    """Wait until no letter is owed; then each was sent once, and for each license there is one."""
    patience = Patience()
    async with connection(site.target.database_url, application="test") as database:
        while owed := await database.fetch(
            "SELECT letter_id, attempts FROM greenlight.outbox WHERE sent_at IS NULL"
        ):
            tried = {row["letter_id"]: row["attempts"] for row in owed}
            assert not patience.over, f"letters not sent, and how often they were tried: {tried}"
            await asyncio.sleep(0.2)
        (row,) = await database.fetch(
            "SELECT (SELECT count(*) FROM greenlight.outbox) AS owed,"
            " (SELECT count(*) FROM greenlight.letter) AS made,"
            " (SELECT count(*) FROM greenlight.letter WHERE letter_id LIKE '%-grant') AS licenses,"
            " (SELECT count(*) FROM greenlight.event WHERE type = 'ApplicationGranted') AS granted"
        )
    delivered = await asyncio.to_thread(lambda: len(list(site.settings.letter_path.rglob("*.pdf"))))
    assert row["made"] == row["owed"] == delivered
    assert row["licenses"] == row["granted"]


def logs_are_clean(workers: Iterable[Worker]) -> None:
    """Every line is JSON and about a case by its number alone, whatever happened."""
    for worker in workers:
        assert worker.lines, "it has said something"
        assert not worker.out
        for word in (*CONFIDENTIAL, "eyJ"):
            assert word not in worker.err


def types(events: Iterable[StoredEvent], stream: str) -> tuple[str, ...]:
    return tuple(event.type for event in events if event.stream == stream)


def _by_stream(events: Iterable[StoredEvent]) -> defaultdict[str, list[StoredEvent]]:
    found = defaultdict[str, list[StoredEvent]](list)
    for event in events:
        found[event.stream].append(event)
    return found


def _every_receipt_is_true(events: Iterable[StoredEvent], lives: Iterable[Traced]) -> None:
    recorded = {(event.stream, event.version): event for event in events}
    for lived in lives:
        for receipt in lived.receipts:
            event = recorded[receipt.stream, receipt.version]
            assert (event.command_id, event.position) == (receipt.command_id, receipt.position)


async def _every_command_was_accepted_once(
    site: Site, events: Iterable[StoredEvent], lives: Iterable[Traced]
) -> None:
    streams = {stream for lived in lives for stream in lived.streams}
    sent = sorted(command_id for lived in lives for command_id in lived.command_ids)
    async with connection(site.target.database_url, application="test") as database:
        rows = await database.fetch("SELECT command_id, stream FROM greenlight.command")
    assert sorted(str(row["command_id"]) for row in rows if row["stream"] in streams) == sent
    # A refusal leaves the id free: who tries again after a kill may be refused, and that recorded, once more.
    accepted = [event for event in events if event.command_id and event.type != CommandRefused.__name__]
    led_to = Counter((event.stream, event.command_id, event.type) for event in accepted)
    twice = [key for key, times in led_to.items() if times > 1]
    assert not twice, twice


async def _published(site: Site) -> PublishedLog | None:
    """What workers, killed in between, published of the log; None: no worker has come to it."""
    folder, key = TileFolder(site.settings.tile_path), site.settings.checkpoint_key_file
    if folder.newest() is None:
        return None
    return PublishedLog(folder, SigningKey.load(key).public)


async def _every_workflow_waits_for_what_is_due(site: Site, lives: Iterable[Traced]) -> None:
    acme = await site.officer("acme")
    for lived in lives:
        for stream in lived.streams:
            handle = acme.temporal.get_workflow_handle(stream)
            status = (await insist(partial(acme.status, stream))).status
            running = (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
            assert running is not status.closed, stream
            pending = [] if status.closed else _pending_timers(await handle.fetch_history())
            assert len(pending) == (0 if status.due is None else 1), stream
            for fires_at in pending:
                assert status.due is not None, stream
                assert abs(fires_at - status.due) < ABOUT, stream


def _pending_timers(history: WorkflowHistory) -> list[datetime]:
    """When those timers fire that neither fired nor were cancelled."""
    pending: dict[int, datetime] = {}
    for event in history.events:
        if event.HasField("timer_started_event_attributes"):
            timeout = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            pending[event.event_id] = event.event_time.ToDatetime(tzinfo=UTC) + timeout
        elif event.HasField("timer_fired_event_attributes"):
            del pending[event.timer_fired_event_attributes.started_event_id]
        elif event.HasField("timer_canceled_event_attributes"):
            del pending[event.timer_canceled_event_attributes.started_event_id]
    return list(pending.values())
