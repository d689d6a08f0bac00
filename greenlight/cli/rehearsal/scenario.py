"""The stories that the demonstration sends through the service: invented companies, real procedure."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from greenlight.kernel.streams import license_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import (
    Advise,
    Answer,
    AskApplicant,
    Countersign,
    DecideDispute,
    Escalate,
    Outcome,
    Recommend,
    Refer,
    RequestInformation,
    ResolveMatch,
    Respond,
    ReturnGround,
    ReturnWithoutAction,
    SignOff,
    Vote,
    Withdraw,
)
from greenlight.law.application.dossier import Item, Money, Party, PartyRole, Screening, Submission
from greenlight.law.application.interagency.agency import Advice, Agency
from greenlight.law.application.screening.language import Verdict
from greenlight.law.license.commands import AcceptConditions, ReportShipment
from greenlight.law.license.usage import ReportKind, Shipment, ShippedLine
from greenlight.rehearsal.played import PlayedOfficer

Officers = Mapping[str, PlayedOfficer]
Tell = Callable[[str], None]

HUAWEI = "Huawei Technologies Co., Ltd."
HUAWEI_IN_CHINESE = "华为技术有限公司"
COOPERATIVE = "Prairie Telephone Cooperative"


@dataclass(frozen=True, slots=True)
class Story:
    """One application: what it is called, what is filed, and what happens to it after it is registered."""

    title: str
    applicant: str
    application: Submission
    unfold: Callable[[Officers, str, Tell], Awaitable[None]]


async def resolved(officers: Officers, stream: str, application: Submission, tell: Tell) -> None:
    """Say who the parties are whose names are alike: with the official list loaded, others may be met."""
    answer = await officers["olga"].dossier(stream)
    screening = Screening.model_validate(answer.dossier["screening"])
    for finding in screening.findings:
        if finding.outcome != "possible_match":
            continue
        name = application.parties[finding.party].name
        listed = name in (HUAWEI, HUAWEI_IN_CHINESE)
        tell(f"finds that party {finding.party + 1} is {'the listed one' if listed else 'another'}")
        verdict = Verdict.TRUE_MATCH if listed else Verdict.FALSE_MATCH
        word = ResolveMatch(
            party=finding.party,
            listing=finding.matches[0].listing,
            verdict=verdict,
            reason="By its address and its owners",
            others=None if listed else Verdict.FALSE_MATCH,
        )
        await officers["olga"].decide(stream, word)


async def granted(officers: Officers, stream: str, tell: Tell) -> None:
    tell("asks the applicant, which stops the clock")
    await officers["olga"].decide(stream, RequestInformation(request="Who operates the network?"))
    await officers["acme"].decide(stream, Answer(answer="The cooperative itself."))
    await _decided(officers, stream, tell, Recommend(outcome=Outcome.GRANT, reasons="Existing rural network"))


async def granted_in_part(officers: Officers, stream: str, tell: Tell) -> None:
    recommendation = Recommend(
        outcome=Outcome.GRANT,
        reasons="Spare parts yes, the new core router no",
        lines=(1, 2),
        conditions=("Report each shipment within 30 days", "No software upgrades"),
        riders=("The license does not cover technology",),
    )
    await _decided(officers, stream, tell, recommendation)
    number = (await officers["acme"].status(stream)).status.license_number
    if number is not None:
        tell("accepts the license's conditions")
        await officers["acme"].decide(license_stream(number), AcceptConditions())


async def disputed(officers: Officers, stream: str, tell: Tell) -> None:
    """Defense objects; the dispute goes up to the President, who decides."""
    tell("refers the case to Defense and State")
    await officers["olga"].decide(stream, Refer(agencies=(Agency.DEFENSE, Agency.STATE)))
    tell("Defense objects, State does not")
    objection = Advise(
        advice=Advice.DENY,
        reasons="Risk of diversion",
        statutory_basis="50 U.S.C. 4813",
        regulatory_basis="15 CFR 744.11",
    )
    await officers["defense"].decide(stream, objection)
    await officers["state"].decide(stream, Advise(advice=Advice.APPROVE))
    await officers["olga"].decide(stream, Recommend(outcome=Outcome.GRANT, reasons="Civil end use"))
    await officers["carla"].decide(stream, Countersign(agrees=True))
    tell("the chair of the Operating Committee decides")
    decision = DecideDispute(
        outcome=Outcome.GRANT, reasons="The risk can be met", conditions=("Inspection once a year",)
    )
    await officers["chair"].decide(stream, decision)
    for forum in ("ACEP", "EARB"):
        tell(f"Defense takes it to the {forum}, where the votes are two to two")
        await officers["defense"].decide(stream, Escalate(grounds="Inspections come too late"))
        for department in ("commerce", "state"):
            await officers[department].decide(stream, Vote(outcome=Outcome.GRANT))
        for department in ("defense", "energy"):
            await officers[department].decide(stream, Vote(outcome=Outcome.DENY))
    tell("Defense takes it to the President, who grants")
    await officers["defense"].decide(stream, Escalate(grounds="The tie leaves the risk"))
    await officers["vera"].decide(stream, decision)


async def before_agencies(officers: Officers, stream: str, tell: Tell) -> None:
    """Left with two agencies, one of which waits for an answer."""
    tell("refers the case to Defense and Energy; Defense asks the applicant")
    await officers["olga"].decide(stream, Refer(agencies=(Agency.DEFENSE, Agency.ENERGY)))
    await officers["defense"].decide(stream, AskApplicant(request="Where will the router stand?"))


async def denied(officers: Officers, stream: str, tell: Tell) -> None:
    await _decided(officers, stream, tell, Recommend(outcome=Outcome.DENY, reasons="Risk of diversion"))


async def modified(officers: Officers, stream: str, tell: Tell) -> None:
    """A denial that the applicant averts by what the notice offers."""
    denial = Recommend(
        outcome=Outcome.DENY,
        reasons="The core router would extend the network",
        modifications="Leave out the core router",
    )
    await _decided(officers, stream, tell, denial)
    tell("the applicant accepts the modifications that the notice offers")
    await officers["acme"].decide(
        stream, Respond(response="We leave the core router out", accepts_modifications=True)
    )
    grant = Recommend(outcome=Outcome.GRANT, reasons="As modified", lines=(1, 2))
    await _decided(officers, stream, tell, grant)


async def returned(officers: Officers, stream: str, tell: Tell) -> None:
    tell("returns the application: no license is required")
    ground = ReturnGround.LICENSE_NOT_REQUIRED
    await officers["olga"].decide(
        stream, ReturnWithoutAction(ground=ground, reasons="EAR99, no listed party")
    )


async def withdrawn(officers: Officers, stream: str, tell: Tell) -> None:
    tell("withdraws the application")
    await officers["globex"].decide(stream, Withdraw(reason="The order was cancelled"))


async def countersigned_only(officers: Officers, stream: str, tell: Tell) -> None:
    """No listed party and little value: the decision table asks for no executive."""
    tell("recommends, and a second officer countersigns")
    await officers["olga"].decide(stream, Recommend(outcome=Outcome.GRANT, reasons="Unlisted, low value"))
    await officers["carla"].decide(stream, Countersign(agrees=True))
    number = (await officers["globex"].status(stream)).status.license_number
    if number is not None:
        tell("reports a first shipment under the license")
        await officers["globex"].decide(license_stream(number), ReportShipment(shipment=_first_shipment()))


async def waiting(officers: Officers, stream: str, tell: Tell) -> None:
    """Left where it is, so that there is an open case to look at."""
    tell("recommends; the case waits for its countersignature")
    await officers["olga"].decide(stream, Recommend(outcome=Outcome.GRANT, reasons="Existing handsets"))


async def _decided(officers: Officers, stream: str, tell: Tell, recommendation: Recommend) -> None:
    tell(f"recommends to {recommendation.outcome}")
    await officers["olga"].decide(stream, recommendation)
    tell("countersigns")
    await officers["carla"].decide(stream, Countersign(agrees=True))
    tell("signs off")
    await officers["vera"].decide(stream, SignOff(approves=True))


def _first_shipment() -> Shipment:
    """Four of the line cards, today."""
    today = agency_date(datetime.now(UTC))
    lines = (ShippedLine(line=1, quantity=4, value=Money(minor_units=3_000_000, currency="USD")),)
    return Shipment(itn=f"X{today:%Y%m%d}000001", kind=ReportKind.SINGLE, shipped_on=today, lines=lines)


def _item(line: int, description: str, classification: str, quantity: int, dollars: int) -> Item:
    value = Money(minor_units=dollars * 100, currency="USD")
    return Item(
        line=line,
        description=description,
        classification=classification,
        quantity=quantity,
        unit="pieces",
        value=value,
    )


def _application(consignee: str, country: str, items: tuple[Item, ...], end_use: str) -> Submission:
    parties = (
        Party(role=PartyRole.PURCHASER, name=COOPERATIVE, country="US"),
        Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=consignee, country=country),
    )
    return Submission(applicant="Acme Networks LLC", parties=parties, items=items, end_use=end_use)


_LINE_CARDS = _item(1, "Replacement line cards", "5A991", 24, 180_000)
_BRACKETS = _item(2, "Mounting brackets", "EAR99", 200, 3_200)
_CORE_ROUTER = _item(3, "Core router", "5A002", 2, 2_400_000)
_HANDSET_PARTS = _item(1, "Handset display modules", "EAR99", 5_000, 95_000)

STORIES: tuple[Story, ...] = (
    Story(
        "Spare parts for a rural network",
        "acme",
        _application(HUAWEI, "CN", (_LINE_CARDS, _BRACKETS), "Keeps a rural network in service"),
        granted,
    ),
    Story(
        "Spare parts and a core router",
        "acme",
        _application(HUAWEI, "CN", (_LINE_CARDS, _BRACKETS, _CORE_ROUTER), "Repairs and extends a network"),
        granted_in_part,
    ),
    Story(
        "Core router for a data centre",
        "acme",
        _application(HUAWEI_IN_CHINESE, "CN", (_CORE_ROUTER,), "New data centre"),
        denied,
    ),
    Story(
        "Core router left out in the end",
        "acme",
        _application(HUAWEI, "CN", (_LINE_CARDS, _BRACKETS, _CORE_ROUTER), "Extends a rural network"),
        modified,
    ),
    Story(
        "Brackets for an unlisted carrier",
        "acme",
        _application("Nordlys Telekom AS", "NO", (_BRACKETS,), "Routine maintenance"),
        returned,
    ),
    Story(
        "Handset parts, order cancelled",
        "globex",
        _application(HUAWEI, "CN", (_HANDSET_PARTS,), "Repair of handsets in use"),
        withdrawn,
    ),
    Story(
        "Line cards for an unlisted carrier",
        "globex",
        _application("Nordlys Telekom AS", "NO", (_LINE_CARDS,), "Routine maintenance"),
        countersigned_only,
    ),
    Story(
        "Core router that agencies dispute",
        "acme",
        _application(HUAWEI, "CN", (_CORE_ROUTER,), "Replaces a failed router"),
        disputed,
    ),
    Story(
        "Core router before the agencies",
        "globex",
        _application(HUAWEI, "CN", (_CORE_ROUTER,), "New data centre"),
        before_agencies,
    ),
    Story(
        "Handset parts, still open",
        "globex",
        _application(HUAWEI, "CN", (_HANDSET_PARTS,), "Repair of handsets in use"),
        waiting,
    ),
)
