"""Cases of every kind on the real server, each lived until there is something to see in its history."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from temporalio.common import RawValue

from greenlight.kernel.roles import Role
from greenlight.kernel.streams import batch_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import (
    AnswerWording,
    Appeal,
    Assign,
    Countersign,
    DecideAppeal,
    Refer,
    ResolveMatch,
)
from greenlight.law.application.dossier import Submission
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.screening.language import Verdict
from greenlight.law.contract import REGISTERED
from greenlight.law.directive.commands import AttestEvent, IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.license.commands import AcceptConditions, Reinstate, ReportShipment, Suspend
from greenlight.law.reprieve.commands import EndReprieve, ReplaceOutcome
from greenlight.law.screening_list.commands import OpenList
from tests.histories import lives
from tests.law.application.cases import (
    APPROVE_IF,
    CONSIGNEE,
    DECIDED_GRANT,
    DENY,
    GRANT,
    GRANT_IN_PART,
    OBJECT,
    PURCHASER,
    REWORDED,
    submission,
)
from tests.law.entity.cases import amending, listing, removing
from tests.law.license.cases import shipment
from tests.workflows.batches import delivered, edited, prepared, waiting
from tests.workflows.office import Office, eventually, refusal
from tests.workflows.raw import UNREADABLE, plain
from tests.workflows.reprieves import evidence, opening, term

DIRECTIVE = IssueDirective(
    title="A test",
    scope=Scope(destinations=frozenset({"AQ"})),
    posture=Posture.PRESUMPTION_OF_DENIAL,
    condition="The talks fail",
    citation="Order",
    reasons="By order.",
)
SMALL = 1_000
"""Bytes of an input that is worth storing."""


async def refused_messages(office: Office) -> str:
    """Whatever can be wrong with a signal, and updates that are refused on record."""
    stream = await office.submitted()
    unreadable = [each.inputs for each in UNREADABLE.values() if sum(map(_size, each.inputs)) < SMALL]
    for inputs in unreadable:
        await office.signal(stream, "countersign", *inputs)
    await office.signal(stream, "approve", plain({}))
    await refusal(office["carla"].decide(stream, Countersign(agrees=True)))
    await refusal(office.update(stream, REGISTERED, plain({})))
    await office.refusals(stream, len(unreadable) + 2)
    await office.send("olga", stream, GRANT)
    return stream


async def malformed_start(office: Office) -> str:
    stream = "application-R000001"
    await office.start_refused("LicenseApplication", stream, plain({"token": "x"}))
    return stream


async def deadlines_passed(office: Office) -> str:
    stream = await office.submitted()
    await office.fast_forward(stream, timedelta(days=95))
    await office.send("olga", stream, GRANT)
    return stream


async def screening_tried_again(office: Office) -> str:
    """In vain, because the list is too old."""
    stream = await office.submitted()
    await office.fast_forward(stream, timedelta(minutes=4))
    return stream


async def screened_by_hand(office: Office) -> str:
    """Because nothing is left of the name."""
    nameless = submission().parties[1].model_copy(update={"name": "???"})
    stream = await office.submitted(submission(parties=(nameless,)))
    await office.send(
        "olga", stream, ResolveMatch(party=0, verdict=Verdict.FALSE_MATCH, reason="Looked up by hand.")
    )
    return stream


async def resumed(office: Office) -> str:
    stream = await office.recommended()
    await office.handle(stream).terminate()
    await office.start("LicenseApplication", stream, {"resume": True})
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def cancelled(office: Office) -> str:
    """Which is asked for in vain."""
    stream = await office.submitted()
    await office.handle(stream).cancel()
    await office.send("olga", stream, GRANT)
    return stream


async def license_expired(office: Office) -> str:
    stream = await office.granted(GRANT_IN_PART)
    await office.send("acme", stream, AcceptConditions())
    await office.fast_forward(stream, timedelta(days=4 * 366))
    return stream


async def deemed_no_objection(office: Office) -> str:
    """And a dispute on which nobody acts but the chair."""
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=(Agency.DEFENSE, Agency.STATE)))
    await office.send("defense", stream, OBJECT)
    await office.fast_forward(stream, timedelta(days=32))
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.send("chair", stream, DECIDED_GRANT)
    await office.fast_forward(stream, timedelta(days=6))
    await office.signed_off(stream)
    return stream


async def wording_kept(office: Office) -> str:
    """An officer rewords what two agencies asked for: one does not agree, and one keeps silent."""
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=(Agency.DEFENSE, Agency.STATE)))
    await office.send("defense", stream, APPROVE_IF)
    await office.send("state", stream, APPROVE_IF)
    await office.send("olga", stream, REWORDED)
    await office.send("defense", stream, AnswerWording(agrees=False, comment="It is too narrow."))
    await office.fast_forward(stream, timedelta(days=5))
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def denied(office: Office) -> str:
    stream = await office.countersigned(DENY)
    await office.signed_off(stream)
    await office.fast_forward(stream, timedelta(days=46))
    await office.send("acme", stream, Appeal(grounds="The buyer was confirmed."))
    await office.send("vera", stream, DecideAppeal(upholds=True, reasons="The risk remains."))
    return stream


async def license_in_use(office: Office) -> str:
    stream = await office.granted()
    day = agency_date((await office.events(stream))[0].at)
    for number in (1, 2):
        await office.send("acme", stream, ReportShipment(shipment=shipment(day, number=number)))
    await office.send("olga", stream, Suspend(reasons="Under review."))
    await office.send("olga", stream, Reinstate(reasons="Nothing was found."))
    return stream


async def reprieve_extended(office: Office) -> str:
    """By itself; what follows is referred, and decided by an executive."""
    stream = await office.reprieved(opening())
    await office.send("defense", stream, evidence())
    await office.fast_forward(stream, timedelta(days=31))
    await office.send("defense", stream, evidence(value=False))
    await office.fast_forward(stream, timedelta(days=80))
    await office.send("vera", stream, ReplaceOutcome(term=term(300), reasons="Longer."))
    return stream


async def reprieve_ended(office: Office) -> str:
    """After a lapse for want of evidence."""
    stream = await office.reprieved(opening())
    await office.fast_forward(stream, timedelta(days=32))
    await office.send("vera", stream, EndReprieve(reasons="National security."))
    return stream


async def entity_removed(office: Office) -> str:
    """After a listing and an amendment that were to come."""
    now = datetime.now(UTC)
    stream = await office.listed(listing(now + timedelta(days=3)))
    await office.carried(stream, amending(effective=now + timedelta(days=5)))
    await office.fast_forward(stream, timedelta(days=6))
    await office.carried(stream, removing(now + timedelta(days=9)))
    await office.fast_forward(stream, timedelta(days=4))
    await office.result(stream)
    return stream


async def batch_delivered(office: Office) -> str:
    """To two cases; a third changed after it was prepared."""
    streams = await waiting(office, 3)
    key = await prepared(office, streams)
    await edited(office, streams[1:2])
    await office["vera"].sign_batch(key)
    await delivered(office, key)
    return batch_stream(key)


def _there(country: str = "AQ") -> Submission:
    """For a country for which no other history is, because all are recorded at once."""
    return submission(parties=(PURCHASER, CONSIGNEE.model_copy(update={"country": country})))


async def directive_fanned_out(office: Office) -> str:
    """On an event that is attested, over one case; then taken back."""
    await office.submitted(_there())
    stream = (await office["vera"].issue_directive("history", DIRECTIVE)).stream
    attested = AttestEvent(statement="They met.", source="A communiqué")
    await office["olga"].decide(stream, attested, role=Role.LICENSING_OFFICER)

    async def completed() -> bool:
        return "FanOutCompleted" in await office.types(stream)

    await eventually(completed, "the fan-out to its end")
    await office["vera"].decide(stream, RescindDirective(reasons="Enough."))
    return stream


async def moved_by_directive(office: Office) -> str:
    """A case decided on the record, which heard of it; it goes on after the directive was taken back."""
    case = await office.submitted(_there("AS"))
    scope = Scope(destinations=frozenset({"AS"}))
    order = DIRECTIVE.model_copy(update={"condition": None, "scope": scope})
    stream = (await office["vera"].issue_directive("history-2", order)).stream

    async def applied() -> bool:
        return "DirectiveApplied" in await office.types(case)

    await eventually(applied, "the case to be knocked at")
    await office["vera"].decide(stream, RescindDirective(reasons="Enough."))
    await office.caught_up(case)
    return case


async def assigned(office: Office) -> str:
    stream = await office.submitted()
    for _ in range(20):
        await office.send("olga", stream, Assign(officer="olga"))
    return stream


def long(begin: Callable[[Office], Awaitable[str]]) -> Callable[[Office], Awaitable[str]]:
    """What begins so, and goes on until its history is long."""

    async def unfold(office: Office) -> str:
        stream = await begin(office)
        await lives.shouted_at(office, stream, 20)
        return stream

    return unfold


async def reprieve_open(office: Office) -> str:
    return await office.reprieved(opening())


async def entity_open(office: Office) -> str:
    return await office.listed(listing(datetime.now(UTC) + timedelta(days=3)))


async def batch_open(office: Office) -> str:
    return batch_stream(await prepared(office, await waiting(office, 1)))


async def directive_open(office: Office) -> str:
    return (await office["vera"].issue_directive("history-6", DIRECTIVE)).stream


async def list_open(office: Office) -> str:
    return (await office["olga"].open_list("csl", OpenList(title="Consolidated Screening List"))).stream


def _size(value: RawValue) -> int:
    return len(value.payload.data)
