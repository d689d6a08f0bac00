"""Words of officers on matches: found again for the same pair, and held against what is remembered of it."""

from datetime import datetime

from pydantic import Json

from greenlight.eventlog.database import parse
from greenlight.eventlog.session import Session
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.screening.language import Resolution
from greenlight.law.application.screening.resolution import (
    MatchResolved,
    ResolutionRemembered,
    resolution_of,
)
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseIssued

RESOLVED = frozenset({"LicenseIssued", "MatchResolved", "ResolutionRemembered"})
"""Events to follow; a license's issue, because it tells in which case a word on that license was said."""

# The last word, wherever it was said; of two at one instant, that of the case with the higher number, and on
# a license rather than in the case that it was granted in.
_REMEMBERED = """
SELECT DISTINCT ON (pair) pair, verdict, resolved_by::text, resolved_at, acn AS remembered_from, license
FROM (
    SELECT pair, verdict, resolved_by, resolved_at, acn, NULL AS license
    FROM greenlight.resolution WHERE pair = ANY ($1) AND remembered_from IS NULL
    UNION ALL
    SELECT pair, verdict, resolved_by, resolved_at, acn, number
    FROM greenlight.license_resolution JOIN greenlight.license USING (number)
    WHERE pair = ANY ($1) AND remembered_from IS NULL
) AS said
ORDER BY pair, resolved_at DESC, acn DESC, license NULLS LAST
"""


class _Row(Resolution):
    resolved_by: Json[Actor]


async def remembered(session: Session, pairs: frozenset[str]) -> tuple[Resolution, ...]:
    """Of each pair the last word, if there is one, as of the case in which it was said.

    :raises LogUnavailableError: the database cannot be reached.
    """
    rows = [parse(_Row, row) for row in await session.fetch(_REMEMBERED, sorted(pairs))]
    return tuple(Resolution(**dict(row)) for row in rows)


_WORDS = """
SELECT record, stream FROM greenlight.event
WHERE type = 'MatchResolved' AND ($1::timestamptz IS NULL OR recorded_at <= $1) ORDER BY position
"""


async def words(session: Session, known_at: datetime | None = None) -> tuple[Resolution, ...]:
    """Of each pair the last word that an officer gave; ``known_at``: as the log had it by then.

    :raises LogUnavailableError: the database cannot be reached.
    """
    said: dict[str, Resolution] = {}
    for row in await session.fetch(_WORDS, known_at):
        event = _read(str(row["stream"]), str(row["record"]))
        assert isinstance(event, MatchResolved), "the query asks for these alone"
        word = resolution_of(event)
        if event.pair not in said or said[event.pair].resolved_at <= word.resolved_at:
            said[event.pair] = word
    return tuple(said.values())


def _read(stream: str, record: str) -> Event:
    return (LICENSE if stream.startswith(license_stream("")) else APPLICATION).read(record)


class Resolutions:
    """Grows with what officers said of matches and with the licenses, not with the log."""

    def __init__(self) -> None:
        self._said: set[tuple[str, str]] = set()
        self._granted_in: dict[str, str] = {}

    def step(self, stored: StoredEvent) -> str | None:
        """Take in what an officer said, or tell why what the service remembers was never said.

        :raises ValueError: it cannot be an event of ``RESOLVED``.
        """
        event = _read(stored.stream, stored.record)
        if isinstance(event, LicenseIssued):
            self._granted_in[event.number] = event.acn
            return None
        assert isinstance(event, MatchResolved | ResolutionRemembered), "no other has this type"
        told = resolution_of(event).model_copy(
            update={"reason": None, "remembered_from": None, "license": None}
        )
        if isinstance(event, MatchResolved):
            self._said.add((stored.stream, told.model_dump_json()))
            return None
        source = application_stream(event.remembered_from)
        if event.license is not None:
            source = license_stream(event.license)
            if self._granted_in.get(event.license) != event.remembered_from:
                return f"{event.license} was not granted in {event.remembered_from}"
        if (source, told.model_dump_json()) not in self._said:
            return f"nobody said that in {event.license or event.remembered_from}"
        return None
