"""Read what stands: directives in force, the current version of the list, decisions on listed entities."""

from datetime import datetime

from pydantic import Json

from greenlight.eventlog.database import parse
from greenlight.eventlog.session import Session
from greenlight.kernel.model import Instant, Model
from greenlight.law.application.directed import OPEN
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.events import DirectiveIssued
from greenlight.law.directive.standing import Standing, StandingDirective
from greenlight.law.license.state import CLOSED, Stage
from greenlight.law.screening_list.content import StandingList

# What is in scope tells only the record: no read model names entities. A statement sees one state of the log.
_STANDING = """
SELECT position, directives, orders, in_force_since, record, list
FROM greenlight.log
CROSS JOIN (SELECT coalesce(sum(decided), 0) AS orders FROM greenlight.entity) AS entities
LEFT JOIN (
    SELECT jsonb_build_object('key', key, 'title', title, 'digest', digest, 'retrieved', retrieved,
                              'max_age_days', max_age_days)::text AS list
    FROM greenlight.list WHERE digest IS NOT NULL
) AS current ON true
LEFT JOIN (
    SELECT d.in_force_since, e.record FROM greenlight.standing_directive d
    JOIN greenlight.event e ON e.stream = 'directive-' || d.key AND e.type = 'DirectiveIssued'
) AS standing ON true
"""

_SUPERSEDED_BY = """
SELECT key FROM greenlight.directive WHERE supersedes = $1 AND times > 0
ORDER BY in_force_since NULLS LAST, key LIMIT 1
"""


# By key, so that a cursor tells how far one is. A case that comes later sees the directives by itself.
_PENDING = {
    False: "SELECT acn AS key FROM greenlight.docket WHERE stage = ANY ($1)",
    True: "SELECT number AS key FROM greenlight.license WHERE stage = ANY ($1)",
}
# The event from which on is found by its stream; all that follow by their positions.
_GONE_ON = """
SELECT DISTINCT stream FROM greenlight.event
WHERE position > (SELECT min(position) FROM greenlight.event WHERE stream = $1 AND at >= $2)
  AND starts_with(stream, $3) AND stream > $4 AND ($5::text IS NULL OR stream <= $5)
ORDER BY stream
"""
_STAGES = {False: sorted(OPEN), True: sorted(set(Stage) - CLOSED)}


class _Row(Model):
    position: int
    directives: int
    orders: int
    in_force_since: Instant | None
    record: str | None
    list: Json[StandingList] | None


class _Found(Model):
    found: int


async def read_standing(session: Session) -> Standing:
    """The directives in force, the current version of the list and what is decided of listed entities now.

    :raises LogUnavailableError: the database cannot be reached.
    """
    rows = [parse(_Row, row) for row in await session.fetch(_STANDING)]
    return Standing(
        count=rows[0].directives,
        position=rows[0].position,
        directives=tuple(
            _standing(row.record, row.in_force_since)
            for row in rows
            if row.record is not None and row.in_force_since is not None
        ),
        list=rows[0].list,
        orders=rows[0].orders,
    )


async def superseded_by(session: Session, key: str) -> str | None:
    """The directive that has come in force in the place of ``key``, if there is one: over or not."""
    rows = await session.fetch(_SUPERSEDED_BY, key)
    return str(rows[0]["key"]) if rows else None


async def pending(session: Session, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]:
    """The keys after ``after`` of cases that are undecided, or else of licenses in force."""
    query = f"SELECT key FROM ({_PENDING[licenses]}) AS open WHERE key > $2 ORDER BY key LIMIT $3"  # noqa: S608  # A constant.
    rows = await session.fetch(query, _STAGES[licenses], after, limit)
    return tuple(str(row["key"]) for row in rows)


async def gone_on(
    session: Session, since: tuple[str, datetime], *, kind: str, after: str, to: str | None
) -> tuple[str, ...]:
    """The streams of a kind that have events behind the first one of a stream at or after an instant; those
    after the stream ``after``, up to ``to`` (None: to the last)."""
    rows = await session.fetch(_GONE_ON, *since, f"{kind}-", after, to)
    return tuple(str(row["stream"]) for row in rows)


async def count_pending(session: Session, *, licenses: bool) -> int:
    """Count the cases that are undecided, or else the licenses in force."""
    query = f"SELECT count(*) AS found FROM ({_PENDING[licenses]}) AS open"  # noqa: S608  # A constant.
    rows = await session.fetch(query, _STAGES[licenses])
    return parse(_Found, rows[0]).found


def _standing(record: str, since: Instant) -> StandingDirective:
    issued = DIRECTIVE.read(record)
    assert isinstance(issued, DirectiveIssued), "the query asks for these alone"
    return StandingDirective(
        key=issued.key,
        author=issued.by,
        scope=issued.scope,
        posture=issued.posture,
        citation=issued.citation,
        reasons=issued.reasons,
        since=since,
        expires=issued.expires,
        ground=issued.ground,
    )
