"""A term as it runs, whatever it is the term of."""

from dataclasses import dataclass
from datetime import date, datetime

from greenlight.kernel.time.calendar import last_day
from greenlight.law.terms.spans import NEVER, Interval


@dataclass(frozen=True, slots=True)
class Run:
    """A term from ``begin`` to ``end``, the first instant after it; ``NEVER``, where nothing ends it.

    ``number`` is by which it is called, ``said`` what it is or why. ``citation`` and ``published`` are None
    while it is not printed. ``how``: how what it is about stands by it, where that is drawn.
    """

    number: int
    begin: datetime
    end: datetime
    citation: str | None
    published: datetime | None
    said: str
    how: str | None = None

    @property
    def span(self) -> Interval:
        return self.begin, self.end

    @property
    def through(self) -> date | None:
        """Its last day; None where it has none."""
        return None if self.end == NEVER else last_day(self.end)
