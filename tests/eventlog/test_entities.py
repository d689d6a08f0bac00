"""Listed entities in the log: what may be recorded without a signature, and the rows that follow."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from greenlight.eventlog.database import Connection
from greenlight.eventlog.payload import payload
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Append, Commit, Event, Recorded
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.streams import entity_stream
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import ListEntity
from greenlight.law.entity.events import (
    EntityListed,
    ListingAmended,
    ListingRemoved,
    RemovalTookEffect,
)
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.entity.view import status
from tests.eventlog.crowd import Crowd
from tests.law.decisions import accepted
from tests.law.entity.cases import APPROVE, NAME_OF, SOFTER, TO_COME, Entity, amending, listing, removing

ENTITIES = 8
STEPS = 8


@pytest_asyncio.fixture(autouse=True)
async def everybody(recorder: Recorder, crowd: Crowd) -> None:
    await crowd.enlist(recorder)


async def put(
    recorder: Recorder, crowd: Crowd, before: Entity, events: tuple[Event, ...], body: Body | None = None
) -> Recorded:
    """Record what a command led to or, without one, what the service says by itself."""
    after = before.with_events(*events)
    version, stream = len(after.events), entity_stream(before.key)
    append = Append(
        stream=stream,
        expected_version=len(before.events),
        events=tuple(event.record() for event in events),
        view=ENTITY.view(after.state, version) if after.state else None,
    )
    proof = None
    if body is not None:
        sender = crowd.signer(before.command(body).by or crowd.executive.actor)
        proof = sender.proof(sender.claims(stream, NAME_OF[type(body)], body.model_dump(mode="json")))
    refuses = isinstance(events[-1], CommandRefused)
    return await recorder.record(Commit(proof=proof, appends=(append,), refuses=refuses))


async def advanced(recorder: Recorder, crowd: Crowd, entity: Entity, days: float) -> Entity:
    entity = replace(entity, now=entity.now + timedelta(days=days))
    events = ENTITY.advance(entity.state, entity.now)
    if events:
        assert (await put(recorder, crowd, entity, events)).status == "recorded"
    return entity.with_events(*events)


async def sent(recorder: Recorder, crowd: Crowd, entity: Entity, body: Body) -> Entity:
    """The entity after a command, accepted or refused, which is on record."""
    command = entity.command(body)
    decision = ENTITY.decide(entity.state, command, entity.now)
    assert not isinstance(decision, Need)
    if isinstance(decision, Refusal):
        decision = (
            CommandRefused(
                at=entity.now,
                by=command.by,
                command=command.name,
                command_id=None,
                code=decision.code,
                message=decision.message,
            ),
        )
    assert (await put(recorder, crowd, entity, decision, body)).status == "recorded"
    return entity.with_events(*decision)


async def carried(recorder: Recorder, crowd: Crowd, entity: Entity, body: Body) -> Entity:
    """With every vote that it takes, if it is moved."""
    entity = await sent(recorder, crowd, entity, body)
    while entity.state is not None and entity.state.motion is not None:
        entity = await sent(recorder, crowd, entity, APPROVE)
    return entity


async def live(recorder: Recorder, crowd: Crowd, key: str, seed: int) -> Entity:
    """One entity with whatever ``seed`` makes of it, days apart."""
    chance = random.Random(seed)

    def some_day(entity: Entity) -> Body:
        at = chance.choice([None, entity.now + timedelta(days=chance.uniform(-3, 9))])
        if not entity.events:
            return listing(at)
        if chance.random() < 0.2:
            return removing(entity.now + timedelta(days=chance.uniform(-1, 4)))
        return amending(SOFTER, at, f"{chance.randint(1, 99)} FR")

    entity = Entity(key=key)
    for _ in range(STEPS):
        entity = await carried(recorder, crowd, entity, some_day(entity))
        entity = await advanced(recorder, crowd, entity, chance.uniform(0, 5))
    return entity


async def lived(recorder: Recorder, crowd: Crowd) -> list[Entity]:
    return await asyncio.gather(*(live(recorder, crowd, f"e-{n}", seed=n) for n in range(ENTITIES)))


async def test_random_histories_give_the_same_rows_again(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    stories = await lived(recorder, crowd)
    kinds = {type(event).__name__ for story in stories for event in story.events}
    assert kinds >= {"AmendmentTookEffect", "RemovalTookEffect", "CommandRefused"}, "choose other seeds"
    assert (await rebuild(dsn)).differences == ()
    assert (await verify(dsn)).fault is None
    async with Reader(dsn) as reader:
        rows = {row.key: row for row in await reader.entities()}
        for story in stories:
            row, state = rows[story.key], story.opened
            assert (row.stage, row.effective, row.citation) == (
                state.stage,
                state.effective,
                state.listing.citation,
            )
            assert row.version == len(story.events)
        going_on = [entity_stream(story.key) for story in stories if not status(story.opened).closed]
        assert await reader.open_streams() == sorted(going_on)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE greenlight.entity SET posture = 'presumption_of_approval' WHERE key = 'e-3'",
        "DELETE FROM greenlight.entity WHERE key = 'e-3'",
        "INSERT INTO greenlight.entity (key, stage, waiting_for, effective, citation, posture, affiliates,"
        " decided, closed, version)"
        " VALUES ('x', 'listed', 'nobody', now(), '1 FR 1', 'deny', 0, 1, false, 1)",
    ],
)
async def test_a_row_that_does_not_follow_is_found_and_mended(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tampering: str
) -> None:
    await lived(recorder, crowd)
    await database.execute(tampering)
    looked = await rebuild(dsn, swap=False)
    assert {difference.table for difference in looked.differences} == {"entity"}
    assert await rebuild(dsn) == looked
    assert (await rebuild(dsn)).differences == ()


@pytest.mark.parametrize("body", [listing(), amending(), removing()], ids=lambda body: NAME_OF[type(body)])
async def test_nobody_lists_amends_or_removes_without_a_signature(
    recorder: Recorder, database: Connection, crowd: Crowd, body: Body
) -> None:
    """Whoever writes to the database past the recorder is refused there, too."""
    entity = Entity(key="unsigned")
    if not isinstance(body, ListEntity):
        entity = await carried(recorder, crowd, entity, listing())
    entity = replace(entity, now=entity.now + timedelta(days=1))
    by = crowd.executive.actor
    (event,) = accepted(ENTITY.decide(entity.state, entity.command(body, by), entity.now))
    append = Append(
        stream=entity_stream("unsigned"),
        expected_version=len(entity.events),
        events=(event.record(),),
        view=None,
    )
    said = await database.fetchrow(
        "SELECT * FROM greenlight.append(jsonb_build_array($1::jsonb))",
        payload(Commit(proof=None, appends=(append,)), actor=by),
    )
    assert said is not None
    assert (said["status"], said["code"]) == ("refused", RefusalCode.UNSIGNED)


async def test_what_takes_effect_needs_none(recorder: Recorder, crowd: Crowd) -> None:
    entity = await carried(recorder, crowd, Entity(key="to-come"), listing(TO_COME))
    entity = await carried(recorder, crowd, entity, removing(TO_COME + timedelta(days=1)))
    entity = await advanced(recorder, crowd, entity, 40)
    assert isinstance(entity.events[-1], RemovalTookEffect)


@pytest.mark.parametrize("body", [listing(), amending(), removing()], ids=lambda body: NAME_OF[type(body)])
@pytest.mark.parametrize("change", ["a vote that nobody cast", "a vote on another motion", "too few"])
async def test_no_order_is_recorded_on_votes_that_are_not(
    recorder: Recorder, crowd: Crowd, body: Body, change: str
) -> None:
    """Not even with a department's token behind it: the log holds the order against the votes it has."""
    entity = Entity(key="forged")
    if not isinstance(body, ListEntity):
        entity = replace(
            await carried(recorder, crowd, entity, listing()), now=entity.now + timedelta(days=1)
        )
    entity = await sent(recorder, crowd, entity, body)
    cast = 3 if NAME_OF[type(body)] == "remove_listing" else 2
    for _ in range(cast - (change == "a vote that nobody cast")):
        entity = await sent(recorder, crowd, entity, APPROVE)
    command = entity.command(APPROVE)
    ahead = entity
    while ahead.opened.motion is not None:
        ahead = ahead.said(APPROVE)
    order = ahead.events[-1]
    assert isinstance(order, EntityListed | ListingAmended | ListingRemoved)
    assert command.by is not None
    last = order.model_copy(update={"by": command.by})
    if change == "a vote on another motion":
        last = last.model_copy(update={"motion": (order.motion or 0) + 1})
    if change == "too few":
        last = last.model_copy(update={"votes": order.votes.model_copy(update={"commerce": None})})
    said = await put(recorder, crowd, entity, (last,), APPROVE)
    assert (said.status, said.code) == ("refused", EntityRefusal.NOT_CARRIED)
