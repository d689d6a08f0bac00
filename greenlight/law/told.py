"""Which events of a stream somebody may read who may read the stream."""

from collections.abc import Mapping

from pydantic import JsonValue

from greenlight.kernel.roles import Actor, Role
from greenlight.law.registry import aggregate_of

_FOUND = frozenset({"finding", "findings"})


def told_to(reader: Actor, stream: str, event_type: str, event: Mapping[str, JsonValue]) -> bool:
    """Tell whether an event is for ``reader``, to whom the stream is open.

    Officers and departments read all of it. Whoever acts for an applicant or licensee reads what they sent
    and what they were told, by letter or as an answer to what they asked for, and not what officers and
    departments said among themselves, nor what was found of a name: whoever saw how near it came could tune
    another. What a report comes to is told to those whose report it is.
    """
    kind = aggregate_of(stream)
    if reader.role is not Role.APPLICANT or reader.role in kind.open_to:
        return True
    by = event.get("by")
    if isinstance(by, dict) and by.get("organisation") == reader.organisation:
        return not _FOUND & event.keys()
    known = kind.event_types.get(event_type)
    if known is None or known.declared.tells:
        return False
    return known.declared.told or known.declared.letter is not None
