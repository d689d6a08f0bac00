"""What can be asked of a directive. Names are imperatives; each model is the body of one command."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from greenlight.kernel.authority import StreamId
from greenlight.kernel.decider import Body
from greenlight.kernel.model import Identifier, Instant, Name, PositiveInteger, Text
from greenlight.law.directive.scope import Posture, Scope

Count = Annotated[int, Field(ge=0)]


class IssueDirective(Body):
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


class AttestEvent(Body):
    """Say that the outside event has happened on which the directive depends."""

    statement: Text
    source: Name


class WithdrawAttestation(Body):
    """Say that the outside event has not happened after all, or is over: the directive is out of force."""

    reasons: Text


class RescindDirective(Body):
    """Take the directive back, for good. What was decided under it stays decided."""

    reasons: Text


class StopFanOut(Body):
    """Knock at no further case for now; the directive stays in force."""

    reasons: Text | None = None


class ResumeFanOut(Body):
    """Go on where the fan-out was stopped."""


class RetryFanOut(Body):
    """Knock once more at the cases that could not be reached."""


class BeginFanOut(Body):
    """Go through what is pending; ``pending`` counts it. Never sent from outside."""

    pending: Count


class RecordProgress(Body):
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


class RecordSuperseded(Body):
    """Another directive that supersedes this one has come in force. Never sent from outside."""

    by_directive: Identifier


COMMANDS: dict[str, type[Body]] = {
    "issue_directive": IssueDirective,
    "attest_event": AttestEvent,
    "withdraw_attestation": WithdrawAttestation,
    "rescind_directive": RescindDirective,
    "stop_fan_out": StopFanOut,
    "resume_fan_out": ResumeFanOut,
    "retry_fan_out": RetryFanOut,
}
"""Commands that come from outside, by the name of their update and signal."""

DECISIONS = frozenset({"attest_event", "withdraw_attestation", "rescind_directive"})
"""Commands whose proof must name the dossier they rest on."""

INTERNAL: dict[str, type[Body]] = {
    "begin_fan_out": BeginFanOut,
    "record_progress": RecordProgress,
    "record_superseded": RecordSuperseded,
}
"""Commands that only the service gives itself."""
