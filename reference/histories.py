"""A recorded reprieve as events: what questions on coverage and a timeline are answered from."""

from datetime import date, datetime, timedelta

from licensing.authority import Actor, Role
from licensing.commit import Event
from licensing.reprieve.events import ReprieveEnded, ReprieveOpened, TermExpired, TermIssued
from licensing.reprieve.policy import Policy
from licensing.reprieve.terms import Term
from licensing.time.calendar import end_of_day
from reference.reprieves import ReprieveFile, TermRecord, entities
from screening.book import ListingBook

PUBLISHED = Actor(officer="published", person="published", organisation="bis", role=Role.EXECUTIVE)
"""Who acted, as far as the notices say."""


def start(day: date) -> datetime:
    """The first instant of a day in Washington."""
    return end_of_day(day - timedelta(days=1))


def recorded(history: ReprieveFile, policy: Policy, book: ListingBook) -> tuple[Event, ...]:
    """The terms as they were published, and the end. Each is dated to its effect, which publication followed.

    ``policy`` is the one that the reprieve is opened with, which had none that was published.
    """
    terms = [_term(history, record, book) for record in history.terms]
    events: list[Event] = [TermIssued(at=term.effective, by=PUBLISHED, term=term) for term in terms]
    events += (TermExpired(at=term.end, term=term.number) for term in terms)
    if history.end is not None:
        ended = start(history.end.effective)
        events = [event for event in events if event.at <= ended]
        events.append(
            ReprieveEnded(
                at=ended,
                by=PUBLISHED,
                reasons=history.end.reason,
                citation=history.end.citation,
                published=start(history.end.published),
            )
        )
    opened = ReprieveOpened(
        at=terms[0].effective, by=PUBLISHED, key=history.key, title=history.title, policy=policy
    )
    return opened, *sorted(events, key=lambda event: event.at)


def _term(history: ReprieveFile, record: TermRecord, book: ListingBook) -> Term:
    return Term(
        number=record.number,
        effective=start(record.effective),
        valid_through=record.valid_through,
        citation=record.citation,
        published=start(record.published),
        scope=history.scopes[record.scope],
        entities=entities(record, book),
        reason=record.reason,
    )
