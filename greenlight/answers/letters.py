"""The letters of a stream that somebody may read who may read the stream."""

from greenlight.eventlog.letters import LetterBox, Listed
from greenlight.eventlog.read import Reader
from greenlight.kernel.roles import Actor, Role
from greenlight.law.registry import aggregate_of
from greenlight.law.told import told_to


async def letters_told(box: LetterBox, reader: Reader, caller: Actor, stream: str) -> tuple[Listed, ...]:
    """All of them but those on an event that is told to another organisation: of a license that was
    transferred, what the one shipped is not for the other.

    :raises LogUnavailableError: the database cannot be reached.
    """
    found = await box.of(stream)
    if not found or caller.role is not Role.APPLICANT or caller.role in aggregate_of(stream).open_to:
        return found
    told = {
        event.version
        async for event in reader.stream(stream)
        if told_to(caller, stream, event.type, event.content)
    }
    return tuple(each for each in found if each.version in told)
