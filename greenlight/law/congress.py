"""The yearly report to Congress (Public Law 119-34): the applications that belong into it, and their rows.

An application belongs there with a party that is in a country of group D:5 *and* on the Entity List or the
Military End-User List. Who that is, the record of its own case says: its last screening and what officers
resolved of it, never the list as it stands on the day of the report. What is told is what the events tell;
no clock is read, so that two reports by the same control tables have rows that differ by the events between
them and by nothing else. The sum that is public waits, besides, until the year is over.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, last_day
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.control import EAR99
from greenlight.law.application.denial.events import AppealDecided, ApplicationDenied
from greenlight.law.application.dispositions import Disposition, Outcome, dispositions
from greenlight.law.application.dossier import DESTINED, Item, Money, PartyRole
from greenlight.law.application.events import (
    ApplicationGranted,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    HoldLifted,
    HoldPlaced,
    InformationAnswered,
    PartiesScreened,
)
from greenlight.law.application.screening.language import Hit
from greenlight.law.application.screening.resolution import (
    MatchResolved,
    ResolutionLapsed,
    ResolutionRemembered,
)
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.determination.scope import path_of
from greenlight.law.determination.tables import Tables
from greenlight.law.reported import Aggregates, Check, Covered, Evidence, ListedAs, Place, ReportedItem, Row
from greenlight.law.sources import ENTITY_LIST, MILITARY_END_USER, source_of_entry

CITATION: Final = "Public Law 119-34"
CONFIDENTIAL: Final = "50 U.S.C. 4820(h)"
GROUP: Final = "D:5"
LISTS: Final = (ENTITY_LIST, MILITARY_END_USER)

FEWEST_TOLD: Final = 3
"""Of fewer applicants than these together no value is public: it would be the value of one of them, or tell
one what the other has."""
_LEAST_LEFT: Final = 10
"""Of the largest applicant's value at least one part in so many is left without the two largest: else the
second knows what the first has, nearly (the p-percent rule of statistical agencies)."""

PENDING: Final = "pending"


class Step(NamedTuple):
    """An event of a case, its number there, and its position in the log."""

    event: Event
    version: int
    position: int


class Standing(StrEnum):
    """The answer to whether an application belongs into the report."""

    COVERED = "covered"
    UNSETTLED = "unsettled"
    OUTSIDE = "outside"


def standing(state: ApplicationState, tables: Tables) -> Standing:
    """Tell whether an application has a party of the report, by what its case knows of its parties."""
    if _covered(state, tables):
        return Standing.COVERED
    there = {place for place, party in enumerate(state.parties) if in_group(party.country, tables)}
    if not state.screened:
        # Nobody has held its parties, or all of them, against a list.
        known = {f.party for f in state.findings if f.outcome != "could_not_screen" or f.by_hand}
        if there - known:
            return Standing.UNSETTLED
    doubtful = {hit.party for hit in state.hits if hit.open and list_of(hit) in LISTS}
    return Standing.UNSETTLED if there & (doubtful | state.by_hand) else Standing.OUTSIDE


def of_year(state: ApplicationState, year: int) -> bool:
    """Tell whether an application was submitted in a year, or had a decision in it, if only one that was
    undone later."""
    days = (agency_date(state.registered_at), *map(_day, dispositions(state)))
    return any(day.year == year for day in days)


def row_of(state: ApplicationState, steps: Sequence[Step], tables: Tables) -> Row:
    """The row of an application that is ``COVERED``; ``steps`` are all events that led to ``state``."""
    last = next(iter(dispositions(state)[-1:]), None)
    stands = last if last is not None and last.until is None else None
    granted = state.granted.lines if state.granted else None
    return Row(
        acn=state.acn,
        applicant=state.submission.applicant,
        items=tuple(_item(item, granted, tables) for item in state.submission.items),
        covered=_covered(state, tables),
        end_users=_destined(state),
        values=_values(state.submission.items),
        submitted=agency_date(state.registered_at),
        decision=stands.outcome if stands else None,
        decided=_day(stands) if stands else None,
        license_number=state.license_number,
        checks=tuple(
            Check(begun=agency_date(hold.placed_at), ended=hold.lifted_at and agency_date(hold.lifted_at))
            for hold in state.holds
            if hold.kind is HoldKind.PRE_LICENSE_CHECK
        ),
        evidence=tuple(
            Evidence(event=step.version, type=type(step.event).__name__, position=step.position)
            for step in _evidence(state, steps, tables)
        ),
    )


def aggregates_of(
    rows: Sequence[Row],
    unsettled: int,
    listed_after: int = 0,
    listed_after_unsettled: int = 0,
    *,
    over: bool,
) -> Aggregates:
    """Count the rows of a report. ``over``: the year was by what is known."""
    decisions = [row.decision or PENDING for row in rows]
    return Aggregates(
        applications=len(rows),
        by_decision={name: decisions.count(name) for name in (*Outcome, PENDING)},
        by_list={
            slug: sum(any(slug in _lists(party) for party in row.covered) for row in rows) for slug in LISTS
        },
        by_country=_counted({party.country for party in row.covered} for row in rows),
        licenses=sum(row.license_number is not None for row in rows),
        checks=sum(len(row.checks) for row in rows),
        unsettled=unsettled,
        listed_after=listed_after,
        listed_after_unsettled=listed_after_unsettled,
        # Before that the next filing would change the sum by what it is worth.
        value_usd_cents=_public_value(rows) if over and not unsettled and PENDING not in decisions else None,
    )


def _public_value(rows: Iterable[Row]) -> int | None:
    """The dollars of all rows, in cents; None where somebody could work out by it what another has."""
    by_applicant = Counter[str]()
    for row in rows:
        if [value.currency for value in row.values] == ["USD"]:
            by_applicant[row.applicant] += row.values[0].minor_units
    (_, largest), _, *others = [*by_applicant.most_common(), *[("", 0)] * FEWEST_TOLD]
    left = sum(cents for _, cents in others)
    if len(by_applicant) < FEWEST_TOLD or left * _LEAST_LEFT < largest:
        return None
    return by_applicant.total()


def folded(steps: Iterable[Step]) -> ApplicationState | None:
    """The case after these events."""
    return APPLICATION.folded(None, (step.event for step in steps))


def in_group(country: str, tables: Tables) -> bool:
    return GROUP in tables.destination(country).groups


def list_of(hit: Hit) -> str:
    return source_of_entry(hit.match.source_list, hit.match.listing).slug


def _covered(state: ApplicationState, tables: Tables) -> tuple[Covered, ...]:
    found: list[Covered] = []
    for place, party in enumerate(state.parties):
        if not in_group(party.country, tables):
            continue
        listings = [
            ListedAs(
                listing=hit.match.listing,
                name=hit.match.name,
                source_list=list_of(hit),
                citation=hit.match.citation,
            )
            for hit in state.hits
            if hit.party == place and hit.listed and list_of(hit) in LISTS
        ]
        if listings:
            found.append(
                Covered(
                    role=party.role,
                    name=party.name,
                    country=party.country,
                    address=party.address,
                    listings=tuple(listings),
                )
            )
    return tuple(found)


def _destined(state: ApplicationState) -> tuple[Place, ...]:
    """The end users; where the application names none, its ultimate consignee is one (15 CFR 748.5(f))."""
    named = [party for party in state.parties if party.role is PartyRole.END_USER]
    return tuple(
        Place(role=party.role, name=party.name, country=party.country, address=party.address)
        for party in named or [party for party in state.parties if party.role in DESTINED]
    )


def _item(item: Item, granted: tuple[int, ...] | None, tables: Tables) -> ReportedItem:
    reasons, may = reasons_for_control(item, tables) or (None, None)
    return ReportedItem(
        line=item.line,
        description=item.description,
        classification=f"{item.classification}{item.subparagraph or ''}",
        reasons=reasons,
        reasons_open=may,
        granted=None if granted is None else item.line in granted,
    )


def reasons_for_control(item: Item, tables: Tables) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The reasons for which an item is controlled, and those for which it may be; None if its ECCN is on no
    entry of the tables. EAR99 is controlled for none."""
    if item.classification == EAR99:
        return (), ()
    entry = tables.entries.get(item.classification)
    if entry is None:
        return None
    said = [(each.reason, each.scope.applies(path_of(item.subparagraph))) for each in entry.controls]
    certain = {reason for reason, applies in said if applies}
    may = {reason for reason, applies in said if applies is None} | {*entry.unborne}
    return tuple(sorted(certain)), tuple(sorted(may - certain))


def _values(items: Iterable[Item]) -> tuple[Money, ...]:
    sums: dict[str, int] = {}
    for item in items:
        sums[item.value.currency] = sums.get(item.value.currency, 0) + item.value.minor_units
    return tuple(Money(minor_units=sums[currency], currency=currency) for currency in sorted(sums))


def _day(disposition: Disposition) -> date:
    """A denial counts from the end of its day, every other outcome at once."""
    at = disposition.at
    return last_day(at) if disposition.outcome is Outcome.DENIED else agency_date(at)


_DECISIONS = (
    ApplicationGranted | ApplicationDenied | ApplicationReturned | ApplicationWithdrawn | AppealDecided
)


def _evidence(state: ApplicationState, steps: Sequence[Step], tables: Tables) -> Iterator[Step]:
    """The events that a row is read from, in their order: the filing, the parties as replaced last, their
    last screening, every word on their pairs, what was found to need no license, pre-license checks, and
    every decision."""
    checks = {n for n, hold in enumerate(state.holds, 1) if hold.kind is HoldKind.PRE_LICENSE_CHECK}
    there = {place for place, party in enumerate(state.parties) if in_group(party.country, tables)}
    pairs = {hit.match.pair for hit in state.hits if hit.party in there}
    pairs |= {f.pair for f in state.findings if f.party in there}
    replaced = [s for s in steps if isinstance(s.event, InformationAnswered) and s.event.parties is not None]
    screenings = [s for s in steps if isinstance(s.event, PartiesScreened)]
    latest = {step.version for step in (*replaced[-1:], *screenings[-1:])}
    for step in steps:
        match step.event:
            case ApplicationSubmitted():
                yield step
            case MatchResolved(pair=pair) | ResolutionRemembered(pair=pair) | ResolutionLapsed(pair=pair):
                if pair in pairs:
                    yield step
            case HoldPlaced(kind=HoldKind.PRE_LICENSE_CHECK):
                yield step
            case HoldLifted(hold=number):
                if number in checks:
                    yield step
            case ReturnProposed() as proposed:
                if proposed == state.return_proposed:
                    yield step
            case event if isinstance(event, _DECISIONS) or step.version in latest:
                yield step
            case _:
                pass


def _lists(party: Covered) -> frozenset[str]:
    return frozenset(each.source_list for each in party.listings)


def _counted(found: Iterable[Iterable[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in found:
        for name in each:
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))
