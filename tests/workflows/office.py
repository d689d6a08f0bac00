"""What tests do with a case, told in the words of the office."""

import asyncio
import itertools
import re
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal, TypeVar
from urllib.request import urlopen

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.testing import TimeSkipper

from greenlight.audit.walk import audit
from greenlight.cli.operations.development import (
    OFFICERS,
    REGISTRARS,
    carried_out,
    ensure_development_officers,
    registration,
)
from greenlight.client import Keyring, Refused, Signer
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.database import connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.registry import execute
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.authority import Claims, SignedCommand, read_claims
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, officer_stream, stream_key
from greenlight.law.application.commands import Countersign, SignOff
from greenlight.law.application.dossier import Submission
from greenlight.law.application.view import DocketRow
from greenlight.law.contract import LOOK, TASK_QUEUE, commands, permitted
from greenlight.law.entity.commands import AmendListing, CastVote, ListEntity, RemoveListing
from greenlight.law.entity.committee import NEEDED, SEATS, Vote
from greenlight.law.officer.commands import Asked
from greenlight.law.reprieve.commands import OpenReprieve
from greenlight.law.reprieve.view import SERVICE
from greenlight.rehearsal.played import PlayedOfficer
from greenlight.service.unrecorded import METRIC
from greenlight.signing.keys import SigningKey
from tests.addresses import as_administrator, free_address
from tests.eventlog.crowd import TIMELESS
from tests.law.application.cases import GRANT, new_submission
from tests.workflows.histories import opened
from worker import Service, service

PERMITTED = permitted()
COMMANDS = commands()
DECISIONS = decisions(commands())

T = TypeVar("T")

NAMES: Mapping[type[Body], str] = {body: name for name, body in COMMANDS.items()}
PATIENCE = timedelta(seconds=30)
"""For what takes milliseconds on an idle machine. A busy one is no failure."""

_numbers = itertools.count(1)


async def eventually(
    probe: Callable[[], Awaitable[T | None]], what: str, patience: timedelta = PATIENCE
) -> T:
    """What ``probe`` finds, as soon as it finds something."""
    limit = time.monotonic() + patience.total_seconds()
    while time.monotonic() < limit:
        found = await probe()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {patience.seconds} s: {what}")


async def refusal(command: Awaitable[object]) -> Refused:
    """The refusal of a command that must not be accepted."""
    try:
        answer = await command
    except Refused as refused:
        return refused
    raise AssertionError(f"accepted: {answer}")


@dataclass(frozen=True, slots=True)
class Office:
    """Officers by name; ``acme`` and ``globex`` apply, ``olga`` and ``oscar`` recommend, ``oscar`` and
    ``carla`` countersign, ``vera`` signs off. ``delivery`` is how ``send`` sends."""

    service: Service
    reader: Reader
    officers: Mapping[str, PlayedOfficer]
    delivery: Literal["update", "signal"] = "update"

    async def history(self, stream: str, run_id: str | None = None) -> WorkflowHistory:
        """The history of a case's workflow, its payloads opened."""
        handle = self.temporal.get_workflow_handle(stream, run_id=run_id)
        return await opened(self.temporal, await handle.fetch_history())

    def __getitem__(self, officer: str) -> PlayedOfficer:
        return self.officers[officer]

    @property
    def temporal(self) -> Client:
        return self.service.client

    # Cases at a stage

    async def submitted(self, application: Submission | None = None) -> str:
        """A case that was screened as it came, in review; its stream. Without a reference it is given one, so
        that many cases may be about the same goods."""
        application = application or new_submission()
        if application.reference is None:
            application = application.model_copy(update={"reference": f"Order of test {next(_numbers)}"})
        return (await self["acme"].submit(application)).stream

    async def recommended(self, recommendation: Body = GRANT, application: Submission | None = None) -> str:
        """A case that waits for its countersignature."""
        stream = await self.submitted(application)
        await self.send("olga", stream, recommendation)
        return stream

    async def countersigned(self, recommendation: Body = GRANT, application: Submission | None = None) -> str:
        """A case that waits for the executive, or has its outcome."""
        stream = await self.recommended(recommendation, application)
        await self.send("carla", stream, Countersign(agrees=True))
        return stream

    async def granted(self, recommendation: Body = GRANT, application: Submission | None = None) -> str:
        """The stream of a license."""
        stream = await self.countersigned(recommendation, application)
        number = (await self.status(stream)).status.license_number
        assert number is not None, "a grant has a license number"
        return f"license-{number}"

    async def reprieved(self, opening: OpenReprieve) -> str:
        """The stream of a reprieve whose first term runs."""
        return (await self["vera"].open_reprieve(f"test-{next(_numbers)}", opening)).stream

    async def listed(self, listing: ListEntity) -> str:
        """The stream of an entity that is listed, or is to be."""
        stream = (await self["vera"].list_entity(f"test-{next(_numbers)}", listing)).stream
        await self.voted(stream, NEEDED["list_entity"])
        return stream

    async def carried(self, stream: str, body: AmendListing | RemoveListing) -> None:
        """With an order moved by the executive, and as many votes as it takes."""
        await self.send("vera", stream, body)
        await self.voted(stream, NEEDED[body.declared.name])

    async def voted(self, stream: str, departments: int) -> None:
        for seat in SEATS[:departments]:
            await self.send(seat, stream, CastVote(vote=Vote.APPROVE))

    async def signed_off(self, stream: str) -> None:
        await self.send("vera", stream, SignOff(approves=True))

    # Sending

    async def send(self, officer: str, stream: str, body: Body) -> None:
        """Send a command that must be accepted, as ``delivery`` says."""
        if self.delivery == "update":
            await self[officer].decide(stream, body)
            return
        command = await self.signed(officer, stream, body)
        await self.signal(stream, NAMES[type(body)], command)
        event = await self.event_of(stream, command)
        assert event.type != "CommandRefused", event.record

    async def signed(self, officer: str, stream: str, body: Body) -> SignedCommand:
        """A command ready to be sent; a decision rests on the dossier as it stands."""
        name = NAMES[type(body)]
        case = await self.status(stream)
        roles = [
            role for role in PERMITTED[name] if len(PERMITTED[name]) > 1 and role == case.status.waiting_for
        ]
        return self[officer].signer.sign(
            name,
            stream,
            body,
            role=roles[0] if roles else None,
            dossier=case.dossier if name in DECISIONS else None,
        )

    async def update(self, stream: str, name: str, *inputs: object, id: str | None = None) -> Receipt:
        """Send an update with whatever inputs, as any client may.

        :raises Refused: as the service said.
        """
        try:
            # One of the SDK's overloads leaves a type open; the one used here does not.
            return await self.handle(stream).execute_update(  # pyright: ignore[reportUnknownMemberType]
                name, args=inputs, id=id, result_type=Receipt
            )
        except WorkflowUpdateFailedError as error:
            raise _refused(error.cause) from error

    async def look(self, stream: str) -> None:
        """Knock at a case, as a fan-out does."""
        # As above.
        await self.handle(stream).execute_update(LOOK)  # pyright: ignore[reportUnknownMemberType]

    async def signal(self, stream: str, name: str, *inputs: object) -> None:
        await self.handle(stream).signal(name, args=inputs)

    async def start(self, workflow: str, stream: str, *inputs: object) -> WorkflowHandle[object, CaseStatus]:
        """Start a workflow with whatever inputs, as any client may."""
        return await self.temporal.start_workflow(
            workflow, args=inputs, id=stream, task_queue=TASK_QUEUE, result_type=CaseStatus
        )

    async def start_refused(self, workflow: str, stream: str, *inputs: object) -> Refused:
        """Why a start came to nothing."""
        return await failure(await self.start(workflow, stream, *inputs))

    # Looking

    def handle(self, stream: str) -> WorkflowHandle[object, CaseStatus]:
        """The workflow of a stream, whichever run."""
        return self.temporal.get_workflow_handle(stream, result_type=CaseStatus)

    async def status(self, stream: str) -> CaseStatus:
        return await self["acme"].status(stream)

    async def result(self, stream: str) -> CaseStatus:
        """What the workflow returned; it must come to its end."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await self.handle(stream).result()

    async def described(self, stream: str) -> WorkflowExecutionDescription:
        return await self.handle(stream).describe()

    async def runs(self, stream: str) -> bool:
        return (await self.described(stream)).status is WorkflowExecutionStatus.RUNNING

    async def details(self, stream: str) -> str:
        """What the UI shows of the case."""
        shown = await self.handle(stream).query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
        return shown.current_details

    async def all_told(self, stream: str, patience: timedelta = PATIENCE) -> None:
        """Once every workflow has taken over what a directive, a list or a batch meant for its case."""

        async def found() -> bool:
            return not re.search(r"\b[1-9]\d* are still to be told", await self.details(stream))

        await eventually(found, "all workflows to be told", patience)

    async def events(self, stream: str) -> list[StoredEvent]:
        return [event async for event in self.reader.stream(stream)]

    async def types(self, stream: str) -> list[str]:
        return [event.type for event in await self.events(stream)]

    async def docket(self, stream: str) -> DocketRow | None:
        """The row of an application, None if there is none."""
        rows = await self.reader.docket(limit=1_000)
        return next((row for row in rows if row.acn == stream_key(stream)), None)

    async def event_of(self, stream: str, command: SignedCommand) -> StoredEvent:
        """The event that a command led to, which it may not have done yet; a refusal counts."""
        claims = read_claims(command.token)
        assert isinstance(claims, Claims), claims

        async def found() -> StoredEvent | None:
            for event in await self.events(stream):
                if claims.jti in (event.command_id, event.content.get("command_id")):
                    return event
            return None

        return await eventually(found, f"{claims.cmd} on record in {stream}")

    async def refusals(self, stream: str, number: int) -> list[StoredEvent]:
        """The refusals on record in a stream, of which there will be ``number``."""

        async def found() -> list[StoredEvent] | None:
            refused = [event for event in await self.events(stream) if event.type == "CommandRefused"]
            return refused if len(refused) >= number else None

        return await eventually(found, f"{number} refusals on record in {stream}")

    @asynccontextmanager
    async def unrecorded(self, *codes: str) -> AsyncGenerator[None]:
        """While the context lasts, refusals with these codes are counted, and no others; none is on record
        anywhere."""
        before = await self._refusals_on_record()
        async with self.counted(*codes):
            yield
        assert await self._refusals_on_record() == before

    @asynccontextmanager
    async def counted(self, *codes: str) -> AsyncGenerator[None]:
        """While the context lasts, refusals with these codes are counted as not on record, and no others."""
        before = await counted_refusals()
        yield

        async def as_many() -> Counter[str] | None:
            more = await counted_refusals() - before
            return more if more.total() >= len(codes) else None

        if codes:
            assert await eventually(as_many, f"{codes} counted") == Counter(codes)
        assert await counted_refusals() - before == Counter(codes)

    async def _refusals_on_record(self) -> int:
        return sum([event.type == "CommandRefused" async for event in self.reader.log()])

    async def caught_up(self, stream: str) -> CaseStatus:
        """The case as its workflow holds it, once it holds everything that is on record."""

        async def found() -> CaseStatus | None:
            case = await self.status(stream)
            return case if case.version == len(await self.events(stream)) else None

        return await eventually(found, f"the workflow of {stream} as far as the log")

    # Time

    async def settled(self, stream: str) -> None:
        """Wait until everything that is due by now is on record: the clock may be past a timer that the
        server holds back, or past one whose consequences are just being recorded."""

        async def is_settled() -> bool:
            case = (await self.status(stream)).status
            due = case.due is not None and case.due <= await self.now(stream)
            return case.waiting_for != SERVICE and not due

        await eventually(is_settled, f"{stream} to have done what is due")

    async def fast_forward(self, stream: str, period: timedelta) -> None:
        """Let a case live through a period of its own time."""
        await TimeSkipper(self.temporal).fast_forward(self.handle(stream), period)

    async def now(self, stream: str) -> datetime:
        return await TimeSkipper(self.temporal).get_current_time(self.handle(stream))

    # The register

    async def enrolled(
        self, role: Role, *, person: str | None = None, key: SigningKey | None = None
    ) -> PlayedOfficer:
        """A new account of the agency."""
        officer = f"officer-{next(_numbers)}"
        signer = Signer(
            officer,
            person or f"person-{officer}",
            "agency",
            key or SigningKey.generate(),
            self[REGISTRARS[0]].signer.log,
        )
        await self.registered(officer, registration(signer, (role,)))
        return PlayedOfficer(self.temporal, signer)

    async def registered(self, officer: str, asked: Asked) -> None:
        """A change that one registrar proposes and the other confirms."""
        first, second = (self[each].signer for each in REGISTRARS)
        said = await carried_out(self.service.recorder, officer, asked, (first, second))
        assert not isinstance(said, Refusal), said

    async def register(self, officer: str, body: Body) -> None:
        """A registrar's command that must be accepted."""
        name = body.declared.name
        command = self[REGISTRARS[0]].signer.sign(name, officer_stream(officer), body)
        said = await execute(self.service.recorder, officer, name, command)
        assert not isinstance(said, Refusal), said


@asynccontextmanager
async def open_office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """The service as it is, and everyone whom a case needs, each with a client that signs as them."""
    settings = settings.model_copy(update={"metrics_address": _metrics_address()})
    async with service(settings, target) as running, Reader(target.database_url) as reader:
        async with connection(as_administrator(target.database_url), application="test") as database:
            await database.execute(TIMELESS)
        keyring = Keyring(settings.keys)
        await ensure_development_officers(target.writer_url, keyring, called={})
        clients = {name: PlayedOfficer(running.client, keyring.signer(name)) for name in OFFICERS}
        yield Office(running, reader, clients)


async def nothing_is_a_fault(target: Target) -> None:
    """Audit all that was recorded. Only that some lived through years in no time, as `TIMELESS` lets them."""
    found = await audit(target.auditor_url)
    ahead = "lies ahead of the recording"
    told = [f"{fault.position}: {fault.reason}" for fault in found.faults if ahead not in fault.reason]
    assert not told, "\n".join(told)


@cache
def _metrics_address() -> str:
    """One for the process, as the core is."""
    return free_address()


async def counted_refusals() -> Counter[str]:
    """Refusals that were counted in this process because they are not on record, by code."""
    return await counted(METRIC, "code")


async def counted(metric: str, label: str) -> Counter[str]:
    """What a metric counted in this process so far, by a label."""

    def scrape() -> str:
        with urlopen(f"http://{_metrics_address()}/metrics", timeout=5) as answer:
            return answer.read().decode()

    lines = re.findall(
        rf'^{metric}{{.*{label}="(\w+)".*}} (\d+)$', await asyncio.to_thread(scrape), re.MULTILINE
    )
    found: Counter[str] = Counter()
    for name, number in lines:
        found[name] += int(number)
    return found


async def failure(handle: WorkflowHandle[object, CaseStatus]) -> Refused:
    """Why a workflow failed, which it must do by itself."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            result = await handle.result()
    except WorkflowFailureError as error:
        return _refused(error.cause)
    raise AssertionError(f"{handle.id} did not fail: {result}")


def _refused(cause: BaseException | None) -> Refused:
    assert isinstance(cause, ApplicationError), cause
    return Refused(cause.type or "", cause.message)


def new_number(letter: str = "Y") -> str:
    """The stream of an application that nobody has submitted."""
    return application_stream(f"{letter}{next(_numbers):06}")
