"""A notice of every kind, ordinary and long, made from the events of a sample reprieve or rule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from greenlight.kernel.commit import Event
from greenlight.kernel.streams import reprieve_stream, rule_stream
from greenlight.kernel.time.calendar import end_of_day, start_of_day
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
from greenlight.law.rule.commands import MAX_ACTS, AttestAct, TakeBackAttestation
from greenlight.law.rule.events import ActEnded, AttestationConfirmed, EndDecided, EndNeared
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
from tests.law.rule.aggregates import LAST_DAY, NOW, Kept, of_2025, opening_of, suspension

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


def notice_of(told: Reprieved | Kept, kind: type[Event]) -> Letter:
    """The notice on the last event of a kind."""
    stream = reprieve_stream(KEY) if isinstance(told, Reprieved) else rule_stream(told.key)
    place = max(n for n, event in enumerate(told.events, 1) if isinstance(event, kind))
    due = told.events[place - 1].letter
    assert due is not None, f"{kind.__name__} calls for a notice"
    step = Step(stream=stream, version=place, kind=due)
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


def near() -> Kept:
    """The suspension of 2025, of which officers were told two weeks ahead of its last day."""
    return of_2025().confirmed().at(start_of_day(LAST_DAY - timedelta(days=14)))


OVER = end_of_day(LAST_DAY)


def extended() -> Kept:
    act = suspension(
        effective=LAST_DAY + timedelta(days=1), through=date(2027, 11, 9), citation="91 FR 50000"
    )
    return near().after(AttestAct(act=act)).confirmed()


def misprinted() -> Kept:
    act = suspension(effective=date(2025, 11, 10), through=LAST_DAY, citation="90 FR 50858")
    return of_2025().confirmed().after(AttestAct(act=act, corrects=2)).confirmed()


def a_rumour() -> Kept:
    return of_2025().confirmed().after(TakeBackAttestation(corrects=2, reasons="A rumour.")).confirmed()


def right_after_all() -> Kept:
    back = TakeBackAttestation(corrects=3, reasons="It was printed on that page.")
    return misprinted().after(back).confirmed()


def of_many_acts() -> Kept:
    """As many as may be attested together, with as many words as there may be about the last."""
    acts = [
        suspension(effective=date(1980 + n, 1, 1), through=date(1980 + n, 12, 31), citation=f"{n} FR 1")
        for n in range(MAX_ACTS - 1)
    ]
    wordy = acts[-1].model_copy(update={"text": "networks/" * 440, "citation": "FR-" * 60})
    return Kept(NOW).after(opening_of(*acts, wordy)).confirmed()


ORDINARY: Mapping[str, Callable[[], Letter]] = {
    "notice_of_term": lambda: notice_of(running(), TermIssued),
    "notice_of_term_by_policy": lambda: notice_of(taking_effect().after(TakeEffect()), TermIssued),
    "notice_of_amendment": lambda: notice_of(corrected(), TermCorrected),
    "notice_of_termination": lambda: notice_of(running().after(TERMINATION), TermTerminated),
    "notice_of_addition": lambda: notice_of(running().after(ADDITION), EntitiesChanged),
    "notice_of_removal": lambda: notice_of(running().after(REMOVAL), EntitiesChanged),
    "notice_of_lapse": lambda: notice_of(lapsed(), TermExpired),
    "notice_of_end": lambda: notice_of(running().after(END), ReprieveEnded),
    "notice_of_attestation": lambda: notice_of(of_2025().confirmed(), AttestationConfirmed),
    "notice_of_attestation_corrected": lambda: notice_of(misprinted(), AttestationConfirmed),
    "notice_of_attestation_taken_back": lambda: notice_of(a_rumour(), AttestationConfirmed),
    "notice_of_attestation_counts_again": lambda: notice_of(right_after_all(), AttestationConfirmed),
    "notice_of_extension": lambda: notice_of(extended(), AttestationConfirmed),
    "notice_before_end": lambda: notice_of(near(), EndNeared),
    "notice_of_end_of_act": lambda: notice_of(near().at(OVER), ActEnded),
    "memorandum_of_act": lambda: notice_of(near().at(OVER), EndDecided),
    "memorandum": lambda: notice_of(proposed(), DecisionMade),
    "memorandum_of_referral": lambda: notice_of(referred(), DecisionMade),
}

LONG: Mapping[str, Callable[[], Letter]] = {
    "long_notice_of_term": lambda: notice_of(of_2019(), TermIssued),
    "long_notice_of_attestation": lambda: notice_of(of_many_acts(), AttestationConfirmed),
}
