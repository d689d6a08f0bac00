"""The answer against a plain walk over all licenses and all their events, for every question."""

from datetime import timedelta

from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.authorisation.answer import Verdict
from greenlight.law.authorisation.authorities import Authorities
from greenlight.law.authorisation.holding import Holding, Told
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.question import AskedParty, Circumstances, Classified, Question
from greenlight.law.determination.reason import Outcome
from greenlight.law.license.events import (
    ConditionsAccepted,
    LicenseIssued,
    LicenseReinstated,
    LicenseRevoked,
    LicenseSuspended,
    ShipmentCorrected,
    ShipmentReported,
    TransferApproved,
    TransferRequested,
)
from greenlight.law.reprieve.coverage import Terms, covered
from greenlight.reference.rules import load_rules
from tests.law.actors import APPLICANT, OFFICER
from tests.law.authorisation.cases import (
    ISSUED,
    LAST,
    issued,
    item,
    listings_of,
    shipped,
    terms,
    to,
    wanted,
)
from tests.law.determination.cases import AT, NO, TABLES
from tests.law.properties import QUICK

CLASSES = ("5A002", "5A002", "5A002.a", "5A002.b", "5A991", "EAR99")
NAMES = ("Customer Ltd.", "Customer Ltd.", "Another", "Huawei", "Denied")
EXPORTERS = ("acme", "other")
INSTANTS = [ISSUED + timedelta(days=days) for days in (-1, 0, 1, 10, 11, 20, 30, 60)]
LATER = end_of_day(LAST)


class World:
    """Licenses as events with the instants at which they were recorded, and parties."""

    def __init__(self, licenses: list[tuple[list[Told], tuple[Party, ...]]], reprieves: Terms) -> None:
        self.licenses, self.reprieves = licenses, reprieves

    def __repr__(self) -> str:
        return f"{self.licenses}"


@st.composite
def licenses(draw: st.DrawFn, number: int) -> tuple[list[Told], tuple[Party, ...]]:
    lines = [
        item(line, draw(st.sampled_from(CLASSES)), draw(st.integers(2, 8)), draw(st.integers(4, 20)))
        for line in range(1, draw(st.integers(1, 3)) + 1)
    ]
    conditions = draw(st.sampled_from([(), (), ("Report",)]))
    first = issued(
        *lines,
        number=f"D00000{number}",
        licensee=draw(st.sampled_from(EXPORTERS)),
        conditions=conditions,
        entities=draw(st.sampled_from([(), ("huawei-technologies",)])),
    )
    events: list[Event] = [first]
    if conditions and draw(st.booleans()):
        events.append(ConditionsAccepted(at=ISSUED + timedelta(days=1), by=APPLICANT))
    for place, day in enumerate((5, 10, 20)):
        events += _happens(draw(st.sampled_from([0, 0, 1, 2, 3, 4, 5])), day, place)
    lag = draw(st.sampled_from([timedelta(), timedelta(days=2)]))
    names = sorted(set(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2))))
    parties = tuple(Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="CN") for name in names)
    return [Told(event, event.at + lag) for event in events], parties


def _happens(kind: int, day: int, place: int) -> list[Event]:
    at = ISSUED + timedelta(days=day)
    match kind:
        case 1:
            return [shipped(1, 2, at=at, number=place)]
        case 2:
            corrected = shipped(1, 1, at=at, number=place)
            return [
                shipped(2, 3, at=at, number=place),
                ShipmentCorrected(
                    at=at, by=APPLICANT, itn=corrected.shipment.itn, shipment=corrected.shipment, reasons="x"
                ),
            ]
        case 3:
            return [
                LicenseSuspended(at=at, by=OFFICER, reasons="x", order=None),
                LicenseReinstated(at=at + timedelta(days=1), by=OFFICER, reasons="x"),
            ]
        case 4:
            return [
                TransferRequested(at=at, by=APPLICANT, transferee="other", reasons="x"),
                TransferApproved(at=at, by=OFFICER, transferee="other", reasons=None),
            ]
        case 5 if place == 2:
            return [LicenseRevoked(at=at, by=OFFICER, reasons="x", order=None)]
        case _:
            return []


@st.composite
def worlds(draw: st.DrawFn) -> World:
    found = [draw(licenses(number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    return World(found, draw(st.sampled_from([Terms(()), terms()])))


@st.composite
def asked(draw: st.DrawFn) -> tuple[World, AuthorisationQuestion]:
    """A world, and a question about one of its licenses, with mostly what it says."""
    world = draw(worlds())
    told, parties = draw(st.sampled_from(world.licenses))
    first = told[0].event
    assert isinstance(first, LicenseIssued)
    seldom = st.integers(0, 7).map(lambda number: number == 0)
    items = tuple(
        wanted(
            draw(st.sampled_from(CLASSES))
            if draw(seldom)
            else f"{line.classification}{line.subparagraph or draw(st.sampled_from(['', '.a']))}"[
                : 5 if line.classification == "EAR99" else None
            ],
            draw(st.integers(1, 4)),
            draw(st.integers(1, 8)),
            draw(st.sampled_from([None, None, None, 1, 2])),
        )
        for line in draw(st.lists(st.sampled_from(first.items), min_size=1, max_size=2))
    )
    names = [party.name for party in parties]
    if draw(seldom):
        names = draw(st.lists(st.sampled_from([*NAMES, "???", "Huawai"]), min_size=1, max_size=2))
    question = AuthorisationQuestion(
        exporter=draw(st.sampled_from([first.licensee] * 3 + ["other"])),
        parties=to(*names),
        items=items,
        destination="CA" if draw(seldom) else "CN",
        activity=draw(st.sampled_from([None, "networks"])),
        circumstances=Circumstances() if draw(seldom) else NO,
        at=draw(st.sampled_from([*INSTANTS, AT, LATER - timedelta(seconds=1), LATER])),
        known_at=draw(st.sampled_from([None, None, None, *INSTANTS])),
    )
    return world, question


@settings(QUICK, max_examples=500)
@given(asked())
def test_the_answer_is_that_of_a_plain_walk(pair: tuple[World, AuthorisationQuestion]) -> None:
    world, question = pair
    authorities = Authorities(
        (Holding(told, parties) for told, parties in world.licenses),
        world.reprieves,
        TABLES,
        load_rules(),
        listings_of,
    )
    # What was asked before must not matter.
    authorities.authorise(question.model_copy(update={"at": LATER, "known_at": None}))
    answer = authorities.authorise(question)
    told = (answer.verdict, (answer.license.number, *answer.license.also) if answer.license else ())
    assert told == slowly(world, question)
    assert (answer.verdict is Verdict.NOT_AUTHORISED) == (answer.apply_for is not None)


def slowly(world: World, question: AuthorisationQuestion) -> tuple[Verdict, tuple[str, ...]]:
    found = _determined(question, question.items)
    if found.outcome is Outcome.NOT_REQUIRED:
        return Verdict.NOT_REQUIRED, ()
    if any(reason.effect == "required" and reason.prohibition in (4, 9, 10) for reason in found.reasons):
        return Verdict.NOT_AUTHORISED, ()
    if any(party.name in {"???", "Huawai"} for party in question.parties):
        return Verdict.NOT_AUTHORISED, ()
    needing = [
        each
        for each in question.items
        if _determined(question, (each,)).outcome is not Outcome.NOT_REQUIRED or len(question.items) == 1
    ]
    numbers = sorted(
        number
        for told, parties in world.licenses
        if (number := _covers(told, parties, question, needing)) is not None
    )
    if numbers:  # all of them end on the same day
        return Verdict.LICENSE, tuple(numbers)
    return (Verdict.REPRIEVE if _waived(world, question, found) else Verdict.NOT_AUTHORISED), ()


def _determined(question: AuthorisationQuestion, items: tuple[ShippedItem, ...]) -> Determination:
    parties = tuple(
        AskedParty(
            role=party.role,
            name=party.name,
            country=party.country,
            listings=listings_of(party.name, party.country, question.at).listings,
            doubt=listings_of(party.name, party.country, question.at).doubt,
        )
        for party in question.parties
    )
    asked = Question(
        items=tuple(
            Classified(classification=each.classification, subparagraph=each.subparagraph) for each in items
        ),
        destination=question.destination,
        parties=parties,
        circumstances=question.circumstances,
        at=question.at,
    )
    return determine(asked, TABLES, load_rules())


def _covers(
    told: list[Told], parties: tuple[Party, ...], question: AuthorisationQuestion, items: list[ShippedItem]
) -> str | None:
    """The license's number, if it does: reckoned from its events, one after the other."""
    usable, licensee, shipments = False, "", dict[str, tuple[int, int, int]]()
    first: LicenseIssued | None = None
    for event, recorded in told:
        if event.at > question.at or (question.known_at is not None and recorded > question.known_at):
            continue
        match event:
            case LicenseIssued():
                first, usable, licensee = event, not event.conditions, event.licensee
            case ConditionsAccepted() | LicenseReinstated():
                usable = True
            case LicenseSuspended() | LicenseRevoked():
                usable = False
            case ShipmentReported(shipment=shipment) | ShipmentCorrected(shipment=shipment) if shipment:
                (line,) = shipment.lines
                shipments[shipment.itn] = (line.line, line.quantity, line.value.minor_units)
            case TransferApproved(transferee=transferee):
                licensee = transferee
            case _:
                pass
    if first is None or not usable or licensee != question.exporter or question.at >= LATER:
        return None
    if isinstance(told[0].event, LicenseIssued) and _unaccepted(told, question):
        return None
    if question.destination != "CN":
        return None
    if not {party.name for party in question.parties} <= {party.name for party in parties}:
        return None
    return first.number if _enough(first, shipments, items) else None


def _unaccepted(told: list[Told], question: AuthorisationQuestion) -> bool:
    """A suspension that is lifted does not accept conditions."""
    first = told[0].event
    assert isinstance(first, LicenseIssued)
    return bool(first.conditions) and not any(
        isinstance(event, ConditionsAccepted)
        and event.at <= question.at
        and (question.known_at is None or recorded <= question.known_at)
        for event, recorded in told
    )


def _enough(
    first: LicenseIssued, shipments: dict[str, tuple[int, int, int]], items: list[ShippedItem]
) -> bool:
    """Each item to the first line that has enough left, after what went before."""
    quantity = {line.line: line.quantity for line in first.items}
    value = {line.line: line.value.minor_units * 11 // 10 for line in first.items}
    for line, pieces, worth in shipments.values():
        quantity[line] -= pieces
        value[line] -= worth
    for each in items:
        for line in first.items:
            paragraph = line.subparagraph or ""
            meant = (
                line.classification == each.classification
                and (each.subparagraph or "").startswith(paragraph)
                and each.line in (None, line.line)
            )
            enough = each.quantity <= quantity[line.line] and each.value.minor_units <= value[line.line]
            if meant and enough:
                quantity[line.line] -= each.quantity
                value[line.line] -= each.value.minor_units
                break
        else:
            return False
    return True


def _waived(world: World, question: AuthorisationQuestion, found: Determination) -> bool:
    if question.activity is None or "Huawei" not in {party.name for party in question.parties}:
        return False
    others = [
        reason
        for reason in found.reasons
        if reason.effect != "clear" and reason.listing != "huawei-technologies"
    ]
    return (
        not others
        and covered(
            world.reprieves,
            "huawei-technologies",
            question.activity,
            question.at,
            question.destination,
            question.known_at,
        ).covered
    )


def test_the_questions_reach_every_answer() -> None:
    """Or the property would say little. Of owners nothing is given, so that no general license is met."""
    for verdict in set(Verdict) - {Verdict.GENERAL_LICENSE}:
        find(
            asked(),
            lambda pair, verdict=verdict: slowly(*pair)[0] is verdict,
            settings=settings(QUICK, max_examples=2_000, phases=[Phase.generate]),
        )
