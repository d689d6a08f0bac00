"""What can be read off a workflow's history."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import WorkflowSerializationContext

PAYLOADS = frozenset(
    {
        "workflow_execution_started_event_attributes.input",
        "workflow_execution_update_accepted_event_attributes.accepted_request.input.args",
        "workflow_execution_signaled_event_attributes.input",
        "marker_recorded_event_attributes.details",
    }
)
"""Where the content of a case may stand in a history: what a codec encrypts."""


async def opened(client: Client, history: WorkflowHistory) -> WorkflowHistory:
    """The same history with its payloads as they were before they were encrypted."""
    context = WorkflowSerializationContext(namespace=client.namespace, workflow_id=history.workflow_id)
    codec = client.data_converter.with_context(context).payload_codec
    assert codec is not None, "every client has one"
    for event in history.events:
        for payload in payloads(event):
            (plain,) = await codec.decode([payload])
            payload.CopyFrom(plain)
    return history


def payloads(message: Message) -> Iterator[Payload]:
    """Every payload in a message, but not those inside of one."""
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            inner = [entry for entry in value.values() if isinstance(entry, Message)]
        else:
            inner = value if field.is_repeated else [value]
        for each in inner:
            yield from payloads(each)


@dataclass(frozen=True, slots=True)
class Timer:
    """``fires_at``: by the workflow's own time."""

    fires_at: datetime
    summary: str


def timers(history: WorkflowHistory) -> Iterator[Timer]:
    """Those that were started, in order."""
    for event in history.events:
        if event.HasField("timer_started_event_attributes"):
            timeout = event.timer_started_event_attributes.start_to_fire_timeout
            fires_at = event.event_time.ToDatetime(tzinfo=UTC) + timeout.ToTimedelta()
            yield Timer(fires_at, json.loads(event.user_metadata.summary.data))


def texts(message: Message, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text and every sequence of bytes in a message, with the path of the field it stands in."""
    for field, value in message.ListFields():
        place = f"{path}.{field.name}".lstrip(".")
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key, entry in value.items():
                yield place, str(key)
                yield from _texts(field, entry, place)
        elif field.is_repeated:
            for entry in value:
                yield from _texts(field, entry, place)
        else:
            yield from _texts(field, value, place)


def _texts(field: FieldDescriptor, value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Message):
        yield from texts(value, place)
    elif isinstance(value, bytes):
        yield place, value.decode(errors="replace")
    elif isinstance(value, str):
        yield place, value


def in_payload(place: str) -> bool:
    """Whether a field of an event is, or is inside, one of ``PAYLOADS``."""
    return any(place == payload or place.startswith(f"{payload}.") for payload in PAYLOADS)
