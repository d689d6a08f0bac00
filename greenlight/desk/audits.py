"""The audit: what is published of the log, who signed it, and how the auditor says that it stands."""

import asyncio
from typing import NamedTuple

from starlette.responses import Response

from greenlight.answers.audited import audited
from greenlight.desk.asked import Asked
from greenlight.kernel.roles import LICENSING

SHOWN = 50
"""Open faults that are told one by one; further ones are counted."""


class Faulty(NamedTuple):
    """A position at which a fault is open, and the event that stands there; None: the log ends before it."""

    position: int
    stream: str | None
    version: int
    what: str


async def audit(asked: Asked) -> Response:
    """The page."""
    asked.must_be(LICENSING)
    head = await asked.house.reader.head()
    found = await asyncio.to_thread(audited, asked.house.tiles, head)
    positions = found.word.faults[:SHOWN] if found.word else ()
    faults = [await _fault(asked, position) for position in positions]
    streams = {each.stream for each in faults if each.stream}
    await asked.house.access.note_all(asked.caller, streams, "audit")
    return asked.page("audit.html", found=found, faults=faults, kind=head.kind)


async def _fault(asked: Asked, position: int) -> Faulty:
    async for event in asked.house.reader.log(position - 1):
        if event.position == position:
            return Faulty(position, event.stream, event.version, event.type)
        break
    return Faulty(position, None, 0, "")
