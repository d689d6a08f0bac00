"""The authorisation answer: 40,000 licenses and 25,921 listed entities in memory, questions of every kind."""

import random
import statistics
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.dossier import Item, Money, Party, PartyRole
from greenlight.law.authorisation.authorities import Authorities
from greenlight.law.authorisation.holding import Holding, Told
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.named import NamedParty
from greenlight.law.determination.question import Circumstances
from greenlight.law.license.events import LicenseIssued, LicenseSuspended, ShipmentReported
from greenlight.law.license.usage import ReportKind, Shipment, ShippedLine
from greenlight.law.reprieve.coverage import Terms
from greenlight.reference.controls import load_tables
from greenlight.reference.names import ListedNames
from greenlight.reference.rules import load_rules
from greenlight.screening.book import Listing, ListingBook, ListingTerms
from greenlight.screening.normalise import normalise

LICENSES, LISTED, EXPORTERS, QUESTIONS, ROUNDS, SEED = 40_000, 25_921, 400, 5_000, 3, 744
BEGIN = datetime(2026, 1, 5, 15, tzinfo=UTC)
ITEMS = ("5A002", "5A991", "EAR99", "3A001", "5A992", "4A994", "5D002", "3A991")
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
PLACES = ("CN", "FR", "IN", "BR", "RU", "MX")


def measure() -> dict[str, float]:
    """Microseconds a question, median of many different ones; seconds to take the licenses in."""
    lots = random.Random(SEED)
    holdings, names = licenses(lots, LICENSES), ListedNames(book(LISTED))
    began = time.perf_counter()
    authorities = Authorities(holdings, Terms(()), load_tables(), load_rules(), names, normalise)
    took = time.perf_counter() - began
    asked = [question(lots, lots.choice(holdings)) for _ in range(QUESTIONS)]
    return {"authorisation_us": _median_us(authorities, asked), "authorities_built_s": took}


def _median_us(authorities: Authorities, asked: Iterable[AuthorisationQuestion]) -> float:
    def once() -> float:
        took: list[int] = []
        for each in asked:
            began = time.perf_counter_ns()
            authorities.authorise(each)
            took.append(time.perf_counter_ns() - began)
        return statistics.median(took) / 1e3

    return min(once() for _ in range(ROUNDS))


def book(number: int) -> ListingBook:
    since = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
    terms = ListingTerms(
        effective=since,
        license_requirement="For all items subject to the EAR. (See §744.11 of the EAR)",
        review_policy="Presumption of denial",
        citation="84 FR 22961",
    )
    listings = tuple(
        Listing(
            key=f"listed-{n}",
            name=_company(n),
            countries=("CN",),
            listed=since,
            citation="84 FR 22961",
            terms=(terms,),
        )
        for n in range(number)
    )
    return ListingBook(
        id="entity-list",
        title="A list",
        source="Made for measuring",
        retrieved=date(2026, 7, 31),
        version="sha256:" + "0" * 64,
        listings=listings,
    )


def _name(lots: random.Random) -> str:
    """One party in ten is listed."""
    listed = lots.random() < 0.1
    return _company(lots.randrange(LISTED) if listed else LISTED + lots.randrange(20_000))


def _company(number: int) -> str:
    """A name of its own for each number; few are so alike that one may be taken for another."""
    spread = random.Random(number)
    first, second = ("".join(spread.choice(SYLLABLES) for _ in range(4)).title() for _ in range(2))
    return f"{first} {second} Ltd."


def licenses(lots: random.Random, number: int) -> list[Holding]:
    """One to three lines each, shipped under up to five times; one in twenty is suspended."""
    return [_license(lots, n) for n in range(1, number + 1)]


def _license(lots: random.Random, number: int) -> Holding:
    place, at = lots.choice(PLACES), BEGIN + timedelta(minutes=number)
    parties = tuple(
        Party(role=role, name=_name(lots), country=place)
        for role in (PartyRole.ULTIMATE_CONSIGNEE, PartyRole.END_USER)
    )
    items = tuple(
        Item(
            line=line,
            description="Radios",
            classification=lots.choice(ITEMS),
            quantity=lots.randint(10, 1_000),
            unit="pieces",
            value=Money(minor_units=lots.randint(10_000, 10_000_000), currency="USD"),
        )
        for line in range(1, lots.randint(1, 3) + 1)
    )
    issued = LicenseIssued(
        at=at,
        number=f"D{number:06}",
        acn=f"A{number:06}",
        licensee=f"exporter-{lots.randrange(EXPORTERS)}",
        items=items,
        conditions=(),
        riders=(),
        valid_through=date(2030, 1, 7),
        destinations=frozenset({place}),
    )
    events: list[Event] = [issued, *(_shipment(items[0], at, n) for n in range(lots.randint(0, 5)))]
    if lots.random() < 0.05:
        events.append(LicenseSuspended(at=events[-1].at, by=_BY, reasons="A look at it", order=None))
    return Holding([Told(event, event.at) for event in events], parties)


_BY = Actor(officer="olga", person="olga", organisation="bis", role=Role.LICENSING_OFFICER)


def _shipment(item: Item, issued: datetime, number: int) -> ShipmentReported:
    at = issued + timedelta(days=number + 1)
    line = ShippedLine(line=item.line, quantity=1, value=Money(minor_units=100, currency="USD"))
    shipment = Shipment(
        itn=f"X{at:%Y%m%d}{number:06}", kind=ReportKind.SINGLE, shipped_on=at.date(), lines=(line,)
    )
    return ShipmentReported(at=at, by=_BY, shipment=shipment)


def question(lots: random.Random, holding: Holding) -> AuthorisationQuestion:
    """About a license that there is, with something else than it says in one of three; some of the past."""
    item, other = holding.items[0], lots.random()
    standing = holding.at(BEGIN + timedelta(days=200), None)
    assert standing is not None, "it was issued"
    parties = tuple(
        NamedParty(role=p.role, name=_name(lots) if other < 0.1 else p.name, country=p.country)
        for p in holding.parties or ()
    )
    return AuthorisationQuestion(
        exporter=f"exporter-{lots.randrange(EXPORTERS)}" if 0.1 < other < 0.2 else standing.state.licensee,
        parties=parties,
        items=(
            ShippedItem(
                classification=item.classification,
                quantity=item.quantity if 0.2 < other < 0.33 else 1,
                unit=item.unit,
                value=Money(minor_units=100, currency="USD"),
            ),
        ),
        destination=parties[0].country,
        circumstances=Circumstances.none_applies() if lots.random() < 0.8 else Circumstances(),
        at=BEGIN + timedelta(days=lots.choice([30, 200, 300])),
    )
