"""Temporary general licenses: whether one waives what the Affiliates Rule requires for a party.

Which parties one covers, the rule's data say (``greenlight.law.rule.acts.GeneralLicense``): those in its
countries, where the goods go there, too; and, of some, joint ventures by where they are headquartered.
"""

from dataclasses import replace
from typing import NamedTuple

from greenlight.law.determination.question import AskedParty, named
from greenlight.law.determination.reason import Reason
from greenlight.law.determination.tables import Tables
from greenlight.law.rule.rules import Waiver


class Beside(NamedTuple):
    """What is said beside a reason of a general license that does not waive it, or may: then under which
    ``condition``, and what settles that."""

    text: str
    condition: str | None = None
    settled_by: tuple[str, ...] = ()


class Reach(NamedTuple):
    """The reach of a general license to a party. ``covered``: None if that is open; ``text``: why it is so,
    or what is not known; empty: by its country. ``condition``: what would have to be so, ``settled_by`` what
    tells whether it is; both None of what is not asked at all."""

    covered: bool | None
    text: str = ""
    condition: str | None = None
    settled_by: str | None = None


def with_waivers(
    reason: Reason, waivers: tuple[Waiver, ...], party: AskedParty, destination: str, tables: Tables
) -> Reason:
    """The reason with the general license that waives it; else with what there is to say of each that runs,
    or may."""
    reaches = [(waiver, _reach(waiver, party, destination, tables)) for waiver in waivers]
    for waiver, reach in reaches:
        if reach.covered and waiver.standing.in_force:
            return replace(reason, waived_by=_waived_by(waiver, reach))
    beside = [_beside(waiver, reach) for waiver, reach in reaches]
    settled = (reason.settled_by, *(by for each in beside for by in each.settled_by))
    return replace(
        reason,
        text=". ".join((reason.text, *(each.text for each in beside))),
        settled_by="; ".join(dict.fromkeys(filter(None, settled))) or None,
        waived_if="; or ".join(each.condition for each in beside if each.condition) or None,
    )


def _waived_by(waiver: Waiver, reach: Reach) -> str:
    standing = waiver.standing
    whom = f", {reach.text}" if reach.text else ""
    return f"{waiver.title}{whom}: {standing.said} ({standing.citation})"


def _beside(waiver: Waiver, reach: Reach) -> Beside:
    if reach.covered is False:
        return Beside(f"{waiver.title} does not waive it: {reach.text}")
    if reach.covered is None and reach.condition is None:
        return Beside(f"{waiver.title} may waive it, {reach.text}")
    texts: list[str] = []
    conditions: list[str] = []
    settled: list[str | None] = []
    if reach.condition is not None:
        texts.append(reach.text)
        conditions.append(reach.condition)
        settled.append(reach.settled_by)
    if not waiver.standing.in_force:
        texts.append(waiver.standing.said)
        conditions.append("it runs then")
        settled.append(waiver.standing.settled_by)
    return Beside(
        f"Whether {waiver.title} waives that is open: {'; '.join(texts)}",
        f"{waiver.title}, if {' and '.join(conditions)}",
        tuple(filter(None, settled)),
    )


def _reach(waiver: Waiver, party: AskedParty, destination: str, tables: Tables) -> Reach:
    if not any(waiver.countries.isdisjoint(tables.names(code)) for code in (party.country, destination)):
        return Reach(covered=True)
    found = _as_a_venture(waiver, party, tables)
    if found.covered is False and waiver.otherwise is not None:
        return Reach(covered=None, text=f"for {waiver.otherwise}: that is not asked here")
    return found


def _as_a_venture(waiver: Waiver, party: AskedParty, tables: Tables) -> Reach:
    """The reach to a party as a joint venture, wherever the goods go."""
    ventures, who = waiver.joint_ventures, named(party)
    if ventures is None:
        return Reach(covered=False, text="it covers parties in its countries alone")
    if party.joint_venture is False:
        return Reach(covered=False, text=f"elsewhere it covers joint ventures, and {who} is none")
    if party.headquarters is None:
        if party.joint_venture:
            unknown, condition = f"where {who} is headquartered", f"{who} is {ventures.where}"
        else:
            unknown = f"whether {who} is a joint venture, and where it is headquartered"
            condition = f"{who} is a joint venture {ventures.where}"
        return Reach(
            covered=None,
            text=f"elsewhere it covers joint ventures {ventures.where}, and {unknown}, is not said",
            condition=condition,
            settled_by=unknown,
        )
    if tables.names(party.headquarters).isdisjoint(waiver.countries | ventures.headquartered):
        return Reach(
            covered=False,
            text=f"elsewhere it covers joint ventures {ventures.where}, and {who} is {party.venture_told}",
        )
    provided = f", provided that {ventures.provided}" if ventures.provided else ""
    return Reach(covered=True, text=f"for {party.venture_told}{provided}")
