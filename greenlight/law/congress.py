"""The yearly report to Congress (Public Law 119-34): the applications that belong into it, and their rows.

An application belongs there with a party that is in a country of group D:5 *and* on the Entity List or the
Military End-User List. Who that is, the record of its own case says: its last screening and what officers
resolved of it, never the list as it stands on the day of the report. What is told is what the events tell;
no clock is read, so that two reports differ by the events between them and by nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from greenlight.kernel.commit import Event
from greenlight.kernel.model import Acn, Country, Digest, Instant, LicenseNumber, Model, Name, Text
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
from greenlight.law.sources import ENTITY_LIST, MILITARY_END_USER, source_of_entry

CITATION: Final = "Public Law 119-34"
CONFIDENTIAL: Final = "50 U.S.C. 4820(h)"
GROUP: Final = "D:5"
LISTS: Final = (ENTITY_LIST, MILITARY_END_USER)

FEWEST_TOLD: Final = 3
"""Of fewer applications than these together no value is public: it would be the value of one of them, or tell
whoever filed one the value of the other."""

PENDING: Final = "pending"


class Step(NamedTuple):
    """An event of a case, its number there, and its position in the log."""

    event: Event
    version: int
    position: int


class Evidence(Model):
    """An event that a row rests on. ``leaf`` is its hash in the tree of the published log (RFC 6962);
    ``proof`` its proof, as `starter.py proof` writes it. None: it was not held against that log."""

    event: int
    type: str
    position: int
    leaf: Digest | None = None
    proof: str | None = None


class ReportedItem(Model):
    """A line of the application. ``reasons`` for control are those of its entry that apply to it;
    ``reasons_open`` may apply: the tables do not say it, or the item is not known by its paragraph. Both are
    None if its ECCN is on no entry of the tables.

    ``granted`` is None while nothing was granted.
    """

    line: int
    description: Name
    classification: str
    reasons: tuple[str, ...] | None
    reasons_open: tuple[str, ...] | None
    granted: bool | None


class Place(Model):
    """A party for whom the goods are meant, and the country that it is in."""

    role: PartyRole
    name: Name
    country: Country


class ListedAs(Model):
    """The entry that a party is, as the case has it."""

    listing: Name
    name: Text
    source_list: str
    citation: Text


class Covered(Place):
    """A party that makes the application one of the report."""

    listings: tuple[ListedAs, ...]


class Check(Model):
    """A pre-license check of who would use the goods, for which the clock stood still (15 CFR 750.4(b)(2)):
    the days on which it began and ended, None while it lasts."""

    begun: date
    ended: date | None


class Row(Model):
    """An application of the report. Confidential (50 U.S.C. 4820(h)).

    Values are summed by currency. ``decision`` is the one that stands by what was on record, None while there
    is none; days are days in Washington. ``evidence`` has the events that all of this is read from.
    """

    acn: Acn
    applicant: Name
    items: tuple[ReportedItem, ...]
    covered: tuple[Covered, ...]
    end_users: tuple[Place, ...]
    values: tuple[Money, ...]
    submitted: date
    decision: Outcome | None
    decided: date | None
    license_number: LicenseNumber | None
    checks: tuple[Check, ...] = ()
    evidence: tuple[Evidence, ...]


class Aggregates(Model):
    """Counts that are public. ``by_list`` and ``by_country`` count an application once under each that it has
    a party on or in.

    ``checks`` counts pre-license checks; ``unsettled``: applications of which it is not known whether they
    belong into the report, because an officer has not resolved who a party is. ``value_usd_cents``: of the
    applications all of whose items are priced in US dollars; None where those are fewer than three.
    """

    applications: int
    by_decision: Mapping[str, int]
    by_list: Mapping[str, int]
    by_country: Mapping[Country, int]
    licenses: int
    checks: int = 0
    unsettled: int
    value_usd_cents: int | None


class Report(Model):
    """The report on a year, as known at an instant: by the events up to ``position`` of the log so named.

    ``tables_of``: the day of the tables that group D:5 and the reasons for control are from. ``rows`` and
    ``unsettled`` are None in what is public.
    """

    year: int
    known_at: Instant
    log: str
    position: int
    tables_of: date
    aggregates: Aggregates
    rows: tuple[Row, ...] | None
    unsettled: tuple[Acn, ...] | None

    @property
    def public(self) -> "Report":
        return self.model_copy(update={"rows": None, "unsettled": None})


class Standing(StrEnum):
    """The answer to whether an application belongs into the report."""

    COVERED = "covered"
    UNSETTLED = "unsettled"
    OUTSIDE = "outside"


def standing(state: ApplicationState, tables: Tables) -> Standing:
    """Tell whether an application has a party of the report, by what its case knows of its parties."""
    if _covered(state, tables):
        return Standing.COVERED
    there = {place for place, party in enumerate(state.parties) if _in_group(party.country, tables)}
    if not state.screened:
        # Nobody has held its parties, or all of them, against a list.
        known = {f.party for f in state.findings if f.outcome != "could_not_screen" or f.by_hand}
        if there - known:
            return Standing.UNSETTLED
    doubtful = {hit.party for hit in state.hits if hit.open and _list_of(hit) in LISTS}
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


def aggregates_of(rows: Sequence[Row], unsettled: int) -> Aggregates:
    """Count the rows of a report."""
    dollars = [row.values[0].minor_units for row in rows if [v.currency for v in row.values] == ["USD"]]
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
        value_usd_cents=sum(dollars) if len(dollars) >= FEWEST_TOLD else None,
    )


def folded(steps: Iterable[Step]) -> ApplicationState | None:
    """The case after these events."""
    return APPLICATION.folded(None, (step.event for step in steps))


def _in_group(country: str, tables: Tables) -> bool:
    return GROUP in tables.destination(country).groups


def _list_of(hit: Hit) -> str:
    return source_of_entry(hit.match.source_list, hit.match.listing).slug


def _covered(state: ApplicationState, tables: Tables) -> tuple[Covered, ...]:
    found: list[Covered] = []
    for place, party in enumerate(state.parties):
        if not _in_group(party.country, tables):
            continue
        listings = [
            ListedAs(
                listing=hit.match.listing,
                name=hit.match.name,
                source_list=_list_of(hit),
                citation=hit.match.citation,
            )
            for hit in state.hits
            if hit.party == place and hit.listed and _list_of(hit) in LISTS
        ]
        if listings:
            found.append(
                Covered(role=party.role, name=party.name, country=party.country, listings=tuple(listings))
            )
    return tuple(found)


def _destined(state: ApplicationState) -> tuple[Place, ...]:
    """The end users; where the application names none, its ultimate consignee is one (15 CFR 748.5(f))."""
    named = [party for party in state.parties if party.role is PartyRole.END_USER]
    return tuple(
        Place(role=party.role, name=party.name, country=party.country)
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
    there = {place for place, party in enumerate(state.parties) if _in_group(party.country, tables)}
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
