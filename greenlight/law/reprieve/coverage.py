"""Tell whether a transaction is covered by a reprieve: at any instant, and as known at any instant.

An answer is a function of the recorded terms alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import compress

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import AGENCY_ZONE, agency_date, end_of_day, plain_date
from greenlight.law.reprieve.following import Following, settles
from greenlight.law.reprieve.terms import Activity, Certifier, Term
from greenlight.law.reprieve.versions import Version, versions

ENTITY_LIST = "A license under the Entity List (15 CFR 744.11), if the entity is on it then."
LISTED = "A license under the Entity List (15 CFR 744.11)."
OTHER_LICENSES = (
    "A license that another provision of the EAR requires: a reprieve waives the requirement of the Entity "
    "List and no other.",
    "A license for a listed party to the transaction that the reprieve does not cover.",
)
"""The licenses that a covered transaction may need nevertheless."""


@dataclass(frozen=True, slots=True)
class CoverageReading:
    """One way in which it may come to be."""

    covered: bool
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer, with what it rests on.

    Covered: ``reprieve``, ``term`` and ``activity`` say by what; ``also`` are other terms that cover it too,
    by reprieve and number. Not covered: ``term`` is the one that came nearest, if any ran.
    ``still_required`` is what needs a license, or may.

    Open: not covered as the record stands, and it may be yet, since it is not decided what follows ``term``.
    Then ``readings`` has every way it may come, and ``settled_by`` what would decide between them.
    """

    covered: bool
    reason: str
    still_required: tuple[str, ...]
    reprieve: str | None = None
    term: Term | None = None
    activity: Activity | None = None
    also: tuple[tuple[str, int], ...] = ()
    readings: tuple[CoverageReading, ...] = ()
    settled_by: str | None = None

    @property
    def open(self) -> bool:
        return bool(self.readings)

    @property
    def citation(self) -> str | None:
        """The place where the term is printed; None while it is not published."""
        return self.term.citation if self.term else None

    @property
    def certifier(self) -> Certifier | None:
        """The one who must certify, before the transaction, that it is within the scope."""
        return self.activity.certifier if self.activity else None

    @property
    def certification(self) -> str | None:
        """The statement that must be certified."""
        return self.activity.certification if self.activity else None


Places = int
"""A set of places in an order: bit n for the nth."""

_CHOSEN = bytes.maketrans(b"01", b"\0\1")


class Times:
    """The places that hold at an instant, of places that each hold from one instant to another."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime, Places]]) -> None:
        changes: dict[datetime, Places] = {}
        for begin, end, place in spans:
            if begin < end:
                changes[begin] = changes.get(begin, 0) ^ place
                changes[end] = changes.get(end, 0) ^ place
        self._instants = sorted(changes)
        self._holding: list[Places] = []
        holding = 0
        for instant in self._instants:
            holding ^= changes[instant]
            self._holding.append(holding)

    def at(self, instant: datetime) -> Places:
        place = bisect_right(self._instants, instant) - 1
        return self._holding[place] if place >= 0 else 0

    def changes(self, begin: datetime, end: datetime) -> tuple[datetime, ...]:
        """When, after ``begin`` and before ``end``, something else holds than just before."""
        return tuple(self._instants[bisect_right(self._instants, begin) : bisect_left(self._instants, end)])


class Terms:
    """All versions of all terms, in the order in which they are told: the one that began last comes first.

    A question may find hundreds of them running. So what each of its conditions leaves is looked up, as a set
    of places in that order, and not tried on one version after another.
    """

    def __init__(
        self,
        found: Iterable[Version],
        following: Iterable[Following] = (),
        told: Iterable[tuple[Event, ...]] = (),
    ) -> None:
        """``told``: the events of each reprieve, which they are from."""
        self.versions = tuple(sorted(found, key=_newest_first))
        self._names = tuple((version.reprieve, version.term.number) for version in self.versions)
        each = [(1 << place, version) for place, version in enumerate(self.versions)]
        self._latest = sum(place for place, version in each if version.latest)
        self._known = Times((v.known_from, v.known_until, place) for place, v in each)
        self._running = Times((v.term.effective, v.end, place) for place, v in each)
        self._activities = _places((place, v.activities) for place, v in each)
        self._excluded = _places((place, v.excluded) for place, v in each)
        self._entities = _places((place, v.entities - v.changed.keys()) for place, v in each)
        changed: dict[str, list[tuple[datetime, datetime, Places]]] = {}
        for place, version in each:
            for entity, intervals in version.changed.items():
                changed.setdefault(entity, []).extend((begin, end, place) for begin, end in intervals)
        self._changed = {entity: Times(spans) for entity, spans in changed.items()}
        self.following = tuple(following)
        self.told = tuple(told)

    @classmethod
    def of(cls, reprieves: Iterable[Iterable[Event]]) -> "Terms":
        """From the events of reprieves, each in its order."""
        found: list[Version] = []
        following: list[Following] = []
        every = tuple(map(tuple, reprieves))
        for told in every:
            of_one = versions(told)
            found += of_one
            following.append(Following(told, of_one))
        return cls(found, following, every)

    def as_recorded(self, at: datetime) -> "Terms":
        """By no more than what was on record at an instant, whenever that was printed: as is answered then by
        all that is known."""
        if all(event.at <= at for told in self.told for event in told):
            return self
        then = (tuple(event for event in told if event.at <= at) for told in self.told)
        return Terms.of(filter(None, then))

    def running(self, at: datetime) -> Places:
        return self._running.at(at)

    def known(self, known_at: datetime | None) -> Places:
        return self._latest if known_at is None else self._known.at(known_at)

    def covering(self, entity: str, at: datetime) -> Places:
        """Those that cover ``entity`` at ``at``, an instant within them."""
        places, changed = self._entities.get(entity, 0), self._changed.get(entity)
        return places | changed.at(at) if changed else places

    def authorising(self, activity: str) -> Places:
        return self._activities.get(activity, 0)

    def excluding(self, destination: str | None) -> Places:
        return self._excluded.get(destination, 0) if destination else 0

    def first(self, places: Places) -> Version | None:
        return self.versions[(places & -places).bit_length() - 1] if places else None

    def names(self, places: Places) -> tuple[tuple[str, int], ...]:
        """By reprieve and number, in their order."""
        chosen = f"{places:b}"[::-1].encode().translate(_CHOSEN)
        return tuple(compress(self._names, chosen))

    def changes(self, begin: datetime, end: datetime) -> tuple[datetime, ...]:
        """When, after ``begin`` and before ``end``, other terms run than just before."""
        return self._running.changes(begin, end)

    def undecided(
        self, entity: str, activity: str, at: datetime, destination: str | None, known_at: datetime | None
    ) -> Iterator[Version]:
        """The terms that ran out before ``at``, and would cover it if they were extended as they stand, as
        may yet be decided."""
        for each in self.following:
            last = each.undecided(at, known_at)
            if (
                last is not None
                and activity in last.activities
                and destination not in last.excluded
                and entity in each.entities(last, at, known_at)
            ):
                yield last


def covered(
    terms: Terms,
    entity: str,
    activity: str,
    at: datetime,
    destination: str | None = None,
    known_at: datetime | None = None,
) -> Coverage:
    """Tell whether ``activity`` with ``entity`` is covered at ``at``, as everything recorded has it. It is
    open beyond the last term of a reprieve while it is not decided what follows that.

    ``destination``: an ISO 3166-1 code; None asks without one, and no term is then ruled out by it.
    ``known_at``: as it was known at that instant.
    """
    running = terms.running(at)
    known = running & terms.known(known_at)
    covering = known & terms.covering(entity, at)
    authorising = covering & terms.authorising(activity)
    hits = authorising & ~terms.excluding(destination)
    by = terms.first(hits)
    if by is not None:
        return Coverage(
            covered=True,
            reason=f"Term {by.term.number} of reprieve {by.reprieve} authorises it, "
            f"{by.activities[activity].paragraph}",
            still_required=OTHER_LICENSES,
            reprieve=by.reprieve,
            term=by.term,
            activity=by.activities[activity],
            also=terms.names(hits & (hits - 1)),
        )
    undecided = sorted(terms.undecided(entity, activity, at, destination, known_at), key=_newest_first)
    if undecided:
        return _open(undecided, activity)
    # The nearer the miss, the more is said by it.
    if authorising:
        return _not_covered("The destination is excluded", terms.first(authorising))
    if covering:
        return _not_covered("The term that runs does not authorise the activity", terms.first(covering))
    if known:
        return _not_covered("The term that runs does not cover the entity", terms.first(known))
    if running and known_at is not None:
        reason = "A term runs at that instant that was not published by then"
        return _not_covered(reason, terms.first(running))
    return _not_covered(_none_runs(terms, entity, at, known_at), None)


def _none_runs(terms: Terms, entity: str, at: datetime, known_at: datetime | None) -> str:
    """Say that no term runs, and what was said of it when the reprieve of the entity was ended."""
    none = "No term runs at that instant"
    for end in filter(None, (each.ended(entity, at, known_at) for each in terms.following)):
        on = plain_date(agency_date(end.at))
        return f"{none}: the reprieve was ended on {on} ({end.citation or 'not published'}): {end.reasons}"
    return f"{none}: no reprieve on record has one for {entity} then"


def covered_all_day(
    terms: Terms,
    entity: str,
    activity: str,
    day: date,
    destination: str | None = None,
    known_at: datetime | None = None,
) -> Coverage:
    """As ``covered``, at every instant of a day in Washington: not covered if there is one that is not, and
    open if there is none of those and one that is."""
    begin, end = end_of_day(day - timedelta(days=1)), end_of_day(day)
    instants = (begin, *terms.changes(begin, end))
    answers = [covered(terms, entity, activity, at, destination, known_at) for at in instants]
    missed = min((each for each in answers if not each.covered), key=lambda each: each.open, default=None)
    if missed is None or missed.open or not any(answer.covered for answer in answers):
        return missed or answers[0]
    first, *_ = (number for number, answer in enumerate(answers) if answer.covered)
    ends = next(
        (at for at, answer in zip(instants[first:], answers[first:], strict=True) if not answer.covered), None
    )
    when = (f" from {_told(instants[first])}" if first else "") + (f" until {_told(ends)}" if ends else "")
    reason = f"For a part of the day: {missed.reason[0].lower()}{missed.reason[1:]}; covered{when}"
    return replace(missed, reason=reason)


def _told(at: datetime) -> str:
    return at.astimezone(AGENCY_ZONE).strftime("%Y-%m-%d %H:%M:%S %Z")


def _open(undecided: list[Version], activity: str) -> Coverage:
    """It is not covered, as the record stands, and comes to be if one of ``undecided`` is extended."""
    through = [plain_date(each.term.valid_through) for each in undecided]
    named = [f"term {each.number} of reprieve {each.reprieve}" for each in undecided]
    ran = ", and ".join(f"{term} runs through {day}" for term, day in zip(named, through, strict=True))
    extended = (
        CoverageReading(
            True,
            f"it is covered, {each.activities[activity].paragraph}, if {term} is extended as it stands beyond"
            f" {day}, and long enough",
        )
        for each, term, day in zip(undecided, named, through, strict=True)
    )
    return Coverage(
        covered=False,
        reason=f"It is not decided yet what follows {' or '.join(named)}",
        still_required=(ENTITY_LIST, *OTHER_LICENSES),
        reprieve=undecided[0].reprieve,
        term=undecided[0].term,
        readings=(CoverageReading(False, f"it is not covered, as the record stands: {ran}"), *extended),
        settled_by="; ".join(f"{settles(each.number)} of reprieve {each.reprieve}" for each in undecided),
    )


def _not_covered(reason: str, nearest: Version | None) -> Coverage:
    return Coverage(
        covered=False,
        reason=reason,
        still_required=(ENTITY_LIST, *OTHER_LICENSES),
        reprieve=nearest.reprieve if nearest else None,
        term=nearest.term if nearest else None,
    )


def _places(each: Iterable[tuple[Places, Iterable[str]]]) -> dict[str, Places]:
    """Find the places of each name. Of lists of names most are the same, and those are gone through once."""
    alike: dict[frozenset[str], Places] = {}
    for place, names in each:
        names = frozenset(names)
        alike[names] = alike.get(names, 0) | place
    found: dict[str, Places] = {}
    for names, places in alike.items():
        for name in names:
            found[name] = found.get(name, 0) | places
    return found


def _newest_first(version: Version) -> tuple[float, str, int, bool]:
    return -version.term.effective.timestamp(), version.reprieve, -version.term.number, not version.latest
