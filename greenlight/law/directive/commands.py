"""What can be asked of a directive. Names are imperatives; each model is the body of one command."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Identifier, Instant, Name, PositiveInteger, Text
from greenlight.kernel.roles import Role
from greenlight.law.directive.scope import Posture, Scope

Count = Annotated[int, Field(ge=0)]


class IssueDirective(Body, by={Role.EXECUTIVE}, starts=True):
    """Order how a class of applications is to be decided, or that licenses be revoked.

    Without ``effective`` it is in force at once; with ``condition``, once that event is attested as well.
    """

    title: Name
    scope: Scope
    posture: Posture
    effective: Instant | None = None
    expires: Instant | None = None
    supersedes: Identifier | None = None
    condition: Name | None = None
    citation: Name
    reasons: Text

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.effective and self.expires and self.expires <= self.effective:
            raise ValueError("expires must lie after effective")
        return self


class AttestEvent(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, decision=True):
    """Say that the outside event has happened on which the directive depends."""

    statement: Text
    source: Name


class WithdrawAttestation(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, decision=True):
    """Say that the outside event has not happened after all, or is over: the directive is out of force."""

    reasons: Text


class RescindDirective(Body, by={Role.EXECUTIVE}, decision=True):
    """Take the directive back, for good. What was decided under it stays decided."""

    reasons: Text


class StopFanOut(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}):
    """Knock at no further case for now; the directive stays in force."""

    reasons: Text | None = None


class ResumeFanOut(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}):
    """Go on where the fan-out was stopped."""


class RetryFanOut(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}):
    """Knock once more at the cases that could not be reached."""


class BeginFanOut(Body, by=SERVICE):
    """Go through what is pending; ``pending`` counts it. Never sent from outside."""

    pending: Count


class RecordProgress(Body, by=SERVICE):
    """What came of a batch. Never sent from outside.

    ``cursor`` is the last key of the batch, None for one of cases that had failed; ``last``: no other
    follows. ``routes`` counts the cases in scope by what the directive means for them.
    """

    fan_out: PositiveInteger
    cursor: Name | None
    last: bool
    routes: dict[Identifier, Count]
    out_of_scope: Count
    failed: tuple[StreamId, ...] = ()


class RecordSuperseded(Body, by=SERVICE):
    """Another directive that supersedes this one has come in force. Never sent from outside."""

    by_directive: Identifier


COMMANDS = commands(
    IssueDirective, AttestEvent, WithdrawAttestation, RescindDirective, StopFanOut, ResumeFanOut, RetryFanOut
)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(BeginFanOut, RecordProgress, RecordSuperseded)
"""Commands that only the service gives itself."""
