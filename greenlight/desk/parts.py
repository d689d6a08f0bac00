"""Parts of a page that tell of a case of one kind in its own words: of the dossier, and beyond it.

What is decided is decided on the dossier alone; so what is not in it is told on the page of the case, and
not where something is signed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from greenlight.desk.reprieves import picture, standing
from greenlight.desk.terms import drawn
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.commit import Event
from greenlight.law.directive.state import DirectiveState
from greenlight.law.registry import AnyAggregate
from greenlight.law.reprieve.state import ReprieveState
from greenlight.law.rule.state import RuleState
from greenlight.law.rule.timeline import timeline
from greenlight.law.screening_list.state import ListState


class Part(NamedTuple):
    """Something told, and the template that tells it."""

    template: str
    told: Any


def part_of(kind: AnyAggregate, state: Any, events: Sequence[StoredEvent]) -> Part | None:
    """Tell what the dossier has, in words; None: it is told by its members alone, or elsewhere."""
    match state:
        case DirectiveState():
            return Part("directive_order.html", state)
        case ListState():
            return Part("list_standing.html", state)
        case ReprieveState():
            return Part("reprieve_standing.html", standing(state, _read(kind, events), datetime.now(UTC)))
        case _:
            return None


def beyond(kind: AnyAggregate, state: Any, events: Sequence[StoredEvent]) -> Part | None:
    """Tell what is not in the dossier."""
    match state:
        case DirectiveState(fan_out=found) if found is not None:
            return Part("directive_progress.html", found)
        case ListState(rescreening=found) if found is not None:
            return Part("list_progress.html", found)
        case ReprieveState():
            found = picture(state.title, _read(kind, events), datetime.now(UTC))
            return found and Part("timeline.html", found)
        case RuleState():
            shown = timeline(state.title, state.attestations)
            return shown and Part("timeline.html", drawn(shown, datetime.now(UTC)))
        case _:
            return None


def _read(kind: AnyAggregate, events: Sequence[StoredEvent]) -> list[Event]:
    return [kind.read(each.record) for each in events]
