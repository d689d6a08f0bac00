"""Commands as they arrive: what is read of them, and each reason to turn them away unheard."""

import base64
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from greenlight.kernel.authority import (
    MAX_BODY_BYTES,
    MAX_TOKEN_CHARACTERS,
    ReadCommand,
    SignedCommand,
    read_claims,
    read_command,
)
from greenlight.kernel.body import Declared, role_objection
from greenlight.kernel.canonical import canonical, digest_bytes
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application import commands as application
from greenlight.law.contract import permitted
from greenlight.law.license import commands as license_
from greenlight.law.registry import aggregates
from tests.law.properties import QUICK

PERMITTED = permitted()

STREAM = "application-Z000001"
BODY: JsonObject = {"officer": "lee"}
CLAIMS: JsonObject = {
    "sub": "lee",
    "person": "p-lee",
    "org": "bis",
    "role": "licensing_officer",
    "aud": STREAM,
    "cmd": "assign",
    "body": digest_bytes(canonical(BODY)),
    "iat": 1_800_000_000,
    "exp": 1_800_000_600,
    "jti": "command-0001",
}


def _claims(**changes: JsonValue) -> JsonObject:
    return {**CLAIMS, **changes}


def _token(claims: JsonObject | bytes) -> str:
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return f"{_base64url(b'{}')}.{_base64url(payload)}.{_base64url(b'signature')}"


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _read(claims: JsonObject, body: JsonObject = BODY) -> ReadCommand | Refusal:
    return read_command(application.Assign.declared, STREAM, SignedCommand(token=_token(claims), body=body))


def _code(answer: object) -> Code | None:
    return answer.code if isinstance(answer, Refusal) else None


def test_a_command_that_agrees_with_its_claims_is_read() -> None:
    read = _read(_claims())
    assert isinstance(read, ReadCommand)
    assert read.name == "assign"
    assert read.content == b'{"officer":"lee"}'
    assert read.claims.jti == "command-0001"
    actor = read.claims.actor
    assert (actor.officer, actor.person, actor.organisation) == ("lee", "p-lee", "bis")
    assert actor.role is Role.LICENSING_OFFICER


def test_a_claimed_dossier_is_read() -> None:
    read = _read(_claims(dossier="sha256:" + "a" * 64))
    assert isinstance(read, ReadCommand)
    assert read.claims.dossier == "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"cmd": "recommend"}, RefusalCode.WRONG_COMMAND),
        ({"aud": "application-Z000002"}, RefusalCode.WRONG_STREAM),
        ({"aud": "license-Z000001"}, RefusalCode.WRONG_STREAM),
        ({"body": "sha256:" + "0" * 64}, RefusalCode.BODY_MISMATCH),
        ({"role": "applicant"}, RefusalCode.WRONG_ROLE),
        ({"role": "countersigner"}, RefusalCode.WRONG_ROLE),
        ({"role": "auditor"}, RefusalCode.WRONG_ROLE),
    ],
    ids=str,
)
def test_a_command_for_something_else_is_refused(claims: JsonObject, code: Code) -> None:
    assert _code(_read(_claims(**claims))) is code


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("sub", "Lee"),
        ("sub", ""),
        ("person", "p lee"),
        ("org", "x" * 65),
        ("role", "emperor"),
        ("aud", "Z000001"),
        ("cmd", "assign; drop"),
        ("body", "sha1:00"),
        ("dossier", "sha256:" + "A" * 64),
        ("iat", "1800000000"),
        ("iat", True),
        ("iat", 1.5),
        ("exp", 0),
        ("exp", 2**53),
        ("jti", "short"),
        ("jti", "command-0001\n"),
        ("admin", True),
    ],
)
def test_claims_of_another_shape_are_refused_by_name(claim: str, value: JsonValue) -> None:
    refusal = read_claims(_token(_claims(**{claim: value})))
    assert _code(refusal) is RefusalCode.PROOF_INVALID
    assert isinstance(refusal, Refusal)
    assert refusal.message.startswith(f"the token's claims: {claim}: ")


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_every_claim_is_required(claim: str) -> None:
    refusal = read_claims(_token({name: value for name, value in CLAIMS.items() if name != claim}))
    assert _code(refusal) is RefusalCode.PROOF_INVALID


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 3000], ids=repr)
def test_a_payload_that_is_no_object_is_refused(payload: bytes) -> None:
    refusal = read_claims(f"e30.{_base64url(payload) or 'AA'}.c2ln")
    assert _code(refusal) is RefusalCode.PROOF_INVALID


HEADER, PAYLOAD, SIGNATURE = _token(CLAIMS).split(".")
UNSIGNED = {
    "nothing": "",
    "one part": PAYLOAD,
    "two parts": f"{HEADER}.{PAYLOAD}",
    "no signature": f"{HEADER}.{PAYLOAD}.",
    "no header": f".{PAYLOAD}.{SIGNATURE}",
    "no payload": f"{HEADER}..{SIGNATURE}",
    "four parts": f"{HEADER}.{PAYLOAD}.{SIGNATURE}.{SIGNATURE}",
    "newline": f"{HEADER}.{PAYLOAD}.{SIGNATURE}\n",
    "not ASCII": f"{HEADER}.é{PAYLOAD}.{SIGNATURE}",
    "surrogate": f"{HEADER}.\ud800{PAYLOAD}.{SIGNATURE}",
    "outside the alphabet": f"{HEADER}.!{PAYLOAD}.{SIGNATURE}",
    "blank": f"{HEADER}. {PAYLOAD}.{SIGNATURE}",
    "padded": f"{HEADER}.{PAYLOAD}.{SIGNATURE}=",
    "null byte": f"{HEADER}.{PAYLOAD}.{SIGNATURE}\x00",
    "impossible length": f"{HEADER}.AAAAA.{SIGNATURE}",
}


@pytest.mark.parametrize("token", UNSIGNED.values(), ids=UNSIGNED)
def test_a_token_that_is_no_signed_jws_is_refused(token: str) -> None:
    assert _code(read_claims(token)) is RefusalCode.UNSIGNED


TOKENS = st.text(max_size=60) | st.text("ab.-_=", max_size=60) | st.binary(max_size=40).map(_token)


@QUICK
@given(TOKENS)
def test_any_token_at_all_gets_an_answer(token: str) -> None:
    assert isinstance(read_claims(token), Refusal)


@pytest.mark.parametrize(
    "body", [{"officer": 0.5}, {"officer": 2**53}, {"\U0001f600": 1}, {"officer": "\ud800"}], ids=ascii
)
def test_a_body_without_a_canonical_form_is_malformed(body: JsonObject) -> None:
    assert _code(_read(_claims(), body=body)) is RefusalCode.MALFORMED


def test_a_body_has_a_largest_size() -> None:
    overhead = len(canonical({"officer": ""}))
    largest: JsonObject = {"officer": "x" * (MAX_BODY_BYTES - overhead)}
    larger: JsonObject = {"officer": "x" * (MAX_BODY_BYTES - overhead + 1)}
    assert isinstance(_read(_claims(body=digest_bytes(canonical(largest))), body=largest), ReadCommand)
    assert _code(_read(_claims(body=digest_bytes(canonical(larger))), body=larger)) is RefusalCode.TOO_LARGE


def test_a_message_is_token_and_body_and_nothing_else() -> None:
    with pytest.raises(ValidationError, match="signed_by"):
        SignedCommand.model_validate({"token": "x", "body": {}, "signed_by": "lee"})
    with pytest.raises(ValidationError, match="token"):
        SignedCommand.model_validate({"token": "x" * (MAX_TOKEN_CHARACTERS + 1), "body": {}})
    with pytest.raises(ValidationError, match="token"):
        SignedCommand.model_validate({"token": "", "body": {}})
    with pytest.raises(ValidationError, match="body"):
        SignedCommand.model_validate({"token": "x", "body": []})


EXPECTED_ROLES: Mapping[str, Role | set[Role]] = {
    "submit": Role.APPLICANT,
    "assign": Role.LICENSING_OFFICER,
    "request_information": Role.LICENSING_OFFICER,
    "answer": Role.APPLICANT,
    "recommend": Role.LICENSING_OFFICER,
    "countersign": Role.COUNTERSIGNER,
    "sign_off": Role.EXECUTIVE,
    "return_without_action": Role.LICENSING_OFFICER,
    "withdraw": Role.APPLICANT,
    "resolve_match": Role.LICENSING_OFFICER,
    "confirm_match": Role.LICENSING_OFFICER,
    "request_expedite": Role.APPLICANT,
    "grant_expedite": Role.LICENSING_OFFICER,
    "refuse_expedite": Role.LICENSING_OFFICER,
    "note_flip": Role.LICENSING_OFFICER,
    "note_license_flip": Role.LICENSING_OFFICER,
    "place_hold": Role.LICENSING_OFFICER,
    "lift_hold": Role.LICENSING_OFFICER,
    "refer": Role.LICENSING_OFFICER,
    "advise": Role.AGENCY_REVIEWER,
    "ask_applicant": Role.AGENCY_REVIEWER,
    "answer_wording": Role.AGENCY_REVIEWER,
    "delegate_back": Role.AGENCY_REVIEWER,
    "decide_dispute": {Role.OC_CHAIR, Role.EXECUTIVE},
    "vote": {Role.ACEP_MEMBER, Role.EARB_MEMBER},
    "escalate": {Role.AGENCY_REVIEWER, Role.AGENCY_HEAD},
    "respond": Role.APPLICANT,
    "reconsider": Role.LICENSING_OFFICER,
    "appeal": Role.APPLICANT,
    "decide_appeal": Role.EXECUTIVE,
    "accept_conditions": Role.APPLICANT,
    "report_shipment": Role.APPLICANT,
    "correct_shipment": Role.APPLICANT,
    "request_transfer": Role.APPLICANT,
    "accept_transfer": Role.APPLICANT,
    "approve_transfer": Role.LICENSING_OFFICER,
    "refuse_transfer": Role.LICENSING_OFFICER,
    "suspend": Role.LICENSING_OFFICER,
    "reinstate": Role.LICENSING_OFFICER,
    "revoke": Role.EXECUTIVE,
    "void": Role.EXECUTIVE,
    "replace": Role.LICENSING_OFFICER,
    "resolve_listing": Role.LICENSING_OFFICER,
    "confirm_listing": Role.LICENSING_OFFICER,
    "open_reprieve": Role.EXECUTIVE,
    "confirm_outcome": Role.EXECUTIVE,
    "replace_outcome": Role.EXECUTIVE,
    "stop_outcome": Role.EXECUTIVE,
    "issue_term": Role.EXECUTIVE,
    "correct_term": Role.EXECUTIVE,
    "terminate_term": Role.EXECUTIVE,
    "add_entities": Role.EXECUTIVE,
    "remove_entities": Role.EXECUTIVE,
    "adopt_policy": Role.EXECUTIVE,
    "end_reprieve": Role.EXECUTIVE,
    "list_entity": Role.EXECUTIVE,
    "amend_listing": Role.EXECUTIVE,
    "remove_listing": Role.EXECUTIVE,
    "cast_vote": Role.ERC_MEMBER,
    "withdraw_motion": Role.EXECUTIVE,
    "open_batch": {Role.LICENSING_OFFICER, Role.EXECUTIVE},
    "sign_batch": Role.EXECUTIVE,
    "discard_batch": {Role.LICENSING_OFFICER, Role.EXECUTIVE},
    "submit_evidence": {Role.LICENSING_OFFICER, Role.AGENCY_REVIEWER},
    "record_publication": Role.LICENSING_OFFICER,
    "issue_directive": Role.EXECUTIVE,
    "rescind_directive": Role.EXECUTIVE,
    "attest_event": {Role.LICENSING_OFFICER, Role.EXECUTIVE},
    "withdraw_attestation": {Role.LICENSING_OFFICER, Role.EXECUTIVE},
    "stop_fan_out": {Role.LICENSING_OFFICER, Role.EXECUTIVE},
    "resume_fan_out": {Role.LICENSING_OFFICER, Role.EXECUTIVE},
    "retry_fan_out": {Role.LICENSING_OFFICER, Role.EXECUTIVE},
    "open_rule": Role.LICENSING_OFFICER,
    "attest_act": Role.LICENSING_OFFICER,
    "take_back_attestation": Role.LICENSING_OFFICER,
    "confirm_attestation": Role.LICENSING_OFFICER,
    "discard_attestation": Role.LICENSING_OFFICER,
    "open_list": Role.LICENSING_OFFICER,
    "load_list": Role.LICENSING_OFFICER,
    "confirm_list": Role.LICENSING_OFFICER,
    "discard_list": Role.LICENSING_OFFICER,
    "propose_age_limit": Role.LICENSING_OFFICER,
    "confirm_age_limit": Role.LICENSING_OFFICER,
    "add_officer": Role.REGISTRAR,
    "grant_role": Role.REGISTRAR,
    "revoke_role": Role.REGISTRAR,
    "add_key": Role.REGISTRAR,
    "revoke_key": Role.REGISTRAR,
    "confirm_change": Role.REGISTRAR,
    "discard_change": Role.REGISTRAR,
    "state_particulars": Role.REGISTRAR,
}
"""Written out a second time: a role given by mistake is a door left open."""


def _declared(name: str) -> Declared:
    return next(each.commands[name].declared for each in aggregates() if name in each.commands)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PERMITTED)
def test_a_command_is_for_its_role_alone(name: str, role: Role) -> None:
    objection = role_objection(_declared(name), role)
    expected = EXPECTED_ROLES[name]
    assert (objection is None) == (role in expected if isinstance(expected, set) else role is expected)
    assert objection is None or objection.code is RefusalCode.WRONG_ROLE


@pytest.mark.parametrize("name", PERMITTED)
def test_the_service_itself_sends_no_command_of_people(name: str) -> None:
    assert _code(role_objection(_declared(name), None)) is RefusalCode.WRONG_ROLE


@pytest.mark.parametrize("name", sorted(application.INTERNAL))
def test_a_command_of_the_service_is_for_nobody_else(name: str) -> None:
    declared = application.INTERNAL[name].declared
    assert role_objection(declared, None) is None
    assert {_code(role_objection(declared, role)) for role in Role} == {RefusalCode.WRONG_ROLE}


def test_every_command_from_outside_has_its_role() -> None:
    assert {*application.COMMANDS, *license_.COMMANDS} <= set(PERMITTED)
    assert not application.INTERNAL.keys() & set(PERMITTED)


def test_an_auditor_changes_nothing() -> None:
    assert not any(Role.AUDITOR in roles for roles in PERMITTED.values())
