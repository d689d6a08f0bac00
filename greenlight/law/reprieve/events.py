"""The events of a reprieve. Names are in the past tense."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import NAMES_NOBODY
from greenlight.kernel.model import Digest, Identifier, Instant, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.kernel.tables.table import Evaluation
from greenlight.law.letter import LetterKind
from greenlight.law.reprieve.commands import (
    AddEntities,
    AdoptPolicy,
    ConfirmOutcome,
    CorrectTerm,
    EndReprieve,
    IssueTerm,
    OpenReprieve,
    RecordPublication,
    RemoveEntities,
    ReplaceOutcome,
    StopOutcome,
    SubmitEvidence,
    TerminateTerm,
)
from greenlight.law.reprieve.policy import Policy
from greenlight.law.reprieve.terms import Correction, EntityChange, Scope, Term
from greenlight.law.terms.deciding import KnownFact


class ReprieveOpened(Event, of={OpenReprieve}):
    type: Literal["ReprieveOpened"] = "ReprieveOpened"
    by: Actor
    key: Identifier
    title: Name
    policy: Policy


class PolicyAdopted(Event, of={AdoptPolicy}):
    type: Literal["PolicyAdopted"] = "PolicyAdopted"
    by: Actor
    policy: Policy
    reasons: Text


class TermIssued(
    Event,
    of={ConfirmOutcome, IssueTerm, OpenReprieve, ReplaceOutcome},
    recorded_by=SERVICE,
    letter=LetterKind.NOTICE_OF_TERM,
    unsigned=(NAMES_NOBODY,),
):
    """A term. ``decision`` is the one by which it was issued; ``by`` None: that took effect in silence."""

    type: Literal["TermIssued"] = "TermIssued"
    by: Actor | None
    term: Term
    decision: PositiveInteger | None = None


class TermPublished(Event, of={RecordPublication}):
    type: Literal["TermPublished"] = "TermPublished"
    by: Actor
    term: PositiveInteger
    citation: Name
    published: Instant


class TermCorrected(Event, of={CorrectTerm}, letter=LetterKind.NOTICE_OF_AMENDMENT):
    """The correction to what a term should have said. ``citation`` and ``published`` are those of the
    correction."""

    type: Literal["TermCorrected"] = "TermCorrected"
    by: Actor
    term: PositiveInteger
    correction: Correction
    reasons: Text
    citation: Name | None
    published: Instant | None


class TermTerminated(Event, of={TerminateTerm}, letter=LetterKind.NOTICE_OF_AMENDMENT):
    """A term ends at ``ends``, before its last day. ``withdraws``: the decision that fell with it, if any."""

    type: Literal["TermTerminated"] = "TermTerminated"
    by: Actor
    term: PositiveInteger
    ends: Instant
    reasons: Text
    citation: Name | None
    published: Instant | None
    withdraws: PositiveInteger | None = None


class TermExpired(Event, recorded_by=SERVICE, letter=LetterKind.NOTICE_OF_END, letter_if="lapses"):
    """A term is over. ``at`` is its end: the midnight in Washington after its last day, if not terminated.

    ``lapses``: no other term runs then.
    """

    type: Literal["TermExpired"] = "TermExpired"
    term: PositiveInteger
    lapses: bool = False


class EntitiesChanged(Event, of={AddEntities, RemoveEntities}, letter=LetterKind.NOTICE_OF_AMENDMENT):
    type: Literal["EntitiesChanged"] = "EntitiesChanged"
    by: Actor
    change: EntityChange
    reasons: Text
    citation: Name | None
    published: Instant | None


class EvidenceSubmitted(Event, of={SubmitEvidence}):
    type: Literal["EvidenceSubmitted"] = "EvidenceSubmitted"
    by: Actor
    fact: KnownFact
    statement: Text


class DecisionFellDue(Event, recorded_by=SERVICE):
    """It is time to decide what follows the term; the service has facts to gather."""

    type: Literal["DecisionFellDue"] = "DecisionFellDue"
    number: PositiveInteger
    term: PositiveInteger


class DecisionMade(Event, recorded_by=SERVICE, letter=LetterKind.MEMORANDUM):
    """The decision that the policy makes. ``at`` is when it was made, ``due`` when it should have been.

    The evaluation has the facts, the table's version and the trace of every row; with ``facts``, which say
    where they come from, and the ``policy`` of that version, anyone can repeat it. ``scope`` is the one
    that the outcome names; ``closes`` is the end of the time to object, None if the executive is to decide.
    """

    type: Literal["DecisionMade"] = "DecisionMade"
    number: PositiveInteger
    term: PositiveInteger
    due: Instant
    policy: Digest
    facts: tuple[KnownFact, ...]
    evaluation: Evaluation
    scope: Scope | None
    closes: Instant | None


class ObjectionWindowClosed(Event, recorded_by=SERVICE):
    """Nobody objected in time. ``at`` is the end of that time, whenever it was noticed."""

    type: Literal["ObjectionWindowClosed"] = "ObjectionWindowClosed"
    decision: PositiveInteger


class OutcomeConfirmed(Event, of={ConfirmOutcome}):
    type: Literal["OutcomeConfirmed"] = "OutcomeConfirmed"
    by: Actor
    decision: PositiveInteger
    comment: Text | None


class OutcomeReplaced(Event, of={ReplaceOutcome}):
    """The executive decided; the term follows. ``decision`` may not have come to an outcome yet."""

    type: Literal["OutcomeReplaced"] = "OutcomeReplaced"
    by: Actor
    decision: PositiveInteger
    reasons: Text


class OutcomeStopped(Event, of={StopOutcome}):
    type: Literal["OutcomeStopped"] = "OutcomeStopped"
    by: Actor
    decision: PositiveInteger
    reasons: Text


class OutcomeMoot(Event, of={ConfirmOutcome}, recorded_by=SERVICE, unsigned=(NAMES_NOBODY,)):
    """The outcome took effect too late to mean anything: its date is past, or nobody is covered any more."""

    type: Literal["OutcomeMoot"] = "OutcomeMoot"
    by: Actor | None
    decision: PositiveInteger
    reasons: Text


class ReprieveEnded(Event, of={EndReprieve}, letter=LetterKind.NOTICE_OF_END):
    """The reprieve, and every term that ran, ended with ``at``."""

    type: Literal["ReprieveEnded"] = "ReprieveEnded"
    by: Actor
    reasons: Text
    citation: Name | None
    published: Instant | None


ReprieveEvent = (
    ReprieveOpened
    | PolicyAdopted
    | TermIssued
    | TermPublished
    | TermCorrected
    | TermTerminated
    | TermExpired
    | EntitiesChanged
    | EvidenceSubmitted
    | DecisionFellDue
    | DecisionMade
    | ObjectionWindowClosed
    | OutcomeConfirmed
    | OutcomeReplaced
    | OutcomeStopped
    | OutcomeMoot
    | ReprieveEnded
)

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[ReprieveEvent | CommandRefused, Field(discriminator="type")]
)
