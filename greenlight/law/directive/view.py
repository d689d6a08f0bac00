"""The views of a directive: its status to the world outside, and its row among the directives."""

from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Column, StreamRow, Table
from greenlight.law.directive.deadlines import deadlines
from greenlight.law.directive.state import DirectiveState, Stage

SERVICE = "service"


_TABLE = Table(
    "directive",
    indexes=(
        "(supersedes) WHERE supersedes IS NOT NULL",
        "(key) WHERE in_force_since IS NOT NULL",
    ),
)


class DirectiveRow(StreamRow, table=_TABLE):
    """A directive; listed entities, titles and reasons stay out of it. ``times`` counts how often it came in
    force. ``fan_out`` is the number of its last one, of which the counts are: cases gone through, those that
    remain, those that could not be decided."""

    key: str
    posture: str
    supersedes: str | None
    in_force_since: Annotated[Instant | None, Column(counted=True, note="NULL while it is not in force")]
    times: Annotated[int, Column(note="How often it came in force")]
    expires: Instant | None
    fan_out: Annotated[int | None, Column(note="The number of the last one; what follows counts its cases")]
    done: int
    remaining: int
    failed: int


def status(state: DirectiveState) -> Status:
    pending = deadlines(state)
    return Status(
        stage=state.stage,
        waiting_for=_waits_for(state),
        closed=state.stage.closed,
        due=pending[0].due if pending else None,
        outcome=state.stage.value if state.stage.closed else None,
        officer=None,
        listed=None,
        license_number=None,
    )


def _waits_for(state: DirectiveState) -> str:
    """An officer has an event to attest, or a fan-out to resume or to retry; the service fans out."""
    fan_out = state.fan_out
    if state.stage is Stage.AWAITING_EVENT:
        return Role.LICENSING_OFFICER.value
    if state.stage is not Stage.IN_FORCE:
        return "nobody"
    if state.fan_out_due or fan_out is None:
        return SERVICE
    if fan_out.completed:
        return Role.LICENSING_OFFICER.value if fan_out.failed else "nobody"
    return Role.LICENSING_OFFICER.value if fan_out.stopped else SERVICE


def view(state: DirectiveState, version: int) -> View:
    fan_out = state.fan_out
    return DirectiveRow(
        **status(state).shown(version),
        key=state.key,
        posture=state.posture,
        supersedes=state.supersedes,
        in_force_since=state.since,
        times=state.times,
        expires=state.expires,
        fan_out=fan_out.number if fan_out else None,
        done=fan_out.done if fan_out else 0,
        remaining=fan_out.left if fan_out else 0,
        failed=len(fan_out.failed) if fan_out else 0,
    ).view()
