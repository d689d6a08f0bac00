"""The late lessons: confirmations and records by which the law says something else of their own day."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.determination.tables import Tables
from greenlight.law.outlook.coming import Coming, Kind, of_standing
from greenlight.law.reprieve.events import (
    EntitiesChanged,
    ReprieveEnded,
    ReprieveOpened,
    TermCorrected,
    TermIssued,
    TermTerminated,
)
from greenlight.law.reprieve.versions import SAYING, versions
from greenlight.law.rule.acts import Attestation, Entries, Places, Printed
from greenlight.law.rule.rules import Rule
from greenlight.law.rule.standing import UNKNOWN, Force, Segment
from greenlight.law.terms.spans import JUST_BEFORE


def confirmations(rule: Rule) -> tuple[datetime, ...]:
    """The instants at which attestations of a rule on record were confirmed, each once."""
    return tuple(sorted({each.known for each in rule.attestations}))


def of_rule(rule: Rule, after: datetime, now: datetime) -> Iterator[Coming]:
    """The confirmations after one instant and not after another by which a rule stands otherwise on that day,
    or is about something else.

    What they say of days past and to come changes no answer of that day, but where tables are told to print
    something else than counts: of that all is compared.
    """
    if isinstance(rule.governs, Printed):
        return
    whole = any(isinstance(governs, Entries | Places) for governs in rule.matters)
    for at in confirmations(rule):
        if not after < at <= now:
            continue
        before, since = rule.at(at, at - JUST_BEFORE), rule.at(at, at)
        changes = [rule.timeline.changes(known) for known in (at - JUST_BEFORE, at)]
        of_other_things = rule.of(at - JUST_BEFORE).governs != rule.of(at).governs
        amended = whole and _forces(changes[0]) != _forces(changes[1])
        if before.forces == since.forces and not of_other_things and not amended:
            continue
        found = of_standing(rule, at, since)
        readings = (*since.readings, *before.readings)
        cited = dict.fromkeys(each.citation for each in readings if each not in UNKNOWN.readings)
        yield found.model_copy(
            update={
                "text": f"{found.text}, by {_confirmed(rule, at)}; until then {before.said}",
                "citation": "; ".join(cited),
            }
        )


def of_tables(rule: Rule, at: datetime, before: Tables, since: Tables) -> Iterator[Coming]:
    """The confirmation at an instant of what a rule on record says of control tables, where others are asked
    of that day by it."""
    if before is since:
        return
    asked = f"The control tables of {plain_date(since.issued)} are asked"
    if since.issued == before.issued:
        asked = f"Another version of the control tables of {plain_date(since.issued)} is asked"
    yield Coming(
        at=at,
        kind=Kind.TABLES,
        key=rule.key,
        text=f"{asked}, by {_confirmed(rule, at)}; until then those of {plain_date(before.issued)}",
        citation=since.sources.controls,
    )


def of_reprieve(told: Iterable[Event], after: datetime, now: datetime) -> Iterator[Coming]:
    """The records of a reprieve after one instant and not after another by which its terms authorise
    something else at that instant: of what counts at once, or from before. Given are all of its events, in
    their order.

    A term is asked from its record on, printed or not. So that it was printed changes no answer.
    """
    events = tuple(told)
    saying = [event for event in events if isinstance(event, SAYING)]
    for at in sorted({event.at for event in saying if after < event.at <= now}):
        before = _authorised((event for event in events if event.at < at), at)
        if before == _authorised((event for event in events if event.at <= at), at):
            continue
        said = [event for event in saying if event.at == at]
        key = next(event.key for event in saying if isinstance(event, ReprieveOpened))
        texts = dict.fromkeys(text for event in said if (text := _recorded(event, key)))
        cited = dict.fromkeys(text for event in said if (text := _citation(event)))
        yield Coming(
            at=at,
            kind=Kind.REPRIEVE,
            key=key,
            text=f"{' and '.join(texts)}, recorded on {plain_date(agency_date(at))}",
            citation="; ".join(cited) or "not published yet",
        )


def _authorised(told: Iterable[Event], at: datetime) -> frozenset[tuple[str, str, frozenset[str]]]:
    """By entity and activity what is authorised at an instant, with the destinations excepted."""
    return frozenset(
        (entity, activity, version.excluded)
        for version in versions(told)
        if version.latest
        for entity in version.covers(at)
        for activity in version.activities
    )


def _recorded(event: Event, key: str) -> str | None:
    match event:
        case TermIssued(term=term):
            begins, through = plain_date(agency_date(term.effective)), plain_date(term.valid_through)
            return f"Term {term.number} of reprieve {key} is issued, from {begins} through {through}"
        case TermCorrected(term=number):
            return f"Term {number} of reprieve {key} is corrected"
        case TermTerminated(term=number):
            return f"Term {number} of reprieve {key} is ended early"
        case EntitiesChanged():
            return f"Entities come to reprieve {key} or go"
        case ReprieveEnded():
            return f"Reprieve {key} is ended"
        case _:
            return None


def _citation(event: Event) -> str | None:
    match event:
        case TermIssued(term=term):
            return term.citation
        case TermCorrected() | TermTerminated() | EntitiesChanged() | ReprieveEnded():
            return event.citation
        case _:
            return None


def _confirmed(rule: Rule, at: datetime) -> str:
    """Say what was confirmed at an instant, and when that was."""
    said = [_said(each) for each in rule.attestations if each.known == at]
    return f"{' and '.join(said)}, confirmed on {plain_date(agency_date(at))}"


def _said(attestation: Attestation) -> str:
    named = f"attestation {attestation.number}"
    if attestation.act is None:
        return f"{named}, which takes {attestation.corrects} back"
    return named if attestation.corrects is None else f"{named}, which corrects {attestation.corrects}"


def _forces(changes: tuple[Segment, ...]) -> list[tuple[datetime, frozenset[Force]]]:
    return [(start, standing.forces) for start, standing in changes]
