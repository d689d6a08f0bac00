"""Applications made up from a seed: at the pace that was reported, with parties and items as may be.

Nothing in them is anybody's: every applicant, purchaser and item is invented, the listed entity apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from greenlight.kernel.time.calendar import AGENCY_ZONE, Closing, business_day_from, end_of_day
from greenlight.law.application.dossier import Item, Money, Parties, Party, PartyRole, Submission
from greenlight.reference.dockets import DocketFile
from greenlight.screening.book import ListingBook


class Fate(StrEnum):
    """The outcome to come to. ``approved`` and ``to_be_denied`` come with the first decisions;
    ``stuck``: an agency objects on grounds of national security, and nothing is decided."""

    APPROVED = "approved"
    TO_BE_DENIED = "to_be_denied"
    STUCK = "stuck"
    APPROVED_LATER = "approved_later"
    RETURNED_LATER = "returned_later"
    DENIED_LATER = "denied_later"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An application that comes at an instant. ``number`` counts from 0, in the order of their coming."""

    number: int
    at: datetime
    submission: Submission
    fate: Fate


@dataclass(frozen=True, slots=True)
class _Good:
    description: str
    classification: str
    subparagraph: str | None
    unit: str
    cents: tuple[int, int]


_GOODS: dict[str, tuple[_Good, ...]] = {
    "EAR99": (
        _Good("Glass covers for handsets", "EAR99", None, "pieces", (1_00, 9_00)),
        _Good("Memory modules, consumer grade", "EAR99", None, "pieces", (4_00, 60_00)),
        _Good("Acoustic filters for handsets", "EAR99", None, "pieces", (20, 3_00)),
        _Good("Chassis fans and brackets", "EAR99", None, "pieces", (2_00, 25_00)),
    ),
    "AT": (
        _Good("Transceiver modules for access networks", "5A991", ".b", "pieces", (30_00, 900_00)),
        _Good("Notebook computers", "4A994", ".l", "pieces", (300_00, 1_500_00)),
        _Good("General purpose processors", "3A991", ".a", "pieces", (8_00, 400_00)),
        _Good("Network management software, mass market", "5D992", ".c", "number", (90_00, 4_000_00)),
    ),
    "Category 3": (
        _Good("Analogue-to-digital converters", "3A001", ".a.5", "pieces", (80_00, 2_500_00)),
        _Good("Microwave power amplifiers", "3A001", ".b.4", "pieces", (200_00, 6_000_00)),
        _Good("Field programmable logic devices", "3A001", ".a.7", "pieces", (150_00, 9_000_00)),
    ),
    "Category 5": (
        _Good("Routers with strong encryption", "5A002", ".a", "pieces", (2_000_00, 60_000_00)),
        _Good("Core network equipment", "5A001", ".d", "pieces", (5_000_00, 200_000_00)),
    ),
}
_CONTROLLED = ("Category 3", "Category 5")
_PLAIN = ("EAR99", "AT")

_BEGINNINGS = ("Alder", "Birch", "Cinder", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Iron", "Juniper")
_MIDDLES = ("Ridge", "Field", "Gate", "Point", "Vale", "Bay", "Peak", "Brook")
_TRADES = ("Semiconductor", "Photonics", "Networks", "Components", "Software", "Microwave", "Devices")
_FORMS = ("Inc.", "LLC", "Corporation", "Ltd.")
_USES = (
    "Keeps rural base stations in service.",
    "Built into consumer handsets sold to the public.",
    "Replaces worn parts of an existing access network.",
    "Built into notebook computers for the public.",
    "Maintains software of existing equipment.",
)
_OPENS, _CLOSES = 9, 17
"""Applications come by day, in Washington."""


def arrivals(file: DocketFile, book: ListingBook, seed: int) -> tuple[Arrival, ...]:
    """All of them in the order of their coming. The same file, list and seed give the same."""
    chance = Random(seed)  # noqa: S311  # It is to be the same again.
    # Those that were listed before the first application came are so at every one.
    listed = end_of_day(file.begins)
    entities = [each.name for each in book.listings if each.is_in_force(listed)]
    found: list[Arrival] = []
    for number, (at, fate, of_class) in enumerate(_planned(file, chance)):
        submission = _submission(number, of_class, entities, chance)
        found.append(Arrival(number=number, at=at, submission=submission, fate=fate))
    return tuple(found)


def _planned(file: DocketFile, chance: Random) -> Iterator[tuple[datetime, Fate, str]]:
    instants: list[datetime] = []
    day, total = file.begins, 0
    for record in file.received:
        instants += _instants(day + timedelta(days=1), record.through, record.applications - total, chance)
        day, total = record.through, record.applications
    yield from zip(sorted(instants), *_early(file, total, chance), strict=True)
    late, classes = _late(file, chance)
    # So that each can be decided before the end.
    last = file.ends - timedelta(days=150)
    after = sorted(_instants(file.first_decisions.day + timedelta(days=1), last, len(late), chance))
    yield from zip(after, late, classes, strict=True)


def _early(file: DocketFile, total: int, chance: Random) -> tuple[list[Fate], list[str]]:
    """Leave the last to come without a decision on the first day: quarters are drawn from the others."""
    first = file.first_decisions
    approved, noticed = total * first.approved_percent // 100, total * first.intent_to_deny_percent // 100
    decided = [Fate.APPROVED] * approved + [Fate.TO_BE_DENIED] * noticed
    fresh = min(total - len(decided), total - file.received[-2].applications)
    old = decided + [Fate.STUCK] * (total - len(decided) - fresh)
    chance.shuffle(old)
    fates = old + [Fate.STUCK] * fresh
    return fates, [_class_of(fate, chance) for fate in fates]


def _late(file: DocketFile, chance: Random) -> tuple[list[Fate], list[str]]:
    later = file.later
    drawn = [
        (Fate.APPROVED_LATER, name) for name, count in later.approved_by_class.items() for _ in range(count)
    ]
    for fate, count in ((Fate.RETURNED_LATER, later.returned), (Fate.DENIED_LATER, later.denied)):
        drawn += [(fate, _class_of(fate, chance)) for _ in range(count)]
    chance.shuffle(drawn)
    return [fate for fate, _ in drawn], [name for _, name in drawn]


def _class_of(fate: Fate, chance: Random) -> str:
    match fate:
        case Fate.APPROVED | Fate.APPROVED_LATER:
            return chance.choice(_PLAIN)
        case Fate.TO_BE_DENIED | Fate.DENIED_LATER:
            return chance.choice(_CONTROLLED)
        case Fate.STUCK | Fate.RETURNED_LATER:
            return chance.choice((*_PLAIN, *_CONTROLLED))


def _instants(first: date, last: date, count: int, chance: Random) -> list[datetime]:
    """Within the working hours of working days from ``first`` to ``last``, no two the same."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if business_day_from(day, frozenset(Closing)) == day]
    seconds = chance.sample(range(len(working) * (_CLOSES - _OPENS) * 3_600), count)
    found: list[datetime] = []
    for second in seconds:
        place, within = divmod(second, (_CLOSES - _OPENS) * 3_600)
        at = datetime.combine(working[place], time(_OPENS), tzinfo=AGENCY_ZONE) + timedelta(seconds=within)
        found.append(at)
    return found


def _submission(number: int, of_class: str, entities: Sequence[str], chance: Random) -> Submission:
    goods = [chance.choice(_GOODS[of_class])]
    if chance.random() < 0.4:
        # What comes along is never controlled more than what the application is for.
        along = chance.choice(_GOODS["EAR99"])
        goods += [along] if along not in goods else []
    return Submission(
        applicant=_company(chance),
        parties=_parties(entities, chance),
        items=tuple(_item(line, good, chance) for line, good in enumerate(goods, 1)),
        end_use=chance.choice(_USES),
        reference=f"Synthetic {number + 1}",
    )


def _parties(entities: Sequence[str], chance: Random) -> Parties:
    consignee = Party(
        role=PartyRole.ULTIMATE_CONSIGNEE,
        name="Huawei Technologies Co., Ltd." if chance.random() < 0.6 else chance.choice(entities),
        country="CN",
    )
    if chance.random() < 0.5:
        return (consignee,)
    return (Party(role=PartyRole.PURCHASER, name=_company(chance), country="US"), consignee)


def _company(chance: Random) -> str:
    name = chance.choice(_BEGINNINGS) + chance.choice(_MIDDLES).lower()
    return f"{name} {chance.choice(_TRADES)} {chance.choice(_FORMS)}"


def _item(line: int, good: _Good, chance: Random) -> Item:
    quantity = chance.randrange(10, 200_000)
    return Item(
        line=line,
        description=good.description,
        classification=good.classification,
        subparagraph=good.subparagraph,
        quantity=quantity,
        unit=good.unit,
        value=Money(minor_units=quantity * chance.randrange(*good.cents), currency="USD"),
    )
