"""Where the contract is read from: the only place of these tests that names modules of the code."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter

from activities.batches import BatchActivities
from activities.cases import CaseActivities
from activities.fan_out import FanOutActivities
from activities.rescreening import RescreeningActivities
from cli.app import app as command_line
from client import Authorities, Keyring, LicensingClient, Signer
from connection.settings import Settings
from eventlog import rows
from eventlog.chain import link
from eventlog.read import Reader
from eventlog.stored import StoredEvent
from eventlog.verify import SERVICE_EVENTS
from letters.content import Kind as LetterKind
from licensing import authority, canonical, contract
from licensing.application import transitions as application
from licensing.application.aggregate import APPLICATION
from licensing.authorisation.answer import Authorisation
from licensing.authorisation.question import AuthorisationQuestion
from licensing.authority import PERMITTED, Claims, Role, SignedCommand
from licensing.batch import transitions as batch
from licensing.batch.aggregate import BATCH
from licensing.canonical import digest
from licensing.commit import Event, Receipt
from licensing.contract import DECISIONS, TASK_QUEUE, SearchAttribute, workflow_type
from licensing.decider import Body, Decider, Status
from licensing.determination.determine import Determination
from licensing.determination.question import Question
from licensing.directive import transitions as directive
from licensing.directive.aggregate import DIRECTIVE
from licensing.entity import transitions as entity
from licensing.entity.aggregate import ENTITY
from licensing.kind import Kind, Tick, Ticked
from licensing.license import transitions as license
from licensing.license.aggregate import LICENSE
from licensing.list import transitions as list_
from licensing.list.aggregate import LIST
from licensing.messages import CaseStatus, Deadlines, DossierAnswer, Resume
from licensing.model import Digest
from licensing.officer import transitions as officer
from licensing.officer.aggregate import OFFICER
from licensing.refusal import RefusalCode
from licensing.reprieve import transitions as reprieve
from licensing.reprieve.aggregate import REPRIEVE
from licensing.reprieve.questions import CoverageAnswer, CoverageQuestion
from licensing.time.deadlines import Deadline
from worker import WORKFLOWS
from workflows.case import Case

__all__ = [
    "DECISIONS",
    "PERMITTED",
    "SERVICE_EVENTS",
    "TASK_QUEUE",
    "WORKFLOWS",
    "Case",
    "Kind",
    "LetterKind",
    "RefusalCode",
    "Role",
    "SearchAttribute",
    "Settings",
    "StoredEvent",
    "command_line",
    "link",
    "workflow_type",
]

S = TypeVar("S")
Stages = Mapping[object, object]


@dataclass(frozen=True, slots=True)
class After:
    """A stream after an event. All else is None as long as nothing happened but refusals."""

    event: Event
    status: Status | None
    dossier: Digest | None
    deadlines: Sequence[Deadline]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``stages``: from stage (None: none yet) and command to stages or a refusal; ``by_itself``: where time
    or a directive leads from a stage. ``live`` tells what there is after each of the records of a stream."""

    commands: Mapping[str, type[Body]]
    events: TypeAdapter[Event]
    stages: Mapping[object, Stages]
    by_itself: Mapping[str, Stages]
    live: Callable[[Sequence[str]], Iterator[After]]

    def types(self) -> Iterator[str]:
        """Of its events, refusals included."""
        yield from self.events.json_schema()["discriminator"]["mapping"]


def _aggregate(decider: Decider[S], table: ModuleType) -> Aggregate:
    """``table`` is the module of its transitions."""

    def live(records: Sequence[str]) -> Iterator[After]:
        state: S | None = None
        for record in records:
            event = decider.read(record)
            state = decider.apply(state, event)
            if state is None:
                yield After(event, None, None, ())
                continue
            dossier = digest(decider.dossier(state))
            yield After(event, decider.status(state), dossier, decider.deadlines(state))

    found: Mapping[str, Mapping[object, Stages]] = vars(table)
    by_itself = {name: found.get(name, {}) for name in ("BY_TIME", "BY_DIRECTIVE")}
    return Aggregate(decider.commands, decider.events, found["TRANSITIONS"], by_itself, live)


AGGREGATES: Mapping[str, Aggregate] = {
    "application": _aggregate(APPLICATION, application),
    "license": _aggregate(LICENSE, license),
    "reprieve": _aggregate(REPRIEVE, reprieve),
    "entity": _aggregate(ENTITY, entity),
    "batch": _aggregate(BATCH, batch),
    "directive": _aggregate(DIRECTIVE, directive),
    "list": _aggregate(LIST, list_),
    "officer": _aggregate(OFFICER, officer),
}
"""By the beginning of the names of their streams."""

STREAMS: Sequence[Callable[[str], str]] = (
    contract.application_stream,
    contract.license_stream,
    contract.reprieve_stream,
    contract.entity_stream,
    contract.batch_stream,
    contract.directive_stream,
    contract.list_stream,
    contract.officer_stream,
)
"""What names a stream after what it is about."""

ACTIVITIES = (BatchActivities, CaseActivities, FanOutActivities, RescreeningActivities)

ANSWERS: Mapping[str, type[BaseModel]] = {
    "claims": Claims,
    "signed command": SignedCommand,
    "receipt": Receipt,
    "resume": Resume,
    "tick": Tick,
    "ticked": Ticked,
    "answer to status": CaseStatus,
    "answer to dossier": DossierAnswer,
    "answer to deadlines": Deadlines,
    "answer to covered": CoverageAnswer,
    "question of covered": CoverageQuestion,
    "question of determine": Question,
    "answer to determine": Determination,
    "question of authorised": AuthorisationQuestion,
    "answer to authorised": Authorisation,
    "stored event": StoredEvent,
}
"""Messages beside commands and events."""

ROWS: Mapping[str, type[BaseModel]] = {
    name: each
    for name, each in vars(rows).items()
    if isinstance(each, type) and issubclass(each, BaseModel) and name.endswith("Row")
}
"""What the read models show, by the name that readers import."""

CLIENTS = (LicensingClient, Signer, Keyring, Authorities, Reader)
"""What other services call."""

LIMITS: Mapping[str, int] = {
    "bytes of a body": authority.MAX_BODY_BYTES,
    "characters of a token": authority.MAX_TOKEN_CHARACTERS,
    "seconds for which a token is valid": authority.MAX_TOKEN_LIFETIME_SECONDS,
    "levels of a body": canonical.MAX_DEPTH,
}
