"""The facts that a decision rested on, as the events on record have them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from greenlight.kernel.commit import Event
from greenlight.kernel.naming import same_name
from greenlight.kernel.need import Need
from greenlight.kernel.roles import Role
from greenlight.law.application.dossier import Finding, Screening
from greenlight.law.application.events import ApplicationGranted, ApplicationSubmitted, PartiesScreened
from greenlight.law.application.needs import (
    EntryOf,
    LicenseNumber,
    RegisteredName,
    RememberedOf,
    RolesOf,
    ScreeningOf,
    UnclassifiedAmong,
    UnknownEccn,
    UnknownEccns,
    WhyNotRequired,
)
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.screening.language import Resolution
from greenlight.law.application.screening.resolution import (
    MatchResolved,
    ResolutionLapsed,
    ResolutionRemembered,
    resolution_of,
)
from greenlight.law.application.screening.returning import Proposed, ReturnProposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.events import TransferAccepted
from greenlight.law.license.state import LicenseState
from greenlight.law.screening_list.content import ContentOf, NoContent
from greenlight.law.screening_list.events import ListHeld, ListLoaded

E = TypeVar("E", bound=Event)

Cases = Mapping[str, ApplicationState | None]
"""Other cases by their numbers, as they stood."""


def _nobody(officer: str) -> frozenset[Role] | None:
    return None


Names = tuple[str | None, str | None]


def _nameless(officer: str) -> Names:
    return None, None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Facts of other streams: the roles that an officer held (None: there is no such officer), the names
    of their organisation a moment before and then, and the cases that one follows."""

    roles: Callable[[str], frozenset[Role] | None] = _nobody
    names: Callable[[str], Names] = _nameless
    cases: Cases = field(default_factory=dict[str, ApplicationState | None])


@dataclass(frozen=True, slots=True)
class Records:
    """The state before a decision, the events that it led to, and what stood elsewhere."""

    state: Any
    events: Sequence[Event]
    elsewhere: Elsewhere


class NotOnRecordError(Exception):
    """Nothing on record tells the fact. The message names it."""


def answer(need: Need[Any], records: Records) -> object:
    """The facts that the service found out for the decision.

    :raises NotOnRecordError: nothing tells it.
    """
    supplier = _SUPPLIERS.get(type(need))
    if supplier is None:
        raise NotOnRecordError(type(need).__name__)
    return supplier(need, records)


def _first(records: Records, kind: type[E]) -> E | None:
    return next((event for event in records.events if isinstance(event, kind)), None)


def _number(need: Need[Any], records: Records) -> str:
    granted = _first(records, ApplicationGranted)
    if granted is None:
        raise NotOnRecordError("the license number")
    return granted.license_number


def _roles(need: Need[Any], records: Records) -> object:
    return records.elsewhere.roles(cast(RolesOf, need).officer)


def _case(need: Need[Any], records: Records) -> object:
    acn = cast(CaseOf, need).acn
    if acn not in records.elsewhere.cases:
        raise NotOnRecordError(f"the case {acn}")
    return records.elsewhere.cases[acn]


def _screening(need: Need[Any], records: Records) -> Screening:
    screened, accepted = _first(records, PartiesScreened), _first(records, TransferAccepted)
    if screened is not None:
        return screened.screening
    if accepted is not None:
        return _of_one(accepted, accepted.finding.party, (accepted.finding,))
    if isinstance(records.state, LicenseState):
        return _as_accepted(records.state)
    return Screening(list_version=None, findings=())


def _as_accepted(state: LicenseState) -> Screening:
    """A transfer is approved while the screening of whoever is to have it is what it was."""
    asked = state.open_transfer
    if asked is None or asked.finding is None:
        return Screening(list_version=None, findings=())
    place = asked.finding.party
    found = tuple(each for each in state.found.findings if each.party == place)
    return _of_one(state.found.screening, place, found)


def _of_one(source: Any, place: int, findings: Sequence[Finding]) -> Screening:
    """A party behind those of the application was screened alone."""
    alone = tuple(each.model_copy(update={"party": 0}) for each in findings if each.party == place)
    return Screening(list_version=getattr(source, "list_version", None), findings=alone)


def _remembered(need: Need[Any], records: Records) -> object:
    """Of what was remembered before, all that was not remembered anew and did not lapse still counted."""
    news = tuple(resolution_of(each) for each in records.events if isinstance(each, ResolutionRemembered))
    changed = {
        each.pair for each in (*news, *records.events) if isinstance(each, Resolution | ResolutionLapsed)
    }
    known: tuple[Resolution, ...] = getattr(records.state, "resolutions", ())
    still = (each for each in known if each.remembered_from is not None and not each.lapsed)
    return (*news, *(each for each in still if each.pair not in changed))


def _entry(need: Need[Any], records: Records) -> object:
    said = _first(records, MatchResolved)
    return said.match if said else None


def _unclassified(need: Need[Any], records: Records) -> object:
    submitted = _first(records, ApplicationSubmitted)
    return submitted.unclassified if submitted else None


def _unknown_eccns(need: Need[Any], records: Records) -> tuple[UnknownEccn, ...]:
    """None: what was taken was in order by the tables of then, or the filing stood by it. Which lines the
    tables did not have, the event says."""
    return ()


def _registered_name(need: Need[Any], records: Records) -> str | None:
    """Of the names that the register had at about that time, the one that was filed under, if it is among
    them."""
    names = records.elsewhere.names(cast(RegisteredName, need).officer)
    filed = tuple(_names_filed(records))
    right = (name for name in names if name and any(same_name(name, each) for each in filed))
    return next(right, names[-1])


def _names_filed(records: Records) -> Iterator[str]:
    submitted, accepted = _first(records, ApplicationSubmitted), _first(records, TransferAccepted)
    if submitted is not None:
        yield submitted.application.applicant
    if accepted is not None:
        yield accepted.party.name


def _why_not_required(need: Need[Any], records: Records) -> Proposed | None:
    proposed = _first(records, ReturnProposed)
    return Proposed(reason=proposed.reason, citation=proposed.citation) if proposed else None


def _content(need: Need[Any], records: Records) -> object:
    loaded = _first(records, ListLoaded) or _first(records, ListHeld)
    if loaded is None:
        problem = "nothing on record"
        return NoContent(digest=cast(ContentOf, need).digest, compared_with=None, problem=problem)
    return loaded.content


_SUPPLIERS: Mapping[type[Need[Any]], Callable[[Need[Any], Records], object]] = {
    LicenseNumber: _number,
    RolesOf: _roles,
    CaseOf: _case,
    ScreeningOf: _screening,
    RememberedOf: _remembered,
    EntryOf: _entry,
    UnclassifiedAmong: _unclassified,
    UnknownEccns: _unknown_eccns,
    RegisteredName: _registered_name,
    WhyNotRequired: _why_not_required,
    ContentOf: _content,
}
