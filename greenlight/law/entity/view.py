"""What a listed entity shows: its status to the world outside, and its row among the listed entities."""

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.law.entity.deadlines import deadlines
from greenlight.law.entity.state import EntityState, Stage
from greenlight.law.screening_list.view import SERVICE


def status(state: EntityState) -> Status:
    """What is to come takes effect by itself; the service holds every case against what changed."""
    pending = deadlines(state)
    over = state.stage.closed and not state.rescreening_due
    return Status(
        stage=state.stage,
        waiting_for=SERVICE if state.rescreening_due else "nobody",
        closed=over,
        due=pending[0].due if pending else None,
        outcome=state.stage.value if over else None,
        officer=None,
        listed=state.stage is Stage.LISTED,
        license_number=None,
    )


def view(state: EntityState, version: int) -> View:
    """The row of the entity. Names stay out of it."""
    said = status(state)
    return View(
        model="entity",
        row={
            "key": state.key,
            "stage": state.stage.value,
            "waiting_for": said.waiting_for,
            "effective": state.effective.isoformat(),
            "removal": state.removal.effective.isoformat() if state.removal else None,
            "citation": state.listing.citation,
            "posture": state.listing.review_policy.posture.value,
            "affiliates": len(state.listing.affiliates),
            "due": said.due.isoformat() if said.due else None,
            "decided": state.decided,
            "version": version,
        },
    )
