"""Listed entities on the real server, where what is to come takes effect by itself."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import pytest
import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.stored import StoredEvent
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.calendar import AGENCY_ZONE, agency_date
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import AmendListing, CastVote, RemoveListing
from greenlight.law.entity.committee import Vote
from greenlight.law.entity.history import listing_at
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.review import Posture
from tests.conftest import temporal_server
from tests.law.decisions import accepted
from tests.law.entity.cases import APPROVE, MORE, SOFTER, Entity, amending, listing, removing
from tests.workflows.histories import timers
from tests.workflows.office import Office, eventually, open_office, refusal

LED_TO_IT = {"ListingMoved", "AmendmentMoved", "RemovalMoved", "CommitteeVoteCast"}
AN_HOUR = timedelta(hours=1)
TODAY = agency_date(datetime.now(UTC))


def at(days: int, clock: str = "00:00") -> datetime:
    """So many days from today, at that time in Washington."""
    local = datetime.combine(TODAY + timedelta(days=days), time.fromisoformat(clock), tzinfo=AGENCY_ZONE)
    return local.astimezone(UTC)


async def decided(office: Office, stream: str) -> list[StoredEvent]:
    """Without how often cases were held against it, which depends on who was awake when, and without what led
    to an order."""
    return [event for event in await on_record(office, stream) if event.type not in LED_TO_IT]


async def on_record(office: Office, stream: str) -> list[StoredEvent]:
    return [event for event in await office.events(stream) if event.type != "RescreeningCompleted"]


async def told(office: Office, stream: str) -> list[Event]:
    return [ENTITY.read(event.record) for event in await office.events(stream)]


async def go_to(office: Office, stream: str, instant: datetime) -> None:
    left = instant - await office.now(stream)
    if left > timedelta(0) and await office.runs(stream):
        await office.fast_forward(stream, left)
        # What is signed next is over what is on record by then.
        await office.settled(stream)


# A timeline, with its instants as anybody reckons them


@dataclass(frozen=True, slots=True)
class Sent:
    """``day`` None: at once."""

    body: AmendListing | RemoveListing
    day: int | None = None


SENT = (
    Sent(amending(SOFTER, at(20))),
    Sent(amending(MORE, at(12, "09:30"))),
    Sent(removing(at(60))),
    Sent(amending(SOFTER.model_copy(update={"name": "Sample Renamed"}), at(22)), day=25),
    Sent(removing(at(30, "23:59")), day=26),
)
EXPECTED = (
    ("EntityListed", None),
    ("ListingAmended", None),
    ("ListingAmended", None),
    ("ListingRemoved", None),
    ("ListingTookEffect", at(10, "16:15")),
    ("AmendmentTookEffect", at(12, "09:30")),
    ("AmendmentTookEffect", at(20)),
    ("ListingAmended", None),
    ("ListingRemoved", None),
    ("RemovalTookEffect", at(30, "23:59")),
)
"""Events, and when what comes by itself comes: the removal replaced the one sixty days ahead."""
SAID = (
    (at(10, "16:14"), None),
    (at(10, "16:15"), ("Sample Technologies", Posture.PRESUMPTION_OF_DENIAL, 2)),
    (at(12, "09:30"), ("Sample Technologies", Posture.PRESUMPTION_OF_DENIAL, 3)),
    (at(20), ("Sample Technologies", Posture.CASE_BY_CASE, 3)),
    (at(22), ("Sample Renamed", Posture.CASE_BY_CASE, 3)),
    (at(30, "23:58"), ("Sample Renamed", Posture.CASE_BY_CASE, 3)),
    (at(30, "23:59"), None),
    (at(60), None),
)


async def check(office: Office, stream: str) -> None:
    """Against what anybody reckons, and against the law at the instants that the log has."""
    stored = await decided(office, stream)
    events = await told(office, stream)
    assert [event.type for event in stored] == [kind for kind, _ in EXPECTED]
    by_itself = [event.at for event in stored if event.command_id is None]
    assert by_itself == [instant for _, instant in EXPECTED if instant is not None]
    for instant, said in SAID:
        found = listing_at(events, instant)
        entry = found and (found.name, found.review_policy.posture, len(found.affiliates))
        assert entry == said, instant
    life = Entity(key=stream_key(stream))
    commands = iter([listing(at(10, "16:15")), *(sent.body for sent in SENT)])
    every = await on_record(office, stream)
    for event in every:
        if event.type in LED_TO_IT:
            life = replace(life, now=event.at).advanced()
            by = Actor.model_validate(event.content["by"])
            command = life.command(APPROVE if event.type == "CommitteeVoteCast" else next(commands), by)
            life = life.with_events(*accepted(ENTITY.decide(life.state, command, event.at)))
    life = life.at(at(61))
    assert [event.record() for event in life.events] == [event.record for event in every]


async def test_what_is_to_come_takes_effect_at_its_instants(office: Office) -> None:
    stream = await office.listed(listing(at(10, "16:15")))
    for sent in SENT:
        if sent.day is not None:
            await go_to(office, stream, at(sent.day, "12:00"))
        await office.carried(stream, sent.body)
    await go_to(office, stream, at(31))
    assert (await office.result(stream)).status.outcome == "removed"
    await check(office, stream)


# A worker that is down


@pytest_asyncio.fixture(scope="module")
async def alone(target: Target, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    """The same database, and a Temporal without a worker but those that a test starts."""
    async with temporal_server(tmp_path_factory.mktemp("alone"), target) as alone:
        yield alone


async def test_a_worker_that_is_down_changes_no_instant(settings: Settings, alone: Target) -> None:
    """It is away when the listing and both amendments take effect; the rest comes while it is back."""
    async with open_office(settings, alone) as office:
        stream = await office.listed(listing(at(10, "16:15")))
        for sent in SENT:
            if sent.day is None:
                await office.carried(stream, sent.body)
        known = len(await decided(office, stream))
    left = at(21) - await office.now(stream)
    passing = asyncio.create_task(office.fast_forward(stream, left))

    async def has_come() -> bool:
        return await office.now(stream) >= at(10, "16:15")

    await eventually(has_come, "the timer that nobody notices")
    reopened = datetime.now(UTC)
    async with open_office(settings, alone) as office:
        await passing
        await office.settled(stream)
        late = (await decided(office, stream))[known:]
        assert len(late) == 3
        assert min(event.recorded_at for event in late) > reopened
        for sent in SENT:
            if sent.day is not None:
                await go_to(office, stream, at(sent.day, "12:00"))
                await office.carried(stream, sent.body)
        await go_to(office, stream, at(31))
        await office.result(stream)
        await check(office, stream)


# What is shown, who may speak, and what is refused


async def test_what_is_shown_says_what_takes_effect_when(office: Office) -> None:
    stream = await office.listed(listing(at(10, "16:15")))
    case = (await office.status(stream)).status
    assert (case.stage, case.waiting_for, case.due, case.listed) == (
        "to_be_listed",
        "nobody",
        at(10, "16:15"),
        False,
    )
    details = await office.details(stream)
    assert "at 16:15 in Washington" in details
    assert "Sample" not in details
    *_, timer = timers(await office.history(stream))
    assert timer.summary.startswith("Listing takes effect on")
    (row,) = await office.reader.entities(stream_key(stream))
    assert (row.stage, row.effective, row.removal, row.citation, row.posture, row.affiliates) == (
        "to_be_listed",
        at(10, "16:15"),
        None,
        "84 FR 1",
        "presumption_of_denial",
        2,
    )


async def test_a_listing_may_count_before_it_is_decided(office: Office) -> None:
    stream = await office.listed(listing(at(-3, "16:15")))
    case = (await office.status(stream)).status
    assert (case.stage, case.due, case.listed) == ("listed", None, True)
    events = await told(office, stream)
    assert listing_at(events, at(-3, "16:15")) is not None
    assert listing_at(events, at(-3, "16:15"), known_at=at(-1)) is None


async def test_listing_again_is_the_same_or_refused(office: Office) -> None:
    body = listing(at(10))
    first = await office["vera"].list_entity("listed-twice", body, command_id="list-twice")
    again = await office["vera"].list_entity("listed-twice", body, command_id="list-twice")
    assert (again.stream, again.version) == (first.stream, 1)
    other = await refusal(office["vera"].list_entity("listed-twice", body))
    assert other.code == RefusalCode.ALREADY_SUBMITTED
    assert (await office.start_refused("ListedEntity", "entity-Loud")).code == RefusalCode.MALFORMED


async def test_an_executive_moves_and_departments_vote_on_what_they_read(office: Office) -> None:
    stream = await office.listed(listing())
    refused = await refusal(office["olga"].decide(stream, amending(), role=Role.EXECUTIVE))
    assert refused.code == RefusalCode.ROLE_NOT_HELD
    read = (await office["vera"].dossier(stream)).digest
    assert (await office["state"].dossier(stream)).digest == read
    await office["vera"].decide(stream, amending(), dossier=read)
    stale = await refusal(office["vera"].decide(stream, removing(), dossier=read))
    assert stale.code == RefusalCode.DOSSIER_CHANGED
    second = await refusal(office["vera"].decide(stream, removing()))
    assert second.code == EntityRefusal.MOTION_OPEN
    unread = await refusal(office["state"].decide(stream, APPROVE, dossier=read))
    assert unread.code == RefusalCode.DOSSIER_CHANGED
    for by in ("vera", "justice"):
        told = await refusal(office[by].decide(stream, APPROVE, role=Role.ERC_MEMBER))
        assert told.code == RefusalCode.ROLE_NOT_HELD
    await office.voted(stream, 2)
    assert (await office.status(stream)).status.waiting_for == "erc_member"
    waiting = await office.reader.tasks(TaskFilter((Role.ERC_MEMBER,)))
    assert stream_key(stream) in {task.case.removeprefix("entity-") for task in waiting}
    await office.send("energy", stream, APPROVE)
    assert (await office.types(stream))[-2:] == ["CommitteeVoteCast", "ListingAmended"]


async def test_what_the_committee_votes_down_is_not_listed(office: Office) -> None:
    stream = (await office["vera"].list_entity("voted-down", listing())).stream
    for seat in ("commerce", "state"):
        await office.send(seat, stream, CastVote(vote=Vote.OPPOSE))
    assert (await office.result(stream)).status.outcome == "not_listed"


async def test_a_removed_entity_takes_nothing_any_more(office: Office) -> None:
    stream = await office.listed(listing())
    await office.carried(stream, removing())
    await office.result(stream)
    assert (await refusal(office["vera"].decide(stream, amending()))).code == RefusalCode.CASE_CLOSED


async def test_a_run_goes_on_from_the_log(office: Office) -> None:
    stream = await office.listed(listing(at(10)))
    assert stream in await office.reader.open_streams()
    await office.handle(stream).terminate()
    await office.start("ListedEntity", stream, {"resume": True})
    await office.caught_up(stream)
    await go_to(office, stream, at(10) + AN_HOUR)
    await office.settled(stream)
    types = (await office.types(stream))[-3:]
    assert types == ["EntityListed", "ListingTookEffect", "RescreeningCompleted"]


async def test_the_log_verifies_and_the_rows_follow_from_it(office: Office, target: Target) -> None:
    stream = await office.listed(listing(at(10)))
    await office.carried(stream, amending(effective=at(11)))
    await refusal(office["vera"].decide(stream, amending(effective=at(-400))))
    await go_to(office, stream, at(11) + AN_HOUR)
    await office.settled(stream)
    (row,) = await office.reader.entities(stream_key(stream))
    assert (row.stage, row.affiliates, row.decided) == ("listed", 3, 2)
    assert row.version == len(await office.events(stream))
    assert (await verify(target.database_url)).fault is None
    assert (await rebuild(target.owner_url, swap=False)).differences == ()
