"""The registrars' commands."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.contract import permitted
from greenlight.law.officer.commands import (
    COMMANDS,
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
from greenlight.law.officer.decide import found
from greenlight.law.officer.events import ChangeProposed, HeldRole, OfficerAdded
from greenlight.law.officer.particulars import Particulars
from greenlight.law.officer.refusals import OfficerRefusal
from greenlight.law.officer.state import OfficerState, Stage
from greenlight.law.officer.transitions import TRANSITIONS
from tests.law.actors import DEPUTY, REGISTRAR
from tests.law.decisions import accepted, code_of
from tests.law.officer.samples import (
    DAY,
    GRANT,
    NOW,
    REGISTRATION,
    after,
    another_key,
    asked,
    confirmed,
    public_key,
    registered,
)

PERMITTED = permitted()

UNKNOWN = ConfirmChange(change="sha256:" + "0" * 64)
OTHERS: tuple[Body, ...] = (
    GRANT,
    RevokeRole(role=Role.LICENSING_OFFICER),
    another_key(),
    RevokeKey(kid=public_key(1).kid),
    UNKNOWN,
    DiscardChange(change=UNKNOWN.change),
)
STATED = StateParticulars(
    particulars=Particulars(name="Ellis Ward", title="Licensing Officer", email="ward@agency.example")
)
ADDING: tuple[Asked, ...] = (REGISTRATION, GRANT, another_key(), STATED)


def before(change: Asked) -> OfficerState | None:
    return None if isinstance(change, AddOfficer) else registered()


def confirmation(state: OfficerState) -> ConfirmChange:
    return ConfirmChange(change=state.proposed[-1].change)


def test_every_command_has_a_cell_and_a_role() -> None:
    assert set(TRANSITIONS) == {None, *Stage}
    for row in TRANSITIONS.values():
        assert set(row) == set(COMMANDS)
    assert all(PERMITTED[name] == {Role.REGISTRAR} for name in COMMANDS)


def test_a_registration_begins_when_it_is_confirmed() -> None:
    state = after(None, REGISTRATION)
    assert (state.stage, state.person, state.keys, state.roles) == (Stage.PROPOSED, None, (), ())
    (event,) = accepted(asked(state, confirmation(state), NOW + DAY, by=DEPUTY))
    assert isinstance(event, OfficerAdded)
    assert (event.officer, event.by, event.at) == ("ellis", DEPUTY, NOW + DAY)
    assert event.key.valid_from == NOW + DAY
    assert event.key.kid == public_key(1).kid
    assert event.roles == (HeldRole(role=Role.LICENSING_OFFICER, valid_from=NOW + DAY, valid_until=None),)


@pytest.mark.parametrize("change", ADDING)
def test_what_one_registrar_adds_has_no_effect(change: Asked) -> None:
    state = before(change)
    (event,) = accepted(asked(state, change))
    assert isinstance(event, ChangeProposed)
    proposed = after(state, change)
    held = (state.keys, state.roles) if state else ((), ())
    assert (proposed.keys, proposed.roles) == held
    assert [each.change for each in proposed.proposed] == [event.change]


@pytest.mark.parametrize("change", ADDING)
def test_who_proposed_a_change_does_not_confirm_it(change: Asked) -> None:
    state = after(before(change), change)
    own = confirmation(state)
    assert code_of(asked(state, own)) is OfficerRefusal.OWN_PROPOSAL
    other_account = DEPUTY.model_copy(update={"person": REGISTRAR.person})
    assert code_of(asked(state, own, by=other_account)) is OfficerRefusal.OWN_PROPOSAL
    assert after(state, own, by=DEPUTY).proposed == ()


@pytest.mark.parametrize("change", ADDING)
def test_no_registrar_adds_anything_for_themselves(change: Asked) -> None:
    """Not as who proposes it, nor as who confirms it, under whatever account."""
    concerned = Actor(officer="r-9", person="p-ellis", organisation="bis", role=Role.REGISTRAR)
    assert code_of(asked(before(change), change, by=concerned)) is OfficerRefusal.OWN_REGISTRATION
    state = after(before(change), change)
    assert code_of(asked(state, confirmation(state), by=concerned)) is OfficerRefusal.OWN_REGISTRATION


@pytest.mark.parametrize("change", ADDING)
def test_a_change_that_is_discarded_or_made_is_over(change: Asked) -> None:
    state = after(before(change), change)
    own = confirmation(state)
    for end, by in ((DiscardChange(change=own.change), REGISTRAR), (own, DEPUTY)):
        over = after(state, end, by=by)
        assert code_of(asked(over, own, by=DEPUTY)) is OfficerRefusal.NO_SUCH_CHANGE
        assert code_of(asked(over, DiscardChange(change=own.change))) is OfficerRefusal.NO_SUCH_CHANGE


def test_the_digest_is_of_all_that_was_proposed() -> None:
    """The same role for another, of another registrar or at another time, is another change."""
    ordinary = after(registered(), GRANT).proposed[-1]
    others = (
        after(registered(), GRANT, NOW + DAY).proposed[-1],
        after(registered(), GRANT, by=DEPUTY).proposed[-1],
        ordinary.model_copy(update={"officer": "other"}),
    )
    assert len({ordinary.change, *(other.change for other in others)}) == 4


def test_a_discarded_registration_can_be_proposed_again() -> None:
    state = after(None, REGISTRATION)
    state = after(state, DiscardChange(change=state.proposed[-1].change))
    assert confirmed(state, REGISTRATION, NOW + DAY).stage is Stage.REGISTERED


def test_who_is_only_proposed_is_nobody_yet() -> None:
    state = after(None, REGISTRATION)
    for body in (GRANT, another_key(), RevokeRole(role=Role.LICENSING_OFFICER)):
        assert code_of(asked(state, body)) is RefusalCode.UNKNOWN_OFFICER


def test_nobody_is_registered_twice() -> None:
    assert code_of(asked(registered(), REGISTRATION)) is RefusalCode.OFFICER_EXISTS


@pytest.mark.parametrize("body", OTHERS)
def test_nothing_happens_to_an_unknown_officer(body: Body) -> None:
    assert code_of(asked(None, body)) is RefusalCode.UNKNOWN_OFFICER


@pytest.mark.parametrize("key", ["", "Ellis", "a b", "x" * 65])
def test_an_officer_has_a_proper_id(key: str) -> None:
    assert code_of(asked(None, REGISTRATION, key=key)) is RefusalCode.MALFORMED


def test_what_letters_call_an_officer_stands_once_two_registrars_said_it() -> None:
    state = registered()
    assert state.particulars is None
    assert after(state, STATED).particulars is None
    state = confirmed(state, STATED)
    assert state.particulars == STATED.particulars
    other = Particulars(title="Director")
    assert confirmed(state, StateParticulars(particulars=other)).particulars == other


def test_an_officer_may_be_registered_with_what_letters_call_them() -> None:
    said = REGISTRATION.model_copy(update={"particulars": STATED.particulars})
    assert confirmed(None, said).particulars == STATED.particulars


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"name": ""},
        {"email": "ward"},
        {"email": "ward@agency"},
        {"email": "Ward <ward@agency.example>"},
        {"email": "ward@agency.example\r\nBcc: x@y.example"},
        {"address": "x" * 501},
        {"title": "Director\x07"},
    ],
)
def test_particulars_say_something_that_can_be_printed_and_sent_to(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Particulars.model_validate(said)


def test_a_key_for_trying_things_out_is_known_as_one() -> None:
    trial = REGISTRATION.model_copy(update={"key": KeyTerm(public_key=public_key(1), development=True)})
    assert [key.development for key in confirmed(None, trial).keys] == [True]
    assert [key.development for key in registered().keys] == [False]
    assert "development" not in registered().model_dump_json()


def test_the_past_stays_as_it_was() -> None:
    term = RoleTerm(role=Role.EXECUTIVE, valid_from=NOW - DAY)
    state = confirmed(registered(), GrantRole(grant=term))
    assert state.roles[-1].valid_from == NOW


ENDING: tuple[Asked, ...] = (
    GrantRole(grant=RoleTerm(role=Role.EXECUTIVE, valid_until=NOW + DAY)),
    another_key(until=NOW + DAY),
)


@pytest.mark.parametrize("body", ENDING)
def test_nothing_ends_before_it_begins(body: Asked) -> None:
    assert code_of(asked(registered(), body, NOW + DAY)) is RefusalCode.MALFORMED
    waited = after(registered(), body)
    assert code_of(asked(waited, confirmation(waited), NOW + DAY, by=DEPUTY)) is RefusalCode.MALFORMED
    with pytest.raises(ValidationError):
        RoleTerm(role=Role.EXECUTIVE, valid_from=NOW, valid_until=NOW)


def test_a_key_is_added_once() -> None:
    key = another_key(1)
    assert code_of(asked(registered(), key)) is RefusalCode.MALFORMED
    revoked = after(registered(), RevokeKey(kid=public_key(1).kid))
    assert code_of(asked(revoked, key)) is RefusalCode.MALFORMED
    twice = after(after(registered(), another_key()), another_key(), NOW + DAY)
    once = after(twice, ConfirmChange(change=twice.proposed[0].change), by=DEPUTY)
    assert code_of(asked(once, confirmation(once), by=DEPUTY)) is RefusalCode.MALFORMED


@pytest.mark.parametrize("body", [OTHERS[1], OTHERS[3]])
@pytest.mark.parametrize("by", [REGISTRAR, REGISTRAR.model_copy(update={"person": "p-ellis"})])
def test_what_is_revoked_is_gone_at_once_be_it_ones_own(body: Body, by: Actor) -> None:
    state = after(registered(), body, by=by)
    assert code_of(asked(state, body, NOW + timedelta(seconds=1))) is OfficerRefusal.NOTHING_TO_REVOKE


def registrar(number: int, **changes: object) -> AddOfficer:
    body = REGISTRATION.model_copy(
        update={"person": f"p-{number}", "roles": (RoleTerm(role=Role.REGISTRAR),), **changes}
    )
    return AddOfficer.model_validate(body.model_dump())


@pytest.mark.parametrize(
    "officers",
    [
        {},
        {"one": registrar(1)},
        {"one": registrar(1), "two": registrar(1)},
        {"one": registrar(1), "two": registrar(2), "three": registrar(2)},
        {"one": registrar(1), "two": REGISTRATION},
        {"one": registrar(1), "two": registrar(2, roles=())},
        {
            "one": registrar(1),
            "two": registrar(2, roles=(RoleTerm(role=Role.REGISTRAR), RoleTerm(role=Role.EXECUTIVE))),
        },
        {"one": registrar(1), "Two": registrar(2)},
    ],
)
def test_a_register_does_not_begin_with_less_than_two_or_with_others(
    officers: dict[str, AddOfficer],
) -> None:
    assert isinstance(found(officers, NOW), Refusal)


def test_a_register_begins_with_two_registrars() -> None:
    events = found({"one": registrar(1), "two": registrar(2)}, NOW)
    assert not isinstance(events, Refusal)
    assert [event.officer for event in events] == ["one", "two"]
