"""The views of a reprieve: its status to the world outside, and its row among the reprieves."""

from datetime import date, datetime
from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Column, StreamRow, Table, Turn
from greenlight.law.reprieve.deadlines import deadlines
from greenlight.law.reprieve.state import ReprieveState, Stage

SERVICE = "service"


_TABLE = Table(
    "reprieve",
    turns=(
        Turn(),
        Turn(
            role=f"'{Role.LICENSING_OFFICER}'",
            due="unpublished_since",
            deadline="'publication'",
            when="unpublished > 0",
        ),
    ),
)


class ReprieveRow(StreamRow, table=_TABLE):
    """A reprieve; names of entities stay out of it. ``terms`` counts those that were issued; ``term`` is of
    those that run the one that ends last, or else the one that was over last, ``ends`` the first instant
    after it. ``decision`` is the open one, ``due`` when something comes by itself. ``unpublished`` counts
    the terms of which no publication is on record, those that were over before the last one left out."""

    key: str
    terms: int
    term: Annotated[
        int | None, Column(note="Of the terms that run the one that ends last, or the last that ran")
    ]
    valid_through: date | None
    ends: Annotated[Instant | None, Column(note="The first instant after that term")]
    decision: Annotated[int | None, Column(note="The one that is open")]
    unpublished: Annotated[int, Column(note="How many terms on record are not published, as far as known")]
    unpublished_since: Annotated[Instant | None, Column(note="When the first of them takes or took effect")]


def status(state: ReprieveState) -> Status:
    pending = deadlines(state)
    return Status(
        stage=state.stage,
        waiting_for=_waits_for(state.stage),
        closed=state.stage.closed,
        due=pending[0].due if pending else None,
        outcome=state.stage.value if state.stage.closed else None,
        officer=None,
        listed=True,
        license_number=None,
    )


def _waits_for(stage: Stage) -> str:
    """The service has facts to gather or an outcome to let take effect; the executive answers or objects."""
    match stage:
        case Stage.GATHERING | Stage.TAKING_EFFECT:
            return SERVICE
        case Stage.PROPOSED | Stage.REFERRED:
            return Role.EXECUTIVE.value
        case Stage.RUNNING | Stage.LAPSING | Stage.LAPSED | Stage.ENDED:
            return "nobody"


def view(state: ReprieveState, version: int) -> View:
    shown = state.horizon or state.last
    unpublished = _unpublished(state)
    return ReprieveRow(
        **status(state).shown(version),
        key=state.key,
        terms=state.issued,
        term=shown.term.number if shown else None,
        valid_through=shown.term.valid_through if shown else None,
        ends=shown.end if shown else None,
        decision=state.decision.number if state.decision else None,
        unpublished=len(unpublished),
        unpublished_since=min(unpublished, default=None),
    ).view()


def _unpublished(state: ReprieveState) -> list[datetime]:
    """When the terms take effect of which nobody has said where they are published.

    Terms that were over before the last one have left the state, published or not.
    """
    kept = (*state.terms, state.last) if state.last else state.terms
    return [standing.term.effective for standing in kept if standing.term.published is None]
