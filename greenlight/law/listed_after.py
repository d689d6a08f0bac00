"""The authorisations of the report to Congress: licenses whose party was listed after the grant.

Public Law 119-34 speaks of authorisations beside applications. The application of such a license says that
its party was not listed; since when it is, and by which version of the list, the license's own record says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from greenlight.kernel.streams import application_stream, license_stream
from greenlight.kernel.time.calendar import agency_date, end_of_day, start_of_day
from greenlight.law.application.dossier import Screening
from greenlight.law.application.screening.language import Hit, Screened
from greenlight.law.application.screening.resolution import (
    MatchResolved,
    ResolutionLapsed,
    ResolutionRemembered,
)
from greenlight.law.application.state import ApplicationState
from greenlight.law.congress import LISTS, Standing, Step, in_group, list_of, row_of
from greenlight.law.determination.tables import Tables
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import (
    LicenseIssued,
    LicenseReplaced,
    LicenseRevoked,
    LicenseRevokedByDirective,
    LicenseVoided,
    PartyDelisted,
    PartyListed,
)
from greenlight.law.license.state import LicenseState
from greenlight.law.reported import Covered, Evidence, ListedAs, Row
from greenlight.law.terms.spans import NEVER

_ENDS = LicenseRevoked | LicenseRevokedByDirective | LicenseVoided | LicenseReplaced

Entry = tuple[int, str]
"""A party by its place, and the key of a listing."""


@dataclass(frozen=True, slots=True)
class _Spell:
    """A time in which the record of a license says that a party is listed."""

    since: datetime
    until: datetime
    hit: Hit
    list_version: str


def listed_after(
    steps: Sequence[Step],
    application: ApplicationState,
    filed: Sequence[Step],
    year: int,
    tables: Tables,
) -> Row | Standing:
    """The row of a license, of all its ``steps``, in force in ``year`` with a party that was listed after the
    grant; else whether it is not known, or it is none of the report. ``filed``: the steps of its application.
    """
    state = LICENSE.folded(None, (step.event for step in steps))
    if state is None:
        return Standing.OUTSIDE
    begin, end = _in_force(state, year)
    if begin >= end:
        return Standing.OUTSIDE
    found = [each for each in _spells(steps, application, tables) if each.since < end and begin < each.until]
    if found:
        return _row(state, steps, application, filed, tables, found)
    doubtful = any(hit.open for hit in _hits(state, application, tables))
    return Standing.UNSETTLED if doubtful else Standing.OUTSIDE


def _in_force(state: LicenseState, year: int) -> tuple[datetime, datetime]:
    """The part of a year in which the license was in force: from its grant until its last day, or its end
    before that. Suspended, it is still an authorisation."""
    over = end_of_day(state.valid_through)
    over = min(over, state.end.at) if state.end else over
    begin, end = start_of_day(date(year, 1, 1)), end_of_day(date(year, 12, 31))
    return max(state.issued_at, begin), min(over, end)


def _hits(state: LicenseState, application: ApplicationState, tables: Tables) -> Iterator[Hit]:
    """What a later list has of the parties that are in a country of the group, on one of the two lists."""
    there = {place for place, party in enumerate(application.parties) if in_group(party.country, tables)}
    screening = Screening(list_version=None, findings=state.listed)
    for hit in Screened(screening=screening, resolutions=state.resolutions).hits:
        if hit.party in there and list_of(hit) in LISTS:
            yield hit


def _spells(steps: Iterable[Step], application: ApplicationState, tables: Tables) -> Iterator[_Spell]:
    """Every time in which a party counted as listed, in the order in which they end."""
    state: LicenseState | None = None
    begun: dict[Entry, _Spell] = {}
    version = ""
    for step in steps:
        state = LICENSE.apply(state, step.event)
        if isinstance(step.event, PartyListed):
            version = step.event.list_version
        now = () if state is None else _hits(state, application, tables)
        hits = {(hit.party, hit.match.listing): hit for hit in now if hit.listed}
        for entry in begun.keys() - hits.keys():
            was = begun.pop(entry)
            yield _Spell(was.since, step.event.at, was.hit, was.list_version)
        for entry, hit in hits.items():
            begun.setdefault(entry, _Spell(step.event.at, NEVER, hit, version))
    yield from begun.values()


def _row(
    state: LicenseState,
    steps: Sequence[Step],
    application: ApplicationState,
    filed: Sequence[Step],
    tables: Tables,
    found: Sequence[_Spell],
) -> Row:
    of_application = row_of(application, filed, tables)
    own = (
        Evidence(
            event=step.version,
            type=type(step.event).__name__,
            position=step.position,
            stream=license_stream(state.number),
        )
        for step in _evidence(steps, {each.hit.match.pair for each in found})
    )
    stream = application_stream(application.acn)
    filing = (each.model_copy(update={"stream": stream}) for each in of_application.evidence)
    return of_application.model_copy(
        update={
            "covered": tuple(_covered(application, found)),
            "license_number": state.number,
            "valid_through": state.valid_through,
            "evidence": (*filing, *own),
        }
    )


def _covered(application: ApplicationState, found: Iterable[_Spell]) -> Iterator[Covered]:
    """The parties in their order, each with the entries that it is since."""
    first: dict[Entry, _Spell] = {}
    for each in sorted(found, key=lambda spell: (spell.since, spell.hit.match.listing)):
        first.setdefault((each.hit.party, each.hit.match.listing), each)
    for place, party in enumerate(application.parties):
        listings = tuple(_as_listed(each) for (of, _), each in first.items() if of == place)
        if listings:
            yield Covered(
                role=party.role,
                name=party.name,
                country=party.country,
                address=party.address,
                listings=listings,
            )


def _as_listed(spell: _Spell) -> ListedAs:
    match = spell.hit.match
    return ListedAs(
        listing=match.listing,
        name=match.name,
        source_list=list_of(spell.hit),
        citation=match.citation,
        since=agency_date(spell.since),
        list_version=spell.list_version,
    )


def _evidence(steps: Iterable[Step], pairs: set[str | None]) -> Iterator[Step]:
    """The grant, what later lists have, the words on its pairs, and an end before the last day."""
    for step in steps:
        match step.event:
            case LicenseIssued() | PartyListed() | PartyDelisted():
                yield step
            case MatchResolved(pair=pair) | ResolutionRemembered(pair=pair) | ResolutionLapsed(pair=pair):
                if pair in pairs:
                    yield step
            case event if isinstance(event, _ENDS):
                yield step
            case _:
                pass
