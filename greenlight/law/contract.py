"""The names that other programs hold on to: task queue, workflow ids, messages, search attributes.

Refusal codes are in ``greenlight.kernel.refusal``, the shapes of messages beside the aggregates they belong
to.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from greenlight.kernel.decider import Body, Status
from greenlight.law.application.commands import COMMANDS as APPLICATION_COMMANDS
from greenlight.law.application.commands import DECISIONS as APPLICATION_DECISIONS
from greenlight.law.batch.commands import COMMANDS as BATCH_COMMANDS
from greenlight.law.batch.commands import DECISIONS as BATCH_DECISIONS
from greenlight.law.directive.commands import COMMANDS as DIRECTIVE_COMMANDS
from greenlight.law.directive.commands import DECISIONS as DIRECTIVE_DECISIONS
from greenlight.law.entity.commands import COMMANDS as ENTITY_COMMANDS
from greenlight.law.entity.commands import DECISIONS as ENTITY_DECISIONS
from greenlight.law.license.commands import COMMANDS as LICENSE_COMMANDS
from greenlight.law.license.commands import DECISIONS as LICENSE_DECISIONS
from greenlight.law.reprieve.commands import COMMANDS as REPRIEVE_COMMANDS
from greenlight.law.reprieve.commands import DECISIONS as REPRIEVE_DECISIONS
from greenlight.law.screening_list.commands import COMMANDS as LIST_COMMANDS

TASK_QUEUE = "licensing"

LICENSE_APPLICATION = "LicenseApplication"
LICENSE = "License"
REPRIEVE = "Reprieve"
LISTED_ENTITY = "ListedEntity"
BATCH = "Batch"
DIRECTIVE = "Directive"
SCREENING_LIST = "ScreeningList"

APPLICATION_MESSAGES = tuple(name for name in APPLICATION_COMMANDS if name != "submit")
"""Updates, and signals of the same name, of a license application; it is submitted by its start."""

LICENSE_MESSAGES = tuple(LICENSE_COMMANDS)

REPRIEVE_MESSAGES = tuple(name for name in REPRIEVE_COMMANDS if name != "open_reprieve")
"""Updates, and signals of the same name, of a reprieve; it is opened by its start."""

ENTITY_MESSAGES = tuple(name for name in ENTITY_COMMANDS if name != "list_entity")
"""Updates, and signals of the same name, of a listed entity; it is listed by its start."""

BATCH_MESSAGES = tuple(name for name in BATCH_COMMANDS if name != "open_batch")
"""Updates, and signals of the same name, of a batch; it is opened by its start."""

DIRECTIVE_MESSAGES = tuple(name for name in DIRECTIVE_COMMANDS if name != "issue_directive")
"""Updates, and signals of the same name, of a directive; it is issued by its start."""

LIST_MESSAGES = tuple(name for name in LIST_COMMANDS if name != "open_list")
"""Updates, and signals of the same name, of the list; it is opened by its start."""

COMMANDS: Mapping[str, type[Body]] = {
    **APPLICATION_COMMANDS,
    **LICENSE_COMMANDS,
    **REPRIEVE_COMMANDS,
    **BATCH_COMMANDS,
    **ENTITY_COMMANDS,
    **DIRECTIVE_COMMANDS,
    **LIST_COMMANDS,
}
"""Every command that comes from outside to a case, whatever its aggregate; each name is used once."""

DECISIONS = (
    APPLICATION_DECISIONS
    | LICENSE_DECISIONS
    | REPRIEVE_DECISIONS
    | ENTITY_DECISIONS
    | BATCH_DECISIONS
    | DIRECTIVE_DECISIONS
)
"""Messages whose proof must name the dossier they rest on."""

REGISTERED = "registered"
REGISTERED_MEANING = "Waits until the case is on record and its parties were held against the list."
"""An update without input that changes nothing. Sent together with the start, it answers for the start."""

LOOK = "look"
LOOK_MEANING = "Has the case do what time, a directive or the list means for it; anybody may ask."
"""An update without input: whoever fans a directive or a new list out knocks with it."""

QUERIES = {
    "status": "Stage, who must act, what is due; no party names, no goods.",
    "dossier": "What a decision rests on, with the digest to sign.",
    "deadlines": "Every deadline that matters, each explained in a sentence.",
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


def application_stream(acn: str) -> str:
    """Workflow id and event stream of an application."""
    return f"application-{acn}"


def license_stream(number: str) -> str:
    """Workflow id and event stream of a license."""
    return f"license-{number}"


def reprieve_stream(key: str) -> str:
    """Workflow id and event stream of a reprieve."""
    return f"reprieve-{key}"


def entity_stream(key: str) -> str:
    """Workflow id and event stream of a listed entity."""
    return f"entity-{key}"


def batch_stream(key: str) -> str:
    """Workflow id and event stream of a batch."""
    return f"batch-{key}"


def directive_stream(key: str) -> str:
    """Workflow id and event stream of a directive."""
    return f"directive-{key}"


def list_stream(key: str) -> str:
    """Workflow id and event stream of the list."""
    return f"list-{key}"


def officer_stream(officer: str) -> str:
    """Event stream of an officer; officers have no workflow."""
    return f"officer-{officer}"


def stream_key(stream: str) -> str:
    """What a stream is named after."""
    return stream.partition("-")[2]


def workflow_type(stream: str) -> str:
    """The type of the workflow that a stream has.

    :raises ValueError: streams of that name have none.
    """
    match stream.partition("-")[0]:
        case "application":
            return LICENSE_APPLICATION
        case "license":
            return LICENSE
        case "reprieve":
            return REPRIEVE
        case "entity":
            return LISTED_ENTITY
        case "batch":
            return BATCH
        case "directive":
            return DIRECTIVE
        case "list":
            return SCREENING_LIST
        case kind:
            raise ValueError(f"{stream}: streams of the kind {kind!r} have no workflow")
