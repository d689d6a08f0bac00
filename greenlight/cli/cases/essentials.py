"""The essentials of what is to be signed, short enough to be read: who, what, for what, and what follows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from greenlight.answers.foreseen import Known, foreseen
from greenlight.cli.base.output import words
from greenlight.cli.cases.batch_view import marked_first, party_told
from greenlight.cli.cases.case_view import held, left_out_told, reworded
from greenlight.cli.cases.facts import facts_of, plain
from greenlight.kernel.body import Body
from greenlight.kernel.roles import Actor
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import ResolveMatch
from greenlight.law.application.review.proposal import proposed_by, standing
from greenlight.law.application.screening.resolution import others_of
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from greenlight.law.registry import AnyAggregate
from greenlight.law.rule.aggregate import RULE
from greenlight.letters.words import Sum, amount

Shown = Mapping[str, Sequence[str]]
"""By its name, each fact, an entry for each line."""

_OTHERS, _MOST = 3, 6
_NAMED = 10
"""Of a long list, so many are named, and how many more there are is told."""


@dataclass(frozen=True, slots=True)
class Brief:
    """The facts that are shown; ``whole``: with nothing cut off, however long that is."""

    facts: Shown
    whole: bool = False

    def beside(self, facts: Shown) -> "Brief":
        """With more, all of which is shown."""
        return Brief({**self.facts, **facts}, whole=True)


def brief(
    aggregate: AnyAggregate,
    stream: str,
    state: Any,
    content: Body,
    by: Actor,
    now: datetime,
    beside: Known | None = None,
) -> Brief:
    """Tell of a case what a person who signs a decision has to have seen, and what follows from it."""
    facts: Shown
    if aggregate is APPLICATION:
        facts = _application(state)
    elif aggregate is LICENSE:
        facts = _license(state)
    else:
        facts = {name: value.split("\n") for name, value in facts_of(aggregate, state).items() if value}
    said = _said(content)
    follows = foreseen(aggregate, stream, state, content, by, now, beside)
    shown = {**facts, **({"You say": (said,)} if said else {}), "Then": (follows,)}
    told = Brief(shown, whole=aggregate is RULE)
    others = _others(state, content)
    return told.beside(others) if others else told


def _others(state: Any, content: Body) -> Shown:
    """Every other match of which the same is said: nobody denies a name that they were not shown."""
    if not isinstance(content, ResolveMatch) or content.others is None:
        return {}
    found = state if isinstance(state, ApplicationState) else state.found
    names = tuple(f"{match.listing}: {match.name}" for match in others_of(found, content))
    return {f"{words(content.others).capitalize()}, too": names} if names else {}


def _application(state: ApplicationState) -> Shown:
    filed, parties = state.submission, marked_first(state)
    items = [
        f"{i.quantity} {i.unit} {i.description}, {i.classification}, {amount(Sum(**i.value.model_dump()))}"
        for i in filed.items
    ]
    return {
        "Applicant": (f"{filed.applicant} ({state.submitted_by.officer})",),
        "Parties": _few([party_told(state, place) for place in parties], len(_marked(state))),
        "Items": _few(items),
        "End use": (filed.end_use,),
        "Open": tuple(_open(state)),
        "Proposed": tuple(_proposed(state)),
        "Agencies": _few([f"{r.agency}: {words(_advice(r.opinion))}" for r in state.referrals]),
        "Reworded": _few([reworded(each) for each in state.wordings]),
    }


def _marked(state: ApplicationState) -> frozenset[int]:
    return state.listed_parties | state.possible_parties


def _open(state: ApplicationState) -> Iterator[str]:
    """Questions that nobody has settled yet."""
    if not state.screened:
        yield "the parties are not screened"
    elif state.possible_parties:
        places = ", ".join(str(place) for place in sorted(state.possible_parties))
        yield f"possible matches of party {places}: nobody may decide before they are resolved"
    yield from held(state)
    if state.open_inquiry is not None:
        yield f"the applicant was asked: {state.open_inquiry.request}"


def _proposed(state: ApplicationState) -> Iterator[str]:
    if not (state.decision or state.proposed or state.recommendation):
        return
    proposed = standing(state)
    who = proposed_by(state)
    lines = f", of lines {', '.join(map(str, proposed.lines))}" if proposed.lines else ""
    yield f"{proposed.outcome}, {who}{lines}: {proposed.reasons}"
    yield from _few([f"with: {each}" for each in (*proposed.conditions, *proposed.riders)])
    yield from _few([f"left out: {each}" for each in left_out_told(state)])
    if proposed.modifications:
        yield f"unless: {proposed.modifications}"


def _advice(opinion: Any) -> str:
    if opinion is None:
        return "has the case"
    silent = "left it to the officer" if opinion.by else "no objection, its time having passed"
    return opinion.advice or silent


def _license(state: LicenseState) -> Shown:
    facts = facts_of(LICENSE, state)
    names = ("Stage", "Licensee", "Valid through", "Items", "Shipped", "Conditions", "Since the grant")
    more = ("Transfer asked for", "Suspended", "Ended")
    return {name: tuple(value.split("\n")) for name in (*names, *more) if (value := facts[name])}


def _few(entries: Sequence[str], marked: int = 0) -> tuple[str, ...]:
    """The first of them, and how many others there are; the first ``marked`` are what matters most."""
    shown = min(max(_OTHERS, marked), _MOST)
    more, hidden = len(entries) - shown, marked - shown
    also = f", {hidden} of them on a list or perhaps" if hidden > 0 else ""
    return (*entries[:shown], f"… and {more} more{also}") if more > 0 else tuple(entries)


def _said(content: Body) -> str:
    """The command's own words, in a line."""
    return "; ".join(f"{words(name)}: {_short(value)}" for name, value in _content(content).items())


def told_by(content: Body) -> Shown:
    """Tell what a command itself says, its members by their names, for whoever has nothing else to read."""
    return {words(name).capitalize(): tuple(_lines(value)) for name, value in _content(content).items()}


def _content(content: Body) -> Mapping[str, JsonValue]:
    """All that it says but for what it leaves open."""
    said: Mapping[str, JsonValue] = content.model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in said.items() if value not in (None, [], {})}


def _lines(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (
            f"{words(name)}: {_short(part, within=True)}" for name, part in value.items() if part is not None
        )
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        yield from map(_short, value[:_NAMED])
        if (more := len(value) - _NAMED) > 0:
            yield f"and {more} more"
    else:
        yield _short(value)


def _short(value: JsonValue, *, within: bool = False) -> str:
    """A value in a line: of a long list the first, and how many more there are; ``within`` something, of a
    list of structures only their number."""
    if isinstance(value, list):
        if within and len(value) > 1 and any(isinstance(each, dict) for each in value):
            return str(len(value))
        more = f" and {len(value) - _NAMED} more" if len(value) > _NAMED else ""
        return "; ".join(map(_short, value[:_NAMED])) + more
    if isinstance(value, dict):
        kept = {name: part for name, part in value.items() if part is not None}
        named = [f"{words(name)} {_short(part, within=True)}" for name, part in list(kept.items())[:_NAMED]]
        more = f" and {len(kept) - _NAMED} more" if len(kept) > _NAMED else ""
        return ", ".join(named) + more
    return plain(value)
