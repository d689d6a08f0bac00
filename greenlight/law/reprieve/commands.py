"""The commands that a reprieve takes. Names are imperatives; each model is the body of one command."""

from typing import Annotated

from pydantic import Field

from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Day, Instant, Model, Name, PositiveInteger, Text
from greenlight.kernel.option import Comment, Option, Reasons, ToldReasons
from greenlight.kernel.roles import Role
from greenlight.law.reprieve.policy import Policy
from greenlight.law.reprieve.terms import Correction, Entities, Scope
from greenlight.law.terms.deciding import KnownFact

Term = Annotated[PositiveInteger, Field(description="The term's number, from 1.")]
Covered = Annotated[
    Entities, Field(description="Listed entities, by their keys.", examples=[["huawei-cloud-singapore"]])
]
Printed = Annotated[Name | None, Field(description="Where it is printed, if it is.")]
Published = Annotated[Instant | None, Field(description="When it was.")]
From = Annotated[Instant, Field(description="From when.")]


class TermOrder(Model):
    """A term as an executive orders it. Without ``effective`` it begins when the order is accepted."""

    effective: Instant | None = None
    valid_through: Day
    citation: Name | None = None
    published: Instant | None = None
    scope: Scope
    entities: Entities
    reason: Text


class OpenReprieve(Body, by={Role.EXECUTIVE}, starts=True, short="open"):
    """Open a reprieve with its policy and its first term."""

    title: Name
    policy: Policy
    term: TermOrder


class SubmitEvidence(Body, by={Role.LICENSING_OFFICER, Role.AGENCY_REVIEWER}, short="evidence"):
    """Say what is known of a fact that the policy asks officers and agencies for; the latest word counts."""

    fact: KnownFact
    statement: Text


class ConfirmOutcome(Body, by={Role.EXECUTIVE}, decision=True, short="confirm"):
    """Let the proposed outcome take effect now, before the time to object is over."""

    comment: Comment = None


class ReplaceOutcome(Body, by={Role.EXECUTIVE}, decision=True, short="replace"):
    """Decide otherwise than proposed, or decide what was referred: by a term of the executive's own."""

    term: TermOrder
    reasons: Text


class StopOutcome(Body, by={Role.EXECUTIVE}, decision=True, short="stop"):
    """Let nothing take effect: the term lapses on its last day."""

    reasons: Reasons


class IssueTerm(Body, by={Role.EXECUTIVE}, decision=True, short="issue"):
    """Issue a term while no decision is open: beside another, after a gap, or in place of a decision."""

    term: TermOrder


class CorrectTerm(Body, by={Role.EXECUTIVE}, decision=True, short="correct"):
    """Say what a term should have said; it stays on record as it was."""

    term: PositiveInteger
    correction: Correction
    reasons: Text
    citation: Name | None = None
    published: Instant | None = None


class RecordPublication(Body, by={Role.LICENSING_OFFICER}, short="publish"):
    """Record where and when a term was published: it was known from then on."""

    term: Term
    citation: Annotated[Name, Field(description="Where: 85 FR 14416, say.", examples=["91 FR 12345"])]
    published: Annotated[Instant, Field(description="When.")]


class TerminateTerm(Body, by={Role.EXECUTIVE}, decision=True, short="terminate"):
    """End a term before its last day, now or at an instant to come."""

    term: Term
    ends: Annotated[
        Instant | None,
        Field(description="When it ends. Default: now."),
        Option(end=True),
    ] = None
    reasons: ToldReasons
    citation: Printed = None
    published: Published = None


class AddEntities(Body, by={Role.EXECUTIVE}, decision=True):
    """Cover more entities: in terms to come, and in those that run if ``running_terms`` says so."""

    entities: Covered
    effective: From
    running_terms: Annotated[bool, Field(description="In terms that run too, not only in those to come.")]
    reasons: ToldReasons
    citation: Printed = None
    published: Published = None


class RemoveEntities(Body, by={Role.EXECUTIVE}, decision=True):
    """Cover entities no longer, in any term, from an instant on: they were delisted, say."""

    entities: Covered
    effective: From
    reasons: ToldReasons
    citation: Printed = None
    published: Published = None


class AdoptPolicy(Body, by={Role.EXECUTIVE}, decision=True):
    """Adopt another policy; it decides from its effective date on, and nothing that is proposed already."""

    policy: Policy
    reasons: Text


class EndReprieve(Body, by={Role.EXECUTIVE}, decision=True, short="end"):
    """End the reprieve and every term of it, now and for good."""

    reasons: ToldReasons
    citation: Printed = None
    published: Published = None


class RecordFacts(Body, by=SERVICE):
    """Record what the service gathered for a decision that is due. Never sent from outside."""

    facts: Annotated[tuple[KnownFact, ...], Field(max_length=100)]


class TakeEffect(Body, by=SERVICE):
    """The time to object is over: let the outcome take effect. Never sent from outside."""


COMMANDS = commands(
    OpenReprieve,
    SubmitEvidence,
    ConfirmOutcome,
    ReplaceOutcome,
    StopOutcome,
    IssueTerm,
    CorrectTerm,
    RecordPublication,
    TerminateTerm,
    AddEntities,
    RemoveEntities,
    AdoptPolicy,
    EndReprieve,
)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(RecordFacts, TakeEffect)
"""Commands that only the service gives itself."""
