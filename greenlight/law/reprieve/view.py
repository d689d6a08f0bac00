"""What a reprieve shows: its status to the world outside, and its row among the reprieves."""

from datetime import datetime

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.roles import Role
from greenlight.law.reprieve.deadlines import deadlines
from greenlight.law.reprieve.state import ReprieveState, Stage

SERVICE = "service"


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
    """The row of the reprieve. Names of entities stay out of it."""
    shown = state.horizon or state.last
    said = status(state)
    unpublished = _unpublished(state)
    return View(
        model="reprieve",
        row={
            "key": state.key,
            "stage": said.stage,
            "waiting_for": said.waiting_for,
            "terms": state.issued,
            "term": shown.term.number if shown else None,
            "valid_through": shown.term.valid_through.isoformat() if shown else None,
            "ends": shown.end.isoformat() if shown else None,
            "decision": state.decision.number if state.decision else None,
            "due": said.due.isoformat() if said.due else None,
            "unpublished": len(unpublished),
            "unpublished_since": min(unpublished).isoformat() if unpublished else None,
            "version": version,
        },
    )


def _unpublished(state: ReprieveState) -> list[datetime]:
    """When the terms take effect of which nobody has said where they are published.

    Terms that were over before the last one have left the state, published or not.
    """
    kept = (*state.terms, state.last) if state.last else state.terms
    return [standing.term.effective for standing in kept if standing.term.published is None]
