"""What a listed entity shows: its status to the world outside, and its row among the listed entities."""

from licensing.commit import Append, Event, View
from licensing.decider import Status
from licensing.entity.deadlines import deadlines
from licensing.entity.state import EntityState, Stage


def status(state: EntityState) -> Status:
    """Nobody has to act: what is to come takes effect by itself."""
    pending = deadlines(state)
    return Status(
        stage=state.stage,
        waiting_for="nobody",
        closed=state.stage.closed,
        due=pending[0].due if pending else None,
        outcome=state.stage.value if state.stage.closed else None,
        officer=None,
        listed=state.stage is Stage.LISTED,
        license_number=None,
    )


def view(state: EntityState, version: int) -> View:
    """The row of the entity. Names stay out of it."""
    due = status(state).due
    return View(
        model="entity",
        row={
            "key": state.key,
            "stage": state.stage.value,
            "effective": state.effective.isoformat(),
            "removal": state.removal.effective.isoformat() if state.removal else None,
            "citation": state.listing.citation,
            "posture": state.listing.review_policy.posture.value,
            "affiliates": len(state.listing.affiliates),
            "due": due.isoformat() if due else None,
            "version": version,
        },
    )


def consequences(state: EntityState, events: tuple[Event, ...]) -> tuple[Append, ...]:
    """Nothing that happens to a listed entity concerns another stream."""
    return ()
