"""Entities that listed ones own for the half or more are treated as they are: the Affiliates Rule.

An owner counts if it is on one of the lists, or if those that count own it for the half or more; the shares
of owners that count are added up, so that indirect ownership and many small shares count, too. Whether the
rule is in force is attested (``greenlight.law.rule``), and may be open.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from greenlight.kernel.unknown import both, some
from greenlight.law.application.ownership import WHOLE, percent
from greenlight.law.determination.general import with_waivers
from greenlight.law.determination.listings import demands, mentions_exceptions
from greenlight.law.determination.question import (
    AskedParty,
    Classified,
    Listed,
    Owner,
    named,
)
from greenlight.law.determination.reason import Reason, Way, effect_of
from greenlight.law.determination.tables import Tables
from greenlight.law.determination.undated import settles
from greenlight.law.rule.rules import AtTime
from greenlight.law.rule.standing import Force, Standing
from greenlight.law.sources import ENTITY_LIST, MILITARY_END_USER

THRESHOLD = WHOLE // 2
LISTS = frozenset({ENTITY_LIST, MILITARY_END_USER, "sdn"})
"""Of the SDN list, the programs of 15 CFR 744.8 alone: whether it is one of those is not known here."""


def reasons(
    party: AskedParty, items: tuple[Classified, ...], destination: str, law: AtTime, tables: Tables
) -> Iterator[Reason]:
    """Judge what the ownership of a party, where it is given, means for the transaction."""
    if party.owners is None:
        return
    rule, who = law.affiliates, named(party)
    if rule.in_force is False:
        text = f"Who owns {who} does not matter: the Affiliates Rule is not in force then: {_until(rule)}"
        yield Reason(effect="clear", kind="affiliate", text=text, citation=rule.citation)
        return
    owned = owned_by_listed(party.owners)
    found = tuple(_listings(party.owners)) if owned is not False else ()
    for listed in found:
        doubt = "" if owned else ", or may: of a share or an owner too little is known"
        printed = listed.license_requirement or "it prints no license requirement"
        yield _as_the_rule_stands(
            Reason(
                effect=effect_of(both(owned, both(_on_the_lists(listed), demands(listed, items)))),
                kind="affiliate",
                text=f"Listed entities own the half or more of {who}{doubt}; among them {listed.listing}"
                f" ({listed.source.title}): {printed}{f'; {listed.doubt}' if listed.doubt else ''}",
                citation=f"15 CFR 744.11(a)(1), 744.21; {rule.citation}; {listed.citation}",
                listing=listed.listing,
                prohibition=5,
                no_exception=not mentions_exceptions(listed),
                settled_by=settles(listed) if listed.doubt else None,
            ),
            party,
            destination,
            law,
            tables,
        )
    if not found:
        yield _as_the_rule_stands(
            Reason(
                effect=effect_of(None if owned is None else False),
                kind="affiliate",
                text=f"Of the owners of {who} too little is known to say that listed ones do not own the half"
                if owned is None
                else f"No listed entities own the half of {who}{_as_far_as_given(party.owners)}",
                citation=f"15 CFR 744.11(a)(1), 744.21; {rule.citation}",
                prohibition=5,
            ),
            party,
            destination,
            law,
            tables,
        )


def _until(rule: Standing) -> str:
    """How the rule stands, and that the answer may be another when that is over."""
    over = any(each.force is Force.SUSPENDED and each.days for each in rule.readings)
    return f"{rule.said}; after that the answer may be another" if over else rule.said


def _as_far_as_given(owners: tuple[Owner, ...]) -> str:
    """What an answer that they own less than the half leaves out: who owns the rest, and who listed owns some
    of it."""
    given = sum(owner.share or 0 for owner in owners)
    unknown = ", ".join(owner.name for owner in owners if owner.share is None)
    said = f", of what is given: shares of {percent(given)} are" if given < WHOLE else ""
    if said and unknown:
        said += f", and the share of {unknown} is not known"
    some = ", ".join(dict.fromkeys(_listed_in_part(owners)))
    flag = f"; but listed entities own some of it, which is a red flag by the rule: {some}"
    return said + (flag if some else "")


def _listed_in_part(owners: Iterable[Owner]) -> Iterator[str]:
    """The names of owners of any share that are listed, and of theirs."""
    for owner in owners:
        if owner.share != 0:
            if any(map(_on_the_lists, owner.listings or ())):
                yield owner.name
            yield from _listed_in_part(owner.owners)


def _as_the_rule_stands(
    reason: Reason, party: AskedParty, destination: str, law: AtTime, tables: Tables
) -> Reason:
    """The reason that holds while the rule is in force, as one of two readings where that is open; with the
    general license that waives it, if one does for that party at that destination."""
    if reason.effect == "clear":
        return reason
    rule = law.affiliates
    if rule.open or rule.in_force is None:
        text = f"{reason.text}. Whether the Affiliates Rule is in force is open: {rule.said}"
        settled = "; ".join(filter(None, (reason.settled_by, rule.settled_by))) or None
        ways = tuple(_ways(rule)) if reason.effect == "required" else ()
        reason = replace(reason, effect="open", text=text, settled_by=settled, readings=ways)
    return with_waivers(reason, law.waivers, party, destination, tables)


def _ways(rule: Standing) -> Iterator[Way]:
    for reading in rule.readings:
        text = f"of the Affiliates Rule, {reading.text} ({reading.citation})"
        if reading.force is Force.NOT_ENFORCED:
            yield Way(True, f"{text}: the text stands")
            yield Way(False, f"{text}: the agency does not go by it")
        else:
            yield Way(reading.force is Force.IN_FORCE, text)


def owned_by_listed(owners: Iterable[Owner]) -> bool | None:
    """Tell whether those that count own the half or more. None if that hangs on what is not known.

    Owners whose shares are not known have at most what is left, all of them together.
    """
    known = tuple(owners)
    least = most = rest = 0
    for owner in known:
        counts = _counts(owner)
        if counts is not False and owner.share is None:
            rest = _left(known)
        elif counts is not False and owner.share is not None:
            most += owner.share
            least += owner.share if counts else 0
    if least >= THRESHOLD:
        return True
    return None if most + rest >= THRESHOLD else False


def _left(owners: Iterable[Owner]) -> int:
    """All of an entity without the shares that are known."""
    return max(0, WHOLE - sum(owner.share or 0 for owner in owners))


def _counts(owner: Owner) -> bool | None:
    listed = None if owner.listings is None else some(_on_the_lists(each) for each in owner.listings)
    return some((listed, owned_by_listed(owner.owners)))


def _on_the_lists(listed: Listed) -> bool | None:
    """Tell whether it is on one of the lists of the rule; None if it may not have been there on the day."""
    return both(listed.source_list in LISTS, None if listed.doubt else True)


def _listings(owners: Iterable[Owner]) -> Iterator[Listed]:
    """Of all owners that count or may, and of theirs: the strictest of them is what matters."""
    known = tuple(owners)
    for owner in known:
        share = _left(known) if owner.share is None else owner.share
        if share and _counts(owner) is not False:
            yield from (each for each in owner.listings or () if _on_the_lists(each) is not False)
            yield from _listings(owner.owners)


def listings(party: AskedParty, law: AtTime) -> tuple[Listed, ...]:
    """Whose review policies go for the party by its ownership, or may."""
    if law.affiliates.in_force is False or party.owners is None or owned_by_listed(party.owners) is False:
        return ()
    return tuple(_listings(party.owners))
