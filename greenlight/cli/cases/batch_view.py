"""The cases of a batch as people see them before and after the signature, and who may sign them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from greenlight.answers.foreseen import UNKNOWN_NUMBER
from greenlight.cli.base.output import counted, words
from greenlight.cli.base.send import roles_at
from greenlight.cli.cases.worth import worth
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import SignOff
from greenlight.law.application.dossier import named, owned
from greenlight.law.application.needs import LicenseNumber
from greenlight.law.application.review.proposal import standing
from greenlight.law.application.state import ApplicationState, dossier_digest
from greenlight.law.officer.view import OfficerRow

_NAMED = 3


class Held(NamedTuple):
    """A case as the batch has it; ``changed``: it is another by now, and falls out."""

    state: ApplicationState
    changed: bool


class Essential(NamedTuple):
    """A case in a row, for people."""

    acn: str
    outcome: str
    applicant: str
    goods: str
    parties: str


def essential(state: ApplicationState) -> Essential:
    return Essential(
        state.acn,
        standing(state).outcome,
        state.submission.applicant,
        goods(state),
        "; ".join(party_told(state, place) for place in marked_first(state)),
    )


def in_a_line(held: Held) -> str:
    """The same without its number, for a prompt: what is granted or denied, whose, of what, to whom."""
    since = "CHANGED since, falls out; " if held.changed else ""
    told = essential(held.state)
    return f"{since}{told.outcome} – {told.applicant}: {told.parties}; {told.goods}"


def goods(state: ApplicationState) -> str:
    """The first item, how many others there are, and what all are worth."""
    items = state.submission.items
    first = items[0]
    more = f" and {counted(len(items) - 1, 'other item')}" if len(items) > 1 else ""
    return f"{first.quantity} {first.unit} {first.description}{more}, {worth([state])}"


def totals(cases: Sequence[Held]) -> str:
    """Count those granted and denied, what they are worth, and those with a listed party."""
    grants = [each.state for each in cases if standing(each.state).outcome == "grant"]
    denials = [each.state for each in cases if standing(each.state).outcome != "grant"]
    told = [f"{len(of)} to {what} ({worth(of)})" for of, what in ((grants, "grant"), (denials, "deny")) if of]
    listed = sum(bool(each.state.listed_parties) for each in cases)
    changed = sum(each.changed for each in cases)
    told += [f"{listed} with a listed party"] if listed else []
    told += [f"{changed} changed since, which will fall out"] if changed else []
    return "; ".join(told)


def signers(cases: Sequence[Held], officers: Sequence[OfficerRow], now: datetime) -> Mapping[str, str]:
    """By executive, whether the law lets them decide all of these cases, or which they may not, and why."""
    found: dict[str, str] = {}
    for row in officers:
        if Role.EXECUTIVE in roles_at(row, now) and row.person and row.organisation:
            by = Actor(
                officer=row.officer, person=row.person, organisation=row.organisation, role=Role.EXECUTIVE
            )
            found[row.officer] = "; ".join(_objections(cases, by, now)) or "may sign"
    return found


def _objections(cases: Sequence[Held], by: Actor, now: datetime) -> Iterator[str]:
    """For each reason, the cases of which it holds."""
    of: dict[str, list[str]] = {}
    for state, changed in cases:
        if changed:
            continue
        command: Command[Body] = Command(
            key=state.acn, body=SignOff(approves=True), by=by, dossier=dossier_digest(state)
        )
        decision = APPLICATION.decide(state, command.knowing(LicenseNumber(state.acn), UNKNOWN_NUMBER), now)
        if isinstance(decision, Refusal):
            of.setdefault(f"{decision.code}: {decision.message}", []).append(state.acn)
    for reason, acns in of.items():
        more = len(acns) - _NAMED
        named = ", ".join(acns[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield f"may not sign {named} ({reason})"


def marked_first(state: ApplicationState) -> list[int]:
    """The places of the parties and of their owners, those first who are on a list, or may be."""
    marked = state.listed_parties | state.possible_parties
    return sorted(range(len(named(state.parties))), key=lambda place: (place not in marked, place))


def party_told(state: ApplicationState, place: int) -> str:
    """A party's role, name and country, and whether it is on a list, or may be."""
    party, of = named(state.parties)[place], owned(state.parties, place)
    on = ", ".join(sorted({hit.match.listing for hit in state.hits if hit.party == place and hit.listed}))
    mark = f" – LISTED: {on}" if place in state.listed_parties else ""
    mark = " – POSSIBLE MATCH, open" if place in state.possible_parties else mark
    role = words(party.role) if of is None else f"owner of party {of},"
    return f"{role} {party.name} ({party.country}){mark}"
