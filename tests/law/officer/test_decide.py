"""The registrar's commands."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.contract import permitted
from greenlight.law.officer.commands import (
    COMMANDS,
    AddKey,
    GrantRole,
    KeyTerm,
    RevokeKey,
    RevokeRole,
    RoleTerm,
)
from greenlight.law.officer.events import HeldRole, OfficerAdded
from greenlight.law.officer.state import Stage
from greenlight.law.officer.transitions import TRANSITIONS
from tests.law.actors import REGISTRAR
from tests.law.decisions import accepted, code_of
from tests.law.officer.samples import DAY, NOW, REGISTRATION, after, asked, public_key, registered

PERMITTED = permitted()

GRANT = GrantRole(grant=RoleTerm(role=Role.COUNTERSIGNER))
OTHERS: tuple[Body, ...] = (
    GRANT,
    RevokeRole(role=Role.LICENSING_OFFICER),
    AddKey(key=KeyTerm(public_key=public_key(2))),
    RevokeKey(kid=public_key(1).kid),
)


def test_every_command_has_a_cell_and_a_role() -> None:
    assert set(TRANSITIONS) == {None, *Stage}
    for row in TRANSITIONS.values():
        assert set(row) == set(COMMANDS)
    assert all(PERMITTED[name] == {Role.REGISTRAR} for name in COMMANDS)


def test_a_registration_begins_now() -> None:
    (event,) = accepted(asked(None, REGISTRATION))
    assert isinstance(event, OfficerAdded)
    assert (event.officer, event.by, event.at) == ("ellis", REGISTRAR, NOW)
    assert event.key.valid_from == NOW
    assert event.key.kid == public_key(1).kid
    assert event.roles == (HeldRole(role=Role.LICENSING_OFFICER, valid_from=NOW, valid_until=None),)


def test_nobody_is_registered_twice() -> None:
    assert code_of(asked(registered(), REGISTRATION)) is RefusalCode.OFFICER_EXISTS


@pytest.mark.parametrize("body", OTHERS)
def test_nothing_happens_to_an_unknown_officer(body: Body) -> None:
    assert code_of(asked(None, body)) is RefusalCode.UNKNOWN_OFFICER


@pytest.mark.parametrize("key", ["", "Ellis", "a b", "x" * 65])
def test_an_officer_has_a_proper_id(key: str) -> None:
    assert code_of(asked(None, REGISTRATION, key=key)) is RefusalCode.MALFORMED


def test_the_past_stays_as_it_was() -> None:
    term = RoleTerm(role=Role.EXECUTIVE, valid_from=NOW - DAY)
    state = after(registered(), GrantRole(grant=term))
    assert state.roles[-1].valid_from == NOW


@pytest.mark.parametrize(
    "body",
    [
        GrantRole(grant=RoleTerm(role=Role.EXECUTIVE, valid_until=NOW)),
        AddKey(key=KeyTerm(public_key=public_key(2), valid_until=NOW - DAY)),
    ],
)
def test_nothing_ends_before_it_begins(body: Body) -> None:
    assert code_of(asked(registered(), body)) is RefusalCode.MALFORMED
    with pytest.raises(ValidationError):
        RoleTerm(role=Role.EXECUTIVE, valid_from=NOW, valid_until=NOW)


def test_a_key_is_added_once() -> None:
    key = AddKey(key=KeyTerm(public_key=public_key(1)))
    assert code_of(asked(registered(), key)) is RefusalCode.MALFORMED
    revoked = after(registered(), RevokeKey(kid=public_key(1).kid))
    assert code_of(asked(revoked, key)) is RefusalCode.MALFORMED


@pytest.mark.parametrize("body", OTHERS[1::2])
def test_what_is_revoked_is_gone(body: Body) -> None:
    state = after(registered(), body)
    assert code_of(asked(state, body, NOW + timedelta(seconds=1))) is RefusalCode.NOTHING_TO_REVOKE
