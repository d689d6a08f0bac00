"""A recorded reprieve as events, for questions and pictures, and as a life in which a policy is rehearsed."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.calendar import end_of_day, start_of_day
from greenlight.law.reprieve.commands import AddEntities, EndReprieve, RemoveEntities, TermOrder
from greenlight.law.reprieve.events import ReprieveEnded, ReprieveOpened, TermExpired, TermIssued
from greenlight.law.reprieve.policy import Policy
from greenlight.law.reprieve.simulation.rehearsal import Act, Known, Life
from greenlight.law.reprieve.terms import Term
from greenlight.reference.reprieves import ReprieveFile, TermRecord, entities
from greenlight.screening.book import ListingBook

PUBLISHED = Actor(officer="published", person="published", organisation="bis", role=Role.EXECUTIVE)
"""The officials who acted, as far as the notices say."""


def recorded(history: ReprieveFile, policy: Policy, book: ListingBook) -> tuple[Event, ...]:
    """The terms as they were published, and the end. Each is dated to its effect, which publication followed.

    ``policy`` is the one that the reprieve is opened with, which had none that was published.
    """
    terms = [_term(history, record, book) for record in history.terms]
    events: list[Event] = [TermIssued(at=term.effective, by=PUBLISHED, term=term) for term in terms]
    events += (
        TermExpired(at=term.end, term=term.number, lapses=not _runs(terms, term.end)) for term in terms
    )
    if history.end is not None:
        ended = start_of_day(history.end.effective)
        events = [event for event in events if event.at <= ended]
        events.append(
            ReprieveEnded(
                at=ended,
                by=PUBLISHED,
                reasons=". ".join(filter(None, (history.end.reason, history.end.note))),
                citation=history.end.citation,
                published=start_of_day(history.end.published),
            )
        )
    opened = ReprieveOpened(
        at=terms[0].effective, by=PUBLISHED, key=history.key, title=history.title, policy=policy
    )
    return opened, *sorted(events, key=lambda event: event.at)


def _runs(terms: list[Term], at: datetime) -> bool:
    return any(term.effective <= at < term.end for term in terms)


def life(history: ReprieveFile, book: ListingBook) -> Life:
    """The same without what was decided: the first term, the facts as they were known, the list, the end.

    A file without an end is told to the last day of its last term.
    """
    first = history.terms[0]
    begins = start_of_day(first.effective)
    acts: list[Act] = []
    for before, after in pairwise(history.terms):
        acts += _changes(entities(before, book), entities(after, book), after)
    if history.end is not None:
        ending = EndReprieve(
            reasons=history.end.reason,
            citation=history.end.citation,
            published=start_of_day(history.end.published),
        )
        acts.append(Act(start_of_day(history.end.effective), ending))
    return Life(
        key=history.key,
        title=history.title,
        begins=begins,
        until=acts[-1].at if history.end else end_of_day(history.terms[-1].valid_through),
        term=TermOrder(
            valid_through=first.valid_through,
            citation=first.citation,
            published=start_of_day(first.published),
            scope=history.scopes[first.scope],
            entities=entities(first, book),
            reason=first.reason,
        ),
        known=tuple(
            Known(start_of_day(fact.known), fact.name, fact.value, fact.source) for fact in history.facts
        ),
        acts=tuple(acts),
    )


def _changes(before: frozenset[str], after: frozenset[str], term: TermRecord) -> Iterator[Act]:
    """List or delist the entities that came or went with a term, whatever the term would have been."""
    at, published = start_of_day(term.effective), start_of_day(term.published)
    if added := after - before:
        listed = AddEntities(
            entities=added,
            effective=at,
            running_terms=False,
            reasons="Listed",
            citation=term.listed_by[-1],
            published=published,
        )
        yield Act(at, listed)
    if removed := before - after:
        yield Act(at, RemoveEntities(entities=removed, effective=at, reasons="Delisted", published=published))


def _term(history: ReprieveFile, record: TermRecord, book: ListingBook) -> Term:
    return Term(
        number=record.number,
        effective=start_of_day(record.effective),
        valid_through=record.valid_through,
        citation=record.citation,
        published=start_of_day(record.published),
        scope=history.scopes[record.scope],
        entities=entities(record, book),
        reason=record.reason,
    )
