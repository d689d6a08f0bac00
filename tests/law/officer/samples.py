"""Keys and registrations."""

import base64
from datetime import UTC, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.roles import Actor, Role
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.commands import (
    AddKey,
    AddOfficer,
    Asked,
    ConfirmChange,
    GrantRole,
    KeyTerm,
    RoleTerm,
)
from greenlight.law.officer.keys import PublicKey
from greenlight.law.officer.state import OfficerState
from tests.law.actors import DEPUTY, REGISTRAR
from tests.law.decisions import accepted

NOW = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = "ellis"
SIGNED = "e30.e30.e30"
"""Whether it proves anything is not for the law to say: it knows no signatures."""


def public_key(number: int) -> PublicKey:
    return PublicKey(x=base64.urlsafe_b64encode(bytes([number]) * 32).decode().rstrip("="))


REGISTRATION = AddOfficer(
    person="p-ellis",
    organisation="bis",
    key=KeyTerm(public_key=public_key(1)),
    possession=SIGNED,
    roles=(RoleTerm(role=Role.LICENSING_OFFICER),),
)
GRANT = GrantRole(grant=RoleTerm(role=Role.COUNTERSIGNER))


def another_key(number: int = 2, until: datetime | None = None) -> AddKey:
    return AddKey(key=KeyTerm(public_key=public_key(number), valid_until=until), possession=SIGNED)


def asked(
    state: OfficerState | None, body: Body, now: datetime = NOW, key: str = KEY, by: Actor = REGISTRAR
) -> Decision:
    return OFFICER.decide(state, Command(key=key, body=body, by=by), now)


def after(state: OfficerState | None, body: Body, now: datetime = NOW, by: Actor = REGISTRAR) -> OfficerState:
    """The registration after a command that must be accepted, its events written and read again."""
    records = tuple(event.record() for event in accepted(asked(state, body, now, by=by)))
    state = OFFICER.replay(state, records)
    assert state is not None
    return state


def confirmed(state: OfficerState | None, body: Asked, now: datetime = NOW) -> OfficerState:
    """The registration after a change that one registrar proposed and the other confirmed."""
    state = after(state, body, now)
    return after(state, ConfirmChange(change=state.proposed[-1].change), now, by=DEPUTY)


def registered() -> OfficerState:
    return confirmed(None, REGISTRATION)
