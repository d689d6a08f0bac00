"""Answers that became others, as they stand on an application or a license, and what their events change."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.application.flip.commands import RecordFlip
from greenlight.law.application.flip.events import AnswerFlipped, FlipEvent, FlipNoted
from greenlight.law.application.flip.said import Flip, Flips
from greenlight.law.application.refusals import ApplicationRefusal

FLIP = "flip"
"""The name of the task of whoever has to take note of one. No deadline binds them."""


def flips_after(flips: Flips, event: FlipEvent) -> Flips:
    """All flips after an event of theirs. Who takes note does so of all that there are."""
    if isinstance(event, AnswerFlipped):
        flip = Flip(instant=event.instant, recorded_at=event.at, turns=event.turns, because=event.because)
        return (*flips, flip)
    said = {"noted_by": event.by.officer, "noted_at": event.at, "noted": event.reasons}
    return tuple(flip if flip.noted_by else flip.model_copy(update=said) for flip in flips)


def flip_changes(flips: Flips, event: FlipEvent) -> dict[str, object]:
    """The members of an application's state that change: no return rests on an answer that is over."""
    changes: dict[str, object] = {"flips": flips_after(flips, event)}
    return changes | ({"return_proposed": None} if isinstance(event, AnswerFlipped) else {})


def flipped(flips: Flips, body: RecordFlip, now: datetime) -> AnswerFlipped | Refusal:
    """Record it once for each instant, however often it is found."""
    if any(flip.instant == body.instant for flip in flips):
        return Refusal(RefusalCode.WRONG_STAGE, f"what came at {body.instant.isoformat()} is on record")
    return AnswerFlipped(at=now, instant=body.instant, turns=body.turns, because=body.because)


def noted(waiting: Flips, reasons: str, by: Actor, now: datetime) -> Ruling:
    """Take note of what waits for that."""
    if not waiting:
        return Refusal(ApplicationRefusal.NOTHING_FLIPPED, ApplicationRefusal.NOTHING_FLIPPED.meaning)
    return (FlipNoted(at=now, by=by, reasons=reasons),)


def told(flip: Flip) -> str:
    """Say since when which answer is another one, because of what, and who has seen to it."""
    answers = "; ".join(
        f"{_words(turn.after)} to {turn.destination}, and {_words(turn.before)} before" for turn in flip.turns
    )
    since = f"since {_day(flip.instant)}: {answers}: {flip.because}"
    if flip.noted_by is None or flip.noted_at is None:
        return f"{since}; no officer has taken note of it"
    return f"{since}; noted by {flip.noted_by} on {_day(flip.noted_at)}: {flip.noted}"


def _words(said: str) -> str:
    return said.replace("_", " ")


def _day(instant: datetime) -> str:
    return plain_date(agency_date(instant))
