"""The commands that a directive takes. Names are imperatives; each model is the body of one command."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Identifier, Instant, Name, PositiveInteger, Text
from greenlight.kernel.option import Option, Reasons, ToldReasons
from greenlight.kernel.roles import Role
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.directive.scope import Posture, Scope

Count = Annotated[int, Field(ge=0)]


class IssueDirective(Body, by={Role.EXECUTIVE}, starts=True, short="issue"):
    """Issue a directive: how a class of applications is to be decided, or that licenses be revoked.

    In force, it goes through every pending case in scope.

    Without ``effective`` it is in force at once; with ``condition``, once that event is attested as well.
    """

    title: Annotated[Name, Field(description="What it is called.", examples=["Nonsensitive items"])]
    scope: Annotated[Scope, Option(spread=True)]
    posture: Annotated[Posture, Field(description="How cases in scope are to be decided.")]
    effective: Annotated[
        Instant | None, Field(description="From when on. Default: at once."), Option(end=True)
    ] = None
    expires: Annotated[Instant | None, Field(description="When it is over."), Option(end=True)] = None
    supersedes: Annotated[Identifier | None, Field(description="Key of the directive that it replaces.")] = (
        None
    )
    ground: Annotated[
        HoldKind | None,
        Field(
            description="With posture hold: the ground of 15 CFR 750.4(b) by which the clock stands still."
            " Default: it goes on."
        ),
    ] = None
    condition: Annotated[
        Name | None, Field(description="Outside event without which it is not in force; see attest.")
    ] = None
    citation: Annotated[Name, Field(description="Where it is written.")]
    reasons: ToldReasons

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.effective and self.expires and self.expires <= self.effective:
            raise ValueError("expires must lie after effective")
        return self

    @model_validator(mode="after")
    def _holds_for_a_time(self) -> Self:
        if self.posture is not Posture.HOLD:
            if self.ground is not None:
                raise ValueError("ground goes with the posture hold")
        elif self.expires is None:
            raise ValueError("expires must be given with the posture hold: until when at the latest")
        elif self.condition is not None:
            raise ValueError("condition does not go with the posture hold")
        return self


class AttestEvent(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, decision=True, short="attest"):
    """Attest the outside event that a directive waits for. Not for who issued it."""

    statement: Annotated[Text, Field(description="What has happened.")]
    source: Annotated[Name, Field(description="Where that is known from.")]


class WithdrawAttestation(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, decision=True, short="withdraw"):
    """Withdraw the attestation: the directive is out of force until the next.

    The outside event has not happened after all, or is over.
    """

    reasons: Reasons


class RescindDirective(Body, by={Role.EXECUTIVE}, decision=True, short="rescind"):
    """Take the directive back, for good. What was decided under it stays decided."""

    reasons: Reasons


class StopFanOut(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, short="stop"):
    """Take the directive to no further case for now. It stays in force for cases that change."""

    reasons: Annotated[Text | None, Field(description="Why.")] = None


class ResumeFanOut(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, short="resume"):
    """Take the directive to the cases that were left when it was stopped."""


class RetryFanOut(Body, by={Role.LICENSING_OFFICER, Role.EXECUTIVE}, short="retry"):
    """Take the directive once more to the cases that could not be decided."""


class BeginFanOut(Body, by=SERVICE):
    """Go through what is pending; ``pending`` counts it. Never sent from outside."""

    pending: Count


class RecordProgress(Body, by=SERVICE):
    """Record what came of a batch. Never sent from outside.

    ``batch`` counts the batches of the fan-out: one that is on record comes to nothing. ``cursor`` is the
    last key of the batch, None for one of cases that had failed; ``last``: no other follows. ``routes``
    counts the cases in scope by what the directive means for them.
    """

    fan_out: PositiveInteger
    batch: PositiveInteger
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
