"""The view of an officer's registration. Signatures and roles are checked against this row."""

from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant, Model
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.row import Child, Row, Table, Taken
from greenlight.law.officer.events import HeldRole
from greenlight.law.officer.keys import KeyId
from greenlight.law.officer.state import OfficerState, Stage

# It names who signed: with two owners, signatures would be ambiguous.
_FOR_EVER = Taken(RefusalCode.KEY_NOT_VALID, "the key is registered to another officer")


class KeyRow(Model):
    kid: KeyId
    x: str
    valid_from: Instant
    valid_until: Instant | None
    revoked_at: Instant | None


_TABLE = Table(
    "officer",
    key="officer",
)


class OfficerRow(Row, table=_TABLE):
    """An officer, with every key and role that they hold or ever held."""

    officer: str
    person: str
    organisation: str
    keys: Annotated[
        tuple[KeyRow, ...], Child("officer_key", key=("kid",), taken=_FOR_EVER, indexes=("(officer)",))
    ]
    roles: Annotated[tuple[HeldRole, ...], Child("officer_role", key=("officer", "role", "valid_from"))]


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
    return OfficerRow(
        officer=state.officer,
        person=state.person,
        organisation=state.organisation,
        keys=tuple(
            KeyRow(
                kid=key.kid,
                x=key.public_key.x,
                valid_from=key.valid_from,
                valid_until=key.valid_until,
                revoked_at=key.revoked_at,
            )
            for key in state.keys
        ),
        roles=state.roles,
        version=version,
    ).view()
