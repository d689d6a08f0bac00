"""The end of terms: what follows is decided ahead of the one that ends last, and each ends with its last day.

Of a reprieve and of a rule alike, by the same days: those of Washington.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from greenlight.kernel.time.calendar import agency_date, last_day, plain_date, start_of_day
from greenlight.kernel.time.deadlines import Deadline

LEAD_DAYS = 14
"""So many days before its last it is decided what follows a term, where nobody says otherwise."""

DECISION = "decision"
EXPIRY = "expiry"


class Ends(Protocol):
    """A term of that number and end."""

    @property
    def number(self) -> int: ...
    @property
    def end(self) -> datetime: ...


E = TypeVar("E", bound=Ends)


def horizon(terms: Iterable[E]) -> E | None:
    """Of terms that are not over the one that ends last: what follows it is to be decided."""
    return max(terms, key=lambda term: (term.end, term.number), default=None)


def lead(end: datetime, days: int) -> datetime:
    """The beginning of the day that lies so many before the last one of a term."""
    return start_of_day(last_day(end) - timedelta(days=days))


def lapses(beginnings: Iterable[datetime], at: datetime) -> bool:
    """Tell whether nothing runs from ``at`` on, by when the others begin that are not over."""
    return all(begin > at for begin in beginnings)


def decision(term: Ends, word: str, done: str, due: datetime, since: datetime, citation: str) -> Deadline:
    """The deadline at which it is time to decide what follows a term. ``word`` is what people call one,
    ``done`` what is done then."""
    return Deadline(
        kind=f"{DECISION}-{term.number}",
        label="Decision",
        due=due,
        started_at=since,
        citation=citation,
        explanation=f"What follows {word} {term.number}, whose last day is "
        f"{plain_date(last_day(term.end))}, {done} {plain_date(agency_date(due))}",
    )


def expiry(term: Ends, word: str, how: str, since: datetime, citation: str) -> Deadline:
    """The end of a term."""
    return Deadline(
        kind=f"{EXPIRY}-{term.number}",
        label="Expiry",
        due=term.end,
        started_at=since,
        citation=citation,
        explanation=f"{word.capitalize()} {term.number} ends at the end of "
        f"{plain_date(last_day(term.end))}: it {how}",
    )
