"""Licenses from their events, a list of two names, a reprieve of one term; and short questions."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from greenlight.kernel.commit import Event
from greenlight.law.application.dossier import Item, Money, Party, PartyRole
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.authorities import Authorities, ListingsOf
from greenlight.law.authorisation.holding import Holding, Told
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.named import NamedParty
from greenlight.law.determination.question import Circumstances, Listed, Met
from greenlight.law.license.events import LicenseIssued, ShipmentReported
from greenlight.law.license.usage import ReportKind, Shipment, ShippedLine
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.events import ReprieveOpened, TermIssued
from greenlight.law.reprieve.terms import Activity, Certifier, Scope, Term
from greenlight.law.reprieve.versions import Version
from greenlight.law.terms.spans import NEVER
from greenlight.reference.rules import load_rules
from tests.law.actors import APPLICANT, EXECUTIVE
from tests.law.determination.cases import AT, HUAWEI, NO, TABLES
from tests.law.reprieve.cases import POLICY

ISSUED = AT - timedelta(days=60)
LAST = date(2026, 9, 30)
DENIED = Listed(listing="denied", source_list="denied-persons", citation="90 FR 1")
ALIKE = "may be huawei (Entity List): the names are alike"
LISTS = {"huawei": (HUAWEI,), "denied": (DENIED,), "???": None}

ACTIVITY = Activity(
    key="networks",
    paragraph="(c)(1)",
    covers="Existing networks",
    certifier=Certifier.EXPORTER,
    certification="That it is an existing network",
)


def listings_of(name: str, country: str | None, at: datetime) -> Met:
    return Met(LISTS.get(name.lower(), ()), ALIKE if name == "Huawai" else None)


def dollars(amount: int) -> Money:
    return Money(minor_units=amount * 100, currency="USD")


def item(line: int = 1, classification: str = "5A002", quantity: int = 10, value: int = 100) -> Item:
    """As the classification says; ``5A002.a`` has a paragraph."""
    return Item(
        line=line,
        description="Radios",
        classification=classification[:5],
        subparagraph=classification[5:] or None,
        quantity=quantity,
        unit="pieces",
        value=dollars(value),
    )


def issued(
    *items: Item,
    number: str = "D000001",
    licensee: str = "acme",
    conditions: tuple[str, ...] = (),
    valid_through: date = LAST,
    at: datetime = ISSUED,
    entities: Iterable[str] = (),
) -> LicenseIssued:
    return LicenseIssued(
        at=at,
        number=number,
        acn="A000001",
        licensee=licensee,
        items=items or (item(),),
        conditions=conditions,
        riders=(),
        valid_through=valid_through,
        entities=frozenset(entities),
        destinations=frozenset({"CN"}),
    )


def shipped(quantity: int, value: int, line: int = 1, at: datetime = AT, number: int = 1) -> ShipmentReported:
    lines = (ShippedLine(line=line, quantity=quantity, value=dollars(value)),)
    report = Shipment(
        itn=f"X{at:%Y%m%d}{number:06}", kind=ReportKind.SINGLE, shipped_on=at.date(), lines=lines
    )
    return ShipmentReported(at=at, by=APPLICANT, shipment=report)


CUSTOMER = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Customer Ltd.", country="CN")


def holding(
    *events: Event, parties: tuple[Party, ...] | None = (CUSTOMER,), delay: timedelta = timedelta()
) -> Holding:
    """A license whose events the log took in ``delay`` after their instants."""
    return Holding([Told(event, event.at + delay) for event in events], parties)


def term(entities: Iterable[str]) -> Term:
    """Sixty days before ``AT`` until thirty after, known from its beginning."""
    return Term(
        number=1,
        effective=ISSUED,
        valid_through=(AT + timedelta(days=30)).date(),
        citation="84 FR 23468",
        published=ISSUED,
        scope=Scope(activities=(ACTIVITY,), excluded_destinations=frozenset({"IR"})),
        entities=frozenset(entities),
        reason="Continuity",
    )


def terms(entities: Iterable[str] = ("huawei-technologies",)) -> Terms:
    """One term, after which nothing comes."""
    only = term(entities)
    return Terms(
        [
            Version(
                reprieve="tgl",
                term=only,
                end=only.end,
                known_from=ISSUED,
                known_until=NEVER,
                latest=True,
                changed={},
                activities={ACTIVITY.key: ACTIVITY},
                entities=only.entities,
                excluded=frozenset({"IR"}),
            )
        ]
    )


def undecided() -> Terms:
    """The same term, of a reprieve that may be extended."""
    opened = ReprieveOpened(at=ISSUED, by=EXECUTIVE, key="tgl", title="A sample", policy=POLICY)
    return Terms.of([[opened, TermIssued(at=ISSUED, by=EXECUTIVE, term=term(["huawei-technologies"]))]])


def wanted(
    classification: str = "5A002", quantity: int = 1, value: int = 1, line: int | None = None
) -> ShippedItem:
    return ShippedItem(
        classification=classification[:5],
        subparagraph=classification[5:] or None,
        quantity=quantity,
        unit="pieces",
        value=dollars(value),
        line=line,
    )


def to(*names: str, country: str = "CN") -> tuple[NamedParty, ...]:
    return tuple(NamedParty(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country=country) for name in names)


def ask(
    *items: ShippedItem,
    licenses: Iterable[Holding] = (),
    reprieves: Terms | None = None,
    exporter: str = "acme",
    parties: tuple[NamedParty, ...] | None = None,
    destination: str = "CN",
    activity: str | None = None,
    circumstances: Circumstances = NO,
    at: datetime = AT,
    known_at: datetime | None = None,
    lists: ListingsOf = listings_of,
) -> Authorisation:
    question = AuthorisationQuestion(
        exporter=exporter,
        parties=to("Customer Ltd.") if parties is None else parties,
        items=items or (wanted(),),
        destination=destination,
        activity=activity,
        circumstances=circumstances,
        at=at,
        known_at=known_at,
    )
    return Authorities(licenses, reprieves or Terms(()), TABLES, load_rules(), lists).authorise(question)
