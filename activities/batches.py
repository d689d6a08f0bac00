"""Taking a batch's signature to its cases, each through an update, a few at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.declared import BatchWork
from greenlight.kernel.authority import Claims, SignedCommand, read_claims
from greenlight.kernel.commit import Receipt, StreamPage
from greenlight.kernel.inclusion import APPROVAL, SIGN_OFF, case_command_id, inclusion
from greenlight.kernel.refusal import Code, RefusalCode, known_codes
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.delivery import Deliver, Delivered, Delivery
from greenlight.law.batch.state import BatchState
from greenlight.service.notify import heartbeats

AT_ONCE = 8
"""Updates under way at one time: a batch must not keep people's own commands waiting."""

UNANSWERED = "unanswered"

_PATIENCE = timedelta(seconds=30)
_CODES = frozenset(code.value for code in known_codes())


class BatchLog(Protocol):
    """The questions that are asked of the log here."""

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...

    async def batch_token(self, stream: str) -> str | None: ...

    async def accepted(self, command_ids: Sequence[str]) -> frozenset[str]: ...


class BatchActivities(BatchWork):
    """An ordinary activity over the event log and a Temporal client; a second try is harmless."""

    def __init__(self, log: BatchLog, temporal: Client) -> None:
        self._log = log
        self._temporal = temporal

    @activity.defn(name="deliver_decisions")
    async def deliver_decisions(self, request: Deliver) -> Delivered:
        async with heartbeats():
            return await self._deliver(request)

    async def _deliver(self, request: Deliver) -> Delivered:
        errand = await self._errand(request.batch)
        ids = {case: case_command_id(errand.claims.jti, case) for case in request.cases}
        known = await self._log.accepted(tuple(ids.values()))
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(case: str) -> Delivery | None:
            if ids[case] in known:
                return Delivery(case=case, command_id=ids[case])
            async with gate:
                return await self._send(errand.command(case, request.at), case, ids[case])

        told = await asyncio.gather(*(one(case) for case in request.cases))
        if request.give_up:
            told = [each or _unanswered(case, ids[case]) for case, each in zip(ids, told, strict=True)]
        # An answer that was lost on the way: whatever somebody said, the log knows.
        since = await self._log.accepted(tuple(ids.values()))
        return Delivered(
            deliveries=tuple(
                Delivery(case=each.case, command_id=each.command_id) if each.command_id in since else each
                for each in told
                if each is not None
            )
        )

    async def _errand(self, stream: str) -> "_Errand":
        state: BatchState | None = None
        after, more = 0, True
        while more:
            page = await self._log.read_stream(stream, after)
            state = BATCH.replay(state, page.records)
            after, more = after + len(page.records), page.more
        token = await self._log.batch_token(stream)
        claims = read_claims(token) if token else None
        if state is None or token is None or not isinstance(claims, Claims):
            raise ValueError(f"the log has no signature of {stream}")
        return _Errand(stream, state, token, claims)

    async def _send(self, command: SignedCommand, case: str, command_id: str) -> Delivery | None:
        """The case's answer, None if there is none yet."""
        handle: WorkflowHandle[object, object] = self._temporal.get_workflow_handle(case)
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                # One of the SDK's overloads leaves a type open; the one used here does not.
                await handle.execute_update(  # pyright: ignore[reportUnknownMemberType]
                    SIGN_OFF, command, id=command_id, result_type=Receipt
                )
            return Delivery(case=case, command_id=command_id)
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            if isinstance(cause, ApplicationError) and cause.type in _CODES:
                return Delivery(
                    case=case, command_id=command_id, code=cause.type, message=cause.message[:400]
                )
            return None
        except RPCError as error:
            code = await _absent(handle) if error.status is RPCStatusCode.NOT_FOUND else None
            if code is None:
                return None
            return Delivery(case=case, command_id=command_id, code=code.value, message=code.meaning)
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            return None


@dataclass(frozen=True, slots=True)
class _Errand:
    """A signed batch, and the token that proves it."""

    stream: str
    state: BatchState
    token: str
    claims: Claims

    def command(self, case: str, at: datetime | None) -> SignedCommand:
        places = {leaf.stream: place for place, leaf in enumerate(self.state.leaves)}
        return SignedCommand(
            token=self.token,
            body=APPROVAL,
            at=at,
            inclusion=inclusion(self.stream, self.state.leaves, places[case]),
        )


async def _absent(handle: WorkflowHandle[object, object]) -> Code | None:
    """Tell what it means that no workflow took the message; None if one may take it later."""
    try:
        status = (await handle.describe()).status
    except RPCError as error:
        return RefusalCode.NO_SUCH_CASE if error.status is RPCStatusCode.NOT_FOUND else None
    match status:
        case WorkflowExecutionStatus.COMPLETED:
            return RefusalCode.CASE_CLOSED
        case WorkflowExecutionStatus.FAILED:
            return RefusalCode.NO_SUCH_CASE
        case _:
            return None


def _unanswered(case: str, command_id: str) -> Delivery:
    message = "nobody answered for the case; it waits for the executive as before"
    return Delivery(case=case, command_id=command_id, code=UNANSWERED, message=message)
