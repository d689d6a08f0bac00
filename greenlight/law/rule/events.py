"""The events of a rule. Names are in the past tense."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import absent
from greenlight.kernel.model import Identifier, Instant, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.kernel.tables.table import Evaluation
from greenlight.law.letter import LetterKind
from greenlight.law.rule.acts import Act, Governed
from greenlight.law.rule.commands import (
    AttestAct,
    ConfirmAttestation,
    DiscardAttestation,
    OpenRule,
    TakeBackAttestation,
)
from greenlight.law.rule.policy import PolicyName
from greenlight.law.rule.refusals import RuleRefusal
from greenlight.law.rule.standing import Force
from greenlight.law.terms.deciding import KnownFact


class RuleOpened(Event, of={OpenRule}):
    """The acts wait for a second officer together, numbered from 1 on, and change no answer until then."""

    type: Literal["RuleOpened"] = "RuleOpened"
    by: Actor
    key: Identifier
    title: Name
    governs: Governed
    acts: tuple[Act, ...]


class ActAttested(Event, of={AttestAct}):
    """It waits for a second officer, and changes no answer until then."""

    type: Literal["ActAttested"] = "ActAttested"
    by: Actor
    number: PositiveInteger
    act: Act
    corrects: PositiveInteger | None = None


class AttestationTakenBack(Event, of={TakeBackAttestation}):
    """It waits for a second officer, too."""

    type: Literal["AttestationTakenBack"] = "AttestationTakenBack"
    by: Actor
    number: PositiveInteger
    corrects: PositiveInteger
    reasons: Text


_ANOTHER = absent(
    "rule",
    {"key": "{key}", "held_by": "{by.person}"},
    otherwise=RuleRefusal.OWN_ATTESTATION,
    message=RuleRefusal.OWN_ATTESTATION.meaning,
)
"""The person who confirms is not the one who attested."""


class AttestationConfirmed(
    Event,
    of={ConfirmAttestation},
    requires=(_ANOTHER,),
    letter=LetterKind.NOTICE_OF_ATTESTATION,
):
    """From here on answers rest on it.

    ``ends_by``: the policy by which it is decided what follows its last day, if it has one; None in logs of
    before, in which nobody is told ahead that an act ends.
    """

    type: Literal["AttestationConfirmed"] = "AttestationConfirmed"
    by: Actor
    number: PositiveInteger
    ends_by: PolicyName | None = None


class AttestationDiscarded(Event, of={DiscardAttestation}):
    type: Literal["AttestationDiscarded"] = "AttestationDiscarded"
    by: Actor
    number: PositiveInteger
    reasons: Text


class StandingChanged(Event, recorded_by=SERVICE):
    """From here on the rule stands as was attested for this instant; of more than one force it is open which.
    ``settled_by``: what would decide that."""

    type: Literal["StandingChanged"] = "StandingChanged"
    forces: tuple[Force, ...]
    settled_by: Text | None = None


class EndNeared(Event, recorded_by=SERVICE, letter=LetterKind.NOTICE_BEFORE_END):
    """The last day of an act is near, and no act on record says what follows: officers are to find out.
    ``ends`` is the first instant after it."""

    type: Literal["EndNeared"] = "EndNeared"
    number: PositiveInteger
    ends: Instant


class ActEnded(Event, recorded_by=SERVICE, letter=LetterKind.NOTICE_OF_END, letter_if="lapses"):
    """The last day of an act is over. ``lapses``: no other act with a last day runs on.

    ``ended_by``: the attestation of the act that ended it before its own last day. ``ends``: the first
    instant after it, where that was confirmed later. Both are None in logs of before.
    """

    type: Literal["ActEnded"] = "ActEnded"
    number: PositiveInteger
    lapses: bool
    ended_by: PositiveInteger | None = None
    ends: Instant | None = None


class EndDecided(Event, recorded_by=SERVICE, letter=LetterKind.MEMORANDUM):
    """The decision of a policy on what follows an act that ended, by what was on record then.

    It changes no answer: how the rule stands, two officers attest. The evaluation has the table's version and
    the trace of every row; with ``facts``, anyone can repeat it.
    """

    type: Literal["EndDecided"] = "EndDecided"
    number: PositiveInteger
    policy: PolicyName
    facts: tuple[KnownFact, ...]
    evaluation: Evaluation


RuleEvent = (
    RuleOpened
    | ActAttested
    | AttestationTakenBack
    | AttestationConfirmed
    | AttestationDiscarded
    | StandingChanged
    | EndNeared
    | ActEnded
    | EndDecided
)

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[RuleEvent | CommandRefused, Field(discriminator="type")])
