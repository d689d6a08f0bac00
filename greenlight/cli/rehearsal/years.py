"""The rules of some years and what happened beside them, as spans of days; what nobody knows is open."""

from datetime import date, timedelta
from enum import StrEnum

from greenlight.kernel.model import Model
from greenlight.kernel.time.calendar import agency_date, last_day
from greenlight.law.rule.rules import Rules
from greenlight.law.rule.standing import Force
from greenlight.reference.chronicles import Chronicle


class How(StrEnum):
    """``not_enforced``: the text stands, and its agency has announced that it does not enforce it. ``open``:
    nobody knows, and there is more than one reading. ``told``: it was so in these days; ``told_roughly``: in
    these months, and of the days nothing is told."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    NOT_ENFORCED = "not_enforced"
    OPEN = "open"
    TOLD = "told"
    TOLD_ROUGHLY = "told_roughly"


class Span(Model):
    """Days of the years that are told of, each with its source and how certain that is. ``settled_by``: what
    would close it, where it is open."""

    what: str
    how: How
    begins: date
    through: date
    text: str
    citation: str
    settled_by: str | None = None


_OF = {
    Force.IN_FORCE: How.IN_FORCE,
    Force.SUSPENDED: How.SUSPENDED,
    Force.NOT_ENFORCED: How.NOT_ENFORCED,
}


def spans(chronicle: Chronicle, rules: Rules) -> tuple[Span, ...]:
    """All that is known of these years, by when it began."""
    found = [*_rules(chronicle, rules)]
    found += [
        Span(
            what=each.title,
            how=How.TOLD if each.days_known else How.TOLD_ROUGHLY,
            begins=each.begins,
            through=each.through,
            text=each.text,
            citation=f"{each.citation} ({each.certainty.replace('_', '-')})",
        )
        for each in chronicle.episodes
    ]
    first: dict[str, date] = {}
    for each in found:
        first[each.what] = min(each.begins, first.get(each.what, each.begins))
    return tuple(sorted(found, key=lambda each: (first[each.what], each.what, each.begins)))


def _rules(chronicle: Chronicle, rules: Rules) -> list[Span]:
    found: list[Span] = []
    for rule in rules.by_key.values():
        changes = rule.timeline.changes()
        ends = [start for start, _ in changes[1:]]
        for (start, standing), end in zip(changes, [*ends, None], strict=True):
            how = How.OPEN if standing.open else _OF.get(next(iter(standing.forces)))
            begins = max(agency_date(start), chronicle.begins)
            through = chronicle.ends if end is None else min(last_day(end), chronicle.ends)
            if how is not None and begins <= through:
                found.append(
                    Span(
                        what=rule.title,
                        how=how,
                        begins=begins,
                        through=through,
                        text=standing.said,
                        citation=standing.citation,
                        settled_by=standing.settled_by,
                    )
                )
    return found


ONE_DAY = timedelta(days=1)
