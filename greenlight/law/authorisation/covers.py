"""Coverage of a shipment by one license: whose it is, what it names, whether it holds, what is left.

The conditions are tried in this order; the later one fails, the nearer was the license.
"""

from collections.abc import Mapping
from typing import NamedTuple

from greenlight.kernel.codes.entered import unit_of
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.dossier import Item, destinations
from greenlight.law.authorisation.answer import LineLeft, Miss
from greenlight.law.authorisation.holding import Holding, Left, Standing
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.scope import path_of
from greenlight.law.license.state import LicenseState, Stage

SpelledParty = tuple[str, str, str]
"""Role, name and country of a party; names are the same if they are spelled the same."""


class Filed(NamedTuple):
    """A license, and the parties that it is for."""

    holding: Holding
    parties: frozenset[SpelledParty]


class Wanted(NamedTuple):
    """A question with the items that need a license, by their place in it, and its parties."""

    question: AuthorisationQuestion
    items: Mapping[int, ShippedItem]
    parties: tuple[SpelledParty, ...]


class Short(NamedTuple):
    """A license that fell short: how many conditions it met before one failed, and which."""

    rank: int
    miss: Miss


NEW = "a license for this transaction (15 CFR 748.4)"
REPLACEMENT = "a replacement license (15 CFR 750.7(h)(4)), or another license for the rest"


def covers(filed: Filed, wanted: Wanted) -> tuple[LineLeft, ...] | Short:
    """The lines that the items go by; or what stands in the way."""
    holding, question = filed.holding, wanted.question
    standing = holding.at(question.at, question.known_at)
    if standing is None:
        return _short(0, holding, "was not issued, or not on record, at that instant", NEW)
    return (
        _another_transaction(filed, standing.state, wanted)
        or _not_usable(holding, standing.state, question)
        or _lines(holding, standing, wanted.items)
    )


def _short(rank: int, holding: Holding, why: str, remedy: str) -> Short:
    return Short(rank, Miss(f"license {holding.number}", why, remedy))


def _another_transaction(filed: Filed, state: LicenseState, wanted: Wanted) -> Short | None:
    holding, question = filed.holding, wanted.question
    if state.licensee != question.exporter:
        transfer = "a transfer of the license (15 CFR 750.10)"
        return _short(1, holding, f"is not {question.exporter}'s at that instant", transfer)
    for item in wanted.items.values():
        if not any(names(line, item) for line in state.items):
            return _short(2, holding, f"does not name {item}", NEW)
    if holding.parties is None:
        return _short(3, holding, "answers an application whose parties are not known here", NEW)
    for party, spelled in zip(question.parties, wanted.parties, strict=True):
        if spelled not in filed.parties:
            role = party.role.replace("_", " ")
            return _short(4, holding, f"does not name the {role} {party.name} ({party.country})", NEW)
    # Of licenses issued before their destinations were told, the parties tell them.
    if question.destination not in (state.destinations or destinations(holding.parties)):
        return _short(5, holding, f"is not for {question.destination}", NEW)
    return None


def names(line: Item, item: ShippedItem) -> bool:
    """Tell whether ``item`` is what a license's line is about: its entry, and its paragraph or one below."""
    if line.classification != item.classification or unit_of(line.unit) != unit_of(item.unit):
        return False
    if item.line not in {None, line.line}:
        return False
    of = path_of(line.subparagraph)
    return path_of(item.subparagraph)[: len(of)] == of


_STAGES = {
    Stage.AWAITING_ACCEPTANCE: ("has conditions that are not accepted", "accept its conditions (750.7(d))"),
    Stage.SUSPENDED: ("is suspended (15 CFR 750.8)", "ask for its reinstatement, or apply for another"),
    Stage.EXHAUSTED: ("is exhausted: the full quantity is shipped (15 CFR 750.11(a))", REPLACEMENT),
    Stage.EXPIRED: ("has expired", NEW),
    Stage.REVOKED: ("is revoked (15 CFR 750.8)", NEW),
    Stage.VOID: ("is void (15 CFR 750.7(a))", NEW),
    Stage.REPLACED: ("is replaced (15 CFR 750.7(h)(4))", "use the license that replaces it"),
}


def _not_usable(holding: Holding, state: LicenseState, question: AuthorisationQuestion) -> Short | None:
    if state.stage is not Stage.ACTIVE:
        return _short(6, holding, *_STAGES[state.stage])
    if agency_date(question.at) > state.valid_through:
        return _short(7, holding, f"is valid through {state.valid_through} only", NEW)
    return None


def _lines(
    holding: Holding, standing: Standing, items: Mapping[int, ShippedItem]
) -> tuple[LineLeft, ...] | Short:
    """Each item goes to the first line, in their order, that names it and has enough left."""
    left = dict(standing.left)
    found: list[LineLeft] = []
    for place, item in items.items():
        lines = [line for line in standing.state.items if names(line, item)]
        fitting = next((line for line in lines if fits(item, line, left[line.line])), None)
        if fitting is None:
            return _too_little(holding, item, lines, left)
        there = standing.left[fitting.line]
        currency = fitting.value.currency
        found.append(LineLeft(place, fitting.line, there.quantity, fitting.unit, there.value, currency))
        before = left[fitting.line]
        left[fitting.line] = Left(before.quantity - item.quantity, before.value - item.value.minor_units)
    return tuple(found)


def fits(item: ShippedItem, line: Item, left: Left) -> bool:
    return (
        item.value.currency == line.value.currency
        and item.quantity <= left.quantity
        and item.value.minor_units <= left.value
    )


def _too_little(holding: Holding, item: ShippedItem, lines: list[Item], left: dict[int, Left]) -> Short:
    most = max(left[line.line].quantity for line in lines)
    if item.quantity > most:
        why = f"has {most} {item.unit} of {item} left, of {item.quantity} (15 CFR 750.11)"
        return _short(8, holding, why, REPLACEMENT)
    if all(line.value.currency != item.value.currency for line in lines):
        return _short(8, holding, f"is not in {item.value.currency}", NEW)
    return _short(9, holding, f"has less value left than {item} is worth (15 CFR 750.11)", REPLACEMENT)
