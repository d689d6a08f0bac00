"""The client: start applications, send commands, ask how things stand."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from greenlight.client import starts
from greenlight.client.answers import (
    Refused,
    Sent,
    Unanswered,
    passing,
    refusal,
    silence,
    unanswerable,
)
from greenlight.client.numbers import control_numbers
from greenlight.client.signer import Signer, new_command_id
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Receipt
from greenlight.kernel.inclusion import Leaf, signed_root
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer
from greenlight.kernel.model import Model
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import (
    application_stream,
    batch_stream,
    directive_stream,
    entity_stream,
    list_stream,
    reprieve_stream,
)
from greenlight.law.application.commands import Submit
from greenlight.law.application.dossier import Submission
from greenlight.law.batch.commands import OpenBatch, SignBatch
from greenlight.law.contract import REGISTERED
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.entity.commands import ListEntity
from greenlight.law.reprieve.commands import OpenReprieve
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion
from greenlight.law.screening_list.commands import OpenList

A = TypeVar("A", bound=Model)

_PAUSE = 0.2
_CUT_OFF = "AcceptedUpdateCompletedWorkflow"
"""Temporal's words for an update that it took in and whose workflow ended before the answer."""


class _Filed(BaseModel):
    """Of a dossier, what was filed and by whom."""

    submitted_by: Actor
    submission: Submission


class _Leaves(BaseModel):
    """Of a batch's dossier, what its signature is over."""

    leaves: tuple[Leaf, ...]


class LicensingClient:
    """Sends commands as one officer. ``patience`` is how long to wait for an answer; ``waiting`` is entered
    while one to a command is waited for."""

    def __init__(
        self,
        temporal: Client,
        signer: Signer,
        *,
        patience: timedelta = timedelta(seconds=30),
        waiting: Callable[[Sent], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> None:
        self.temporal = temporal
        self.signer = signer
        self.patience = patience
        self._waiting = waiting

    async def submit(
        self, application: Submission, *, acn: str | None = None, command_id: str | None = None
    ) -> CaseStatus:
        """File an application, and return once it is registered.

        Without ``acn`` the control number follows from the command id, so that a second call with the same
        id finds the case of the first.

        :raises Refused: with the code, where the submission is not accepted.
        """
        command_id = command_id or new_command_id()
        for number in [acn] if acn else control_numbers(command_id):
            stream = application_stream(number)
            command = self.signer.sign(
                "submit", stream, Submit(application=application), command_id=command_id
            )
            try:
                return await self._start(stream, "submit", command, command_id)
            except WorkflowAlreadyStartedError:
                if await self._is_mine(stream, self._submission(command_id, command), application):
                    return await self.status(stream)
            except Refused as refused:
                # Temporal forgets closed cases after a while; the log does not.
                if acn or refused.code != str(RefusalCode.ALREADY_SUBMITTED):
                    raise
        raise Refused(RefusalCode.ALREADY_SUBMITTED, f"{acn or 'every number tried'} belongs to another case")

    async def open_reprieve(
        self, key: str, opening: OpenReprieve, *, command_id: str | None = None
    ) -> CaseStatus:
        """Open a reprieve, and return once it is on record. As ``begin``."""
        return await self.begin(reprieve_stream(key), opening, command_id=command_id)

    async def issue_directive(
        self, key: str, order: IssueDirective, *, command_id: str | None = None
    ) -> CaseStatus:
        """Issue a directive, and return once it is on record. As ``begin``."""
        return await self.begin(directive_stream(key), order, command_id=command_id)

    async def list_entity(
        self, key: str, listing: ListEntity, *, command_id: str | None = None
    ) -> CaseStatus:
        """List an entity, and return once that is on record. As ``begin``."""
        return await self.begin(entity_stream(key), listing, command_id=command_id)

    async def open_list(self, key: str, opening: OpenList, *, command_id: str | None = None) -> CaseStatus:
        """Begin to keep the list. As ``begin``; commands name its files, which are in the event log first."""
        return await self.begin(list_stream(key), opening, command_id=command_id)

    async def open_batch(
        self,
        key: str,
        opening: OpenBatch,
        *,
        role: Role = Role.LICENSING_OFFICER,
        command_id: str | None = None,
    ) -> CaseStatus:
        """Prepare a batch for the executive, and return once it is on record. The same again is harmless.

        :raises Refused: with the code, where it is not accepted.
        """
        return await self.begin(batch_stream(key), opening, role=role, command_id=command_id)

    async def sign_batch(
        self, key: str, *, dossier: str | None = None, command_id: str | None = None
    ) -> Receipt:
        """Decide every case of a batch by one signature, which the service takes to them afterwards.

        The root is computed here, over the leaves in the dossier: nobody else's word is signed.

        :param dossier: the digest of the batch's dossier that was read. Without it, as it stands now.
        :raises Refused: with the code, where it is not accepted.
        """
        stream = batch_stream(key)
        read = await self.dossier(stream)
        root = signed_root(_Leaves.model_validate(read.dossier).leaves)
        body = SignBatch.model_validate(root.model_dump())
        return await self.decide(stream, body, dossier=dossier or digest(read.dossier), command_id=command_id)

    async def begin(
        self,
        stream: str,
        opening: Body,
        *,
        role: Role | None = None,
        command_id: str | None = None,
    ) -> CaseStatus:
        """Begin a stream by its first command, and return once it is on record. The same again, under the
        same id, is harmless.

        :raises Refused: with the code, where it is not accepted.
        """
        command_id = command_id or new_command_id()
        name = opening.declared.name
        command = self.signer.sign(name, stream, opening, role=role, command_id=command_id)
        try:
            return await self._start(stream, name, command, command_id)
        except WorkflowAlreadyStartedError:
            if await self._known_as(stream) == self._submission(command_id, command):
                return await self.status(stream)
        raise Refused(RefusalCode.ALREADY_SUBMITTED, f"there is {stream}")

    async def decide(
        self,
        stream: str,
        body: Body,
        *,
        dossier: str | None = None,
        role: Role | None = None,
        command_id: str | None = None,
    ) -> Receipt:
        """Send a command to a case and wait for its receipt.

        :param stream: the workflow id, ``application-…``, ``license-…``, ``reprieve-…`` and so on.
        :param dossier: for a decision, the digest that :meth:`dossier` gave with what was read. Without it
            the dossier is taken as it stands now, unread.
        :param role: where a command may be sent in several; without it, the one for which the case waits.
        :raises Refused: with the code, where the command is not accepted.
        """
        name, roles, decision, *_ = body.declared
        unsaid = decision and dossier is None
        several = role is None and len(roles) > 1
        if unsaid or several:
            case = await self.status(stream)
            dossier = case.dossier if unsaid else dossier
            role = _role(roles, case.status.waiting_for) if several else role
        command_id = command_id or new_command_id()
        command = self.signer.sign(name, stream, body, role=role, dossier=dossier, command_id=command_id)
        with self._under_way(Sent(name, stream, command_id)):
            return await self._decided(stream, name, command, command_id)

    async def _decided(self, stream: str, name: str, command: SignedCommand, command_id: str) -> Receipt:
        handle = self._handle(stream)
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                try:
                    return await _answered(handle, name, command, command_id)
                except RPCError as error:
                    if not await _missed(handle, error, WorkflowExecutionStatus.COMPLETED):
                        raise
                    return await starts.send_late(self.temporal, stream, name, command, command_id)
        except WorkflowUpdateFailedError as error:
            raise refusal(error) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise silence(f"no worker answered {name} on {stream} in {self._patience}") from error
        except RPCError as error:
            raise await self._absent(handle, error) from error

    async def status(self, stream: str) -> CaseStatus:
        """Stage, who must act, what is due."""
        return await self._query(stream, "status", CaseStatus)

    async def dossier(self, stream: str) -> DossierAnswer:
        """Read the facts that a decision rests on, with the digest to sign."""
        return await self._query(stream, "dossier", DossierAnswer)

    async def deadlines(self, stream: str) -> Deadlines:
        """Every deadline that matters, explained."""
        return await self._query(stream, "deadlines", Deadlines)

    async def covered(self, key: str, question: CoverageQuestion) -> CoverageAnswer:
        """Ask whether a reprieve covers a transaction: at any time, and as it was known at any.

        Of all reprieves at once the event log is asked: ``greenlight.eventlog.read.Reader.terms``.
        """
        return await self._query(reprieve_stream(key), "covered", CoverageAnswer, question)

    async def _query(self, stream: str, name: str, answer: type[A], *inputs: Model) -> A:
        handle = self._handle(stream)
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                try:
                    return await _asked(handle, name, answer, inputs)
                except WorkflowQueryFailedError as error:
                    if unanswerable(error).code != str(RefusalCode.NO_SUCH_CASE):
                        raise
                    await _until_registered(handle)
                    return await _asked(handle, name, answer, inputs)
        except WorkflowQueryFailedError as error:
            raise unanswerable(error) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise silence(f"no worker answered {name} of {stream} in {self._patience}") from error
        except RPCError as error:
            raise await self._absent(handle, error) from error

    async def _start(self, stream: str, name: str, command: SignedCommand, command_id: str) -> CaseStatus:
        submission = self._submission(command_id, command)
        with self._under_way(Sent(name, stream, command_id)):
            return await starts.start(self.temporal, self.patience, stream, command, submission)

    @contextmanager
    def _under_way(self, sent: Sent) -> Generator[None]:
        with self._waiting(sent):
            try:
                yield
            except Unanswered as error:
                error.sent = sent
                raise

    @property
    def _patience(self) -> str:
        return f"{self.patience.total_seconds():.0f} s"

    def _submission(self, command_id: str, command: SignedCommand) -> str:
        """Digest what makes a case known again: others may use the same command id, for something else."""
        return digest([self.signer.organisation, command_id, command.body])

    async def _is_mine(self, stream: str, submission: str, application: Submission) -> bool:
        known = await self._known_as(stream)
        if known is not None:
            return known == submission
        # An operator started the case again; what was filed, and by whom, it still knows.
        filed = _Filed.model_validate((await self.dossier(stream)).dossier)
        return (filed.submitted_by.organisation, filed.submission) == (self.signer.organisation, application)

    async def _known_as(self, stream: str) -> object:
        try:
            description = await self._handle(stream).describe()
        except RPCError as error:
            raise passing(error, f"it is not known whose {stream} is") from error
        return await description.memo_value("submission", default=None)

    async def _absent(self, handle: WorkflowHandle[object, object], error: RPCError) -> Exception:
        """Interpret that Temporal does not find a workflow that could take the message."""
        if error.status is not RPCStatusCode.NOT_FOUND:
            return passing(error, f"no answer for {handle.id}")
        try:
            ended = (await handle.describe()).status
        except RPCError as missing:
            if missing.status is not RPCStatusCode.NOT_FOUND:
                return passing(missing, f"no answer for {handle.id}")
            ended = WorkflowExecutionStatus.FAILED
        match ended:
            case WorkflowExecutionStatus.FAILED:
                return Refused(RefusalCode.NO_SUCH_CASE, f"there is no case {handle.id}")
            case WorkflowExecutionStatus.COMPLETED:
                return Refused(RefusalCode.CASE_CLOSED, f"{handle.id} has its outcome")
            case _:
                return Unanswered(f"no workflow of {handle.id} runs; an operator can start it again")

    def _handle(self, stream: str) -> WorkflowHandle[object, object]:
        return self.temporal.get_workflow_handle(stream)


def _role(roles: frozenset[Role], waiting_for: str) -> Role:
    """The role in which a command is sent to a case that waits for somebody."""
    return next((role for role in roles if role == waiting_for), min(roles))


async def _answered(
    handle: WorkflowHandle[object, object], name: str, command: SignedCommand, command_id: str
) -> Receipt:
    """The receipt of a command.

    It is sent again where Temporal gave up the workflow task that had the update, as it may when a case
    continues as new, where a case has ten updates in hand, which is the server's limit, and where the
    workflow was started again from the log under it. The command's id makes another try harmless.
    """
    while True:
        try:
            # One of the SDK's overloads leaves a type open; the one used here does not.
            return await handle.execute_update(  # pyright: ignore[reportUnknownMemberType]
                name, command, id=command_id, result_type=Receipt
            )
        except RPCError as error:
            again = error.status in {RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.RESOURCE_EXHAUSTED}
            if not (again or await _missed(handle, error, WorkflowExecutionStatus.RUNNING)):
                raise
        except WorkflowUpdateFailedError as error:
            if refusal(error).code != _CUT_OFF:
                raise
        await asyncio.sleep(_PAUSE)


async def _missed(
    handle: WorkflowHandle[object, object], error: RPCError, status: WorkflowExecutionStatus
) -> bool:
    """Tell whether Temporal found nobody to take a message, and the workflow is there in this status."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return False
    with suppress(RPCError):
        return (await handle.describe()).status is status
    return False


async def _asked(
    handle: WorkflowHandle[object, object], name: str, answer: type[A], inputs: tuple[Model, ...]
) -> A:
    """The answer to a query, once the workflow can be asked: its first task may not be scheduled yet."""
    while True:
        try:
            return await handle.query(name, args=inputs, result_type=answer)
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            await asyncio.sleep(_PAUSE)


async def _until_registered(handle: WorkflowHandle[object, object]) -> None:
    """Wait for a run that has only just begun, perhaps anew, to have its case from the log."""
    with suppress(WorkflowUpdateFailedError, RPCError):
        # One of the SDK's overloads leaves a type open; the one used here does not.
        await handle.execute_update(REGISTERED)  # pyright: ignore[reportUnknownMemberType]
