"""The words of each term and when they became known: recorded events of reprieves, folded for questions.

A term is known from its publication on, and so are a correction, a termination and a change of entities; what
is recorded and not published yet counts now, and at no instant of the past. Each version of a term is what
the statements known by then come to, in the order in which they were recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.law.reprieve.events import (
    EntitiesChanged,
    ReprieveEnded,
    ReprieveOpened,
    TermCorrected,
    TermIssued,
    TermPublished,
    TermTerminated,
)
from greenlight.law.reprieve.terms import Activity, EntityChange, Term
from greenlight.law.terms.knowing import as_known
from greenlight.law.terms.run import Run
from greenlight.law.terms.spans import NEVER, Interval

SAYING = (
    ReprieveOpened,
    TermIssued,
    TermPublished,
    TermCorrected,
    TermTerminated,
    EntitiesChanged,
    ReprieveEnded,
)
"""The events that say something of terms."""

Statement = TermCorrected | TermTerminated | EntitiesChanged | ReprieveEnded


@dataclass(frozen=True, slots=True)
class Version:
    """The words of a term, as known from ``known_from`` until ``known_until``.

    ``latest``: nothing that is recorded takes its place. ``end`` is the first instant after the term.
    ``entities`` are those of the term; ``changed``: of those that came or went while it ran, when it covers
    them.
    """

    reprieve: str
    term: Term
    end: datetime
    known_from: datetime
    known_until: datetime
    latest: bool
    changed: Mapping[str, tuple[Interval, ...]]
    activities: Mapping[str, Activity]
    entities: frozenset[str]
    excluded: frozenset[str]

    @property
    def number(self) -> int:
        return self.term.number

    def covers(self, at: datetime) -> frozenset[str]:
        """The entities that it covers at an instant; nobody, where it does not run."""
        if not self.term.effective <= at < self.end:
            return frozenset()
        came = (entity for entity, spans in self.changed.items() if any(a <= at < b for a, b in spans))
        return (self.entities - self.changed.keys()) | frozenset(came)

    @property
    def run(self) -> Run:
        term = self.term
        return Run(term.number, term.effective, self.end, term.citation, term.published, term.reason)


def versions(events: Iterable[Event]) -> tuple[Version, ...]:
    """Every version of every term of one reprieve, from all its events in their order."""
    key = ""
    terms: dict[int, Term] = {}
    statements: dict[int, list[Statement]] = {}
    changes: list[EntitiesChanged] = []
    for event in events:
        match event:
            case ReprieveOpened():
                key = event.key
            case TermIssued(term=term):
                terms[term.number] = term
                # It was issued knowing of what had changed by then, and what was to change changes it too.
                ahead = (each for each in changes if each.change.effective > term.effective)
                statements[term.number] = list(ahead)
            case TermPublished():
                said = {"citation": event.citation, "published": event.published}
                terms[event.term] = terms[event.term].model_copy(update=said)
            case TermCorrected() | TermTerminated():
                statements[event.term].append(event)
            case EntitiesChanged(change=change):
                changes.append(event)
                for number in change.terms if change.added else terms:
                    statements[number].append(event)
            case ReprieveEnded():
                for of_term in statements.values():
                    of_term.append(event)
            case _:
                pass
    return tuple(
        version for number, term in terms.items() for version in _versions(key, term, statements[number])
    )


def _versions(reprieve: str, term: Term, said: list[Statement]) -> Iterable[Version]:
    first = _published(term, said) or NEVER
    found = list(as_known(said, lambda statement: statement.published or NEVER, first))
    for place, (known, counting) in enumerate(found, 1):
        yield _version(reprieve, term, counting, known, latest=place == len(found))


def _published(term: Term, said: Iterable[Statement]) -> datetime | None:
    published = term.published
    for statement in said:
        if isinstance(statement, TermCorrected):
            published = statement.correction.published or published
    return published


def _version(
    reprieve: str, term: Term, said: Iterable[Statement], known: Interval, *, latest: bool
) -> Version:
    changes: list[EntityChange] = []
    ends = NEVER
    for statement in said:
        match statement:
            case TermCorrected(correction=correction):
                term = correction.applied(term)
            case TermTerminated(ends=instant) | ReprieveEnded(at=instant):
                ends = min(ends, instant)
            case EntitiesChanged(change=change):
                changes.append(change)
    return Version(
        reprieve=reprieve,
        term=term,
        end=min(term.end, ends),
        known_from=known[0],
        known_until=known[1],
        latest=latest,
        changed=_changed(term, changes),
        activities={activity.key: activity for activity in term.scope.activities},
        entities=term.entities,
        excluded=term.scope.excluded_destinations,
    )


def _changed(term: Term, changes: list[EntityChange]) -> dict[str, tuple[Interval, ...]]:
    """When ``term`` covers each of the entities that came or went."""
    ordered = sorted(changes, key=lambda change: change.effective)
    found: dict[str, tuple[Interval, ...]] = {}
    for entity in frozenset[str]().union(*(change.entities for change in ordered)):
        since = term.effective if entity in term.entities else None
        intervals: list[Interval] = []
        for change in ordered:
            if entity not in change.entities:
                continue
            if change.added and since is None:
                since = change.effective
            elif not change.added and since is not None:
                intervals.append((since, change.effective))
                since = None
        if since is not None:
            intervals.append((since, NEVER))
        found[entity] = tuple(intervals)
    return found
