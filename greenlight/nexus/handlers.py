"""Handlers of the Nexus service: they start cases and send commands for workflows of other namespaces.

What a caller waits for ends by a callback of Temporal's, also after a month. So a handler only begins it, and
nothing is lost with the worker.
"""

from collections.abc import Awaitable
from typing import NoReturn, TypeVar

from nexusrpc import HandlerError, HandlerErrorType, OperationError, OperationErrorState
from nexusrpc.handler import (
    OperationHandler,
    StartOperationContext,
    operation_handler,
    service_handler,
    sync_operation,
)
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.nexus import (
    CancelUpdateWorkflowOptions,
    CancelWorkflowRunOptions,
    TemporalCancelOperationContext,
    TemporalNexusClient,
    TemporalOperationHandler,
    TemporalOperationResult,
    TemporalStartOperationContext,
)
from temporalio.service import RPCError, RPCStatusCode

from greenlight.answers.errors import ListMissingError
from greenlight.client import starts
from greenlight.client.answers import PASSING, refusal
from greenlight.client.asking import missed
from greenlight.client.sending import submission
from greenlight.connection.executions import RunStatus, described
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.session import LogUnavailableError
from greenlight.kernel.authority import ReadCommand, SignedCommand, read_claims, read_command
from greenlight.kernel.commit import Proof, Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.refusal import Refusal, RefusalCode, known_code
from greenlight.law.application.commands import Submit
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.contract import NO_CANCELLING, commands
from greenlight.law.reprieve.questions import CoverageAnswer
from greenlight.nexus import ActivityAsked, CaseAsked, Licensing, ShipmentAsked
from greenlight.nexus.library import Library

T = TypeVar("T")
A = TypeVar("A")


class _Operation(TemporalOperationHandler[SignedCommand, T]):
    """An operation that only what it waits for can end."""

    async def cancel_workflow_run(
        self, ctx: TemporalCancelOperationContext, options: CancelWorkflowRunOptions
    ) -> None:
        _no_cancelling()

    async def cancel_workflow_update(
        self, ctx: TemporalCancelOperationContext, options: CancelUpdateWorkflowOptions
    ) -> None:
        _no_cancelling()


class _Submit(_Operation[CaseStatus]):
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def start_operation(
        self, ctx: TemporalStartOperationContext, client: TemporalNexusClient, input: SignedCommand
    ) -> TemporalOperationResult[CaseStatus]:
        read = _read(input)
        if read.name != Submit.declared.name:
            _refuse(Refusal(RefusalCode.WRONG_COMMAND, f"submit takes no {read.name}: use decide"))
        stream = read.claims.aud
        known_by = submission(read.claims.org, read.claims.jti, input.body)
        opening = starts.opening(stream, known_by)
        try:
            return await client.start_workflow(
                arg=input, result_type=CaseStatus, id_conflict_policy=WorkflowIDConflictPolicy.FAIL, **opening
            )
        except WorkflowAlreadyStartedError:
            pass
        except RPCError as error:
            raise _passing(error) from error
        run = await described(client.client, stream)
        if (await run.memo(client.client)).get("submission") != known_by:
            _refuse(Refusal(RefusalCode.ALREADY_SUBMITTED, f"{stream} belongs to another case"))
        # Whoever waits for a case reads it.
        if refused := await self._recorder.unproven(Proof(token=read.token, claims=read.claims), stream):
            _refuse(refused)
        if run.status is RunStatus.COMPLETED:
            handle = client.client.get_workflow_handle(stream, result_type=CaseStatus)
            return TemporalOperationResult[CaseStatus].sync(await handle.result())
        return await client.start_workflow(
            arg=input,
            result_type=CaseStatus,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            **opening,
        )


class _Decide(_Operation[Receipt]):
    async def start_operation(
        self, ctx: TemporalStartOperationContext, client: TemporalNexusClient, input: SignedCommand
    ) -> TemporalOperationResult[Receipt]:
        read = _read(input)
        stream, id = read.claims.aud, read.claims.jti
        try:
            try:
                # One of the SDK's overloads leaves a type open; the one used here does not.
                return await client.start_workflow_update(  # pyright: ignore[reportUnknownMemberType]
                    stream,
                    read.name,
                    input,
                    wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                    update_id=id,
                    result_type=Receipt,
                )
            except RPCError as error:
                if not await missed(client.client, stream, error, RunStatus.COMPLETED):
                    raise
            receipt = await starts.send_late(client.client, stream, read.name, input, id)
            return TemporalOperationResult[Receipt].sync(receipt)
        except (OperationError, WorkflowUpdateFailedError) as error:
            failed = error if isinstance(error, WorkflowUpdateFailedError) else error.__cause__
            if not isinstance(failed, WorkflowUpdateFailedError):
                raise
            said = refusal(failed)
            _refuse(Refusal(known_code(said.code), str(said)))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                _refuse(Refusal(RefusalCode.NO_SUCH_CASE, f"there is no case {stream}"))
            raise _passing(error) from error


@service_handler(service=Licensing)
class LicensingHandler:
    """The service of one worker."""

    def __init__(self, recorder: Recorder, library: Library) -> None:
        self._recorder = recorder
        self._library = library

    @operation_handler
    def submit(self) -> OperationHandler[SignedCommand, CaseStatus]:
        return _Submit(self._recorder)

    @operation_handler
    def decide(self) -> OperationHandler[SignedCommand, Receipt]:
        return _Decide()

    @sync_operation
    async def status(self, ctx: StartOperationContext, asked: CaseAsked) -> CaseStatus:
        return _told(await _within(self._library.status(asked)))

    @sync_operation
    async def authorised(self, ctx: StartOperationContext, asked: ShipmentAsked) -> Authorisation:
        return _told(await _within(self._library.authorised(asked)))

    @sync_operation
    async def covered(self, ctx: StartOperationContext, asked: ActivityAsked) -> CoverageAnswer:
        return _told(await _within(self._library.covered(asked)))


async def _within(answer: Awaitable[A]) -> A:
    """Have Temporal ask again where the log is away for a moment, or the list."""
    try:
        return await answer
    except (LogUnavailableError, ListMissingError) as error:
        raise HandlerError("the event log cannot answer now", type=HandlerErrorType.UNAVAILABLE) from error


def _told(answer: A | Refusal) -> A:
    if isinstance(answer, Refusal):
        _refuse(answer)
    return answer


def _read(command: SignedCommand) -> ReadCommand:
    """Hold a command against its own token, which names the case and the command."""
    claims = read_claims(command.token)
    if isinstance(claims, Refusal):
        _refuse(claims)
    body = commands().get(claims.cmd)
    if body is None:
        _refuse(Refusal(RefusalCode.UNKNOWN_COMMAND, f"there is no command {claims.cmd}"))
    read = read_command(body.declared, claims.aud, command)
    if isinstance(read, Refusal):
        _refuse(read)
    return read


def _refuse(refused: Refusal) -> NoReturn:
    """End the operation for good. The SDK keeps the type, which is the code, of the error's cause alone."""
    cause = ApplicationError(refused.message, type=refused.code, non_retryable=True)
    raise OperationError(refused.message, state=OperationErrorState.FAILED) from cause


def _passing(error: RPCError) -> Exception:
    """Read an error of Temporal's: what may be another a moment later is tried again."""
    if error.status in PASSING:
        return HandlerError(error.message, type=HandlerErrorType.UNAVAILABLE)
    return error


def _no_cancelling() -> NoReturn:
    raise HandlerError(NO_CANCELLING, type=HandlerErrorType.BAD_REQUEST, retryable_override=False)
