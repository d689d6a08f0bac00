"""What officers said of matches: found again for the same pair, and held against what is remembered of it."""

from pydantic import Json

from eventlog.database import parse
from eventlog.session import Session
from eventlog.stored import StoredEvent
from licensing.application.aggregate import APPLICATION
from licensing.application.matches import Resolution
from licensing.application.resolution import MatchResolved, ResolutionRemembered, resolution_of
from licensing.authority import Actor
from licensing.contract import application_stream

RESOLVED = frozenset({"MatchResolved", "ResolutionRemembered"})

# The last word, wherever it was said; of two at one instant, that of the case with the higher number.
_REMEMBERED = """
SELECT DISTINCT ON (pair) pair, verdict, resolved_by::text, resolved_at, acn AS remembered_from
FROM greenlight.resolution WHERE pair = ANY ($1) AND remembered_from IS NULL
ORDER BY pair, resolved_at DESC, acn DESC
"""


class _Row(Resolution):
    resolved_by: Json[Actor]


async def remembered(session: Session, pairs: frozenset[str]) -> tuple[Resolution, ...]:
    """Of each pair the last word, if there is one, as of the case in which it was said.

    :raises LogUnavailableError: the database cannot be reached.
    """
    rows = [parse(_Row, row) for row in await session.fetch(_REMEMBERED, sorted(pairs))]
    return tuple(Resolution(**dict(row)) for row in rows)


class Resolutions:
    """Grows with what officers said of matches, not with the log."""

    def __init__(self) -> None:
        self._said: set[tuple[str, str]] = set()

    def step(self, stored: StoredEvent) -> str | None:
        """Take in what an officer said, or tell why what the service remembers was never said.

        :raises ValueError: it cannot be an event of ``RESOLVED``.
        """
        event = APPLICATION.read(stored.record)
        assert isinstance(event, MatchResolved | ResolutionRemembered), "no other has this type"
        told = resolution_of(event).model_copy(update={"reason": None, "remembered_from": None})
        if isinstance(event, MatchResolved):
            self._said.add((stored.stream, told.model_dump_json()))
        elif (application_stream(event.remembered_from), told.model_dump_json()) not in self._said:
            return f"nobody said that in {event.remembered_from}"
        return None
