"""Instants that have come: at which of them it was known beforehand that the law changes, and for how long
after cases are asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from greenlight.kernel.commit import Event
from greenlight.law.entity.history import Span, spans
from greenlight.law.outlook.coming import OF_ENTRY, Coming, Kind
from greenlight.law.rule.rules import Rules
from greenlight.law.terms.spans import JUST_BEFORE

REACH = timedelta(days=90)
"""An instant that is over for longer is left as it is. No worker is away for that long; and the cases of a
log that this release meets for the first time are not asked about all that ever came."""
_OF_OTHERS = {Kind.ENTRY: "An entry on a list", Kind.REPRIEVE: "A term of a reprieve"}
"""Of what names entities, what it is."""
_FEW = 3
"""Things that came at one instant, of which a case is told in words."""
_MOST = 1_500
"""Characters of one of them."""
_MOST_OF_ALL = _FEW * 1_200
"""Characters of all of them."""


def asks(coming: Coming) -> bool:
    """Tell whether cases are asked anew for it. A directive goes through its cases itself; and a list that is
    too old changes nothing of the law: nobody can tell until it is renewed."""
    return coming.kind not in {Kind.DIRECTIVE, Kind.LIST}


def was_coming(
    coming: Coming,
    rules: Rules,
    told: Mapping[str, Iterable[Event]],
    entries: Mapping[str, Iterable[Span]],
    list_known: datetime,
) -> bool:
    """Tell whether it was known before its instant that something changes then. What counts at once, or from
    before it was said, never was to come: of a rule or a reprieve it is a moment of its own (``learned``),
    and an entry has every case screened anew. Those two are asked as they were known, and not asked about
    here.

    ``told``: the events of listed entities, and ``entries`` what they come to; ``list_known``: the end of the
    day on which the list was had.
    """
    at, before = coming.at, coming.at - JUST_BEFORE
    attested = [each.known for each in rules.tables if each.printed.issued.isoformat() == coming.key]
    if coming.kind is Kind.TABLES and attested:
        return min(attested) < at
    if coming.kind is Kind.ENTRY:
        listed = [key for key in entries if any(span.entry.key == coming.key for span in entries[key])]
        if listed:
            known = (span for key in listed for span in spans(key, told[key], before))
            return any(span.entry.key == coming.key and at in (span.begins, span.ends) for span in known)
        return list_known < at
    return True


def acts(coming: Iterable[Coming]) -> str:
    """Say by which acts, to who is to read nobody else's name."""
    named = (each.model_copy(update={"text": _OF_OTHERS.get(each.kind, each.text)}) for each in coming)
    return because({(each.text, each.citation): each for each in named}.values())


def because(coming: Iterable[Coming]) -> str:
    """Say what came, with its citation, in a few sentences."""
    said = [_said(each) for each in coming]
    more = f"; and {len(said) - _FEW} more" if len(said) > _FEW else ""
    return "; ".join(said[:_FEW])[:_MOST_OF_ALL] + more


def begins_with(because: str, came: Iterable[Coming]) -> bool:
    """Tell whether one of these is said there first, or an entry: of those a list tells."""
    return because.startswith(OF_ENTRY) or any(because.startswith(_said(each)) for each in came)


def _said(coming: Coming) -> str:
    return f"{coming.text} ({coming.citation})"[:_MOST]
