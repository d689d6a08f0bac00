"""Decide what the registrars' commands mean, or why they are refused."""

import re
from collections.abc import Mapping
from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.model import IDENTIFIER_PATTERN
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.officer.commands import (
    AddKey,
    AddOfficer,
    Asked,
    ConfirmChange,
    DiscardChange,
    GrantRole,
    KeyTerm,
    RevokeKey,
    RevokeRole,
    RoleTerm,
    StateParticulars,
)
from greenlight.law.officer.events import (
    ChangeDiscarded,
    ChangeProposed,
    FounderRegistered,
    HeldRole,
    KeyAdded,
    KeyRevoked,
    OfficerAdded,
    ParticularsStated,
    RoleGranted,
    RoleRevoked,
)
from greenlight.law.officer.keys import RegisteredKey
from greenlight.law.officer.refusals import OfficerRefusal
from greenlight.law.officer.state import OfficerState, concerned


def rule(state: OfficerState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``. Nothing takes effect before that: the past stays as it was."""
    match command.body:
        case AddOfficer() | GrantRole() | AddKey() | StateParticulars() as asked:
            if refusal := _impossible(state, command.key, asked, now):
                return refusal
            proposed = ChangeProposed(at=now, by=command.sender, officer=command.key, asked=asked)
            return not_proposed_by(state, proposed, command.sender) or (proposed,)
        case ConfirmChange(change=change):
            return _confirm(_known(state), change, command.sender, now)
        case DiscardChange(change=change):
            if _known(state).waiting(change) is None:
                return Refusal(OfficerRefusal.NO_SUCH_CHANGE, OfficerRefusal.NO_SUCH_CHANGE.meaning)
            return (ChangeDiscarded(at=now, by=command.sender, change=change),)
        case _:
            return _revoke(_known(state), command, now)


def found(officers: Mapping[str, AddOfficer], now: datetime) -> tuple[FounderRegistered, ...] | Refusal:
    """Begin a register with these officers, by their ids: two registrars at least, so none is ever alone.

    Nobody could sign for them.
    """
    if len({body.person for body in officers.values()}) < max(2, len(officers)):
        return Refusal(RefusalCode.MALFORMED, "a register begins with two registrars, who are two persons")
    for officer, body in officers.items():
        if [term.role for term in body.roles] != [Role.REGISTRAR]:
            return Refusal(
                RefusalCode.MALFORMED, f"{officer}: the first officers are registrars, and no more"
            )
        if refusal := _impossible(None, officer, body, now):
            return refusal
    return tuple(
        FounderRegistered(
            at=now,
            officer=officer,
            person=body.person,
            organisation=body.organisation,
            key=_key(body.key, now),
            possession=body.possession,
            roles=_roles(body, now),
            particulars=body.particulars,
        )
        for officer, body in officers.items()
    )


def effect(
    proposed: ChangeProposed, by: Actor, now: datetime
) -> OfficerAdded | ParticularsStated | RoleGranted | KeyAdded:
    """The event by which a change takes effect that ``by`` confirms at ``now``."""
    match proposed.asked:
        case AddOfficer() as body:
            return OfficerAdded(
                at=now,
                by=by,
                officer=proposed.officer,
                person=body.person,
                organisation=body.organisation,
                key=_key(body.key, now),
                roles=_roles(body, now),
                change=proposed.change,
                particulars=body.particulars,
            )
        case StateParticulars(particulars=said):
            return ParticularsStated(at=now, by=by, particulars=said, change=proposed.change)
        case GrantRole(grant=term):
            return RoleGranted(at=now, by=by, grant=_role(term, now), change=proposed.change)
        case AddKey(key=term):
            return KeyAdded(at=now, by=by, key=_key(term, now), change=proposed.change)


def not_proposed_by(state: OfficerState | None, proposed: ChangeProposed, by: Actor) -> Refusal | None:
    """Say why that person may not propose a change, if so: it is for themselves, be it by another account."""
    if concerned(state, proposed) == by.person:
        return Refusal(OfficerRefusal.OWN_REGISTRATION, OfficerRefusal.OWN_REGISTRATION.meaning)
    return None


def not_confirmed_by(state: OfficerState, proposed: ChangeProposed, by: Actor) -> Refusal | None:
    """Say why that person may not confirm a change, if so: they proposed it, or it is for themselves."""
    if proposed.by.person == by.person:
        return Refusal(OfficerRefusal.OWN_PROPOSAL, OfficerRefusal.OWN_PROPOSAL.meaning)
    return not_proposed_by(state, proposed, by)


def _confirm(state: OfficerState, change: str, by: Actor, now: datetime) -> Ruling:
    proposed = state.waiting(change)
    if proposed is None:
        return Refusal(OfficerRefusal.NO_SUCH_CHANGE, OfficerRefusal.NO_SUCH_CHANGE.meaning)
    return (
        not_confirmed_by(state, proposed, by)
        or _impossible(state, proposed.officer, proposed.asked, now)
        or (effect(proposed, by, now),)
    )


def _impossible(state: OfficerState | None, officer: str, asked: Asked, now: datetime) -> Refusal | None:
    """Say why what is asked for cannot be given, if so; when it is proposed, and again when confirmed."""
    if isinstance(asked, AddOfficer) and not re.fullmatch(IDENTIFIER_PATTERN, officer):
        return Refusal(
            RefusalCode.MALFORMED, "an officer's id is up to 64 of a-z, 0-9, dot, dash, underscore"
        )
    keys = state.keys if state else ()
    if isinstance(asked, AddKey) and any(key.kid == asked.key.public_key.kid for key in keys):
        return Refusal(RefusalCode.MALFORMED, "the officer has, or had, that key; make a new one")
    if any(term.valid_until is not None and term.valid_until <= now for term in _terms(asked)):
        return Refusal(RefusalCode.MALFORMED, "valid_until must lie in the future")
    return None


def _terms(asked: Asked) -> tuple[RoleTerm | KeyTerm, ...]:
    match asked:
        case AddOfficer():
            return (asked.key, *asked.roles)
        case GrantRole():
            return (asked.grant,)
        case AddKey():
            return (asked.key,)
        case StateParticulars():
            return ()


def _revoke(state: OfficerState, command: Command[Body], now: datetime) -> Ruling:
    """At once, and by one registrar, oneself included: who finds a key stolen waits for nobody."""
    by = command.sender
    match command.body:
        case RevokeRole(role=role):
            if not state.unended(role, now):
                return Refusal(OfficerRefusal.NOTHING_TO_REVOKE, f"{state.officer} does not hold {role}")
            return (RoleRevoked(at=now, by=by, role=role),)
        case RevokeKey(kid=kid):
            if not any(key.kid == kid and key.revoked_at is None for key in state.keys):
                return Refusal(OfficerRefusal.NOTHING_TO_REVOKE, f"{state.officer} has no such key")
            return (KeyRevoked(at=now, by=by, kid=kid),)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _known(state: OfficerState | None) -> OfficerState:
    assert state is not None, "TRANSITIONS lets only a registration through without an officer"
    return state


def _roles(body: AddOfficer, now: datetime) -> tuple[HeldRole, ...]:
    return tuple({term.role: _role(term, now) for term in body.roles}.values())


def _role(term: RoleTerm, now: datetime) -> HeldRole:
    return HeldRole(role=term.role, valid_from=_start(term, now), valid_until=term.valid_until)


def _key(term: KeyTerm, now: datetime) -> RegisteredKey:
    return RegisteredKey(
        kid=term.public_key.kid,
        public_key=term.public_key,
        valid_from=_start(term, now),
        valid_until=term.valid_until,
        development=term.development,
    )


def _start(term: RoleTerm | KeyTerm, now: datetime) -> datetime:
    return max(term.valid_from, now) if term.valid_from else now
