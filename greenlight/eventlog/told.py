"""The fate of a command, as a stream has it under the command's id."""

from greenlight.eventlog.read_events import StreamReader
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.aggregate import CommandRefused


def refused_id(event: StoredEvent) -> str | None:
    """The command that was refused, by the id that its sender gave it; None: the event is no refusal."""
    found = event.content.get("command_id") if event.type == CommandRefused.__name__ else None
    return None if found is None else str(found)


async def told(reader: StreamReader, stream: str, command_id: str) -> str | None:
    """``accepted as event 7``, or ``refused: own_recommendation``; None: nothing is on record of it.

    :raises LogUnavailableError: the log cannot be asked.
    """
    async for event in reader.stream(stream):
        if refused_id(event) == command_id:
            return f"refused: {event.content.get('code')}"
        if event.command_id == command_id:
            return f"accepted as event {event.version}"
    return None
