"""The views of a listed entity: its status to the world outside, and its row among the listed entities."""

from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Column, StreamRow, Table
from greenlight.law.entity.deadlines import deadlines
from greenlight.law.entity.state import EntityState, Stage
from greenlight.law.screening_list.view import SERVICE


class EntityRow(StreamRow, table=Table("entity")):
    """A listed entity; names stay out of it. It is listed from ``effective`` on, until before ``removal``
    where that is decided; ``citation`` and ``posture`` are those of the entry as it stands, ``affiliates``
    counts them; ``due`` is when something that was decided takes effect; ``decided`` counts the orders. It
    waits for the service while cases are still to be held against it, and for the committee's members while a
    motion is open."""

    key: str
    effective: Instant
    removal: Instant | None
    citation: str
    posture: str
    affiliates: int
    # What was decided for later counts by itself then: whoever read it knows the instant.
    decided: Annotated[int, Column(counted=True)]


def status(state: EntityState) -> Status:
    """Give the status. What is to come takes effect by itself; the service holds every case against what
    changed."""
    pending = deadlines(state)
    over = state.stage.closed and not state.rescreening_due
    return Status(
        stage=state.stage,
        waiting_for=_waiting_for(state),
        closed=over,
        due=pending[0].due if pending else None,
        outcome=state.stage.value if over else None,
        officer=None,
        listed=state.stage is Stage.LISTED,
        license_number=None,
    )


def _waiting_for(state: EntityState) -> str:
    if state.motion is not None:
        return Role.ERC_MEMBER.value
    return SERVICE if state.rescreening_due else "nobody"


def view(state: EntityState, version: int) -> View:
    return EntityRow(
        **status(state).shown(version),
        key=state.key,
        effective=state.effective,
        removal=state.removal.effective if state.removal else None,
        citation=state.listing.citation,
        posture=state.listing.review_policy.posture,
        affiliates=len(state.listing.affiliates),
        decided=state.decided,
    ).view()
