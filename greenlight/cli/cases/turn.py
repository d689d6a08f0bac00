"""The head of what is shown of a case: whose turn it is, what is due, what to do, and what bars it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from greenlight.answers.moves import move, resolving, stands_still
from greenlight.cli.base.output import counted, words
from greenlight.cli.cases.moves import command
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date
from greenlight.law.application.expedite.rules import EXPEDITE
from greenlight.law.application.flip.language import FLIP
from greenlight.law.application.flip.said import unnoted
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.tasks import Task, tasks
from greenlight.law.license.state import LicenseState
from greenlight.law.registry import AnyAggregate

_MOST = 3
"""Parties of which it is told with which command they are resolved."""


def turn_facts(aggregate: AnyAggregate, stream: str, state: Any, now: datetime) -> dict[str, str | None]:
    """Names and values, for people; ``now``: an instant by which days are counted, in Washington."""
    turns = _turns(aggregate, state)
    case = stream_key(stream)
    return {
        "Turn": "\n".join(_whose(each, state, now) for each in turns) or _nobody(aggregate, state),
        "To do": "\n".join(_to_do(turns, case, state)) or None,
        "Barred": "\n".join(_barred(aggregate, case, state)) or None,
    }


def left(due: datetime, now: datetime) -> str:
    """Whole days in Washington, as deadlines count them."""
    days = (last_day(due) - agency_date(now)).days
    if due <= now:
        return f"overdue by {counted(-days or 1, 'day')}"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def _turns(aggregate: AnyAggregate, state: Any) -> tuple[Task, ...]:
    if isinstance(state, ApplicationState):
        return tasks(state)
    status = aggregate.status(state)
    beside: tuple[Task, ...] = ()
    if isinstance(state, LicenseState) and not state.stage.closed and unnoted(state.flips):
        beside = (Task(role=Role.LICENSING_OFFICER, organisation=None, due=None, deadline=FLIP),)
    if status.waiting_for not in list(Role):
        return beside
    of = state.licensee if isinstance(state, LicenseState) and status.waiting_for == Role.APPLICANT else None
    # What a license is due for is its own end, and nobody's task.
    due = None if isinstance(state, LicenseState) else status.due
    matter = "possible_match" if isinstance(state, LicenseState) and state.found.possible_parties else None
    turn = Task(role=Role(status.waiting_for), organisation=of, due=due, deadline=None, matter=matter)
    return (turn, *beside)


def _nobody(aggregate: AnyAggregate, state: Any) -> str:
    status = aggregate.status(state)
    if status.waiting_for in {"screening", "service"}:
        return "the service's, by itself"
    return f"nobody's: {words(status.outcome or status.stage)}"


def _whose(task: Task, state: Any, now: datetime) -> str:
    of = f" of {task.organisation}" if task.organisation else ""
    officer = getattr(state, "assigned_to", None) if task.role is Role.LICENSING_OFFICER else None
    given = f" ({officer})" if officer else ""
    if task.deadline == EXPEDITE:
        due = ", whether to expedite it"
    elif task.deadline == FLIP:
        due = ", to take note that the answer is another one"
    elif task.due is None:
        due = f", {words(task.deadline)}: its clock stands still" if task.deadline else ""
    else:
        what = f" ({words(task.deadline)})" if task.deadline else ""
        due = f", due {plain_date(last_day(task.due))}, {left(task.due, now)}{what}"
    return f"{words(task.role)}{of}{given}{due}"


def _to_do(turns: tuple[Task, ...], case: str, state: Any) -> Iterator[str]:
    """Once for each role, however many organisations have the turn in it; of a case that stands by a
    directive no command that is refused meanwhile."""
    freeze = state.freeze if isinstance(state, ApplicationState) else None
    for task in {(each.role, _beside(each)): each for each in turns}.values():
        # What is open of a party is told below, party by party.
        if task.matter is not None:
            continue
        found = move(state.stage, task.role, deadline=task.deadline)
        if freeze is not None and found is not None and stands_still(found, state.stage):
            until = plain_date(last_day(freeze.until))
            yield f"nothing until {until} at the latest, by directive {freeze.directive}; then {found.what}"
        elif found is not None:
            yield f"{found.what}:"
            yield f"  {command(found, case, _by_name(task.role, state))}"


def _beside(task: Task) -> str | None:
    """Decisions that are due beside whoever has the case."""
    return task.deadline if task.deadline in {EXPEDITE, FLIP} else None


def _by_name(role: Role, state: Any) -> str | None:
    """The officer whose turn it is, where that can be one alone."""
    if role is Role.LICENSING_OFFICER:
        return getattr(state, "assigned_to", None)
    if role is Role.APPLICANT and isinstance(state, ApplicationState):
        return state.submitted_by.officer
    return None


def _barred(aggregate: AnyAggregate, case: str, state: Any) -> Iterator[str]:
    """The open matches, party by party: nobody may decide before an officer has resolved them."""
    parties: Screened | None = None
    if isinstance(state, ApplicationState) and not state.stage.closed:
        parties = state
    elif isinstance(state, LicenseState) and not state.stage.closed:
        parties = state.found
    if parties is None or not parties.possible_parties:
        return
    yield "nobody may decide before an officer has said who these are:"
    places = sorted(parties.possible_parties)
    for place in places[:_MOST]:
        yield from _open_of(parties, place, aggregate, case)
    if (more := len(places) - _MOST) > 0:
        yield f"  and {counted(more, 'more party', 'more parties')}"


def _open_of(parties: Screened, place: int, aggregate: AnyAggregate, case: str) -> Iterator[str]:
    keys = [hit.match.listing for hit in parties.hits if hit.party == place and hit.open]
    by_hand = place in parties.by_hand
    matter = "could_not_screen" if by_hand else "possible_match"
    found = resolving(aggregate.kind, matter)
    what = counted(len(keys), "possible match", "possible matches")
    yield f"  party {place}: {'to be looked up by hand' if by_hand else what}"
    says = found.says.replace("PARTY ", f"{place} ")
    if len(keys) == 1:
        says = says.replace(" KEY ", f" {keys[0]} ").replace(" --all-others false_match", "")
    yield f"  {command(found._replace(says=says), case)}"
