"""The two kinds of an event log, which differ in whose clock tells legal time."""

from enum import StrEnum

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.refusal import Refusal, RefusalCode

TICK = "tick"
TICK_MEANING = "Moves the clock of a rehearsal to an instant, and answers once nothing is left to do by then."


class Kind(StrEnum):
    """The kind of a log, by what it records.

    It is fixed when the log's database is created, and part of the log's name. In production legal time is
    the time of day. In a rehearsal it is driven: every command says at which instant it comes, and a tick
    says that an instant has come.
    """

    PRODUCTION = "production"
    REHEARSAL = "rehearsal"

    @property
    def driven(self) -> bool:
        return self is Kind.REHEARSAL


class Tick(Model):
    """It is ``at`` now. For a rehearsal alone; nobody signs for the time."""

    at: Instant


class Ticked(Model):
    """Answer to ``tick``: where the clock of the case stands, and when its next deadline comes."""

    now: Instant
    due: Instant | None


def clock_objection(kind: Kind, at: Instant | None) -> Refusal | None:
    """Say why a message with this instant, or with none, does not go with a log of this kind."""
    if kind.driven and at is None:
        return Refusal(RefusalCode.WRONG_CLOCK, 'in a rehearsal a command says when it comes: give "at"')
    if not kind.driven and at is not None:
        return Refusal(RefusalCode.WRONG_CLOCK, 'time is not for the sender to tell: leave "at" out')
    return None
