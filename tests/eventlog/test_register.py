"""Proofs held against the register as the events tell it, long after they were given."""

from datetime import UTC, datetime, timedelta

import pytest

from greenlight.eventlog.register import Register
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.authority import Claims
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.officer.commands import (
    AddKey,
    Asked,
    ConfirmChange,
    GrantRole,
    KeyTerm,
    RoleTerm,
)
from greenlight.law.officer.decide import effect
from greenlight.law.officer.events import (
    ChangeProposed,
    FounderRegistered,
    HeldRole,
    KeyAdded,
    KeyRevoked,
    OfficerAdded,
    RoleGranted,
    RoleRevoked,
)
from greenlight.law.officer.keys import RegisteredKey
from greenlight.signing.algorithm import ProofError
from tests.eventlog.crowd import Signer
from tests.law.actors import DEPUTY, EXECUTIVE, OFFICER, REGISTRAR

NOW = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEE, STONE = Signer(OFFICER), Signer(EXECUTIVE)


def key_of(signer: Signer, until: datetime | None = None) -> RegisteredKey:
    public = signer.key.public
    return RegisteredKey(kid=public.kid, public_key=public, valid_from=NOW, valid_until=until)


def added(signer: Signer, until: datetime | None = None) -> OfficerAdded:
    actor = signer.actor
    return OfficerAdded(
        at=NOW,
        by=None,
        officer=actor.officer,
        person=actor.person,
        organisation=actor.organisation,
        key=key_of(signer, until),
        roles=(HeldRole(role=actor.role, valid_from=NOW, valid_until=NOW + 10 * HOUR),),
    )


def stored(event: Event, officer: str) -> StoredEvent:
    """Only the stream and the record are looked at."""
    return StoredEvent(
        position=1,
        stream=officer_stream(officer),
        version=1,
        type=type(event).__name__,
        at=event.at,
        recorded_at=event.at,
        command_id=None,
        record=event.record(),
        proof=None,
    )


def register(*events: Event, officer: str = OFFICER.officer) -> Register:
    register = Register()
    for event in events:
        register.add(stored(event, officer))
    return register


def claims(signer: Signer = LEE, /, **changes: object) -> Claims:
    issued = int(NOW.timestamp())
    times = {"iat": issued, "exp": issued + 100 * 3600}
    return signer.claims(application_stream("Z000001"), "assign", {}, **times | changes)


def objection(register: Register, said: Claims, at: datetime = NOW, signer: Signer = LEE) -> str | None:
    token = signer.proof(said).token
    assert register.claims(token) == said
    return register.objection(token, said, at)


def test_a_good_proof_meets_no_objection() -> None:
    assert objection(register(added(LEE)), claims()) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sub": EXECUTIVE.officer}, "another officer's"),
        ({"person": EXECUTIVE.person}, "another person"),
        ({"org": "other"}, "another person or organisation"),
        ({"role": Role.EXECUTIVE}, "did not hold"),
        ({"exp": int(NOW.timestamp())}, "expired"),
    ],
)
def test_what_the_register_does_not_bear_out(changes: dict[str, object], reason: str) -> None:
    found = objection(register(added(LEE)), claims(**changes))
    assert found is not None
    assert reason in found


def test_keys_and_roles_have_their_time() -> None:
    of_an_hour = register(added(LEE, until=NOW + HOUR))
    revoked_key = register(added(LEE), KeyRevoked(at=NOW + HOUR, by=REGISTRAR, kid=LEE.key.public.kid))
    revoked_role = register(added(LEE), RoleRevoked(at=NOW + HOUR, by=REGISTRAR, role=OFFICER.role))
    moment = timedelta(microseconds=1)
    for each, end in (
        (of_an_hour, NOW + HOUR),
        (revoked_key, NOW + HOUR),
        (revoked_role, NOW + HOUR),
        (register(added(LEE)), NOW + 10 * HOUR),
    ):
        assert objection(each, claims(), NOW - moment) is not None
        assert objection(each, claims(), NOW) is None
        assert objection(each, claims(), end - moment) is None
        assert objection(each, claims(), end) is not None


def test_an_unknown_key_proves_nothing() -> None:
    with pytest.raises(ProofError, match="not registered"):
        register(added(LEE)).claims(STONE.proof(claims(STONE)).token)


def test_a_key_has_one_owner() -> None:
    known = register(added(LEE))
    with pytest.raises(ValueError, match="another officer's"):
        known.add(stored(added(STONE).model_copy(update={"key": key_of(LEE)}), EXECUTIVE.officer))


def test_a_key_has_its_own_name() -> None:
    misnamed = key_of(STONE).model_copy(update={"kid": Signer(OFFICER).key.public.kid})
    with pytest.raises(ValueError, match="another key's"):
        register(added(LEE), KeyAdded(at=NOW, by=REGISTRAR, key=misnamed))


# Two registrars, as the events tell it

FOUNDERS = (Signer(REGISTRAR), Signer(DEPUTY))


def founder(signer: Signer, **changes: object) -> FounderRegistered:
    actor = signer.actor
    event = FounderRegistered(
        at=NOW,
        officer=actor.officer,
        person=actor.person,
        organisation=actor.organisation,
        key=key_of(signer),
        possession=signer.possession(Role.REGISTRAR),
        roles=(HeldRole(role=Role.REGISTRAR, valid_from=NOW, valid_until=None),),
    )
    return event.model_copy(update=changes)


def founded(*founders: FounderRegistered) -> Register:
    register = Register()
    for event in founders or map(founder, FOUNDERS):
        line = stored(event, event.officer)
        assert register.founds(line)
        register.add(line)
    return register


def proposal(asked: Asked, by: Signer = FOUNDERS[0]) -> ChangeProposed:
    return ChangeProposed(at=NOW, by=by.actor, officer=OFFICER.officer, asked=asked)


def told(*events: Event, of: Register | None = None) -> Register:
    register = of or founded()
    for event in events:
        register.add(stored(event, OFFICER.officer))
    return register


ADDED = proposal(LEE.registration())
GRANTED = proposal(GrantRole(grant=RoleTerm(role=Role.COUNTERSIGNER)))
OTHER_KEY = Signer(OFFICER)
KEYED = proposal(AddKey(key=KeyTerm(public_key=OTHER_KEY.key.public), possession=OTHER_KEY.possession()))
LEE_ADDED = effect(ADDED, DEPUTY, NOW)


def test_what_two_registrars_did_holds() -> None:
    told(ADDED, LEE_ADDED, GRANTED, effect(GRANTED, DEPUTY, NOW), KEYED, effect(KEYED, DEPUTY, NOW))


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ((LEE_ADDED,), "no change of that digest"),
        ((LEE_ADDED.model_copy(update={"change": None}),), "no change of that digest"),
        ((ADDED, LEE_ADDED.model_copy(update={"change": None})), "no change of that digest"),
        ((ADDED, effect(ADDED, REGISTRAR, NOW)), "does not confirm it"),
        ((ADDED, effect(ADDED, OFFICER, NOW)), "hold themselves"),
        ((ADDED, LEE_ADDED.model_copy(update={"person": "p-thief"})), "not the change"),
        ((ADDED, LEE_ADDED.model_copy(update={"key": key_of(STONE)})), "not the change"),
        ((ADDED, LEE_ADDED, GRANTED, GRANTED.model_copy(update={"by": OFFICER})), "hold themselves"),
        (
            (
                *(ADDED, LEE_ADDED, GRANTED),
                RoleGranted(
                    at=NOW,
                    by=DEPUTY,
                    change=GRANTED.change,
                    grant=HeldRole(role=Role.EXECUTIVE, valid_from=NOW, valid_until=None),
                ),
            ),
            "not the change",
        ),
        (
            (ADDED, LEE_ADDED, KEYED.model_copy(update={"officer": EXECUTIVE.officer})),
            "of another officer",
        ),
        (
            (proposal(LEE.registration().model_copy(update={"possession": STONE.possession()})),),
            "new key is held",
        ),
        (
            (
                *(ADDED, LEE_ADDED),
                proposal(AddKey(key=KeyTerm(public_key=STONE.key.public), possession=OTHER_KEY.possession())),
            ),
            "new key is held",
        ),
    ],
)
def test_what_one_registrar_did_alone_or_otherwise_than_proposed_is_found(
    events: tuple[Event, ...], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        told(*events)


def test_a_register_that_one_registrar_founded_registers_nobody() -> None:
    with pytest.raises(ValueError, match="one registrar alone"):
        told(ADDED, of=founded(founder(FOUNDERS[0])))
    same = founder(FOUNDERS[1], person=REGISTRAR.person)
    with pytest.raises(ValueError, match="new key is held"):
        founded(founder(FOUNDERS[0]), same)


def test_founders_come_together_or_not_at_all() -> None:
    register = founded()
    late = stored(founder(Signer(EXECUTIVE)), EXECUTIVE.officer)
    assert not register.founds(late.model_copy(update={"recorded_at": NOW + HOUR}))
    assert not register.founds(stored(added(LEE), OFFICER.officer))


def test_what_one_registrar_did_in_an_older_log_stays() -> None:
    """Until the log has two for the first time."""
    older = Register()
    first = added(Signer(REGISTRAR))
    assert older.founds(stored(first, REGISTRAR.officer))
    older.add(stored(first, REGISTRAR.officer))
    told(added(LEE).model_copy(update={"by": REGISTRAR}), GRANTED, of=older)
    alone = effect(GRANTED, REGISTRAR, NOW).model_copy(update={"change": None})
    with pytest.raises(ValueError, match="no change of that digest"):
        told(alone, of=older)


def test_what_the_registrars_signed_is_what_is_on_record() -> None:
    """Of two changes that wait the log has not the one that was not meant, nor another than was asked for."""
    own, stream = founded(), officer_stream(OFFICER.officer)
    executive = GrantRole(grant=RoleTerm(role=Role.EXECUTIVE))
    other = proposal(executive)
    told(ADDED, LEE_ADDED, GRANTED, other, of=own)
    first, second = FOUNDERS

    def proven(event: Event, by: Signer, body: Body) -> StoredEvent:
        said = by.claims(stream, body.declared.name, body.model_dump(mode="json"))
        line = stored(event, OFFICER.officer)
        return line.model_copy(update={"proof": by.proof(said).token, "recorded_at": NOW})

    confirm = ConfirmChange(change=GRANTED.change)
    with pytest.raises(ValueError, match="signed something else"):
        own.add(proven(effect(other, DEPUTY, NOW), second, confirm))
    own.add(proven(effect(GRANTED, DEPUTY, NOW), second, confirm))
    asked = GrantRole.model_validate(executive.model_dump(mode="json"))
    with pytest.raises(ValueError, match="signed something else"):
        own.add(proven(proposal(asked), first, GRANTED.asked))
    own.add(proven(proposal(asked), first, asked))
    with pytest.raises(ValueError, match="nobody founds"):
        Register().add(proven(founder(first), first, asked))
