"""The commands about an answer that became another one: the service records it, and an officer sees to it."""

from typing import Annotated, Any

from pydantic import Field

from greenlight.kernel.body import SERVICE, Body
from greenlight.kernel.model import Instant, Text
from greenlight.kernel.option import BY_NAME
from greenlight.kernel.roles import Role
from greenlight.law.application.dossier import MAX_PLACES, Parties
from greenlight.law.application.flip.said import Turn, unnoted

Noted = Annotated[Text, Field(description="What follows from it for the case, if anything."), BY_NAME]
Turns = Annotated[tuple[Turn, ...], Field(min_length=1, max_length=MAX_PLACES)]
Acts = Annotated[
    Text, Field(description="By which acts, with their citations; no entity, and nobody else, is named.")
]
Because = Annotated[Text, Field(description="What came or was confirmed at the instant, with its citation.")]


class RecordFlip(Body, by=SERVICE):
    """Record that answers are others from an instant on. Never sent from outside.

    ``parties`` are those of an application for which it was found: an answer to a question may have replaced
    them meanwhile.
    """

    instant: Instant
    turns: Turns
    because: Because
    parties: Parties | None = None


class RecordLicenseFlip(RecordFlip, by=SERVICE):
    """Record that answers to what a license is for are others from an instant on. Never sent from outside.

    ``acts`` is what the licensee is told of them; None: a release of before told nothing.
    """

    acts: Acts | None = None


def _waits(case: Any) -> bool:
    """Tell whether there is a flip that no officer has seen to; a license has no recommendation."""
    made = getattr(case, "recommendation", None)
    return bool(unnoted(case.flips, made and made.at))


class NoteFlip(Body, by={Role.LICENSING_OFFICER}, decision=True, about=_waits):
    """Take note, with reasons, that the answer to an application became another one."""

    reasons: Noted


class NoteLicenseFlip(Body, by={Role.LICENSING_OFFICER}, decision=True, about=_waits):
    """Take note, with reasons, that the answer to what a license is for became another one."""

    reasons: Noted
