"""The facts that a decision rested on, as the events on record have them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from greenlight.kernel.commit import Event
from greenlight.kernel.need import Need
from greenlight.law.application.dossier import Screening
from greenlight.law.application.events import ApplicationGranted, ApplicationSubmitted, PartiesScreened
from greenlight.law.application.needs import (
    EntryOf,
    LicenseNumber,
    RememberedOf,
    ScreeningOf,
    UnclassifiedAmong,
    WhyNotRequired,
)
from greenlight.law.application.screening.resolution import (
    MatchResolved,
    ResolutionRemembered,
    resolution_of,
)
from greenlight.law.application.screening.returning import Proposed, ReturnProposed
from greenlight.law.screening_list.content import ContentOf, NoContent
from greenlight.law.screening_list.events import ListHeld, ListLoaded

Events = Sequence[Event]


class NotOnRecordError(Exception):
    """Nothing on record tells the fact. The message names it."""


def answer(need: Need[Any], events: Events) -> object:
    """What the service found out for the decision that led to ``events``.

    :raises NotOnRecordError: they do not tell it.
    """
    supplier = _SUPPLIERS.get(type(need))
    if supplier is None:
        raise NotOnRecordError(type(need).__name__)
    return supplier(need, events)


def _number(need: Need[Any], events: Events) -> str:
    granted = next((event for event in events if isinstance(event, ApplicationGranted)), None)
    if granted is None:
        raise NotOnRecordError("the license number")
    return granted.license_number


def _screening(need: Need[Any], events: Events) -> Screening:
    screened = next((event for event in events if isinstance(event, PartiesScreened)), None)
    return screened.screening if screened else Screening(list_version=None, findings=())


def _remembered(need: Need[Any], events: Events) -> object:
    return tuple(resolution_of(event) for event in events if isinstance(event, ResolutionRemembered))


def _entry(need: Need[Any], events: Events) -> object:
    said = next((event for event in events if isinstance(event, MatchResolved)), None)
    return said.match if said else None


def _unclassified(need: Need[Any], events: Events) -> object:
    submitted = next((event for event in events if isinstance(event, ApplicationSubmitted)), None)
    return submitted.unclassified if submitted else None


def _why_not_required(need: Need[Any], events: Events) -> Proposed | None:
    proposed = next((event for event in events if isinstance(event, ReturnProposed)), None)
    return Proposed(reason=proposed.reason, citation=proposed.citation) if proposed else None


def _content(need: Need[Any], events: Events) -> object:
    asked = cast(ContentOf, need)
    loaded = next((event for event in events if isinstance(event, ListLoaded | ListHeld)), None)
    if loaded is None:
        return NoContent(digest=asked.digest, compared_with=None, problem="nothing on record")
    return loaded.content


_SUPPLIERS: Mapping[type[Need[Any]], Callable[[Need[Any], Events], object]] = {
    LicenseNumber: _number,
    ScreeningOf: _screening,
    RememberedOf: _remembered,
    EntryOf: _entry,
    UnclassifiedAmong: _unclassified,
    WhyNotRequired: _why_not_required,
    ContentOf: _content,
}
