"""One case's proof out of a batch's signature: what it admits, and how every forgery of it is refused."""

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from greenlight.kernel.authority import Claims, inclusion_objection
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Proof
from greenlight.kernel.inclusion import Inclusion, Leaf, case_command_id, inclusion, signed_root
from greenlight.kernel.messages import Incoming
from greenlight.kernel.model import JsonObject
from greenlight.kernel.reading import Reading, read
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, SignOff
from greenlight.law.application.events import ApplicationGranted, ExecutiveSignedOff
from tests.law.batch.cases import KEY, leaves
from tests.law.properties import QUICK

BATCH = f"batch-{KEY}"
LEAVES = leaves(7)
STREAM = LEAVES[2].stream


def claims(of: tuple[Leaf, ...] = LEAVES, **changes: object) -> Claims:
    usual: dict[str, object] = {
        "sub": "stone",
        "person": "p-stone",
        "org": "bis",
        "role": "executive",
        "aud": BATCH,
        "cmd": "sign_batch",
        "body": digest(signed_root(of).model_dump(mode="json")),
        "dossier": digest({}),
        "iat": 1_800_000_000,
        "exp": 1_800_000_600,
        "jti": "sign-spring-1",
    }
    return Claims.model_validate(usual | changes)


def message(included: Inclusion, said: Claims | None = None, body: JsonObject | None = None) -> JsonObject:
    payload = json.dumps((said or claims()).model_dump(mode="json")).encode()
    token = f"e30.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.c2ln"
    return {
        "token": token,
        "body": {"approves": True} if body is None else body,
        "inclusion": included.model_dump(mode="json"),
    }


def asked(content: JsonObject, stream: str = STREAM, name: str = "sign_off") -> Reading | Refusal:
    return read(APPLICATION, stream, Incoming(name=name, content=content))


def refused(content: JsonObject, stream: str = STREAM, name: str = "sign_off") -> Code:
    said = asked(content, stream, name)
    assert isinstance(said, Refusal), said
    return said.code


def test_a_case_reads_its_own_decision_out_of_the_batch() -> None:
    included = inclusion(BATCH, LEAVES, 2)
    reading = asked(message(included))
    assert isinstance(reading, Reading)
    assert reading.command.body == SignOff(approves=True)
    assert reading.command.dossier == LEAVES[2].dossier
    assert reading.command.inclusion == included == reading.proof.inclusion
    assert reading.proof.command == "sign_off"
    assert reading.proof.command_id(STREAM) == case_command_id("sign-spring-1", STREAM)


@given(st.integers(1, 60).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
@QUICK
def test_every_leaf_decides_its_own_case_and_no_other(which: tuple[int, int]) -> None:
    size, index = which
    many = leaves(size)
    included, said = inclusion(BATCH, many, index), claims(many)
    for leaf in many:
        objection = inclusion_objection(said, included, leaf.stream)
        assert (objection is None) == (leaf == many[index])
    for other in range(size):
        if other != index:
            moved = included.model_copy(update={"index": other})
            assert inclusion_objection(said, moved, many[index].stream) is not None
    for other in (size - 1, size + 1):
        body = included.body.model_copy(update={"size": other})
        resized = included.model_copy(update={"body": body})
        assert inclusion_objection(said, resized, many[index].stream) is not None


FORGERIES: dict[str, tuple[Callable[[Inclusion], dict[str, object]], RefusalCode]] = {
    "another dossier": (lambda _: {"dossier": digest({"x": 1})}, RefusalCode.NOT_IN_BATCH),
    "another outcome": (lambda _: {"outcome": "deny"}, RefusalCode.NOT_IN_BATCH),
    "another place": (lambda _: {"index": 3}, RefusalCode.NOT_IN_BATCH),
    "a shorter path": (lambda it: {"path": it.path[1:]}, RefusalCode.NOT_IN_BATCH),
    "another path": (lambda it: {"path": (digest({}), *it.path[1:])}, RefusalCode.NOT_IN_BATCH),
    "another batch": (lambda _: {"batch": "batch-autumn"}, RefusalCode.WRONG_STREAM),
    "a root that nobody signed": (lambda _: {"body": signed_root(leaves(6))}, RefusalCode.BODY_MISMATCH),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forgery_is_refused(what: str) -> None:
    change, code = FORGERIES[what]
    genuine = inclusion(BATCH, LEAVES, 2)
    assert refused(message(genuine.model_copy(update=change(genuine)))) is code


def test_a_proof_is_of_one_case_alone() -> None:
    assert refused(message(inclusion(BATCH, LEAVES, 2)), LEAVES[3].stream) is RefusalCode.NOT_IN_BATCH
    assert refused(message(inclusion(BATCH, LEAVES, 2)), "application-B000001") is RefusalCode.NOT_IN_BATCH


@pytest.mark.parametrize(
    "body", [{"approves": False}, {"approves": True, "comment": "And more."}, {"approves": 1}, {}]
)
def test_a_batch_approves_and_says_nothing_else(body: JsonObject) -> None:
    assert refused(message(inclusion(BATCH, LEAVES, 2), body=body)) is RefusalCode.BODY_MISMATCH


def test_no_other_command_is_given_by_a_batch() -> None:
    content = message(inclusion(BATCH, LEAVES, 2), body={"agrees": True})
    assert Countersign(agrees=True)
    assert refused(content, name="countersign") is RefusalCode.BODY_MISMATCH


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cmd": "sign_off"}, RefusalCode.WRONG_COMMAND),
        ({"aud": STREAM}, RefusalCode.WRONG_STREAM),
        ({"role": "licensing_officer"}, RefusalCode.WRONG_ROLE),
    ],
)
def test_only_a_batch_signed_by_an_executive_counts(change: dict[str, str], code: Code) -> None:
    assert refused(message(inclusion(BATCH, LEAVES, 2), claims(LEAVES, **change))) is code


def test_a_batchs_token_alone_decides_nothing() -> None:
    bare = message(inclusion(BATCH, LEAVES, 2))
    del bare["inclusion"]
    assert refused(bare) is RefusalCode.WRONG_COMMAND


def test_what_is_no_proof_at_all_is_malformed() -> None:
    several: tuple[JsonValue, ...] = ({}, [], "yes", {"batch": BATCH})
    for nonsense in several:
        content: JsonObject = {**message(inclusion(BATCH, LEAVES, 2)), "inclusion": nonsense}
        assert refused(content) is RefusalCode.MALFORMED


def test_an_event_from_before_there_were_batches_is_read() -> None:
    record = (
        '{"at":"2026-01-05T15:00:00Z","by":{"officer":"stone","organisation":"bis","person":"p-stone",'
        '"role":"executive"},"comment":null,"type":"ExecutiveSignedOff"}'
    )
    event = APPLICATION.read(record)
    assert isinstance(event, ExecutiveSignedOff)
    assert event.inclusion is None
    assert not isinstance(event, ApplicationGranted)


def test_ids_differ_from_case_to_case_and_from_signature_to_signature() -> None:
    proof = Proof(token="t", claims=claims(), inclusion=inclusion(BATCH, LEAVES, 2))
    ids = {proof.command_id(leaf.stream) for leaf in LEAVES} | {"sign-spring-1"}
    assert len(ids) == len(LEAVES) + 1
    other = Proof(token="t", claims=claims(jti="sign-spring-2"), inclusion=proof.inclusion)
    assert other.command_id(STREAM) != proof.command_id(STREAM)
