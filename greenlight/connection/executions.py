"""Workflows as Temporal describes and lists them, those too that an operator paused: to the SDK (1.35) theirs
is no status that there is, and any answer with such a workflow in it an error."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Self

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    ListWorkflowExecutionsRequest,
)
from temporalio.client import Client
from temporalio.converter import WorkflowSerializationContext, decode_search_attributes
from temporalio.service import RPCError

_PAGE = 200


class RunStatus(IntEnum):
    """The status of a run, by Temporal's numbers; OTHER is one that nobody here knows."""

    OTHER = 0
    RUNNING = 1
    COMPLETED = 2
    FAILED = 3
    CANCELED = 4
    TERMINATED = 5
    CONTINUED_AS_NEW = 6
    TIMED_OUT = 7
    PAUSED = 8

    @classmethod
    def _missing_(cls, value: object) -> Self:
        return cls(0)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a workflow, as a list has it."""

    _info: WorkflowExecutionInfo

    @property
    def id(self) -> str:
        """The workflow's id, which is the case's stream."""
        return self._info.execution.workflow_id

    @property
    def run_id(self) -> str:
        return self._info.execution.run_id

    @property
    def workflow_type(self) -> str:
        return self._info.type.name

    @property
    def task_queue(self) -> str:
        return self._info.task_queue

    @property
    def status(self) -> RunStatus:
        return RunStatus(self._info.status)

    @property
    def lives(self) -> bool:
        """It has not ended: it runs, or is paused by an operator."""
        return self.status in {RunStatus.RUNNING, RunStatus.PAUSED}

    @property
    def started(self) -> datetime:
        return _instant(self._info.start_time)

    @property
    def ended(self) -> datetime | None:
        """When it came to its end; None: it lives."""
        return _instant(self._info.close_time) if self._info.HasField("close_time") else None

    @property
    def to_begin(self) -> datetime | None:
        """When its first task was or is to be; None: nothing is said of it."""
        info = self._info
        return _instant(info.execution_time) if info.HasField("execution_time") else None

    @property
    def search_attributes(self) -> Mapping[str, Sequence[object]]:
        return decode_search_attributes(self._info.search_attributes)

    async def memo(self, temporal: Client) -> dict[str, object]:
        """The note of its start.

        :raises UnopenedError: it is encrypted, and its key is not here.
        """
        return {name: await _value(temporal, self.id, note) for name, note in self._info.memo.fields.items()}


@dataclass(frozen=True, slots=True)
class Described(Run):
    """A run, and how its next task goes. ``attempts`` at that: 0 where there is none to do."""

    attempts: int
    _summary: Payload | None
    _details: Payload | None

    async def summary(self, temporal: Client) -> str | None:
        """The line that the UI shows of it."""
        return await _text(temporal, self.id, self._summary)

    async def details(self, temporal: Client) -> str | None:
        """The text that the UI shows of it."""
        return await _text(temporal, self.id, self._details)


async def described(temporal: Client, stream: str, run_id: str = "") -> Described:
    """The last run on an id, or that one.

    :raises RPCError: there is none, or Temporal is away.
    """
    said = await temporal.workflow_service.describe_workflow_execution(
        DescribeWorkflowExecutionRequest(
            namespace=temporal.namespace, execution=WorkflowExecution(workflow_id=stream, run_id=run_id)
        ),
        retry=True,
    )
    return _described(said)


async def is_paused(temporal: Client, stream: str) -> bool:
    """Tell whether an operator paused the workflow of that id. No, where nobody can tell."""
    try:
        return (await described(temporal, stream)).status is RunStatus.PAUSED
    except RPCError:
        return False


async def listed(temporal: Client, query: str) -> AsyncGenerator[Run]:
    """The runs that a list filter finds, in no order.

    :raises RPCError: Temporal is away.
    """
    page = b""
    while True:
        said = await temporal.workflow_service.list_workflow_executions(
            ListWorkflowExecutionsRequest(
                namespace=temporal.namespace, query=query, page_size=_PAGE, next_page_token=page
            ),
            retry=True,
        )
        for info in said.executions:
            yield Run(info)
        page = said.next_page_token
        if not page:
            return


def _described(said: DescribeWorkflowExecutionResponse) -> Described:
    told = said.execution_config.user_metadata
    return Described(
        said.workflow_execution_info,
        attempts=said.pending_workflow_task.attempt,
        _summary=told.summary if told.HasField("summary") else None,
        _details=told.details if told.HasField("details") else None,
    )


def _instant(at: Timestamp) -> datetime:
    return at.ToDatetime(tzinfo=UTC)


async def _text(temporal: Client, stream: str, payload: Payload | None) -> str | None:
    return None if payload is None else str(await _value(temporal, stream, payload))


async def _value(temporal: Client, stream: str, payload: Payload) -> object:
    context = WorkflowSerializationContext(namespace=temporal.namespace, workflow_id=stream)
    # By a type, so that what cannot be opened is an error and no value.
    (value,) = await temporal.data_converter.with_context(context).decode([payload], [object])
    return value
