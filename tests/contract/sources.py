"""Where the contract is read from: the only place of these tests that names modules of the code."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from activities.batches import BatchActivities
from activities.cases import CaseActivities
from activities.fan_out import FanOutActivities
from activities.rescreening import RescreeningActivities
from greenlight.cli.app import PARTS, made, whole
from greenlight.client import Authorities, Keyring, LicensingClient, Signer
from greenlight.connection.settings import Settings
from greenlight.eventlog import read
from greenlight.eventlog.read import Reader
from greenlight.eventlog.signed import SERVICE_EVENTS
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel import authority, canonical, refusal
from greenlight.kernel.aggregate import Status
from greenlight.kernel.authority import Claims, SignedCommand
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.canonical import digest
from greenlight.kernel.clock_kind import Kind, Tick, Ticked
from greenlight.kernel.commit import Event, Receipt
from greenlight.kernel.merkle import tree_root
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer, Resume
from greenlight.kernel.model import Digest
from greenlight.kernel.refusal import known_codes
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Row
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.question import AuthorisationQuestion
from greenlight.law.contract import TASK_QUEUE, SearchAttribute, commands, permitted, workflow_type
from greenlight.law.determination.determine import Determination
from greenlight.law.determination.question import Question
from greenlight.law.letter import LetterKind
from greenlight.law.officer import view as officer
from greenlight.law.registry import AnyAggregate, aggregates
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion
from greenlight.tlog.leaf import entry
from workflows.case import Case
from workflows.registered import workflows

__all__ = [
    "DECISIONS",
    "PARTS",
    "PERMITTED",
    "SERVICE_EVENTS",
    "TASK_QUEUE",
    "WORKFLOWS",
    "Case",
    "Kind",
    "LetterKind",
    "Role",
    "SearchAttribute",
    "Settings",
    "StoredEvent",
    "entry",
    "known_codes",
    "made",
    "tree_root",
    "whole",
    "workflow_type",
]

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


def _aggregate(each: AnyAggregate) -> Aggregate:
    def live(records: Sequence[str]) -> Iterator[After]:
        state = None
        for record in records:
            event = each.read(record)
            state = each.apply(state, event)
            if state is None:
                yield After(event, None, None, ())
                continue
            yield After(event, each.status(state), digest(each.dossier(state)), each.deadlines(state))

    stages: Mapping[Any, Any] = each.transitions
    by_itself = {"BY_TIME": each.by_time, "BY_DIRECTIVE": each.by_directive}
    return Aggregate(each.commands, each.events, stages, by_itself, live)


AGGREGATES: Mapping[str, Aggregate] = {each.kind: _aggregate(each) for each in aggregates()}
"""By the beginning of the names of their streams."""

STREAMS: Sequence[Callable[[str], str]] = tuple(each.stream for each in aggregates())
"""What names a stream after what it is about."""

WORKFLOWS = workflows()
PERMITTED, DECISIONS = permitted(), decisions(commands())

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
    for module in (read, officer)
    for name, each in vars(module).items()
    if isinstance(each, type) and issubclass(each, BaseModel) and name.endswith("Row") and each is not Row
}
"""What the read models show, by the name that readers import."""

CLIENTS = (LicensingClient, Signer, Keyring, Authorities, Reader)
"""What other services call."""

LIMITS: Mapping[str, int] = {
    "bytes of a body": authority.MAX_BODY_BYTES,
    "characters of a token": authority.MAX_TOKEN_CHARACTERS,
    "seconds for which a token is valid": authority.MAX_TOKEN_LIFETIME_SECONDS,
    "levels of a body": canonical.MAX_DEPTH,
    "refusals of a sender in a case and hour on record": refusal.MAX_REFUSALS,
}
