"""The events of an answer that became another one: it is recorded once, and an officer takes note of it."""

from typing import Literal

from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Instant, Text
from greenlight.kernel.roles import Actor
from greenlight.law.application.flip.commands import Because, NoteFlip, NoteLicenseFlip, Turns


class AnswerFlipped(Event, recorded_by=SERVICE):
    """From ``instant`` on the answer is another one than just before it, each by the rules as they were known
    then, ``because`` of what came or was confirmed. What was proposed on the old answer is void."""

    type: Literal["AnswerFlipped"] = "AnswerFlipped"
    instant: Instant
    turns: Turns
    because: Because


class FlipNoted(Event, of={NoteFlip, NoteLicenseFlip}):
    """An officer has seen to what flipped by then."""

    type: Literal["FlipNoted"] = "FlipNoted"
    by: Actor
    reasons: Text


FlipEvent = AnswerFlipped | FlipNoted
