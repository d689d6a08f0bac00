"""Decide what the registrar's commands mean, or why they are refused."""

import re
from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.model import IDENTIFIER_PATTERN
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.officer.commands import (
    AddKey,
    AddOfficer,
    GrantRole,
    KeyTerm,
    RevokeKey,
    RevokeRole,
    RoleTerm,
)
from greenlight.law.officer.events import (
    HeldRole,
    KeyAdded,
    KeyRevoked,
    OfficerAdded,
    RoleGranted,
    RoleRevoked,
)
from greenlight.law.officer.keys import RegisteredKey
from greenlight.law.officer.state import OfficerState


def rule(state: OfficerState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``. Nothing takes effect before that: the past stays as it was."""
    if isinstance(command.body, AddOfficer):
        return _add(command.body, command, now)
    assert state is not None, "TRANSITIONS lets only a registration through without an officer"
    return _change(state, command, now)


def _add(body: AddOfficer, command: Command[Body], now: datetime) -> Ruling:
    if not re.fullmatch(IDENTIFIER_PATTERN, command.key):
        return Refusal(
            RefusalCode.MALFORMED, "an officer's id is up to 64 of a-z, 0-9, dot, dash, underscore"
        )
    terms = (body.key, *body.roles)
    if any(_ends(term, now) for term in terms):
        return _ended()
    return (
        OfficerAdded(
            at=now,
            by=command.by,
            officer=command.key,
            person=body.person,
            organisation=body.organisation,
            key=_key(body.key, now),
            roles=tuple({held.role: held for held in (_role(term, now) for term in body.roles)}.values()),
        ),
    )


def _change(state: OfficerState, command: Command[Body], now: datetime) -> Ruling:
    by = command.sender
    match command.body:
        case GrantRole(grant=term):
            return _ended() if _ends(term, now) else (RoleGranted(at=now, by=by, grant=_role(term, now)),)
        case AddKey(key=term):
            if any(key.kid == term.public_key.kid for key in state.keys):
                return Refusal(RefusalCode.MALFORMED, "the officer has, or had, that key; make a new one")
            return _ended() if _ends(term, now) else (KeyAdded(at=now, by=by, key=_key(term, now)),)
        case RevokeRole(role=role):
            if not state.unended(role, now):
                return Refusal(RefusalCode.NOTHING_TO_REVOKE, f"{state.officer} does not hold {role}")
            return (RoleRevoked(at=now, by=by, role=role),)
        case RevokeKey(kid=kid):
            if not any(key.kid == kid and key.revoked_at is None for key in state.keys):
                return Refusal(RefusalCode.NOTHING_TO_REVOKE, f"{state.officer} has no such key")
            return (KeyRevoked(at=now, by=by, kid=kid),)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _ends(term: RoleTerm | KeyTerm, now: datetime) -> bool:
    return term.valid_until is not None and term.valid_until <= now


def _ended() -> Refusal:
    return Refusal(RefusalCode.MALFORMED, "valid_until must lie in the future")


def _role(term: RoleTerm, now: datetime) -> HeldRole:
    return HeldRole(role=term.role, valid_from=_start(term, now), valid_until=term.valid_until)


def _key(term: KeyTerm, now: datetime) -> RegisteredKey:
    return RegisteredKey(
        kid=term.public_key.kid,
        public_key=term.public_key,
        valid_from=_start(term, now),
        valid_until=term.valid_until,
    )


def _start(term: RoleTerm | KeyTerm, now: datetime) -> datetime:
    return max(term.valid_from, now) if term.valid_from else now
