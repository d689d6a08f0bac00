"""Entities listed on record, on the real server: parties are held against them from their instants."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest_asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.verify import verify
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import PartiesScreened
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.entity.commands import ListEntity
from greenlight.law.entity.listing import Amendment
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import PartyDelisted, PartyListed
from tests.law.application.cases import PARTIES, new_submission
from tests.law.entity.cases import LIST, amending, removing
from tests.rehearsal.stage import elsewhere
from tests.workflows.office import Office, eventually, open_office

CONSIGNEE = PARTIES[0].name
OTHERS = tuple(party.model_copy(update={"name": "Nobody Ltd"}) for party in PARTIES)


def listing(name: str = CONSIGNEE) -> ListEntity:
    return LIST.model_copy(update={"name": name, "aliases": (), "affiliates": ()})


@pytest_asyncio.fixture(loop_scope="session")
async def house(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """An office with a log of its own: what is on record here is on record nowhere else."""
    async with open_office(settings, await elsewhere(target, Kind.PRODUCTION)) as office:
        yield office


async def screening(office: Office, stream: str) -> PartiesScreened:
    """The last one on record."""
    events = [APPLICATION.read(event.record) for event in await office.events(stream)]
    return [event for event in events if isinstance(event, PartiesScreened)][-1]


async def last(office: Office, license_: str) -> Event:
    return LICENSE.read((await office.events(license_))[-1].record)


async def test_what_is_listed_on_record_is_held_against_what_is_there_and_what_comes(house: Office) -> None:
    in_review, license_ = await house.submitted(), await house.granted()
    other = await house.submitted(new_submission(parties=OTHERS))
    before = len(await house.events(other))
    first = (await screening(house, in_review)).screening
    assert (first.findings[0].outcome, first.record_version) == ("no_match", None)

    entity = await house.listed(listing())
    await house.settled(entity)
    found = (await screening(house, in_review)).screening
    (match,) = found.findings[0].matches
    assert (match.listing, match.citation) == (entity.removeprefix("entity-"), "84 FR 1")
    assert found.list_version == first.list_version
    assert found.record_version is not None
    # Workflows are told once all is on record.
    await house.caught_up(in_review)
    assert (await house.status(in_review)).status.listed
    event = await last(house, license_)
    assert isinstance(event, PartyListed)
    assert event.record_version == found.record_version
    await house.caught_up(license_)
    assert (await house.status(license_)).status.waiting_for == Role.LICENSING_OFFICER
    assert len(await house.events(other)) == before
    # What comes now is held against it as it comes.
    coming = await screening(house, await house.submitted())
    assert (coming.screening.findings, coming.screening.record_version) == (
        found.findings,
        found.record_version,
    )

    await house.carried(entity, amending(Amendment(name="Sample Renamed")))
    await house.settled(entity)
    assert (await screening(house, in_review)).screening.findings[0].outcome == "no_match"
    assert isinstance(await last(house, license_), PartyDelisted)

    await house.carried(entity, amending(Amendment(name=CONSIGNEE)))
    await house.settled(entity)
    assert (await screening(house, in_review)).screening.findings[0].outcome == "listed"
    await house.carried(entity, removing())
    # It ends when everything was held against what is listed no more.
    assert (await house.result(entity)).status.outcome == "removed"
    assert (await screening(house, in_review)).screening.findings[0].outcome == "no_match"
    assert isinstance(await last(house, license_), PartyDelisted)

    url = house.service.target.database_url
    assert (await verify(url)).fault is None
    assert (await rebuild(house.service.target.owner_url, swap=False)).differences == ()


async def test_what_is_to_come_counts_when_it_comes(house: Office) -> None:
    stream = await house.submitted()
    entity = await house.listed(
        listing().model_copy(update={"effective": datetime.now(UTC) + timedelta(seconds=3)})
    )
    assert (await house.status(entity)).status.stage == "to_be_listed"
    # It is decided, and does not count yet.
    assert (await screening(house, await house.submitted())).screening.findings[0].outcome == "no_match"

    async def counts() -> bool:
        return (await screening(house, stream)).screening.findings[0].outcome == "listed"

    await eventually(counts, "a listing that was to come")


async def test_a_directive_reaches_a_license_whose_party_was_listed_after_the_grant(house: Office) -> None:
    license_ = await house.granted()
    entity = await house.listed(listing())
    await house.settled(entity)
    order = IssueDirective(
        title="A test",
        scope=Scope(entities=frozenset({entity.removeprefix("entity-")})),
        posture=Posture.REVOKE,
        citation="Order",
        reasons="By order.",
    )
    directive = (await house["vera"].issue_directive("after-the-grant", order)).stream

    async def revoked() -> bool:
        return (await house.status(license_)).status.stage == "revoked"

    await eventually(revoked, f"{directive} for {license_}")
