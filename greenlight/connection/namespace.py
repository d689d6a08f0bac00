"""A Temporal namespace belongs to one event log, in one database: no other log, and no copy, acts there.

The namespace's own data says whose it is. The first worker writes it; every later one, and whoever starts
workflows again from a log, is held to it. A restored copy has the log's id and stands in another database.
"""

import time
from dataclasses import dataclass

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.namespace.v1 import UpdateNamespaceInfo
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from greenlight.connection.target import UnreachableError

LOG, DATABASE = "greenlight-log", "greenlight-database"
"""The keys of the namespace's data."""

AT_WORK = 90.0
"""Seconds after its last request for work for which a worker counts as one that runs; a request takes 60."""


class NamespaceError(Exception):
    """The namespace is another log's, or may not be changed. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a namespace is: the name of an event log, and the database that holds it."""

    log: str
    database: str

    def __str__(self) -> str:
        return f"{self.log} in database {self.database}"


async def holder(client: Client) -> Holder | None:
    """Whose the namespace is; None: nobody's yet.

    :raises UnreachableError: it cannot be asked.
    """
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        data = (await client.workflow_service.describe_namespace(request)).namespace_info.data
    except RPCError as error:
        raise UnreachableError(
            f"namespace {client.namespace} cannot be described ({error.message}): "
            "create it, or correct TEMPORAL_NAMESPACE and what its credentials may do"
        ) from error
    return Holder(data[LOG], data.get(DATABASE, "")) if data.get(LOG) else None


async def check(client: Client, ours: Holder) -> None:
    """Let nobody go on who acts for another log, or for a copy. A namespace that is nobody's is anybody's.

    :raises NamespaceError: it is somebody else's.
    :raises UnreachableError: it cannot be asked.
    """
    found = await holder(client)
    if found is None or found == ours:
        return
    what = "a copy of that log, or the log restored" if found.log == ours.log else "another log"
    raise NamespaceError(
        f"namespace {client.namespace} is that of {found}, and DATABASE_URL leads to {what}: {ours}. "
        "Correct TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE or DATABASE_URL; if this database takes the other's "
        "place for good, stop what works on the other and run: "
        f"starter.py namespace adopt {client.namespace}"
    )


async def claim(client: Client, ours: Holder) -> bool:
    """As ``check``, and make the namespace ours where it is nobody's. False: who asks may not write that.

    :raises NamespaceError: it is somebody else's.
    :raises UnreachableError: it cannot be asked.
    """
    await check(client, ours)
    if await holder(client) is None:
        try:
            await _write(client, ours)
        except RPCError:
            return False
        # Another log may have been as early.
        await check(client, ours)
    return True


async def adopt(client: Client, ours: Holder) -> Holder | None:
    """Make the namespace ours, whosever it was; returns who had it.

    :raises NamespaceError: who asks may not.
    :raises UnreachableError: it cannot be asked.
    """
    before = await holder(client)
    try:
        await _write(client, ours)
    except RPCError as error:
        raise NamespaceError(
            f"namespace {client.namespace} cannot be changed ({error.message}): use credentials of its "
            "administrator, or have them run: temporal operator namespace update "
            f"--namespace {client.namespace} --data {LOG}={ours.log} --data {DATABASE}={ours.database}"
        ) from error
    return before


async def at_work(client: Client, task_queue: str) -> tuple[str, ...]:
    """The workers that asked for work on the task queue a moment ago, as they name themselves."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    answer = await client.workflow_service.describe_task_queue(request)
    since = time.time() - AT_WORK
    return tuple(
        sorted({each.identity for each in answer.pollers if each.last_access_time.ToSeconds() >= since})
    )


async def _write(client: Client, ours: Holder) -> None:
    data = {LOG: ours.log, DATABASE: ours.database}
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=client.namespace, update_info=UpdateNamespaceInfo(data=data))
    )
