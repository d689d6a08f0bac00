"""Sending a command that is signed, whoever signed it, and what it means where nobody answers."""

import asyncio
from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError, RPCStatusCode

from greenlight.client.answers import Refused, Unanswered, passing, refusal, silence
from greenlight.client.asking import answered, missed
from greenlight.client.starts import send_late
from greenlight.connection.executions import RunStatus, described
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import RefusalCode


async def decided(
    temporal: Client, patience: timedelta, stream: str, name: str, command: SignedCommand, command_id: str
) -> Receipt:
    """Send a command to a case that there is, and wait for its receipt.

    :raises Refused: with the code, where it is not accepted.
    :raises Unanswered: nobody answered in time; to send the same again is safe.
    """
    try:
        async with asyncio.timeout(patience.total_seconds()):
            try:
                return await answered(temporal, stream, name, command, command_id)
            except RPCError as error:
                if not await missed(temporal, stream, error, RunStatus.COMPLETED):
                    raise
                return await send_late(temporal, stream, name, command, command_id)
    except WorkflowUpdateFailedError as error:
        raise refusal(error) from error
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        seconds = f"{patience.total_seconds():.0f} s"
        raise silence(f"no worker answered {name} on {stream} in {seconds}") from error
    except RPCError as error:
        raise await absent(temporal, stream, error) from error


def submission(organisation: str, command_id: str, body: JsonObject) -> str:
    """Digest what makes a case known again: others may use the same command id, for something else."""
    return digest([organisation, command_id, body])


async def known_as(temporal: Client, stream: str) -> object:
    """Find by what submission a case was begun; None where an operator started it again.

    :raises Unanswered: Temporal is away.
    """
    try:
        known = await described(temporal, stream)
    except RPCError as error:
        raise passing(error, f"it is not known whose {stream} is") from error
    return (await known.memo(temporal)).get("submission")


async def absent(temporal: Client, stream: str, error: RPCError) -> Exception:
    """Interpret that Temporal does not find a workflow that could take the message."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return passing(error, f"no answer for {stream}")
    try:
        ended = (await described(temporal, stream)).status
    except RPCError as missing:
        if missing.status is not RPCStatusCode.NOT_FOUND:
            return passing(missing, f"no answer for {stream}")
        ended = RunStatus.FAILED
    match ended:
        case RunStatus.FAILED:
            return Refused(RefusalCode.NO_SUCH_CASE, f"there is no case {stream}")
        case RunStatus.COMPLETED:
            return Refused(RefusalCode.CASE_CLOSED, f"{stream} has its outcome")
        case _:
            return Unanswered(f"no workflow of {stream} runs; an operator can start it again")
