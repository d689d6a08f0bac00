"""What a page tells of a case of one kind, in its own words: of the dossier, and beyond it.

What is decided is decided on the dossier alone; so what is not in it is told on the page of the case, and
not where something is signed.
"""

from typing import Any, NamedTuple

from greenlight.law.directive.state import DirectiveState


class Part(NamedTuple):
    """What is told, and the template that tells it."""

    template: str
    told: Any


def part_of(state: Any) -> Part | None:
    """What the dossier has, in words; None: it is told by its members alone, or elsewhere."""
    match state:
        case DirectiveState():
            return Part("directive_order.html", state)
        case _:
            return None


def beyond(state: Any) -> Part | None:
    """What is told beyond the dossier."""
    match state:
        case DirectiveState(fan_out=found) if found is not None:
            return Part("directive_progress.html", found)
        case _:
            return None
