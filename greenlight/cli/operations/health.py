"""One look at whether the service can do its work: for people, and for probes."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import typer

from greenlight.cli.base.options import Json
from greenlight.cli.base.output import bad, counted, good, print_json, print_table
from greenlight.cli.base.session import UNREACHABLE, Session, read_settings, run

if TYPE_CHECKING:
    from greenlight.service.health import Health

_SECONDS = 5.0
"""For each part to answer."""
_POLLED_SECONDS = 90.0
"""A worker asks the task queue anew at least once a minute."""


class Part(NamedTuple):
    """A part of the service: whether it is well, and in words how it stands."""

    name: str
    well: bool
    said: str


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Operate the service")(health)


def health(json: Json = False) -> None:
    """Ask the event log, Temporal and the worker how they are; exit code 0 if all is well, 3 if not.

    The worker tells of its work beside the cases (publishing, letters, repair) where
    GREENLIGHT_HEALTH_ADDRESS says that it answers.
    """
    address = read_settings().health_address

    async def action(session: Session) -> list[Part]:
        asked = [_part("event log", _log(session)), _part("task queue", _task_queue(session))]
        parts = await asyncio.gather(*asked)
        return [*parts, *(await _worker(address) if address else ())]

    parts = run(action)
    well = all(part.well for part in parts)
    if json:
        print_json({"well": well, "parts": [part._asdict() for part in parts]})
    else:
        rows = ((part.name, good("well") if part.well else bad("not well"), part.said) for part in parts)
        print_table("Health", ("part", "is", "how it stands"), rows)
    if not well:
        raise typer.Exit(UNREACHABLE)


async def _part(name: str, look: Awaitable[str]) -> Part:
    """The answer of ``look``, or what keeps it from one."""
    from temporalio.service import RPCError

    from greenlight.connection.target import UnreachableError
    from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
    from greenlight.eventlog.session import LogUnavailableError
    from greenlight.eventlog.stored import LogMissingError

    try:
        async with asyncio.timeout(_SECONDS):
            return Part(name, True, await look)
    except TimeoutError:
        return Part(name, False, f"no answer within {_SECONDS:.0f} s")
    except (UnreachableError, LogUnavailableError, LogMissingError, RPCError) as error:
        return Part(name, False, str(error))
    except (DatabaseError, *LOST_CONNECTION) as error:
        return Part(name, False, f"{type(error).__name__}: {error}")


async def _log(session: Session) -> str:
    """A letter that cannot be delivered waits for somebody, and the service is well all the same."""
    from greenlight.eventlog.letters import LetterBox

    async with session.reader() as reader:
        head = await reader.head()
    async with LetterBox(session.database_url) as box:
        letters = await box.given_up()
    waiting = f"; letters that cannot be delivered: {letters}, see starter.py letters" if letters else ""
    return f"{head.position} events in {head.origin}{waiting}"


async def _task_queue(session: Session) -> str:
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    from greenlight.connection.target import UnreachableError, connect
    from greenlight.law.contract import TASK_QUEUE

    temporal = await connect(session.target)
    said = await temporal.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=temporal.namespace,
            task_queue=TaskQueue(name=TASK_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    now = datetime.now(UTC)
    ages = {
        each.identity: (now - each.last_access_time.ToDatetime(tzinfo=UTC)).total_seconds()
        for each in said.pollers
    }
    polling = [identity for identity, age in ages.items() if age < _POLLED_SECONDS]
    if not polling:
        raise UnreachableError(f"no worker asks the task queue {TASK_QUEUE} of {temporal.namespace} for work")
    return f"asked by {', '.join(sorted(polling))}"


async def _worker(address: str) -> list[Part]:
    """The worker's tasks, or the one thing that is wrong with the worker."""
    try:
        said = await asyncio.to_thread(_asked, address)
    except (OSError, ValueError) as error:
        return [Part("worker", False, f"no answer at {address}: {error}")]
    return [
        Part(
            task.task,
            task.well,
            "; ".join(
                [
                    f"done {task.age:.0f} s ago" if task.last_success else "not done yet",
                    *(
                        [f"{counted(task.failures, 'failure')} in a row: {task.error}"]
                        if task.failures
                        else ()
                    ),
                    *([f"{counted(task.resting, 'item')} failed, to be tried again"] * bool(task.resting)),
                    *([f"{counted(task.given_up, 'item')} given up"] * bool(task.given_up)),
                ]
            ),
        )
        for task in said.tasks
    ]


def _asked(address: str) -> "Health":
    """:raises OSError, ValueError: there is no answer, or none of a worker."""
    from http.client import HTTPConnection, HTTPException

    from greenlight.service.health import HEALTHZ, Health

    host, _, port = address.rpartition(":")
    connection = HTTPConnection(host.strip("[]"), int(port), timeout=_SECONDS)
    try:
        connection.request("GET", HEALTHZ)
        return Health.model_validate_json(connection.getresponse().read())
    except HTTPException as error:
        raise ValueError(type(error).__name__) from error
    finally:
        connection.close()
