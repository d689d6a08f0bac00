"""Whether a transaction is covered by a reprieve: at any instant, and as known at any instant.

An answer is a function of the recorded terms alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from licensing.commit import Event
from licensing.reprieve.terms import Activity, Certifier, Term
from licensing.reprieve.versions import Version, versions
from licensing.time.calendar import end_of_day

ENTITY_LIST = "A license under the Entity List (15 CFR 744.11)."
OTHER_LICENSES = (
    "A license that another provision of the EAR requires: a reprieve waives the requirement of the Entity "
    "List and no other.",
    "A license for a listed party to the transaction that the reprieve does not cover.",
)
"""What a covered transaction may need a license for nevertheless."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer, with what it rests on.

    Covered: ``reprieve``, ``term`` and ``activity`` say by what; ``also`` are other terms that cover it too,
    by reprieve and number. Not covered: ``term`` is the one that came nearest, if any ran.
    ``still_required`` is what needs a license, or may.
    """

    covered: bool
    reason: str
    still_required: tuple[str, ...]
    reprieve: str | None = None
    term: Term | None = None
    activity: Activity | None = None
    also: tuple[tuple[str, int], ...] = ()

    @property
    def citation(self) -> str | None:
        """Where the term is printed; None while it is not published."""
        return self.term.citation if self.term else None

    @property
    def certifier(self) -> Certifier | None:
        """Who must certify, before the transaction, that it is within the scope."""
        return self.activity.certifier if self.activity else None

    @property
    def certification(self) -> str | None:
        """What must be certified."""
        return self.activity.certification if self.activity else None


class Terms:
    """All versions of all terms, found by instant.

    Between two instants at which some version begins or ends, the same ones run; of those that run at once,
    the one that began last comes first.
    """

    def __init__(self, found: Iterable[Version]) -> None:
        self.versions = tuple(sorted(found, key=_newest_first))
        changes: dict[datetime, set[int]] = {}
        for place, version in enumerate(self.versions):
            if version.term.effective < version.end:
                for instant in (version.term.effective, version.end):
                    changes.setdefault(instant, set()).add(place)
        self._instants = sorted(changes)
        self._running: list[tuple[Version, ...]] = []
        running: set[int] = set()
        for instant in self._instants:
            running ^= changes[instant]
            self._running.append(tuple(self.versions[place] for place in sorted(running)))

    @classmethod
    def of(cls, reprieves: Iterable[Iterable[Event]]) -> "Terms":
        """From the events of reprieves, each in its order."""
        return cls(version for events in reprieves for version in versions(events))

    def running(self, at: datetime) -> tuple[Version, ...]:
        place = bisect_right(self._instants, at) - 1
        return self._running[place] if place >= 0 else ()

    def changes(self, begin: datetime, end: datetime) -> tuple[datetime, ...]:
        """When, after ``begin`` and before ``end``, other terms run than just before."""
        return tuple(self._instants[bisect_right(self._instants, begin) : bisect_left(self._instants, end)])


def covered(
    terms: Terms,
    entity: str,
    activity: str,
    at: datetime,
    destination: str | None = None,
    known_at: datetime | None = None,
) -> Coverage:
    """Whether ``activity`` with ``entity`` is covered at ``at``, as everything recorded has it.

    ``destination``: an ISO 3166-1 code; None asks without one, and no term is then ruled out by it.
    ``known_at``: as it was known at that instant.
    """
    # Written out: hundreds of terms may run at once, and a call for each would take most of the time.
    running = terms.running(at)
    hits = [
        version
        for version in running
        if (version.latest if known_at is None else version.known_from <= known_at < version.known_until)
        and activity in version.activities
        and destination not in version.excluded
        and (version.covers(entity, at) if entity in version.changed else entity in version.entities)
    ]
    if not hits:
        return _not_covered(
            [(_miss(each, entity, activity, at, destination, known_at), each) for each in running]
        )
    by = hits[0]
    return Coverage(
        covered=True,
        reason=f"Term {by.term.number} of reprieve {by.reprieve} authorises it, "
        f"{by.activities[activity].paragraph}",
        still_required=OTHER_LICENSES,
        reprieve=by.reprieve,
        term=by.term,
        activity=by.activities[activity],
        also=tuple((other.reprieve, other.term.number) for other in hits[1:]),
    )


def covered_all_day(
    terms: Terms,
    entity: str,
    activity: str,
    day: date,
    destination: str | None = None,
    known_at: datetime | None = None,
) -> Coverage:
    """As ``covered``, at every instant of a day in Washington: not covered if there is one that is not."""
    begin, end = end_of_day(day - timedelta(days=1)), end_of_day(day)
    answers = [
        covered(terms, entity, activity, at, destination, known_at)
        for at in (begin, *terms.changes(begin, end))
    ]
    missed = next((answer for answer in answers if not answer.covered), None)
    if missed is None or not any(answer.covered for answer in answers):
        return missed or answers[0]
    return replace(missed, reason=f"For a part of the day: {missed.reason[0].lower()}{missed.reason[1:]}")


def _not_covered(misses: Iterable[tuple[tuple[int, str] | None, Version]]) -> Coverage:
    """Why not: what is said of the term that came nearest."""
    (_, reason), nearest = _Miss.NO_TERM, None
    rank = 0
    for miss, version in misses:
        if miss is not None and miss[0] > rank:
            (rank, reason), nearest = miss, version
    return Coverage(
        covered=False,
        reason=reason,
        still_required=(ENTITY_LIST, *OTHER_LICENSES),
        reprieve=nearest.reprieve if nearest else None,
        term=nearest.term if nearest else None,
    )


class _Miss:
    """Why a term does not cover, the nearer the miss the greater the number."""

    NO_TERM = (0, "No term runs at that instant")
    NOT_KNOWN = (1, "A term runs at that instant that was not published by then")
    ENTITY = (2, "The term that runs does not cover the entity")
    ACTIVITY = (3, "The term that runs does not authorise the activity")
    DESTINATION = (4, "The destination is excluded")


def _miss(
    version: Version,
    entity: str,
    activity: str,
    at: datetime,
    destination: str | None,
    known_at: datetime | None,
) -> tuple[int, str] | None:
    if not version.known(known_at):
        # An earlier version of a term says nothing that a later one does not say better.
        return _Miss.NO_TERM if known_at is None else _Miss.NOT_KNOWN
    if not version.covers(entity, at):
        return _Miss.ENTITY
    if activity not in version.activities:
        return _Miss.ACTIVITY
    if destination in version.excluded:
        return _Miss.DESTINATION
    return None


def _newest_first(version: Version) -> tuple[float, str, int, bool]:
    return -version.term.effective.timestamp(), version.reprieve, -version.term.number, not version.latest
