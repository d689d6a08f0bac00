"""A case: whose turn it is and what is due first, then its matter, its letters and all that happened."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from starlette.responses import Response

from greenlight.answers.earlier import TOLD_TO
from greenlight.answers.foreseen import Possible, possible
from greenlight.answers.letters import letters_told
from greenlight.answers.moves import move, taken
from greenlight.desk.asked import Asked
from greenlight.desk.batches import leaves_of
from greenlight.desk.history import Happened, happened
from greenlight.desk.matters import Matter, matter_of, source_title
from greenlight.desk.parts import beyond, part_of
from greenlight.desk.picture import picture
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.aggregate import Status
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import LICENSING, Role
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.clock.days import Days, days
from greenlight.law.application.expedite.rules import told
from greenlight.law.application.flip.language import told as flip_told
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.tasks import Task, tasks
from greenlight.law.license.state import LicenseState
from greenlight.law.license.usage import Used, reached, usage, value_limit
from greenlight.law.registry import AnyAggregate
from greenlight.serving.problems import Problem, malformed, no_such_case, of_refusal

_LETTERS = LICENSING | {Role.APPLICANT}


class Read(NamedTuple):
    """A case as it was read: its state, its events up to then, the last of which is ``version``."""

    kind: AnyAggregate
    stream: str
    state: Any
    version: int
    events: list[StoredEvent]
    matter: Matter


class Line(NamedTuple):
    """A line of a license: what was licensed, shipped and is left; ``percent``: what is used, of the quantity
    or of the value; ``told``: the greatest threshold of it of which the licensee was told, 0: none."""

    item: Any
    used: Used
    left: int
    most: int
    percent: int
    told: int


async def read(asked: Asked, stream: str, until: datetime | None = None) -> Read:
    """Read a case that they may read, now or as it was in law at an instant.

    :raises Problem: there was none, or it goes on with what only a newer release can read.
    """
    kind = await asked.opened(stream)
    events = [event for event in await asked.events(stream) if until is None or event.at <= until]
    state = None
    try:
        for event in events:
            state = kind.apply(state, kind.read(event.record))
    except UnreadableError:
        newer = Refusal(RefusalCode.NEWER_RELEASE, f"{stream} goes on with what a newer release recorded")
        raise of_refusal(newer) from None
    if state is None:
        raise no_such_case(stream)
    matter = matter_of(kind, state, party=asked.is_party)
    return Read(kind, stream, state, events[-1].version, events, matter)


async def case(asked: Asked) -> Response:
    """The page."""
    stream = asked.request.path_params["stream"]
    then = _day(asked.request.query_params.get("as_of", ""))
    found = await read(asked, stream, end_of_day(then) if then else None)
    await asked.note(stream, found.kind, "case")
    status = found.kind.status(found.state)
    letters = ()
    if asked.caller.role in _LETTERS and then is None:
        letters = await letters_told(asked.house.box, asked.house.reader, asked.caller, stream)
    now = end_of_day(then) if then else datetime.now(UTC)
    spent = _days_of(found.state, now)
    deadlines = found.kind.deadlines(found.state)
    history = _history(asked, found)
    turns = _turns(found.state)
    first = _first(asked, status, turns)
    acts = acts_of(asked, found) if then is None else ()
    return asked.page(
        "case.html",
        case=found,
        key=stream_key(stream),
        standing=status,
        then=then,
        turns=turns,
        expedite=_expedite(found.state),
        flips=tuple(map(flip_told, getattr(found.state, "flips", ()))),
        days=spent,
        deadlines=deadlines,
        picture=picture(spent, deadlines, history, now) if spent else None,
        first=first,
        acts=sorted(acts, key=lambda act: act.body.declared.name != first),
        has_earlier=found.kind is APPLICATION and then is None and asked.caller.role in TOLD_TO,
        letters=letters,
        lines=lines_of(asked, found.state),
        leaves=await leaves_of(asked, found.state),
        history=history,
        brought=await _brought(asked, found) if then is None else None,
        beyond=beyond(found.kind, found.state, found.events),
        **about(found),
    )


def about(found: Read) -> dict[str, Any]:
    """Names that the templates of a case's matter want."""
    return {
        "matter": found.matter,
        "application": found.matter.application,
        "source_title": source_title,
        "part": part_of(found.kind, found.state, found.events),
    }


def acts_of(asked: Asked, found: Read) -> tuple[Possible, ...]:
    """Commands that the reader may send to the case as it stands, and those from which they are barred."""
    if found.kind.workflow is None:
        return ()
    return possible(found.kind, found.state, asked.caller)


def _turns(state: Any) -> tuple[Task, ...]:
    return tasks(state) if isinstance(state, ApplicationState) else ()


def _first(asked: Asked, status: Status, turns: tuple[Task, ...]) -> str | None:
    """The command that is to come next from the reader; None: it is not their turn."""
    role = asked.caller.role
    mine = [turn for turn in turns if turn.role is role]
    if not mine and status.waiting_for != role:
        return None
    matter = next((turn.matter for turn in mine if turn.matter), None)
    deadline = mine[0].deadline if mine else None
    return next(taken(move(status.stage, role, matter=matter, deadline=deadline), status.stage), None)


def _expedite(state: Any) -> str | None:
    """The request that an application come before others, with what was decided of it."""
    asked = state.expedite if isinstance(state, ApplicationState) else None
    return told(asked) if asked else None


def _days_of(state: Any, now: datetime) -> Days | None:
    """The days of an application, by holder; None for anything else."""
    return days(state, now) if isinstance(state, ApplicationState) else None


def lines_of(asked: Asked, state: Any) -> tuple[Line, ...]:
    """The lines of a license, with what was shipped; none of anything else, nor for whoever had or is to have
    the license: the shipments are another's."""
    if not isinstance(state, LicenseState):
        return ()
    if asked.is_party and asked.caller.organisation != state.licensee:
        return ()
    used, percents = usage(state.shipments), reached(state.items, state.shipments)
    return tuple(
        Line(
            item,
            used.get(item.line, Used()),
            max(0, item.quantity - used.get(item.line, Used()).quantity),
            value_limit(item),
            percents.get(item.line, 0),
            state.told.get(item.line, 0),
        )
        for item in state.items
    )


async def _brought(asked: Asked, found: Read) -> tuple[bool, ...]:
    """For each document that a filing names, whether its bytes are there."""
    if not isinstance(found.state, ApplicationState):
        return ()
    named = found.state.submission.attachments
    return tuple([await asked.house.attachments.has(found.stream, each) for each in named])


def _history(asked: Asked, found: Read) -> list[Happened]:
    return happened(found.events, asked.caller)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        given = date.fromisoformat(text)
    except ValueError:
        raise malformed("as_of: give a day, such as 2026-11-30") from None
    if given > datetime.now(UTC).date():
        raise malformed("as_of: that day is still to come")
    return given


async def letter(asked: Asked) -> Response:
    """A letter, byte for byte."""
    stream, letter_id = asked.request.path_params["stream"], asked.request.path_params["letter"]
    kind = await asked.opened(stream)
    asked.must_be(_LETTERS)
    found = await letters_told(asked.house.box, asked.house.reader, asked.caller, stream)
    listed = {each.letter_id for each in found}
    stored = await asked.house.box.letter(letter_id) if letter_id in listed else None
    if stored is None:
        raise Problem(404, "no_such_letter", "There is no such letter of this case, or it was not made yet.")
    await asked.note(stream, kind, "letter")
    name = {"Content-Disposition": f'inline; filename="{letter_id}.pdf"'}
    return Response(stored.pdf, 200, name, "application/pdf")
