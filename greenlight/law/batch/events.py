"""The events of a batch. Names are in the past tense."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import CommandId
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import absent, exists
from greenlight.kernel.inclusion import CaseStream, SignBatch, SignedRoot
from greenlight.kernel.model import Identifier, Name, Text
from greenlight.kernel.roles import Actor
from greenlight.law.batch.commands import DiscardBatch, Leaves, OpenBatch

_OF_THE_CASE = {"command_id": "{command_id}", "stream": "{case}"}
_OTHERWISE = "the case is on record otherwise"
_ACCEPTED = exists("command", _OF_THE_CASE, message=_OTHERWISE)
_NOT_ACCEPTED = absent("command", _OF_THE_CASE, message=_OTHERWISE)

# This stands in the place of the time until which the token is valid: what was signed in time is carried out.
_STILL_DELIVERED = exists(
    "batch",
    {"key": "{key}", "stage": "delivering"},
    lacks={"fell_out": "{to}"},
    message="it does not decide this case any more",
)


class BatchOpened(Event, of={OpenBatch}):
    type: Literal["BatchOpened"] = "BatchOpened"
    by: Actor
    key: Identifier
    title: Name
    leaves: Leaves


class BatchSigned(Event, of={SignBatch}, carried=(_STILL_DELIVERED,)):
    """From here on the signature is taken to the cases. Its token is the proof in each of them."""

    type: Literal["BatchSigned"] = "BatchSigned"
    by: Actor
    signed: SignedRoot


class BatchDiscarded(Event, of={DiscardBatch}):
    type: Literal["BatchDiscarded"] = "BatchDiscarded"
    by: Actor
    reasons: Text


class BatchCaseDecided(Event, recorded_by=SERVICE, unsigned=(_ACCEPTED,)):
    """The case was decided by the batch's signature; ``command_id`` is that of the decision there."""

    type: Literal["BatchCaseDecided"] = "BatchCaseDecided"
    case: CaseStream
    command_id: CommandId


class BatchCaseFellOut(Event, recorded_by=SERVICE, unsigned=(_NOT_ACCEPTED,)):
    """The case is not decided by this batch, now or later. ``code`` says why: the code of the case's refusal,
    or ``unanswered`` where nobody answered for it."""

    type: Literal["BatchCaseFellOut"] = "BatchCaseFellOut"
    case: CaseStream
    command_id: CommandId
    code: str
    message: str


class BatchDelivered(Event, recorded_by=SERVICE):
    """Every case was decided or fell out; nothing is decided by the batch any more."""

    type: Literal["BatchDelivered"] = "BatchDelivered"
    decided: int
    fell_out: int


BatchEvent = BatchOpened | BatchSigned | BatchDiscarded | BatchCaseDecided | BatchCaseFellOut | BatchDelivered

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[BatchEvent | CommandRefused, Field(discriminator="type")])
