"""Proofs held against the register as the events tell it, long after they were given."""

from datetime import UTC, datetime, timedelta

import pytest

from greenlight.eventlog.register import Register
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.authority import Claims
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.officer.events import HeldRole, KeyAdded, KeyRevoked, OfficerAdded, RoleRevoked
from greenlight.law.officer.keys import RegisteredKey
from greenlight.signing.algorithm import ProofError
from tests.eventlog.crowd import Signer
from tests.law.actors import EXECUTIVE, OFFICER, REGISTRAR

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
