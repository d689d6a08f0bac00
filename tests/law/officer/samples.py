"""Keys and registrations."""

import base64
from datetime import UTC, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.roles import Role
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.commands import COMMANDS, AddOfficer, KeyTerm, RoleTerm
from greenlight.law.officer.keys import PublicKey
from greenlight.law.officer.state import OfficerState
from tests.law.actors import REGISTRAR
from tests.law.decisions import accepted

NOW = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = "ellis"


def public_key(number: int) -> PublicKey:
    return PublicKey(x=base64.urlsafe_b64encode(bytes([number]) * 32).decode().rstrip("="))


REGISTRATION = AddOfficer(
    person="p-ellis",
    organisation="bis",
    key=KeyTerm(public_key=public_key(1)),
    roles=(RoleTerm(role=Role.LICENSING_OFFICER),),
)

NAME_OF = {body: name for name, body in COMMANDS.items()}


def asked(state: OfficerState | None, body: Body, now: datetime = NOW, key: str = KEY) -> Decision:
    command = Command(key=key, body=body, by=REGISTRAR)
    return OFFICER.decide(state, command, now)


def after(state: OfficerState | None, body: Body, now: datetime = NOW) -> OfficerState:
    """The registration after a command that must be accepted, its events written and read again."""
    records = tuple(event.record() for event in accepted(asked(state, body, now)))
    state = OFFICER.replay(state, records)
    assert state is not None
    return state


def registered() -> OfficerState:
    return after(None, REGISTRATION)
