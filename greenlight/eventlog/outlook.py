"""Read what an outlook looks at: open applications, licenses that are not over, directives that are not; and
the moments that have come."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from greenlight.eventlog.database import Source
from greenlight.kernel.aggregate import Aggregate
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.state import DirectiveState
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.state import MomentState
from greenlight.law.outlook.forecast import Case, of_application, of_license

AT_ONCE = 200
"""Streams that are read by one statement."""

T = TypeVar("T")

_APPLICATIONS = """
SELECT stream FROM greenlight.stream WHERE kind = 'application' AND NOT closed ORDER BY stream
"""
_LICENSES = """
SELECT s.stream, 'application-' || l.acn AS application
FROM greenlight.stream s JOIN greenlight.license l ON l.number = s.key
WHERE s.kind = 'license' AND NOT s.closed ORDER BY s.stream
"""
_DIRECTIVES = """
SELECT stream FROM greenlight.stream WHERE kind = 'directive' AND NOT closed ORDER BY stream
"""
_AFTER = {
    APPLICATION.kind: "SELECT acn AS key FROM greenlight.docket WHERE NOT closed AND acn > $1",
    LICENSE.kind: "SELECT number AS key FROM greenlight.license WHERE NOT closed AND number > $1",
}
_COUNT = """
SELECT (SELECT count(*) FROM greenlight.docket WHERE NOT closed)
     + (SELECT count(*) FROM greenlight.license WHERE NOT closed) AS found
"""
_MOMENTS = "SELECT key, closed FROM greenlight.moment WHERE instant > $1 ORDER BY instant"
_BEGUN = "SELECT recorded_at FROM greenlight.event WHERE position = 1"
_EVENTS = """
SELECT stream, record FROM greenlight.event WHERE stream = ANY ($1) ORDER BY stream, version
"""


async def open_cases(source: Source) -> AsyncGenerator[tuple[Case | None, ...]]:
    """Every open application, and then every license in force with what was applied for, some at a time;
    None: one that goes on with what a newer release recorded.

    :raises LogUnavailableError: the database cannot be reached.
    """
    applications = [str(row["stream"]) for row in await source.fetch(_APPLICATIONS)]
    for streams in _by_so_many(applications):
        found = await _states(source, APPLICATION, streams)
        states = [found[stream] for stream in streams]
        yield tuple(None if state is None else of_application(state) for state in states)
    licenses = [(str(row["stream"]), str(row["application"])) for row in await source.fetch(_LICENSES)]
    for pairs in _by_so_many(licenses):
        found = await _states(source, LICENSE, [stream for stream, _ in pairs])
        asked = await _states(source, APPLICATION, [application for _, application in pairs])
        both = [(found[stream], asked[application]) for stream, application in pairs]
        yield tuple(
            None if state is None or filed is None else of_license(state, filed) for state, filed in both
        )


async def open_after(source: Source, kind: str, after: str, limit: int) -> tuple[str, ...]:
    """The next open applications, or else licenses, after a key, by key.

    :raises LogUnavailableError: the database cannot be reached.
    """
    rows = await source.fetch(f"{_AFTER[kind]} ORDER BY key LIMIT $2", after, limit)
    return tuple(str(row["key"]) for row in rows)


async def count_open(source: Source) -> int:
    """Count the open applications and licenses.

    :raises LogUnavailableError: the database cannot be reached.
    """
    (row,) = await source.fetch(_COUNT)
    return int(str(row["found"]))


async def moments_after(source: Source, after: datetime) -> dict[str, bool]:
    """The moments on record of instants after one, by key, and whether all their cases are asked.

    :raises LogUnavailableError: the database cannot be reached.
    """
    return {str(row["key"]): bool(row["closed"]) for row in await source.fetch(_MOMENTS, after)}


async def moments_told(source: Source, after: datetime) -> tuple[MomentState, ...]:
    """The same as they stand, in their order; without those that a newer release goes through.

    :raises LogUnavailableError: the database cannot be reached.
    """
    streams = [MOMENT.stream(key) for key in await moments_after(source, after)]
    found = await _states(source, MOMENT, streams)
    return tuple(state for stream in streams if (state := found[stream]) is not None)


async def log_begun(source: Source) -> datetime | None:
    """When the first event was recorded; None: nothing is yet.

    :raises LogUnavailableError: the database cannot be reached.
    """
    rows = await source.fetch(_BEGUN)
    begun = rows[0]["recorded_at"] if rows else None
    assert begun is None or isinstance(begun, datetime), "the column is timestamptz"
    return begun


async def open_directives(source: Source) -> tuple[DirectiveState, ...]:
    """Those that are in force or may come to be; none of which a newer release recorded more.

    :raises LogUnavailableError: the database cannot be reached.
    """
    streams = [str(row["stream"]) for row in await source.fetch(_DIRECTIVES)]
    found = await _states(source, DIRECTIVE, streams)
    return tuple(state for state in found.values() if state is not None)


async def _states(source: Source, kind: Aggregate[Any], streams: Sequence[str]) -> dict[str, Any]:
    """The states by their streams; None: it cannot be read whole here."""
    records: dict[str, list[str]] = {stream: [] for stream in streams}
    for row in await source.fetch(_EVENTS, list(streams)):
        records[str(row["stream"])].append(str(row["record"]))
    found = {stream: kind.known_state(told) for stream, told in records.items()}
    return {stream: state if newer is None else None for stream, (state, newer) in found.items()}


def _by_so_many(found: Sequence[T]) -> Iterable[Sequence[T]]:
    return (found[place : place + AT_ONCE] for place in range(0, len(found), AT_ONCE))
