"""Lives in which a workflow does all that its kind does, audited: what the law lets happen is no fault."""

import asyncio

from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.read import Reader
from greenlight.kernel.clock_kind import Kind
from greenlight.law.license.commands import AcceptTransfer, ApproveTransfer, RequestTransfer
from tests.histories import lives, stories
from tests.rehearsal.stage import elsewhere
from tests.workflows.office import Office, nothing_is_a_fault, open_office


async def license_transferred(office: Office) -> str:
    stream = await office.granted()
    await office.send("acme", stream, RequestTransfer(transferee="globex", reasons="To be sold."))
    await office.send("globex", stream, AcceptTransfer(name="Globex Inc.", country="US"))
    await office.send("olga", stream, ApproveTransfer())
    return stream


LIVES = (
    license_transferred,
    lives.remembered,
    lives.license_taken_over,
    lives.license_replaced,
    lives.license_void,
    lives.reprieve_decided,
    lives.batch_unanswered,
    stories.batch_delivered,
    stories.entity_removed,
    stories.denied,
    stories.screened_by_hand,
    stories.deemed_no_objection,
    stories.wording_kept,
    lives.license_revoked_by_directive,
)

TOLD = {
    "BatchCaseFellOut",
    "BatchDelivered",
    "CommitteeVoteCast",
    "FounderRegistered",
    "LicenseRevokedByDirective",
    "ListingRemoved",
    "MatchConfirmed",
    "OfficerAdded",
    "ResolutionLapsed",
    "ResolutionRemembered",
    "TransferAccepted",
    "TransferApproved",
}
"""Events without which something would not have been tried."""


async def test_no_life_is_a_fault(settings: Settings, target: Target) -> None:
    there = await elsewhere(target, Kind.PRODUCTION)
    async with open_office(settings, there) as office:
        await asyncio.gather(*(life(office) for life in LIVES))
    async with Reader(there.database_url) as reader:
        assert {event.type async for event in reader.log()} >= TOLD
    await nothing_is_a_fault(there)
