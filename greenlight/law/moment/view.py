"""The views of a moment: its status to the world outside, and its row among the moments."""

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.kernel.row import StreamRow, Table
from greenlight.law.moment.state import MomentState, key_of

SERVICE = "service"


class MomentRow(StreamRow, table=Table("moment", turns=())):
    """A moment; ``done`` counts the cases and licenses that were asked anew, ``flipped`` those with another
    answer, ``failed`` those that are tried again."""

    key: str
    instant: Instant
    done: int
    remaining: int
    flipped: int
    failed: int


def status(state: MomentState) -> Status:
    return Status(
        stage=state.stage,
        waiting_for="nobody" if state.stage.closed else SERVICE,
        closed=state.stage.closed,
        due=None,
        outcome=None,
        officer=None,
        listed=None,
        license_number=None,
    )


def view(state: MomentState, version: int) -> View:
    return MomentRow(
        **status(state).shown(version),
        key=key_of(state.instant),
        instant=state.instant,
        done=state.cases,
        remaining=state.left,
        flipped=state.applications.flips + state.licenses.flips,
        failed=len(state.failed),
    ).view()


def progress(state: MomentState) -> tuple[str, ...]:
    """Say what came, and how far it is, for people."""
    flips = state.applications.flips + state.licenses.flips
    how = "done" if state.completed else "under way"
    lines = [f"{each.text} [{each.citation}]" for each in state.coming[:_FEW]]
    lines.append(f"Asking anew is {how}: {state.cases} done, {state.left} left, {flips} with another answer")
    if state.failed:
        lines.append(f"Not decided: {', '.join(f'`{stream}`' for stream in state.failed[:_FEW])}")
    return tuple(lines)


_FEW = 20
