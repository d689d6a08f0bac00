"""Terms of roles and keys over time, against a second account of who held what when."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.law.officer.commands import GrantRole, RevokeKey, RevokeRole, RoleTerm
from greenlight.law.officer.state import OfficerState
from greenlight.law.officer.view import OfficerRow, view
from tests.law.actors import REGISTRAR
from tests.law.officer.samples import (
    DAY,
    NOW,
    REGISTRATION,
    after,
    another_key,
    asked,
    confirmed,
    public_key,
    registered,
)
from tests.law.properties import QUICK

ROLE = Role.EXECUTIVE
DAYS = st.integers(0, 9)


def holds(state: OfficerState, at: datetime) -> bool:
    return any(held.valid_from <= at for held in state.unended(ROLE, at) if held.role is ROLE)


@QUICK
@given(st.lists(st.tuples(st.booleans(), DAYS, st.none() | st.integers(1, 5)), max_size=8))
def test_a_role_is_held_as_granted_and_not_revoked_since(
    steps: list[tuple[bool, int, int | None]],
) -> None:
    """One step a day: a grant, or a revocation. The account is kept in half-days."""
    state, held = registered(), [False] * 80
    for today, (grants, ahead, length) in enumerate(steps):
        now = NOW + today * DAY
        if grants:
            start = today + ahead
            end = 40 if length is None else start + length
            until = None if length is None else NOW + end * DAY
            term = RoleTerm(role=ROLE, valid_from=NOW + start * DAY, valid_until=until)
            same_start = [h for h in state.roles if h.role is ROLE and h.valid_from == term.valid_from]
            if same_start:
                continue
            state = confirmed(state, GrantRole(grant=term), now)
            held[2 * start : 2 * end] = [True] * (2 * (end - start))
        else:
            expected = any(held[2 * today :])
            assert isinstance(asked(state, RevokeRole(role=ROLE), now), Refusal) is not expected
            if expected:
                state = after(state, RevokeRole(role=ROLE), now)
                held[2 * today :] = [False] * (80 - 2 * today)
    for half in range(80):
        assert holds(state, NOW + half * DAY / 2) is held[half], half


def test_a_grant_from_the_same_instant_replaces_the_term() -> None:
    begin = NOW + DAY
    long = RoleTerm(role=ROLE, valid_from=begin)
    short = RoleTerm(role=ROLE, valid_from=begin, valid_until=begin + DAY)
    state = confirmed(confirmed(registered(), GrantRole(grant=long)), GrantRole(grant=short))
    assert holds(state, begin)
    assert not holds(state, begin + DAY)


def test_a_revoked_key_is_remembered() -> None:
    state = confirmed(registered(), another_key())
    later = NOW + timedelta(seconds=1)
    state = after(state, RevokeKey(kid=public_key(1).kid), later)
    assert [key.revoked_at for key in state.keys] == [later, None]


def test_the_row_shows_keys_and_roles() -> None:
    row = view(registered(), 2).row
    assert (row["officer"], row["version"]) == ("ellis", 2)
    assert row["keys"] == [
        {
            "kid": public_key(1).kid,
            "x": public_key(1).x,
            "passkey": None,
            "valid_from": "2026-09-01T14:00:00Z",
            "valid_until": None,
            "revoked_at": None,
        }
    ]


def test_the_row_shows_what_is_proposed_apart() -> None:
    row = view(after(None, REGISTRATION), 1).row
    assert (row["person"], row["organisation"], row["keys"], row["roles"]) == (None, None, [], [])
    (change,) = OfficerRow.model_validate(row).changes
    assert (change.command, change.person, change.proposed_by) == (
        "add_officer",
        "p-ellis",
        REGISTRAR.person,
    )
