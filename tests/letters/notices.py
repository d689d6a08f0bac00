"""A notice of every kind, ordinary and long, made from the events of a sample reprieve."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from greenlight.kernel.commit import Event
from greenlight.kernel.streams import reprieve_stream
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    IssueTerm,
    RemoveEntities,
    TakeEffect,
    TerminateTerm,
)
from greenlight.law.reprieve.events import (
    DecisionMade,
    EntitiesChanged,
    ReprieveEnded,
    TermCorrected,
    TermExpired,
    TermIssued,
    TermTerminated,
)
from greenlight.law.reprieve.terms import Correction
from greenlight.letters.compose import compose
from greenlight.letters.content import Letter, Step
from greenlight.reference.histories import life
from greenlight.reference.listings import load_listings
from greenlight.reference.reprieves import load_reprieve
from tests.law.reprieve.cases import (
    BEGIN,
    END,
    EXPIRY,
    KEY,
    NARROW,
    OPEN,
    Reprieved,
    lapsed,
    order,
    proposed,
    referred,
    running,
    taking_effect,
)

CORRECTION = CorrectTerm(
    term=1,
    correction=Correction(
        valid_through=date(2026, 4, 12),
        scope=NARROW,
        entities=frozenset({"two", "three"}),
        reason="As meant.",
    ),
    reasons="A misprint.",
    citation="91 FR 1234",
)
TERMINATION = TerminateTerm(term=1, ends=BEGIN + timedelta(days=30), reasons="Diversion.")
ADDITION = AddEntities(
    entities=frozenset({"four", "three"}), effective=BEGIN, running_terms=True, reasons="Listed since."
)
REMOVAL = RemoveEntities(entities=frozenset({"one"}), effective=BEGIN, reasons="Delisted.")


def notice_of(told: Reprieved, kind: type[Event]) -> Letter:
    """The notice on the last event of a kind."""
    place = max(n for n, event in enumerate(told.events, 1) if isinstance(event, kind))
    due = told.events[place - 1].letter
    assert due is not None, f"{kind.__name__} calls for a notice"
    step = Step(stream=reprieve_stream(KEY), version=place, kind=due)
    return compose(step, tuple(event.record() for event in told.events[:place]))


def corrected() -> Reprieved:
    return running().after(CORRECTION)


def one_of_two_is_over() -> Reprieved:
    return running().after(IssueTerm(term=order(date(2026, 5, 1)))).at(EXPIRY)


def of_2019() -> Reprieved:
    """With the first term that there was, for as many entities."""
    past = life(load_reprieve(), load_listings())
    opening = OPEN.model_copy(update={"title": past.title, "term": past.term})
    return replace(Reprieved(), now=past.begins).after(opening)


ORDINARY: Mapping[str, Callable[[], Letter]] = {
    "notice_of_term": lambda: notice_of(running(), TermIssued),
    "notice_of_term_by_policy": lambda: notice_of(taking_effect().after(TakeEffect()), TermIssued),
    "notice_of_amendment": lambda: notice_of(corrected(), TermCorrected),
    "notice_of_termination": lambda: notice_of(running().after(TERMINATION), TermTerminated),
    "notice_of_addition": lambda: notice_of(running().after(ADDITION), EntitiesChanged),
    "notice_of_removal": lambda: notice_of(running().after(REMOVAL), EntitiesChanged),
    "notice_of_lapse": lambda: notice_of(lapsed(), TermExpired),
    "notice_of_end": lambda: notice_of(running().after(END), ReprieveEnded),
    "memorandum": lambda: notice_of(proposed(), DecisionMade),
    "memorandum_of_referral": lambda: notice_of(referred(), DecisionMade),
}

LONG: Mapping[str, Callable[[], Letter]] = {
    "long_notice_of_term": lambda: notice_of(of_2019(), TermIssued),
}
