"""What a signer makes: a proof for one command, to one case, with one body, and for a short time."""

import time
from dataclasses import FrozenInstanceError

import pytest
from pydantic import ValidationError

from greenlight.client import Signer
from greenlight.client.signer import LIFETIME_SECONDS, as_json, new_command_id
from greenlight.kernel.authority import (
    MAX_TOKEN_LIFETIME_SECONDS,
    Claims,
    ReadCommand,
    SignedCommand,
    read_command,
)
from greenlight.kernel.canonical import digest
from greenlight.kernel.model import JsonObject
from greenlight.kernel.roles import Role
from greenlight.kernel.written import signed_form
from greenlight.law.application.commands import Countersign, Recommend, Withdraw
from greenlight.law.contract import commands, permitted
from greenlight.law.rule.acts import Act, Affiliates, Places
from greenlight.law.rule.commands import OpenRule
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import verify
from tests.law.application.cases import GRANT, GRANT_IN_PART

PERMITTED = permitted()

STREAM = "application-Z000001"
LOG = "production:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11"
DOSSIER = digest({"what": "was read"})
AGREED = Countersign(agrees=True)


@pytest.fixture
def carla() -> Signer:
    return Signer("carla", "person-carla", "agency", SigningKey.generate(), LOG)


def claims_of(command: SignedCommand, signer: Signer) -> Claims:
    """The claims, for whose signature the signer's public key vouches."""
    return verify(command.token, signer.key.public)


def test_a_command_says_who_sends_what_to_which_case(carla: Signer) -> None:
    command = carla.sign("countersign", STREAM, AGREED, dossier=DOSSIER, command_id="command-1")
    claims = claims_of(command, carla)
    assert (claims.sub, claims.person, claims.org) == ("carla", "person-carla", "agency")
    assert (claims.role, claims.cmd, claims.aud) == (Role.COUNTERSIGNER, "countersign", STREAM)
    assert (claims.body, claims.dossier, claims.jti) == (digest(command.body), DOSSIER, "command-1")


def test_a_command_is_what_its_receiver_takes(carla: Signer) -> None:
    command = carla.sign("countersign", STREAM, AGREED, dossier=DOSSIER)
    read = read_command(Countersign.declared, STREAM, command)
    assert isinstance(read, ReadCommand), read
    assert read.claims == claims_of(command, carla)


def test_anothers_key_does_not_vouch(carla: Signer) -> None:
    command = carla.sign("countersign", STREAM, AGREED)
    with pytest.raises(ProofError, match="another key"):
        verify(command.token, SigningKey.generate().public)


@pytest.mark.parametrize(
    ("name", "stream", "body", "code"),
    [
        ("sign_off", STREAM, None, "wrong_command"),
        ("countersign", "application-Z000002", None, "wrong_stream"),
        ("countersign", STREAM, {"agrees": False}, "body_mismatch"),
        ("countersign", STREAM, {"agrees": True, "comment": None}, "body_mismatch"),
    ],
)
def test_a_proof_is_for_nothing_else(
    carla: Signer, name: str, stream: str, body: JsonObject | None, code: str
) -> None:
    command = carla.sign("countersign", STREAM, AGREED, dossier=DOSSIER)
    sent = command if body is None else SignedCommand(token=command.token, body=body)
    read = read_command(commands()[name].declared, stream, sent)
    assert not isinstance(read, ReadCommand)
    assert read.code == code


def test_no_dossier_is_claimed_where_none_was_read(carla: Signer) -> None:
    assert claims_of(carla.sign("countersign", STREAM, AGREED), carla).dossier is None


@pytest.mark.parametrize(
    "body", [GRANT, GRANT_IN_PART, AGREED, Withdraw()], ids=lambda body: type(body).__name__
)
def test_a_body_is_sent_as_it_was_given(body: Recommend | Countersign | Withdraw) -> None:
    content = as_json(body)
    assert type(body).model_validate(content) == body
    assert content.keys() == body.model_fields_set


def test_a_body_in_json_is_not_touched(carla: Signer) -> None:
    body: JsonObject = {"agrees": True, "comment": None, "unheard_of": [1, "\N{SNOWMAN}"]}
    command = carla.sign("countersign", STREAM, body)
    assert command.body == body
    assert claims_of(command, carla).body == digest(body)


def test_a_proof_holds_from_now_for_its_lifetime(carla: Signer) -> None:
    before = int(time.time())
    claims = claims_of(carla.sign("countersign", STREAM, AGREED), carla)
    assert before <= claims.iat <= time.time()
    assert claims.exp - claims.iat == LIFETIME_SECONDS
    assert claims_of(carla.sign("countersign", STREAM, AGREED, lifetime=5), carla).exp <= time.time() + 5


def test_a_usual_lifetime_is_within_what_is_accepted() -> None:
    assert 0 < LIFETIME_SECONDS <= MAX_TOKEN_LIFETIME_SECONDS


def test_every_command_has_an_id_of_its_own(carla: Signer) -> None:
    commands = [carla.sign("countersign", STREAM, AGREED) for _ in range(50)]
    assert len({claims_of(command, carla).jti for command in commands}) == 50
    assert len({new_command_id() for _ in range(50)}) == 50


@pytest.mark.parametrize("command_id", ["short", "x" * 65, "with a blank", "line\nbreak"])
def test_an_id_that_nobody_would_take_is_not_signed(carla: Signer, command_id: str) -> None:
    with pytest.raises(ValidationError, match="jti"):
        carla.sign("countersign", STREAM, AGREED, command_id=command_id)


@pytest.mark.parametrize("name", [name for name, roles in PERMITTED.items() if len(roles) == 1])
def test_every_command_has_its_role(carla: Signer, name: str) -> None:
    claims = claims_of(carla.sign(name, STREAM, {}), carla)
    assert {claims.role} == PERMITTED[name]


@pytest.mark.parametrize("name", [name for name, roles in PERMITTED.items() if len(roles) > 1])
def test_where_there_are_several_roles_one_must_be_given(carla: Signer, name: str) -> None:
    with pytest.raises(ValueError, match="say in which role"):
        carla.sign(name, STREAM, {})
    for role in PERMITTED[name]:
        assert claims_of(carla.sign(name, STREAM, {}, role=role), carla).role is role


def test_a_role_that_was_given_is_the_one_claimed(carla: Signer) -> None:
    command = carla.sign("countersign", STREAM, AGREED, role=Role.EXECUTIVE)
    assert claims_of(command, carla).role is Role.EXECUTIVE


def test_a_command_that_does_not_exist_is_not_signed(carla: Signer) -> None:
    with pytest.raises(ValueError, match="there is no command approve"):
        carla.sign("approve", STREAM, {})


def test_a_signer_stays_who_it_is(carla: Signer) -> None:
    with pytest.raises(FrozenInstanceError):
        carla.officer = "vera"  # pyright: ignore[reportAttributeAccessIssue]  # That is the point.


def test_a_token_holds_no_key(carla: Signer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    command = carla.sign("countersign", STREAM, AGREED)
    claims = claims_of(command, carla)
    assert set(claims.model_dump(exclude_none=True)) == set(Claims.model_fields) - {"dossier"}
    assert caplog.text == ""
    assert repr(carla) == "Signer(officer='carla', person='person-carla', organisation='agency')"


def test_a_body_is_written_whole_or_without_what_has_its_default(carla: Signer) -> None:
    """Whoever gave a default in one place alone is not to be refused for it."""
    stream, dossier = "application-Z000001", DOSSIER
    for body in (Countersign(agrees=True), Countersign(agrees=True, comment=None)):
        sent = carla.sign("countersign", stream, body, dossier=dossier).body
        assert signed_form(body, digest(sent))
    mixed = GRANT_IN_PART.model_copy(update={"riders": ()})
    assert signed_form(mixed, digest(carla.sign("recommend", stream, mixed, dossier=dossier).body))


def test_what_is_told_apart_by_its_kind_says_it_wherever_it_goes() -> None:
    act = Act.model_validate_json(
        '{"kind": "adopted", "citation": "90 FR 47201", "effective": "2025-09-29T04:00:00Z",'
        ' "certainty": "primary", "text": "As printed."}'
    )
    for governs in (Affiliates(), Places(countries=frozenset({"AE"}))):
        opening = OpenRule(title="A rule", governs=governs, acts=(act,))
        assert OpenRule.model_validate(as_json(opening)) == opening
