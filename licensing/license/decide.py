"""What a license's commands mean, or why they are refused."""

from datetime import datetime

from licensing.authority import role_objection
from licensing.decider import Body, Command, Decision
from licensing.license.events import ConditionsAccepted
from licensing.license.state import LicenseState
from licensing.license.transitions import TRANSITIONS
from licensing.refusal import Refusal, RefusalCode


def decide(state: LicenseState | None, command: Command[Body], now: datetime) -> Decision:
    """Decide a command at ``now``. An expiry due by then must have been recorded before."""
    cell = TRANSITIONS[state.stage if state else None][command.name]
    if isinstance(cell, RefusalCode) or state is None:
        code = cell if isinstance(cell, RefusalCode) else RefusalCode.NO_SUCH_CASE
        return Refusal(code, f"{command.name} is not possible: {code.meaning}")
    if objection := role_objection(command.name, command.by.role if command.by else None):
        return objection
    if command.by is None or command.by.organisation != state.licensee:
        return Refusal(RefusalCode.NOT_THE_APPLICANT, f"{command.name} is for {state.licensee} alone")
    return (ConditionsAccepted(at=now, by=command.by),)
