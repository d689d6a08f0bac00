"""Spans of time, from a first instant to the one after the last: where none runs, and where two do."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

Interval = tuple[datetime, datetime]
"""From the first instant to the one after the last."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""The first instant that can be asked about."""

NEVER = datetime.max.replace(tzinfo=UTC)
"""When what is not published is known, and when what nothing ends is over."""


JUST_BEFORE = timedelta(microseconds=1)
"""The least time: so long before an instant counts what did until it came."""


def gaps(spans: Iterable[Interval], begin: datetime, end: datetime) -> tuple[Interval, ...]:
    """The parts of an interval in which none of ``spans`` runs."""
    found: list[Interval] = []
    covered = begin
    for starts, ends in sorted(spans):
        if starts > covered and covered < end:
            found.append((covered, min(starts, end)))
        covered = max(covered, ends)
    if covered < end:
        found.append((covered, end))
    return tuple(found)


def overlaps(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    """The parts of time in which more than one of ``spans`` runs, cut at each beginning and end."""
    known = tuple(spans)
    cuts = sorted({at for span in known for at in span})
    return tuple(
        (begin, end)
        for begin, end in pairwise(cuts)
        if sum(1 for starts, ends in known if starts <= begin and end <= ends) > 1
    )
