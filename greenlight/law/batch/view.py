"""The views of a batch: its status to the world outside, and its row among the batches."""

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.kernel.roles import Role
from greenlight.kernel.row import StreamRow, Table
from greenlight.law.batch.state import BatchState, Stage

SERVICE = "service"
MANY = 30
"""Of what fell out, as much is told where there is little room."""


class BatchRow(StreamRow, table=Table("batch")):
    """A batch. ``cases`` and ``decided`` count; ``fell_out`` says of streams why the batch does not decide
    them: a commit in one of these cases is held against it."""

    key: str
    cases: int
    decided: int
    fell_out: dict[str, str]
    opened_at: Instant
    signed_at: Instant | None


def status(state: BatchState) -> Status:
    return Status(
        stage=state.stage,
        waiting_for=_waits_for(state.stage),
        closed=state.stage.closed,
        due=None,
        outcome=state.stage.value if state.stage.closed else None,
        officer=None,
        listed=None,
        license_number=None,
    )


def _waits_for(stage: Stage) -> str:
    match stage:
        case Stage.PREPARED:
            return Role.EXECUTIVE.value
        case Stage.DELIVERING:
            return SERVICE
        case Stage.DELIVERED | Stage.DISCARDED:
            return "nobody"


def view(state: BatchState, version: int) -> View:
    return BatchRow(
        **status(state).shown(version),
        key=state.key,
        cases=len(state.leaves),
        decided=len(state.decided),
        fell_out={each.case: each.code for each in state.fell_out},
        opened_at=state.opened_at,
        signed_at=state.signed_at,
    ).view()


def progress(state: BatchState) -> tuple[str, ...]:
    """Say how far the signature was taken, and what fell out, for people: control numbers and codes alone."""
    left = len(state.leaves) - len(state.decided) - len(state.fell_out)
    counts = f"{len(state.decided)} decided, {len(state.fell_out)} fell out, {left} left"
    more = len(state.fell_out) - MANY
    return (
        f"{counts} of {len(state.leaves)} cases",
        *(f"fell out: {each.case} ({each.code})" for each in state.fell_out[:MANY]),
        *((f"… and {more} more: `starter.py batch show {state.key}`",) if more > 0 else ()),
    )
