"""What an officer's registration shows. Signatures and roles are checked against this row."""

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.law.officer.state import OfficerState, Stage


def status(state: OfficerState) -> Status:
    return Status(
        stage=Stage.REGISTERED,
        waiting_for="nobody",
        closed=False,
        due=None,
        outcome=None,
        officer=state.officer,
        listed=None,
        license_number=None,
    )


def view(state: OfficerState, version: int) -> View:
    return View(
        model="officer",
        row={
            "officer": state.officer,
            "person": state.person,
            "organisation": state.organisation,
            "version": version,
            "keys": [
                {
                    "kid": key.kid,
                    "x": key.public_key.x,
                    "valid_from": key.valid_from.isoformat(),
                    "valid_until": _text(key.valid_until),
                    "revoked_at": _text(key.revoked_at),
                }
                for key in state.keys
            ],
            "roles": [
                {
                    "role": held.role.value,
                    "valid_from": held.valid_from.isoformat(),
                    "valid_until": _text(held.valid_until),
                }
                for held in state.roles
            ],
        },
    )


def _text(instant: Instant | None) -> str | None:
    return instant.isoformat() if instant else None
