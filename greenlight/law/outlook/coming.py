"""The instants to come at which a rule, table, reprieve, directive, entry or list says something else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import pairwise

from greenlight.kernel.commit import Event
from greenlight.kernel.model import Instant, Model
from greenlight.kernel.time.calendar import agency_date, end_of_day, last_day, plain_date
from greenlight.law.determination.tables import ControlTables
from greenlight.law.directive.deadlines import deadlines
from greenlight.law.directive.state import DirectiveState
from greenlight.law.entity.history import spans
from greenlight.law.reprieve.following import settles
from greenlight.law.reprieve.versions import SAYING, Version, versions
from greenlight.law.rule.acts import Certainty, Entries, Places, Printed
from greenlight.law.rule.rules import Rule, Rules
from greenlight.law.rule.standing import Standing
from greenlight.law.terms.spans import NEVER

_DAY = timedelta(days=1)

OF_ENTRY = "Entry "
"""The words with which it begins what is told of an entry."""


class Kind(StrEnum):
    """``tables``: the control tables of a later day, or a rule that changes what they print. ``entry``: of a
    list or on record. ``list``: it grows too old to tell anything of parties."""

    RULE = "rule"
    TABLES = "tables"
    REPRIEVE = "reprieve"
    DIRECTIVE = "directive"
    ENTRY = "entry"
    LIST = "list"


class Coming(Model):
    """One thing that counts from an instant on, by what is known now. ``key``: of the rule, reprieve,
    directive, entry or list. ``certainty``: the source that it rests on; what the record itself orders is
    primary. ``settled_by``: what would decide it, where something else may still come instead."""

    at: Instant
    kind: Kind
    key: str
    text: str
    citation: str
    certainty: Certainty = Certainty.PRIMARY
    settled_by: str | None = None


def of_rules(rules: Rules) -> Iterator[Coming]:
    """Every change of every rule, those of the past included. Control tables tell of themselves."""
    for rule in rules.by_key.values():
        if isinstance(rule.governs, Printed):
            continue
        for start, standing in rule.timeline.changes()[1:]:
            yield of_standing(rule, start, standing)


def open_at(rules: Rules, at: datetime) -> Iterator[Coming]:
    """The rules of which nobody knows how they stand at an instant, each since when that is so."""
    for rule in rules.by_key.values():
        begun = [(start, standing) for start, standing in rule.timeline.changes() if start <= at]
        if not isinstance(rule.governs, Printed) and begun[-1][1].open:
            yield of_standing(rule, *begun[-1])


def of_rules_as_known(rules: Rules) -> Iterator[Coming]:
    """Every change of every rule that an instant brought or brings, each as it was known just before it."""
    for rule in rules.by_key.values():
        if isinstance(rule.governs, Printed):
            continue
        for known, until in pairwise((*rule.timeline.known, NEVER)):
            for start, standing in rule.timeline.changes(known)[1:]:
                if known < start <= until:
                    yield of_standing(rule, start, standing)


def of_tables(tables: ControlTables, now: datetime, until: datetime) -> Iterator[Coming]:
    """When control tables that are kept already begin to be the ones that are asked."""
    at = now
    while at <= until:
        following = tables.chosen(at, None).following
        # On its own day an issue has none that follows: the day after it tells.
        following = following or tables.chosen(at + _DAY, None).following
        begins = None if following is None else end_of_day(following.issued - _DAY)
        if following is None or begins is None or begins <= at:
            return
        text = f"The control tables of {plain_date(following.issued)} are asked from that day on"
        yield Coming(
            at=begins,
            kind=Kind.TABLES,
            key=following.issued.isoformat(),
            text=text,
            citation=following.sources.controls,
        )
        at = begins


def of_standing(rule: Rule, start: datetime, standing: Standing) -> Coming:
    """The instant from which a rule stands so."""
    return Coming(
        at=start,
        kind=Kind.TABLES if isinstance(rule.governs, Entries | Places) else Kind.RULE,
        key=rule.key,
        text=f"{rule.title}: {standing.said}",
        citation="; ".join(dict.fromkeys(reading.citation for reading in standing.readings)),
        certainty=standing.certainty,
        settled_by=standing.settled_by,
    )


def of_terms_as_recorded(
    reprieves: Iterable[Sequence[Event]], after: datetime, until: datetime
) -> Iterator[Coming]:
    """What an instant brought or brings of terms after one and not after another, each as it was on record
    just before it. Given are all events of reprieves, each in its order."""
    for told in reprieves:
        recorded = {event.at for event in told if isinstance(event, SAYING) and after < event.at <= until}
        for known, following in pairwise((after, *sorted(recorded), until)):
            for coming in of_terms(versions(event for event in told if event.at <= known)):
                if known < coming.at <= following:
                    yield coming


def of_terms(found: Iterable[Version]) -> Iterator[Coming]:
    """The first and last instants of all terms as they are on record, and those at which entities come and
    go."""
    latest = [version for version in found if version.latest and version.term.effective < version.end]
    for version in latest:
        term, key = version.term, version.reprieve
        named, citation = f"Term {term.number} of reprieve {key}", term.citation or "not published yet"
        told = partial(Coming, kind=Kind.REPRIEVE, key=key, citation=citation)
        yield told(at=term.effective, text=f"{named} begins")
        open_ = None if _followed(version, latest) else settles(term.number)
        text = f"{named} ends with {plain_date(last_day(version.end))}"
        yield told(at=version.end, text=text, settled_by=open_)
        for entity, intervals in sorted(version.changed.items()):
            for begin, end in intervals:
                yield told(at=begin, text=f"{named} covers {entity}")
                if end != NEVER:
                    yield told(at=end, text=f"{named} covers {entity} no more")


def _followed(version: Version, latest: Iterable[Version]) -> bool:
    return any(
        other.reprieve == version.reprieve and other.term.effective <= version.end < other.end
        for other in latest
    )


def of_directives(directives: Iterable[DirectiveState]) -> Iterator[Coming]:
    """When directives come in force and are over, as ordered."""
    for state in directives:
        for deadline in deadlines(state):
            assert deadline.due is not None, "no hold stops the clock of a directive"
            text = f"Directive {state.key}: {deadline.explanation[0].lower()}{deadline.explanation[1:]}"
            yield Coming(
                at=deadline.due, kind=Kind.DIRECTIVE, key=state.key, text=text, citation=deadline.citation
            )


def of_entities(told: Mapping[str, Iterable[Event]]) -> Iterator[Coming]:
    """When entries on record begin to count, say something else, and end."""
    for key in sorted(told):
        for span in spans(key, told[key]):
            yield entry(span.entry.key, span.begins, span.entry.citation, counts=True)
            if span.ends is not None:
                yield entry(span.entry.key, span.ends, span.entry.citation, counts=False)


def entry(key: str, at: datetime, citation: str, *, counts: bool) -> Coming:
    """The instant from which an entry counts as cited, or does not any more."""
    text = f"{OF_ENTRY}{key} {'counts' if counts else 'counts no more'} as it is printed here"
    return Coming(at=at, kind=Kind.ENTRY, key=key, text=text, citation=citation)


def too_old(key: str, at: datetime) -> Coming:
    """The instant from which the list says nothing of parties, unless a younger version comes."""
    return Coming(
        at=at,
        kind=Kind.LIST,
        key=key,
        text=f"List {key} is too old from {plain_date(agency_date(at))} on to say anything of parties",
        citation="15 CFR 744.11, 744.16",
        settled_by="a younger version of the list",
    )


def between(found: Iterable[Coming], now: datetime, until: datetime) -> tuple[Coming, ...]:
    """Those after ``now`` and not after ``until``, in their order and each once."""
    ahead = {(each.at, each.kind, each.key, each.text): each for each in found if now < each.at <= until}
    return tuple(ahead[place] for place in sorted(ahead))
