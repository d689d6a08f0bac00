"""Lives on the real server in which a workflow does all that its kind does, refusals on record included."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from greenlight.kernel.roles import Role
from greenlight.kernel.streams import batch_stream, moment_stream, rule_stream, stream_key
from greenlight.kernel.time.calendar import agency_date
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.commands import (
    Answer,
    ConfirmMatch,
    Countersign,
    Reconsider,
    RequestInformation,
    ResolveMatch,
    Respond,
)
from greenlight.law.application.dossier import Submission
from greenlight.law.application.flip.commands import NoteFlip, NoteLicenseFlip
from greenlight.law.application.screening.language import Verdict
from greenlight.law.batch.commands import DiscardBatch, SignBatch
from greenlight.law.contract import LOOK
from greenlight.law.directive.commands import (
    AttestEvent,
    IssueDirective,
    RescindDirective,
    ResumeFanOut,
    RetryFanOut,
    StopFanOut,
    WithdrawAttestation,
)
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.entity.commands import CastVote, WithdrawMotion
from greenlight.law.entity.committee import Vote
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import (
    AcceptTransfer,
    ApproveTransfer,
    ConfirmListing,
    CorrectShipment,
    RefuseTransfer,
    Reinstate,
    Replace,
    ReportShipment,
    RequestTransfer,
    ResolveListing,
    Revoke,
    Suspend,
    Void,
)
from greenlight.law.license.events import PartyListed
from greenlight.law.reprieve.commands import (
    AddEntities,
    AdoptPolicy,
    ConfirmOutcome,
    CorrectTerm,
    IssueTerm,
    RecordPublication,
    RemoveEntities,
    StopOutcome,
    TerminateTerm,
)
from greenlight.law.reprieve.terms import Correction
from greenlight.law.rule.commands import (
    AttestAct,
    ConfirmAttestation,
    DiscardAttestation,
    TakeBackAttestation,
)
from greenlight.law.screening_list.commands import (
    STANDARD_DAYS,
    ConfirmAgeLimit,
    ConfirmList,
    DiscardList,
    LoadList,
    OpenList,
    ProposeAgeLimit,
)
from tests.eventlog.hindering import hindered
from tests.law.application.cases import (
    CONSIGNEE,
    DENY,
    GRANT_IN_PART,
    LET,
    PURCHASER,
    URGENT,
    WAIT,
    submission,
)
from tests.law.entity.cases import amending, listing, removing
from tests.law.license.cases import ALL, itn, shipment
from tests.law.rule.aggregates import OF_NOBODY, adoption, opening_of, suspension, withdrawal
from tests.lists.files import ACME, many
from tests.workflows.batches import delivered, prepared, waiting
from tests.workflows.moments import about, asked, looked, midnight, named, to_be_listed
from tests.workflows.office import Office, eventually, refusal
from tests.workflows.raw import plain
from tests.workflows.reprieves import ENTITY, POLICY, evidence, opening, term, today
from tests.workflows.test_lists import loaded, loaded_by_two, rescreened, stored

DAY = timedelta(days=1)
ROUNDS = 6
"""Of tries to reach who does not answer, more than there are."""
A_MOMENT = timedelta(minutes=1)


def there(country: str, name: str = CONSIGNEE.name) -> Submission:
    """For a country for which no other history is, because all are recorded at once."""
    return submission(parties=(PURCHASER, CONSIGNEE.model_copy(update={"country": country, "name": name})))


async def shouted_at(office: Office, stream: str, times: int = 1) -> None:
    """Signals of a name that no contract has, each refused on record."""
    before = (await office.types(stream)).count("CommandRefused")
    for number in range(times):
        await office.signal(stream, f"shout_{number}", plain({}))
    await office.refusals(stream, before + times)


async def on_record(office: Office, stream: str, event: str, times: int = 1) -> None:
    """Wait until a stream has so many events of a type."""

    async def found() -> bool:
        return (await office.types(stream)).count(event) >= times

    await eventually(found, f"{event} in {stream}")


# Applications


async def appeal_not_filed(office: Office) -> str:
    """A denial that was noticed twice becomes final."""
    stream = await office.countersigned(DENY)
    await office.signed_off(stream)
    await office.send("acme", stream, Respond(response="We know the buyer."))
    await office.send("olga", stream, Reconsider(reasons="The buyer is known."))
    await office.send("olga", stream, DENY)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.signed_off(stream)
    await office.fast_forward(stream, 46 * DAY)
    await office.fast_forward(stream, 46 * DAY)
    await on_record(office, stream, "AppealPeriodEnded")
    return stream


async def remembered(office: Office) -> str:
    """What an officer said of a pair in another case, until it counts no more; no license is required
    either."""
    application = there("IS", "Hua Ying Management Co. Limited").model_copy(
        update={"circumstances": Circumstances.none_applies()}
    )
    denied = ResolveMatch(
        party=1, listing="hua-ying-management", verdict=Verdict.FALSE_MATCH, reason="Founded in 1952."
    )
    first = await office.submitted(application)
    await office.send("olga", first, denied)
    await office.send("oscar", first, ConfirmMatch(party=1, days=30))
    stream = await office.submitted(application)
    await office.send("olga", stream, RequestInformation(request="Is it that buyer still?"))
    await office.fast_forward(stream, 32 * DAY)
    await office.send("acme", stream, Answer(answer="It is.", parties=application.parties))
    return stream


# Licenses


async def license_used_up(office: Office) -> str:
    """Exhausted, corrected, transferred, looked into, revoked; and what is refused on the way."""
    stream = await office.granted()
    day = agency_date((await office.events(stream))[0].at)
    correction = CorrectShipment(itn=itn(day), shipment=shipment(day), reasons="A slip.")
    await office.send("acme", stream, ReportShipment(shipment=shipment(day, *ALL)))
    await refusal(office["acme"].decide(stream, ReportShipment(shipment=shipment(day, number=2))))
    await office.send("acme", stream, correction)
    await office.send("acme", stream, RequestTransfer(transferee="globex", reasons="To be sold."))
    await office.send("olga", stream, RefuseTransfer(reasons="Who is it?"))
    await office.send("acme", stream, RequestTransfer(transferee="globex", reasons="It is sold."))
    await office.send("globex", stream, AcceptTransfer(name="Globex Inc.", country="US"))
    await office.send("olga", stream, ApproveTransfer())
    await office.send("olga", stream, Suspend(reasons="Under review."))
    await shouted_at(office, stream)
    await office.send("olga", stream, Reinstate(reasons="Nothing was found."))
    await office.send("vera", stream, Revoke(reasons="Diversion.", order="order-7"))
    await office.result(stream)
    return stream


async def license_taken_over(office: Office) -> str:
    """By somebody who has a listed one's name, of which two officers said on another license that they are
    not; until that counts no more."""
    first, stream = await office.granted(), await office.granted()
    listing, taker = "hua-ying-management", AcceptTransfer(name="Hua Ying Management Co. Ltd.", country="LI")
    denied = ResolveListing(party=2, listing=listing, verdict=Verdict.FALSE_MATCH, reason="Founded in 1952.")
    for number in (first, stream):
        await office.send("acme", number, RequestTransfer(transferee="globex", reasons="To be sold."))
        await office.send("globex", number, taker)
        if number == first:
            await office.send("olga", number, denied)
            await office.send("oscar", number, ConfirmListing(party=2, days=30))
    await office.fast_forward(stream, 32 * DAY)
    await office.send("globex", stream, taker)
    return stream


async def license_replaced(office: Office) -> str:
    stream, other = await office.granted(), await office.granted()
    await office.send("olga", stream, Replace(by_license=stream_key(other), change="Another consignee."))
    await office.result(stream)
    return stream


async def license_void(office: Office) -> str:
    stream = await office.granted()
    await office.send("vera", stream, Void(statement="The end user was invented."))
    await office.result(stream)
    return stream


# Reprieves


async def reprieve_amended(office: Office) -> str:
    """Published, corrected, amended, its policy changed; what was proposed comes to nothing."""
    stream = await office.reprieved(opening(30, ENTITY, "another"))
    begin = (await office.events(stream))[0].at
    published = begin + timedelta(milliseconds=1)
    await office.send("olga", stream, RecordPublication(term=1, citation="91 FR 1", published=published))
    await office.send(
        "vera", stream, CorrectTerm(term=1, correction=Correction(citation="91 FR 2"), reasons="A misprint.")
    )
    added = AddEntities(
        entities=frozenset({"a-third"}), effective=begin + 5 * DAY, running_terms=True, reasons="Listed."
    )
    await office.send("vera", stream, added)
    await office.send("vera", stream, AdoptPolicy(policy=POLICY, reasons="The same."))
    await office.send("vera", stream, IssueTerm(term=term(20)))
    await office.send("vera", stream, TerminateTerm(term=2, ends=begin + 10 * DAY, reasons="Diversion."))
    await refusal(office["vera"].decide(stream, StopOutcome(reasons="Nothing is proposed.")))
    await shouted_at(office, stream)
    await office.send("defense", stream, evidence())
    await office.fast_forward(stream, 17 * DAY)
    await on_record(office, stream, "DecisionMade")
    gone = RemoveEntities(
        entities=frozenset({ENTITY, "another", "a-third"}),
        effective=await office.now(stream) - A_MOMENT,
        reasons="Delisted.",
    )
    await office.send("vera", stream, gone)
    await office.send("vera", stream, ConfirmOutcome())
    return stream


async def reprieve_decided(office: Office) -> str:
    """By an executive who confirms what is proposed, and stops it the next time."""
    stream = await office.reprieved(opening())
    await office.send("defense", stream, evidence())
    await office.fast_forward(stream, 17 * DAY)
    await on_record(office, stream, "DecisionMade")
    await office.send("vera", stream, ConfirmOutcome())
    await office.send("defense", stream, evidence())
    await office.fast_forward(stream, 90 * DAY)
    await on_record(office, stream, "DecisionMade", 2)
    await office.send("vera", stream, StopOutcome(reasons="Enough."))
    return stream


# Listed entities, batches, directives


async def entity_amended(office: Office) -> str:
    """Which is refused to who may not."""
    stream = await office.listed(listing())
    await refusal(office["olga"].decide(stream, amending(), role=Role.EXECUTIVE))
    await shouted_at(office, stream)
    await office.carried(stream, amending())
    await office.send("vera", stream, amending())
    await office.send("vera", stream, WithdrawMotion(reasons="To be drafted anew."))
    await office.send("vera", stream, removing())
    await office.send("state", stream, CastVote(vote=Vote.OPPOSE))
    await office.carried(stream, removing())
    await office.result(stream)
    return stream


async def rule_extended(office: Office) -> str:
    """Attested, confirmed by another and not by oneself, given up, taken back; then nobody knows, until it is
    attested."""
    stream = rule_stream(f"kept-{uuid4().hex[:8]}")
    suspended = suspension(through=today() + 10 * DAY)
    await office["olga"].begin(stream, opening_of(adoption(), suspended, governs=OF_NOBODY))
    await refusal(office["olga"].decide(stream, ConfirmAttestation(number=2)))
    await office["oscar"].decide(stream, ConfirmAttestation(number=2))
    await office["olga"].decide(stream, AttestAct(act=suspension(through=today() + 20 * DAY), corrects=2))
    await office["olga"].decide(stream, DiscardAttestation(number=3, reasons="Misread."))
    await office["olga"].decide(stream, AttestAct(act=withdrawal()))
    await office["oscar"].decide(stream, ConfirmAttestation(number=4))
    await office["oscar"].decide(stream, TakeBackAttestation(corrects=4, reasons="A rumour."))
    await office["olga"].decide(stream, ConfirmAttestation(number=5))
    await office.fast_forward(stream, 12 * DAY)
    await on_record(office, stream, "StandingChanged")
    extended = suspension(effective=today() + 11 * DAY, through=today() + 100 * DAY, citation="91 FR 2")
    await office["olga"].decide(stream, AttestAct(act=extended))
    await office["oscar"].decide(stream, ConfirmAttestation(number=6))
    return stream


async def rule_continued(office: Office) -> str:
    """Attested and given up, again and again, by messages of every kind."""
    stream = rule_stream(f"kept-{uuid4().hex[:8]}")
    await office["olga"].begin(stream, opening_of(adoption(), governs=OF_NOBODY))
    signed = await office.signed("oscar", stream, ConfirmAttestation(number=1))
    await office.signal(stream, "confirm_attestation", signed)
    await on_record(office, stream, "AttestationConfirmed")
    for number in range(2, 12):
        await office["olga"].decide(stream, AttestAct(act=withdrawal()))
        await office["olga"].decide(stream, DiscardAttestation(number=number, reasons="A rumour."))
    return stream


async def batch_discarded(office: Office) -> str:
    stream = batch_stream(await prepared(office, await waiting(office, 1)))
    await refusal(office["vera"].decide(stream, SignBatch(root=f"sha256:{'0' * 64}", size=1)))
    await shouted_at(office, stream)
    await office["olga"].decide(stream, DiscardBatch(reasons="Not yet."), role=Role.LICENSING_OFFICER)
    await office.result(stream)
    return stream


async def batch_unanswered(office: Office) -> str:
    """By one of two cases, in which nothing can be recorded: it falls out in the end."""
    streams = await waiting(office, 2)
    key = await prepared(office, streams)
    async with hindered(office.service.target.database_url, streams[0], "RAISE 'not this one';"):
        await office["vera"].sign_batch(key)
        await office.fast_forward(batch_stream(key), timedelta(minutes=10))
        await delivered(office, key)
    return batch_stream(key)


async def directive_disturbed(office: Office) -> str:
    """Attested twice, superseding another, stopped, resumed and retried, until it expires.

    In one case nothing can be recorded all the while.
    """
    lost = await office.submitted(there("AG"))
    now = datetime.now(UTC)
    order = IssueDirective(
        title="A test",
        scope=Scope(destinations=frozenset({"AG"})),
        posture=Posture.CASE_BY_CASE,
        citation="Order",
        reasons="By order.",
    )
    first = (await office["vera"].issue_directive("history-3", order)).stream
    await on_record(office, first, "FanOutCompleted")
    other = order.model_copy(
        update={
            "posture": Posture.PRESUMPTION_OF_DENIAL,
            "supersedes": stream_key(first),
            "condition": "The talks fail",
            "expires": now + 20 * DAY,
        }
    )
    async with hindered(office.service.target.database_url, lost, "RAISE 'not this one';"):
        stream = (await office["vera"].issue_directive("history-4", other)).stream
        attested = AttestEvent(statement="They met.", source="A communiqué")
        await refusal(office["vera"].decide(stream, attested, role=Role.EXECUTIVE))
        for body in (attested, WithdrawAttestation(reasons="They did not."), attested):
            await office["olga"].decide(stream, body, role=Role.LICENSING_OFFICER)
        await on_record(office, stream, "FanOutProgressed")
        await office["olga"].decide(stream, StopFanOut(), role=Role.LICENSING_OFFICER)
        await shouted_at(office, stream)
        await office["olga"].decide(stream, ResumeFanOut(), role=Role.LICENSING_OFFICER)
        for _ in range(ROUNDS):
            await office.fast_forward(stream, timedelta(hours=1))
        await on_record(office, stream, "FanOutCompleted")
        await office["olga"].decide(stream, RetryFanOut(), role=Role.LICENSING_OFFICER)
        await office.fast_forward(stream, 21 * DAY)
        await office.result(stream)
    return stream


async def case_held(office: Office) -> str:
    """Which stands by a directive until that is taken back, and by another until its time is over; it comes
    before others all the same, once its applicant has asked twice."""
    case = await office.submitted(there("AW"))
    for said in (WAIT, LET):
        await office.send("acme", case, URGENT)
        await office.send("olga", case, said)
    order = IssueDirective(
        title="A test",
        scope=Scope(destinations=frozenset({"AW"})),
        posture=Posture.HOLD,
        expires=datetime.now(UTC) + 20 * DAY,
        citation="Order",
        reasons="By order.",
    )
    first = (await office["vera"].issue_directive("history-6", order)).stream
    await on_record(office, case, "CaseFrozen")
    await office.send("vera", first, RescindDirective(reasons="The review is over."))
    await on_record(office, case, "FreezeLifted")
    stopping = order.model_copy(update={"ground": HoldKind.GOVERNMENT_CONSULTATION})
    await office["vera"].issue_directive("history-7", stopping)
    await on_record(office, case, "CaseFrozen", 2)
    await office.fast_forward(case, 21 * DAY)
    await on_record(office, case, "FreezeLapsed")
    return case


async def license_revoked_by_directive(office: Office) -> str:
    case = await office.recommended(GRANT_IN_PART, there("AI"))
    await office.send("carla", case, Countersign(agrees=True))
    number = (await office.status(case)).status.license_number
    stream = f"license-{number}"
    order = IssueDirective(
        title="A test",
        scope=Scope(destinations=frozenset({"AI"})),
        posture=Posture.REVOKE,
        citation="Order",
        reasons="By order.",
    )
    await office["vera"].issue_directive("history-5", order)
    await office.result(stream)
    return stream


# The list, which stands in a log of its own: it changes what is found of every case


async def list_kept(office: Office) -> str:
    """Version after version, with a case that cannot be reached, until the last one is too old."""
    alike = ACME._replace(name="Lighthouse Telekom", addresses="NO", alt_names="")
    licenses = [await office.granted(), await office.granted()]
    lost = await office.submitted()
    stream = (await office["olga"].open_list("csl", OpenList(title="Consolidated Screening List"))).stream
    await shouted_at(office, stream)
    first = await stored(office, *many(30))
    yesterday = LoadList(digest=first, retrieved=today() - DAY)
    confirmed = ConfirmList(digest=first, source="fetched", reasons="It is a test's.")
    await office["olga"].decide(stream, yesterday)
    await refusal(office["olga"].decide(stream, confirmed))
    await office["oscar"].decide(stream, confirmed)
    await rescreened(office, 1)
    await office["olga"].decide(stream, LoadList(digest=first, retrieved=today()))
    await office["olga"].decide(stream, ProposeAgeLimit(max_age_days=STANDARD_DAYS))
    limit = ConfirmAgeLimit(max_age_days=STANDARD_DAYS, reasons="It stays so.")
    await office["oscar"].decide(stream, limit)
    small = await loaded(office, *many(2))
    await office["olga"].decide(stream, DiscardList(digest=small, reasons="Cut off."))
    async with hindered(office.service.target.database_url, lost, "RAISE 'not this one';"):
        await loaded(office, *many(30), alike)
        await on_record(office, stream, "RescreeningProgressed", 2)
        for _ in range(ROUNDS):
            await office.fast_forward(stream, timedelta(hours=1))
        await rescreened(office, 2)
    found = LICENSE.read((await office.events(licenses[0]))[-1].record)
    assert isinstance(found, PartyListed), found
    ((finding,)) = found.findings
    denied = ResolveListing(
        party=finding.party,
        listing=finding.matches[0].listing,
        verdict=Verdict.FALSE_MATCH,
        reason="Founded in 1952.",
    )
    await office["olga"].decide(licenses[0], denied)
    await loaded_by_two(office, *many(31))
    await rescreened(office, 3)
    await loaded(office, *many(31), alike)
    await rescreened(office, 4)
    await office.fast_forward(stream, 31 * DAY)
    await on_record(office, stream, "ListGrewOld")
    return stream


# Moments


async def moment_come(office: Office) -> str:
    """An instant comes, a case cannot record it at first, and officers take note of what flipped."""
    stream, pending, licensed = await _hindered_moment(office, midnight(40), knocks=1)
    await office.fast_forward(stream, timedelta(hours=1))
    await asked(office, midnight(40))
    await office["olga"].decide(pending, NoteFlip(reasons="The exporter is told."))
    await office["oscar"].decide(licensed, NoteLicenseFlip(reasons="The license covers it."))
    return stream


async def moment_continued(office: Office) -> str:
    """A case cannot record it for long, and others knock."""
    stream, *_ = await _hindered_moment(office, midnight(50), knocks=20)
    return stream


async def _hindered_moment(office: Office, instant: datetime, *, knocks: int) -> tuple[str, str, str]:
    """The stream of a moment that is knocked at, and those of an application and a license that it flips."""
    name = named()
    licensed = await office.granted(application=about(name))
    pending = await office.submitted(about(name))
    await office.listed(to_be_listed(name, instant))
    async with hindered(office.service.target.database_url, pending, "RAISE 'not this one';"):
        (key,) = await looked(office, instant)
        stream = moment_stream(key)
        await on_record(office, stream, "MomentProgressed")
        for _ in range(knocks):
            await office.signal(stream, LOOK)
            await office.look(stream)
    return stream, pending, licensed
