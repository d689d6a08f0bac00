"""What a directive shows: its status to the world outside, and its row among the directives."""

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.roles import Role
from greenlight.law.directive.deadlines import deadlines
from greenlight.law.directive.state import DirectiveState, Stage

SERVICE = "service"


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
    """The row of the directive. Listed entities, titles and reasons stay out of it."""
    said = status(state)
    fan_out = state.fan_out
    return View(
        model="directive",
        row={
            "key": state.key,
            "stage": said.stage,
            "waiting_for": said.waiting_for,
            "posture": state.posture,
            "supersedes": state.supersedes,
            "in_force_since": state.since.isoformat() if state.since else None,
            "times": state.times,
            "expires": state.expires.isoformat() if state.expires else None,
            "due": said.due.isoformat() if said.due else None,
            "fan_out": fan_out.number if fan_out else None,
            "done": fan_out.done if fan_out else 0,
            "remaining": fan_out.left if fan_out else 0,
            "failed": len(fan_out.failed) if fan_out else 0,
            "version": version,
        },
    )
