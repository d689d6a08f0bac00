"""The client: start applications, send commands, ask how things stand."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from client.errors import Refused as Refused
from client.errors import Unanswered as Unanswered
from client.errors import passing, silence
from client.numbers import control_numbers
from client.signer import Signer, new_command_id
from licensing.application.commands import Submit
from licensing.application.dossier import Submission
from licensing.authority import PERMITTED, Actor, Role, SignedCommand
from licensing.canonical import digest
from licensing.commit import Receipt
from licensing.contract import (
    COMMANDS,
    DECISIONS,
    REGISTERED,
    TASK_QUEUE,
    application_stream,
    directive_stream,
    reprieve_stream,
    stream_key,
    workflow_type,
)
from licensing.decider import Body
from licensing.directive.commands import IssueDirective
from licensing.messages import CaseStatus, Deadlines, DossierAnswer, Resume
from licensing.model import Model
from licensing.refusal import RefusalCode
from licensing.reprieve.commands import OpenReprieve

A = TypeVar("A", bound=Model)

_NAMES: Mapping[type[Body], str] = {body: name for name, body in COMMANDS.items()}
_WHAT_IT_SHOWS = (
    "**Current Details** says at which stage it is, who must act and what is due when. "
    "Commands are updates and signals, signed by an officer; `docs/contract.md` lists them."
)
_APPLICATION = "License application"
_REPRIEVE = "Reprieve"
_DIRECTIVE = "Directive"
_WHAT_IT_IS = {
    _APPLICATION: f"An application for an export license. {_WHAT_IT_SHOWS}",
    _REPRIEVE: f"A reprieve (temporary general license) with its terms. {_WHAT_IT_SHOWS}",
    _DIRECTIVE: f"A directive for a class of cases, and how far its fan-out is. {_WHAT_IT_SHOWS}",
}
_PAUSE = 0.2
_CUT_OFF = "AcceptedUpdateCompletedWorkflow"
"""What Temporal says of an update that it took in and whose workflow ended before the answer."""


class _Filed(BaseModel):
    """Of a dossier, what was filed and by whom."""

    submitted_by: Actor
    submission: Submission


class LicensingClient:
    """Sends commands as one officer. ``patience`` is how long to wait for an answer."""

    def __init__(
        self, temporal: Client, signer: Signer, *, patience: timedelta = timedelta(seconds=30)
    ) -> None:
        self.temporal = temporal
        self.signer = signer
        self.patience = patience

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
                return await self._start(_APPLICATION, stream, command, command_id)
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
        """Open a reprieve, and return once it is on record. The same again, under the same id, is harmless.

        :raises Refused: with the code, where it is not accepted.
        """
        return await self._open(_REPRIEVE, reprieve_stream(key), opening, command_id)

    async def issue_directive(
        self, key: str, order: IssueDirective, *, command_id: str | None = None
    ) -> CaseStatus:
        """Issue a directive, and return once it is on record. The same again, under the same id, is harmless.

        :raises Refused: with the code, where it is not accepted.
        """
        return await self._open(_DIRECTIVE, directive_stream(key), order, command_id)

    async def _open(self, what: str, stream: str, opening: Body, command_id: str | None) -> CaseStatus:
        command_id = command_id or new_command_id()
        command = self.signer.sign(_NAMES[type(opening)], stream, opening, command_id=command_id)
        try:
            return await self._start(what, stream, command, command_id)
        except WorkflowAlreadyStartedError:
            if await self._known_as(stream) == self._submission(command_id, command):
                return await self.status(stream)
        raise Refused(RefusalCode.ALREADY_SUBMITTED, f"there is a {what.lower()} {stream_key(stream)}")

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

        :param stream: the workflow id, ``application-…``, ``license-…``, ``reprieve-…`` or ``directive-…``.
        :param dossier: for a decision, the digest that :meth:`dossier` gave with what was read. Without it
            the dossier is taken as it stands now, unread.
        :param role: where a command may be sent in several; without it, the one for which the case waits.
        :raises Refused: with the code, where the command is not accepted.
        """
        name = _NAMES[type(body)]
        unsaid = name in DECISIONS and dossier is None
        several = role is None and len(PERMITTED[name]) > 1
        if unsaid or several:
            case = await self.status(stream)
            dossier = case.dossier if unsaid else dossier
            role = _role(name, case.status.waiting_for) if several else role
        command_id = command_id or new_command_id()
        command = self.signer.sign(name, stream, body, role=role, dossier=dossier, command_id=command_id)
        handle = self._handle(stream)
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                try:
                    return await _answered(handle, name, command, command_id)
                except RPCError as error:
                    if not await _missed(handle, error, WorkflowExecutionStatus.COMPLETED):
                        raise
                    return await self._send_late(stream, name, command, command_id)
        except WorkflowUpdateFailedError as error:
            raise _refused(error) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise silence(f"no worker answered {name} on {stream} in time") from error
        except RPCError as error:
            raise await self._absent(handle, error) from error

    async def status(self, stream: str) -> CaseStatus:
        """Stage, who must act, what is due."""
        return await self._query(stream, "status", CaseStatus)

    async def dossier(self, stream: str) -> DossierAnswer:
        """What a decision rests on, with the digest to sign."""
        return await self._query(stream, "dossier", DossierAnswer)

    async def deadlines(self, stream: str) -> Deadlines:
        """Every deadline that matters, explained."""
        return await self._query(stream, "deadlines", Deadlines)

    async def _query(self, stream: str, name: str, answer: type[A]) -> A:
        handle = self._handle(stream)
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                try:
                    return await handle.query(name, result_type=answer)
                except WorkflowQueryFailedError:
                    await _until_registered(handle)
                    return await handle.query(name, result_type=answer)
        except WorkflowQueryFailedError as error:
            raise Refused(RefusalCode.NO_SUCH_CASE, str(error)) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise silence(f"no worker answered {name} of {stream} in time") from error
        except RPCError as error:
            raise await self._absent(handle, error) from error

    async def _start(self, what: str, stream: str, command: SignedCommand, command_id: str) -> CaseStatus:
        """Start a case and wait until it is on record, or learn why it is not."""
        start: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
            workflow_type(stream),
            command,
            id=stream,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=f"{what} {stream_key(stream)}",
            static_details=_WHAT_IT_IS[what],
            memo={"submission": self._submission(command_id, command)},
        )
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                # One of the SDK's overloads leaves a type open; the one used here does not.
                return await self.temporal.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
                    REGISTERED, start_workflow_operation=start, result_type=CaseStatus
                )
        except WorkflowUpdateFailedError as error:
            refused = _refused(error)
            if refused.code in set(RefusalCode):
                raise refused from error
            raise await _start_refused(self._handle(stream)) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise silence(f"{stream} was started, but no worker has put it on record yet") from error
        except RPCError as error:
            raise passing(error, f"it is not known whether {stream} is on record") from error
        finally:
            await _look_at_start(start)

    async def _send_late(self, stream: str, name: str, command: SignedCommand, command_id: str) -> Receipt:
        """Take an ended case up again, and let the log say; then its workflow ends again.

        A license and a reprieve take some commands after their end, and a command that ended a case may be
        sent again by somebody who never got the answer.
        """
        start: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
            workflow_type(stream),
            Resume(),
            id=stream,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=f"{stream}, taken up again after its end",
        )
        # One of the SDK's overloads leaves a type open; the one used here does not.
        return await self.temporal.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
            name, command, start_workflow_operation=start, id=command_id, result_type=Receipt
        )

    def _submission(self, command_id: str, command: SignedCommand) -> str:
        """What a case is known again by: others may use the same command id, for something else."""
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
        """What it means that Temporal does not find a workflow that could take the message."""
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


def _role(name: str, waiting_for: str) -> Role:
    """The role in which a command is sent to a case that waits for somebody."""
    roles = sorted(PERMITTED[name])
    return next((role for role in roles if role == waiting_for), roles[0])


async def _look_at_start(start: WithStartWorkflowOperation[object, object]) -> None:
    """The SDK keeps a failure of the start a second time, and complains if nobody looks at it."""
    with suppress(Exception, asyncio.CancelledError):
        # It is there already, or never comes.
        async with asyncio.timeout(0):
            await start.workflow_handle()


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
            if _refused(error).code != _CUT_OFF:
                raise
        await asyncio.sleep(_PAUSE)


async def _missed(
    handle: WorkflowHandle[object, object], error: RPCError, status: WorkflowExecutionStatus
) -> bool:
    """Whether Temporal found nobody to take a message, and the workflow is there in this status."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return False
    with suppress(RPCError):
        return (await handle.describe()).status is status
    return False


async def _until_registered(handle: WorkflowHandle[object, object]) -> None:
    """Wait for a run that has only just begun, perhaps anew, to have its case from the log."""
    with suppress(WorkflowUpdateFailedError, RPCError):
        # One of the SDK's overloads leaves a type open; the one used here does not.
        await handle.execute_update(REGISTERED)  # pyright: ignore[reportUnknownMemberType]


def _refused(error: WorkflowUpdateFailedError) -> Refused:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return Refused(cause.type or RefusalCode.MALFORMED, cause.message)
    return Refused(RefusalCode.MALFORMED, str(cause))


async def _start_refused(handle: WorkflowHandle[object, object]) -> Exception:
    """Why a start that Temporal accepted came to nothing; or that another run goes on with it."""
    try:
        now = (await handle.describe()).status
    except RPCError as error:
        return passing(error, f"it is not known whether {handle.id} is on record")
    if now in {WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.TERMINATED}:
        return Unanswered(f"{handle.id} was cut off; what was recorded of it stands")
    try:
        await handle.result()
    except WorkflowFailureError as error:
        if isinstance(error.cause, ApplicationError):
            return Refused(error.cause.type or RefusalCode.MALFORMED, error.cause.message)
        return error
    return Refused(RefusalCode.CASE_CLOSED, f"{handle.id} has its outcome")
