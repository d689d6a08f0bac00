"""The cases that a directive would move, for people who are about to sign it."""

from collections.abc import Mapping, Sequence

from greenlight.answers.directed import Moves
from greenlight.cli.base.output import counted, words
from greenlight.cli.cases.case_view import routed_by
from greenlight.kernel.streams import stream_key
from greenlight.law.directive.scope import Scope

_NAMED = 8


def in_scope(scope: Scope) -> Mapping[str, Sequence[str]]:
    """Names and values: for which cases an order is."""
    named = {
        "entities": scope.entities,
        "items": scope.item_classes,
        "destinations": scope.destinations,
    }
    return {"Scope": tuple(f"{name}: {', '.join(sorted(each)) or 'any'}" for name, each in named.items())}


def foretold(found: Moves) -> Mapping[str, Sequence[str]]:
    """Names and values: how many are pending, which of them would move and how, and why others in scope
    would stay."""
    what = "licenses in force" if found.revokes else "pending applications"
    all_of_them = found.looked_at == found.pending
    looked_at = "" if all_of_them else f", of which the {found.looked_at} due first were looked at"
    more = len(found.moved) - _NAMED
    note = "at once" if found.at_once else "once it is in force; this is how it would be now"
    return {
        "Cases": (f"{found.pending} {what}{looked_at}",),
        "Moves": (
            f"{counted(len(found.moved), 'case')}, {note}",
            *(
                f"{stream_key(each.stream)}: from {words(each.before)} to {words(each.after)}"
                for each in found.moved[:_NAMED]
            ),
            *((f"and {more} more",) if more > 0 else ()),
        ),
        "Leaves": tuple(
            f"{counted(each.number, 'case')}: {routed_by(each.outcome, each.row)}" for each in found.stay
        ),
    }
