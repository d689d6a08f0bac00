"""Requests that take longer than one answer: a command that is sent until it has one, many applications, a
decision.

An answer may be lost, and with it the knowledge whether a command was carried out. The id under which it was
sent is the way back: the same command under the same id is carried out once, and answers again.
"""

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from greenlight.client.answers import PASSING, Refused, Unanswered, is_cancelled
from greenlight.client.client import LicensingClient
from greenlight.client.signer import new_command_id
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.refusal import known_codes
from greenlight.kernel.streams import application_stream
from greenlight.law.application.dossier import Submission

A = TypeVar("A")

DAY = timedelta(days=1)
_FIRST_REST, _LONGEST_REST = 0.5, 30.0


async def until_answered(
    send: Callable[[str], Awaitable[A]],
    *,
    command_id: str | None = None,
    within: timedelta = timedelta(minutes=10),
    told: Callable[[Unanswered, float], None] = lambda _error, _rest: None,
) -> A:
    """Send a command until it is answered, each time under the same id, with ever longer rests.

        await until_answered(
            lambda command_id: client.decide(stream, body, dossier=digest, command_id=command_id)
        )

    :param send: sends the command under the id that it is given.
    :param told: hears of each try without an answer, and of the seconds until the next.
    :raises Refused: with the code.
    :raises Unanswered: nobody answered ``within`` that time; ``sent`` has the id to go on with.
    """
    chosen = command_id or new_command_id()
    end = time.monotonic() + within.total_seconds()
    rest = _FIRST_REST
    while True:
        try:
            return await send(chosen)
        except Unanswered as error:
            pause = rest * random.uniform(0.5, 1)  # noqa: S311  # No secret.
            if time.monotonic() + pause > end:
                raise
            told(error, pause)
            await asyncio.sleep(pause)
            rest = min(2 * rest, _LONGEST_REST)


@dataclass(frozen=True, slots=True)
class Filed:
    """The outcome of one of many applications: its case, or why there is none. ``done`` of ``total`` are
    answered."""

    key: str
    command_id: str
    case: CaseStatus | None
    refused: Refused | None
    done: int
    total: int


async def submit_all(
    client: LicensingClient,
    applications: Mapping[str, Submission],
    *,
    name: str,
    at_once: int = 16,
    within: timedelta = timedelta(minutes=10),
) -> AsyncGenerator[Filed]:
    """File many applications, and tell of each as soon as it is answered: that is the progress.

    Each has an id that follows from ``name`` and its own key. The same again, after whatever broke, finds
    what was filed and files the others. While the service is away, or has too much to do, all of them rest.

    :param applications: by a key of the caller's, such as the number of an order.
    :param name: of the whole, the caller's own.
    :param at_once: so many are on their way.
    :param within: the time for an answer to one of them.
    :raises Unanswered: nobody answered one of them within that time. The same call goes on with the rest.
    """
    waiting = iter(applications.items())
    running: set[asyncio.Task[tuple[str, str, CaseStatus | Refused]]] = set()
    done = 0

    async def file(key: str, application: Submission) -> tuple[str, str, CaseStatus | Refused]:
        command_id = bulk_command_id(client.signer.organisation, name, key)
        try:
            case = await until_answered(
                lambda id_: client.submit(application, command_id=id_), command_id=command_id, within=within
            )
        except Refused as refused:
            return key, command_id, refused
        return key, command_id, case

    try:
        while True:
            while len(running) < at_once and (following := next(waiting, None)) is not None:
                running.add(asyncio.create_task(file(*following)))
            if not running:
                return
            ready, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in ready:
                key, command_id, said = task.result()
                done += 1
                case, refused = (None, said) if isinstance(said, Refused) else (said, None)
                yield Filed(key, command_id, case, refused, done, len(applications))
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def bulk_command_id(organisation: str, name: str, key: str) -> str:
    """The id of one of many commands: the same for the same, and no other's."""
    said = "\n".join(("greenlight bulk", organisation, name, key))
    return hashlib.sha256(said.encode()).hexdigest()[:48]


async def wait_for_decision(
    client: LicensingClient, number: str, *, within: timedelta | None = None
) -> CaseStatus:
    """Wait until an application has its outcome, and return how it stands then; ``within``: at most so long.

    Nothing is asked again and again: Temporal answers when the case ends. It may take months, while all of
    the service is started anew.

    :raises Refused: there is no such case, or Temporal has forgotten it; the log has it for ever.
    :raises Unanswered: it had no outcome within that time.
    """
    stream = application_stream(number)
    handle: WorkflowHandle[object, CaseStatus] = client.temporal.get_workflow_handle(
        stream, result_type=CaseStatus
    )
    try:
        async with asyncio.timeout(within.total_seconds() if within else None):
            rest = _FIRST_REST
            while True:
                try:
                    # There is such a case, or that is said.
                    now = await client.status(stream)
                    return now if now.status.closed else await handle.result()
                except Unanswered:
                    # The service is away, for as long as it may be.
                    pass
                except WorkflowFailureError as error:
                    cause = error.cause
                    if isinstance(cause, ApplicationError) and cause.type and cause.type in known_codes():
                        raise Refused(cause.type, cause.message) from error
                    # It was ended by hand; the case stands still until it is started again from the log.
                except RPCError as error:
                    # The SDK tells of a time limit of the caller's as of a server that is away.
                    if is_cancelled():
                        raise asyncio.CancelledError from error
                    if error.status not in PASSING:
                        raise
                await asyncio.sleep(rest)
                rest = min(2 * rest, _LONGEST_REST)
    except TimeoutError:
        raise Unanswered(f"{stream} has no outcome yet") from None
