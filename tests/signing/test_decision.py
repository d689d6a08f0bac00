"""One case's decision by batch, checked alone: by the service's code, and by a script that shares none."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from greenlight.kernel.authority import Claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.inclusion import inclusion, signed_root
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.events import ExecutiveSignedOff
from greenlight.law.officer.keys import OfficerKey
from greenlight.signing.algorithm import ProofError
from greenlight.signing.decision import Decision, DecisionProof, check
from greenlight.signing.keys import SigningKey
from greenlight.signing.passkey import token
from greenlight.signing.tokens import sign
from tests.law.actors import EXECUTIVE, OFFICER
from tests.law.batch.cases import NOW, leaves
from tests.service.processes import Said, run
from tests.signing.authenticator import ALGORITHMS, UP, Algorithm, Authenticator, Words

SCRIPT = "examples/check_batch_proof.py"
KEY, OTHER = SigningKey.generate(), SigningKey.generate()
LEAVES = leaves(300)
PLACE = 257


def claims(**changes: object) -> Claims:
    usual: dict[str, object] = {
        "sub": EXECUTIVE.officer,
        "person": EXECUTIVE.person,
        "org": EXECUTIVE.organisation,
        "role": EXECUTIVE.role,
        "aud": "batch-spring",
        "cmd": "sign_batch",
        "body": digest(signed_root(LEAVES).model_dump(mode="json")),
        "dossier": digest({}),
        "iat": 1_800_000_000,
        "exp": 1_800_000_600,
        "jti": "sign-spring-1",
    }
    return Claims.model_validate(usual | changes)


def proof(place: int = PLACE, by: Actor = EXECUTIVE, said: Claims | None = None) -> DecisionProof:
    return proven(sign(said or claims(), KEY), KEY.public, place, by)


def proven(token: str, key: OfficerKey, place: int = PLACE, by: Actor = EXECUTIVE) -> DecisionProof:
    shown = inclusion("batch-spring", LEAVES, place)
    event = ExecutiveSignedOff(at=NOW, by=by, comment=None, inclusion=shown)
    return DecisionProof(stream=LEAVES[place].stream, record=event.record(), token=token, key=key)


async def by_script(given: DecisionProof, folder: Path, *words: str) -> Said:
    file = folder / "proof.json"
    file.write_text(given.model_dump_json())
    # Isolated: neither the project nor anything that is installed can be imported.
    return await run({}, "-I", "-S", SCRIPT, str(file), *words)


@pytest.mark.parametrize("place", [0, 1, 255, 256, PLACE, 299])
async def test_a_decision_proves_itself(place: int, tmp_path: Path) -> None:
    given, of = proof(place), LEAVES[place]
    assert check(given) == Decision(
        stream=of.stream,
        outcome=of.outcome,
        dossier=of.dossier,
        by=EXECUTIVE,
        at=NOW,
        batch="batch-spring",
        index=place,
        size=300,
    )
    said = await by_script(given, tmp_path, KEY.public.kid)
    assert (said.code, said.err) == (0, "")
    for words in (of.stream, of.outcome, of.dossier, "stone", f"{place + 1} of 300", KEY.public.kid):
        assert words in said.out


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_a_decision_by_passkey_proves_itself(algorithm: Algorithm, tmp_path: Path) -> None:
    by = Authenticator(algorithm)
    given = proven(by.sign(claims().content), by.key)
    assert check(given).batch == "batch-spring"
    said = await by_script(given, tmp_path, by.key.kid)
    assert (said.code, said.err) == (0, "")
    content, other = claims().content, Authenticator(algorithm)
    forged = {
        "at another origin": by.sign(content, Words(client={"origin": "https://evil.example"})),
        "for another relying party": by.sign(content, Words(rp="evil.example")),
        "signed something else": by.sign(content, Words(client={"challenge": "AAAA"})),
        "no signature of a page": by.sign(content, Words(client={"crossOrigin": True})),
        "not verified": by.sign(content, Words(flags=UP)),
        "names another key": other.sign(content),
        "the signature is wrong": token(content, by.key, other.assertion(content)),
    }
    for why, text in forged.items():
        with pytest.raises(ProofError):
            check(proven(text, by.key))
        said = await by_script(proven(text, by.key), tmp_path)
        assert (said.code, why in said.err) == (1, True), said


def _record(given: DecisionProof, **changes: object) -> DecisionProof:
    record = json.loads(given.record)
    record["inclusion"] |= changes
    return given.model_copy(update={"record": json.dumps(record)})


def _token(given: DecisionProof, at: int) -> DecisionProof:
    """One character of the signature is another one."""
    head, payload, signature = given.token.split(".")
    changed = "A" if signature[at] != "A" else "B"
    forged = signature[:at] + changed + signature[at + 1 :]
    return given.model_copy(update={"token": f"{head}.{payload}.{forged}"})


FORGERIES: dict[str, Callable[[], DecisionProof]] = {
    "another case": lambda: proof().model_copy(update={"stream": LEAVES[3].stream}),
    "another outcome": lambda: _record(proof(), outcome="deny"),
    "another dossier": lambda: _record(proof(), dossier=digest({"x": 1})),
    "another place": lambda: _record(proof(), index=3),
    "another size": lambda: _record(proof(), body={**signed_root(LEAVES).model_dump(), "size": 299}),
    "another root": lambda: _record(proof(), body=signed_root(LEAVES[:299]).model_dump()),
    "another batch": lambda: _record(proof(), batch="batch-autumn"),
    "a path that is cut": lambda: _record(proof(), path=[]),
    "another signer": lambda: proof(by=OFFICER.model_copy(update={"role": Role.EXECUTIVE})),
    "another key": lambda: proof().model_copy(update={"key": OTHER.public}),
    "a wrong first half of the signature": lambda: _token(proof(), 5),
    "a wrong second half of the signature": lambda: _token(proof(), 60),
    "no batch": lambda: proof(said=claims(cmd="sign_off")),
    "no executive": lambda: proof(
        by=EXECUTIVE.model_copy(update={"role": Role.LICENSING_OFFICER}),
        said=claims(role=Role.LICENSING_OFFICER),
    ),
    "no decision": lambda: proof().model_copy(update={"record": "{}"}),
}


@pytest.mark.parametrize("what", FORGERIES)
async def test_a_forgery_does_not_hold(what: str, tmp_path: Path) -> None:
    forged = FORGERIES[what]()
    with pytest.raises(ProofError):
        check(forged)
    said = await by_script(forged, tmp_path)
    assert said.code == 1
    assert said.err.startswith("does not hold: ")


async def test_the_script_can_be_told_whose_key_it_must_be(tmp_path: Path) -> None:
    said = await by_script(proof(), tmp_path, OTHER.public.kid)
    assert (said.code, KEY.public.kid in said.err) == (1, True)


def test_the_script_uses_the_standard_library_alone() -> None:
    lines = Path(SCRIPT).read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
