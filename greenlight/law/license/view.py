"""What a license shows: its status to the world outside, and its row among the licenses."""

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import Append, View
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import license_stream
from greenlight.law.license.deadlines import deadlines
from greenlight.law.license.events import LicenseIssued
from greenlight.law.license.state import LicenseState, Stage, evolve


def status(state: LicenseState) -> Status:
    pending = deadlines(state)
    return Status(
        stage=state.stage,
        waiting_for=_waits_for(state),
        closed=state.stage.closed,
        due=pending[0].due if pending else None,
        outcome=state.stage.value if state.stage.closed else None,
        officer=None,
        listed=True if state.found.listed_parties else None,
        license_number=state.number,
        retained_through=state.retained_through,
    )


def _waits_for(state: LicenseState) -> str:
    """An officer has a transfer to decide, a suspension to lift, or a party that was listed, or may have
    been, to see to; the licensee has conditions to accept."""
    if state.stage.closed:
        return "nobody"
    concerns = state.found.listed_parties | state.found.possible_parties
    if state.open_transfer or concerns or state.stage is Stage.SUSPENDED:
        return Role.LICENSING_OFFICER.value
    return Role.APPLICANT.value if state.stage is Stage.AWAITING_ACCEPTANCE else "nobody"


def view(state: LicenseState, version: int) -> View:
    """The row of the license, and what was said on it of matches. Goods and names stay out of it."""
    due = status(state).due
    return View(
        model="license",
        row={
            "number": state.number,
            "acn": state.acn,
            "stage": state.stage,
            "licensee": state.licensee,
            "waiting_for": _waits_for(state),
            "issued_at": state.issued_at.isoformat(),
            "valid_through": state.valid_through.isoformat(),
            "retained_through": state.retained_through.isoformat(),
            "conditions": len(state.conditions),
            "listed": len(state.found.listed_parties),
            "possible": len(state.found.possible_parties),
            "due": due.isoformat() if due else None,
            "version": version,
            "resolutions": [
                each.model_dump(mode="json", exclude={"reason", "match"}) for each in state.resolutions
            ],
        },
    )


def license_append(issued: LicenseIssued) -> Append:
    """The first event of a license's stream."""
    return Append(
        stream=license_stream(issued.number),
        expected_version=0,
        events=(issued.record(),),
        view=view(evolve(None, issued), 1),
    )
