"""The names that other programs hold on to: task queue, workflow ids, messages, search attributes.

Refusal codes are in ``greenlight.kernel.refusal``, the shapes of messages beside the aggregates they belong
to.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from greenlight.kernel.aggregate import Status
from greenlight.kernel.body import Body
from greenlight.kernel.roles import Role
from greenlight.law import registry

TASK_QUEUE = "licensing"


def commands() -> Mapping[str, type[Body]]:
    """Every command that comes from outside to a workflow, by name; each name is used once."""
    return {name: body for each in registry.with_workflow() for name, body in each.commands.items()}


def permitted() -> Mapping[str, frozenset[Role]]:
    """In which roles every command may be sent that comes from outside, those to the register included."""
    return {name: body.declared.by for each in registry.aggregates() for name, body in each.commands.items()}


REGISTERED = "registered"
REGISTERED_MEANING = "Waits until the case is on record and its parties were held against the list."
"""An update without input that changes nothing. Sent together with the start, it answers for the start."""

NO_CANCELLING = (
    "refused: a case ends by a decision or by the applicant's withdraw, and a command that was sent stands"
)
"""Told to who cancels an operation of the Nexus service."""

LOOK = "look"
LOOK_MEANING = "Has the case do what time, a directive or the list means for it; anybody may ask."
"""An update and a signal without input, that knocks at a case."""

TAKE_OVER = "take_over"
TAKE_OVER_MEANING = "Has the workflow take over what is on record of its case; anybody may ask."
"""An update without input, with which the service tells workflows whose cases it decided on the record."""

QUERIES = {
    "status": "Stage, who must act, what is due; no party names, no goods.",
    "dossier": "What a decision rests on, with the digest to sign.",
    "deadlines": "Every deadline that matters, each explained in a sentence.",
    "telling": "How many workflows have heard what was recorded in their cases, and how many are still to.",
}
"""Of every case; they take no input."""

REPRIEVE_QUERIES = {
    "covered": "Whether an activity with a listed entity is or was covered, by what, and what that asks for.",
}
"""Of a reprieve alone; each takes one input."""


class SearchAttribute(StrEnum):
    """Search attributes by which a docket is filtered. The value behind each is its Temporal type."""

    indexed_as: str

    def __new__(cls, value: str, indexed_as: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.indexed_as = indexed_as
        return member

    STAGE = "Stage", "Keyword"
    WAITING_FOR = "WaitingFor", "Keyword"
    DUE = "Due", "Datetime"
    OUTCOME = "Outcome", "Keyword"
    OFFICER = "Officer", "Keyword"
    LISTED = "ListedParty", "Bool"


def indexed(status: Status) -> dict[SearchAttribute, str | bool | datetime | None]:
    """A case's status as search attributes; None: the attribute is not set."""
    return {
        SearchAttribute.STAGE: status.stage,
        SearchAttribute.WAITING_FOR: status.waiting_for,
        SearchAttribute.DUE: status.due,
        SearchAttribute.OUTCOME: status.outcome,
        SearchAttribute.OFFICER: status.officer,
        SearchAttribute.LISTED: status.listed,
    }


def about(stream: str) -> str:
    """Markdown for Temporal's UI: what a case of that stream is, and where its tab says how it stands.

    :raises ValueError: there is no such kind of stream.
    """
    return (
        f"{registry.aggregate_of(stream).about} **Current Details** says at which stage it is, who must act"
        " and what is due when. Commands are updates and signals, signed by an officer; `docs/contract.md`"
        " lists them."
    )


def workflow_type(stream: str) -> str:
    """The type of the workflow that a stream has.

    :raises ValueError: streams of that name have none.
    """
    aggregate = registry.aggregate_of(stream)
    if aggregate.workflow is None:
        raise ValueError(f"{stream}: streams of the kind {aggregate.kind!r} have no workflow")
    return aggregate.workflow
