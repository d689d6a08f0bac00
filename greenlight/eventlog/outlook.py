"""Read what an outlook looks at: open applications, licenses that are not over, directives that are not."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any, TypeVar

from greenlight.eventlog.database import Source
from greenlight.kernel.aggregate import Aggregate
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.state import DirectiveState
from greenlight.law.license.aggregate import LICENSE
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
