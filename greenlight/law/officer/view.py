"""The view of an officer's registration. Signatures and roles are checked against this row."""

from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Digest, Instant, JsonObject, Model
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Child, Column, Row, Table, Taken, Turn
from greenlight.law.officer.events import HeldRole
from greenlight.law.officer.keys import KeyId, OfficerKey, Passkey, PublicKey, RegisteredKey
from greenlight.law.officer.state import OfficerState, concerned

# It names who signed: with two owners, signatures would be ambiguous.
_FOR_EVER = Taken(RefusalCode.KEY_NOT_VALID, "the key is registered to another officer")


class KeyRow(Model):
    kid: KeyId
    x: Annotated[str | None, Column(note="Of a key in software: the 32 bytes of Ed25519")]
    passkey: Annotated[Passkey | None, Column(note="Of a passkey: all that it is held against")]
    valid_from: Instant
    valid_until: Instant | None
    revoked_at: Instant | None

    @property
    def public_key(self) -> OfficerKey:
        return self.passkey or PublicKey.model_validate({"x": self.x})

    def at(self, now: Instant) -> bool:
        """Tell whether the key is valid then."""
        ends = [each for each in (self.valid_until, self.revoked_at) if each is not None]
        return self.valid_from <= now and all(now < each for each in ends)


class ChangeRow(Model):
    """A change that waits for a second registrar. ``proposed_by`` is the person who proposed it, ``person``
    the one whom it is about, ``asked`` the body of the command."""

    change: Digest
    at: Instant
    command: str
    proposer: str
    proposed_by: str
    person: str | None
    asked: JsonObject


_TABLE = Table(
    "officer",
    key="officer",
    turns=(
        Turn(
            role=f"'{Role.REGISTRAR}'",
            due="NULL::timestamptz",
            source="(SELECT officer, 'proposed' AS stage FROM greenlight.officer_change) AS waiting",
            when="true",
        ),
    ),
)


class OfficerRow(Row, table=_TABLE):
    """An officer, with every key and role that they hold or ever held. ``changes`` are only proposed: who is
    not registered yet has neither person nor organisation, no keys and no roles."""

    officer: str
    person: Annotated[str | None, Column(note="NULL while the registration waits for a second registrar")]
    organisation: str | None
    keys: Annotated[
        tuple[KeyRow, ...], Child("officer_key", key=("kid",), taken=_FOR_EVER, indexes=("(officer)",))
    ]
    roles: Annotated[tuple[HeldRole, ...], Child("officer_role", key=("officer", "role", "valid_from"))]
    changes: Annotated[
        tuple[ChangeRow, ...], Child("officer_change", key=("change",), indexes=("(officer)",))
    ]


def status(state: OfficerState) -> Status:
    return Status(
        stage=state.stage,
        waiting_for=Role.REGISTRAR.value if state.proposed else "nobody",
        closed=False,
        due=None,
        outcome=None,
        officer=state.officer,
        listed=None,
        license_number=None,
    )


def _key_row(key: RegisteredKey) -> KeyRow:
    passkey = key.public_key if isinstance(key.public_key, Passkey) else None
    return KeyRow(
        kid=key.kid,
        x=key.public_key.x if isinstance(key.public_key, PublicKey) else None,
        passkey=passkey,
        valid_from=key.valid_from,
        valid_until=key.valid_until,
        revoked_at=key.revoked_at,
    )


def view(state: OfficerState, version: int) -> View:
    return OfficerRow(
        officer=state.officer,
        person=state.person,
        organisation=state.organisation,
        keys=tuple(_key_row(key) for key in state.keys),
        roles=state.roles,
        changes=tuple(
            ChangeRow(
                change=each.change,
                at=each.at,
                command=each.asked.declared.name,
                proposer=each.by.officer,
                proposed_by=each.by.person,
                person=concerned(state, each),
                asked=each.asked.model_dump(mode="json"),
            )
            for each in state.proposed
        ),
        version=version,
    ).view()
