"""Entities that listed ones own for the half or more are treated as they are: the Affiliates Rule, as data.

An owner counts if it is on one of the lists, or if those that count own it for the half or more; the shares
of owners that count are added up, so that indirect ownership and many small shares count, too.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from greenlight.kernel.time.calendar import agency_date
from greenlight.kernel.unknown import both, some
from greenlight.law.determination.listings import demands, mentions_exceptions
from greenlight.law.determination.question import (
    WHOLE,
    AskedParty,
    Classified,
    Listed,
    Owner,
    named,
)
from greenlight.law.determination.reason import Reason, effect_of
from greenlight.law.sources import ENTITY_LIST, MILITARY_END_USER


class InForce(NamedTuple):
    """Days in Washington, the first and the last of them included; ``last`` is None while no end is set."""

    first: date
    last: date | None
    citation: str


TIMES = (
    InForce(date(2025, 9, 29), date(2025, 11, 9), "90 FR 47201"),
    InForce(date(2026, 11, 10), None, "90 FR 47201, suspended through 2026-11-09: 90 FR 50857 (unverified)"),
)

THRESHOLD = WHOLE // 2
LISTS = frozenset({ENTITY_LIST, MILITARY_END_USER, "sdn"})
"""Of the SDN list, the programs of 15 CFR 744.8 alone: whether it is one of those is not known here."""


def in_force(at: datetime) -> InForce | None:
    day = agency_date(at)
    return next((t for t in TIMES if t.first <= day and (t.last is None or day <= t.last)), None)


def reasons(party: AskedParty, items: tuple[Classified, ...], at: datetime) -> Iterator[Reason]:
    """Judge what the ownership of a party, where it is given, means for the transaction."""
    if party.owners is None:
        return
    rule = in_force(at)
    if rule is None:
        text = f"Who owns {named(party)} does not matter: the Affiliates Rule is not in force at that instant"
        yield Reason(effect="clear", kind="affiliate", text=text, citation=TIMES[-1].citation)
        return
    owned = owned_by_listed(party.owners)
    who = named(party)
    found = tuple(_listings(party.owners)) if owned is not False else ()
    for listed in found:
        doubt = "" if owned else ", or may: of a share or an owner too little is known"
        printed = listed.license_requirement or "it prints no license requirement"
        yield Reason(
            effect=effect_of(both(owned, demands(listed, items))),
            kind="affiliate",
            text=f"Listed entities own the half or more of {who}{doubt}; among them {listed.listing}"
            f" ({listed.source.title}): {printed}",
            citation=f"15 CFR 744.11(a)(1), 744.21; {rule.citation}; {listed.citation}",
            listing=listed.listing,
            prohibition=5,
            no_exception=not mentions_exceptions(listed),
        )
    if not found:
        yield Reason(
            effect=effect_of(None if owned is None else False),
            kind="affiliate",
            text=f"Of the owners of {who} too little is known to say that listed ones do not own the half"
            if owned is None
            else f"No listed entities own the half of {who}, of what is given",
            citation=f"15 CFR 744.11(a)(1), 744.21; {rule.citation}",
            prohibition=5,
        )


def owned_by_listed(owners: Iterable[Owner]) -> bool | None:
    """Tell whether those that count own the half or more. None if that hangs on what is not known."""
    least = most = 0
    for owner in owners:
        counts = _counts(owner)
        if counts is not False:
            most += WHOLE if owner.share is None else owner.share
        if counts and owner.share is not None:
            least += owner.share
    if least >= THRESHOLD:
        return True
    return None if most >= THRESHOLD else False


def _counts(owner: Owner) -> bool | None:
    listed = None if owner.listings is None else any(_on_the_lists(each) for each in owner.listings)
    return some((listed, owned_by_listed(owner.owners)))


def _on_the_lists(listed: Listed) -> bool:
    return listed.source_list in LISTS


def _listings(owners: Iterable[Owner]) -> Iterator[Listed]:
    """Of all owners that count or may, and of theirs: the strictest of them is what matters."""
    for owner in owners:
        if _counts(owner) is not False and owner.share != 0:
            yield from filter(_on_the_lists, owner.listings or ())
            yield from _listings(owner.owners)


def listings(party: AskedParty, at: datetime) -> tuple[Listed, ...]:
    """Whose review policies go for the party by its ownership."""
    if party.owners is None or in_force(at) is None or owned_by_listed(party.owners) is False:
        return ()
    return tuple(_listings(party.owners))
