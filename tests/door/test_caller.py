"""Only a fresh token of a registered key, for this log and a role that is held, says who calls."""

import time

import pytest

from greenlight.answers.caller import Caller, Callers
from greenlight.embedded.users import READER
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.officer.commands import RevokeKey, RevokeRole
from greenlight.signing.keys import SigningKey
from greenlight.signing.reading import ReadingClaims, sign_reading
from greenlight.signing.reading import reading as claims_of_a_reading
from tests.addresses import as_user
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.test_passkeys import held
from tests.signing.authenticator import ALGORITHMS, UP, Algorithm, Authenticator, Words

ELSEWHERE = "production:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11"


def reading(signer: Signer, *, key: SigningKey | None = None, **changes: object) -> str:
    """What ``signer`` sends to read something now, except for ``changes`` in the claims."""
    now = int(time.time())
    usual = {
        "sub": signer.actor.officer,
        "role": signer.actor.role,
        "iat": now,
        "exp": now + 300,
        "log": signer.log,
    }
    claims = ReadingClaims.model_validate(usual | changes)
    return f"Bearer {(key or signer.key).sign(claims.model_dump_json().encode())}"


async def refused(callers: Callers, authorization: str | None) -> Code:
    said = await callers.proven(authorization)
    assert isinstance(said, Refusal), said
    assert isinstance(said.code, Code)
    return said.code


async def test_a_signed_token_says_who_calls_as_the_register_has_them(dsn: str, crowd: Crowd) -> None:
    lee = crowd.officer
    assert lee.log is not None
    async with Callers(as_user(dsn, READER)) as callers:
        token = sign_reading("lee", Role.LICENSING_OFFICER, lee.log, lee.key)
        for scheme in ("Bearer", "bearer"):
            assert await callers.proven(f"{scheme} {token}") == Caller(
                **lee.actor.model_dump(), kid=lee.key.public.kid, log=lee.log
            )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_who_reads_by_passkey_is_known_as_well(
    dsn: str, recorder: Recorder, crowd: Crowd, algorithm: Algorithm
) -> None:
    lee, by = crowd.officer, Authenticator(algorithm)
    await crowd.carried_out(recorder, "lee", held(by, lee))
    said = claims_of_a_reading("lee", Role.LICENSING_OFFICER, str(lee.log))
    async with Callers(as_user(dsn, READER)) as callers:
        assert await callers.proven(f"Bearer {by.sign(said.content)}") == Caller(
            **lee.actor.model_dump(), kid=by.key.kid, log=str(lee.log)
        )
        for words in (Words(flags=UP), Words(client={"origin": "https://evil.example"})):
            forged = f"Bearer {by.sign(said.content, words)}"
            assert await refused(callers, forged) == RefusalCode.PROOF_INVALID
        command = lee.claims("application-Z000001", "assign", {})
        assert await refused(callers, f"Bearer {by.sign(command.content)}") == RefusalCode.PROOF_INVALID
        sender = await callers.sender(by.sign(command.content))
        assert isinstance(sender, Caller)
        assert sender.kid == by.key.kid


async def test_what_shows_nothing_is_refused_with_its_code(dsn: str, crowd: Crowd) -> None:
    lee, now = crowd.officer, int(time.time())
    command = lee.claims("application-Z000001", "assign", {})
    async with Callers(as_user(dsn, READER)) as callers:
        for authorization, code in (
            (None, RefusalCode.UNSIGNED),
            ("", RefusalCode.UNSIGNED),
            ("Basic bGVlOmxlZQ==", RefusalCode.UNSIGNED),
            ("Bearer ", RefusalCode.PROOF_INVALID),
            ("Bearer lee", RefusalCode.PROOF_INVALID),
            (reading(lee)[:-8] + "AAAAAAAA", RefusalCode.PROOF_INVALID),
            (f"Bearer {lee.proof(command).token}", RefusalCode.PROOF_INVALID),
            (reading(lee, key=SigningKey.generate()), RefusalCode.KEY_NOT_VALID),
            (reading(lee, sub="quill"), RefusalCode.KEY_NOT_VALID),
            (reading(lee, log=ELSEWHERE), RefusalCode.WRONG_LOG),
            (reading(lee, role=Role.EXECUTIVE), RefusalCode.ROLE_NOT_HELD),
            (reading(lee, iat=now - 400, exp=now - 100), RefusalCode.PROOF_EXPIRED),
            (reading(lee, iat=now + 120, exp=now + 300), RefusalCode.PROOF_NOT_YET_VALID),
            (reading(lee, exp=now + 301), RefusalCode.PROOF_NOT_YET_VALID),
        ):
            assert await refused(callers, authorization) == code, authorization


async def test_a_token_that_is_known_expires_all_the_same(
    dsn: str, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Callers(as_user(dsn, READER)) as callers:
        authorization = reading(crowd.officer)
        assert isinstance(await callers.proven(authorization), Caller)
        later = time.time() + 301
        monkeypatch.setattr("greenlight.answers.caller.time.time", lambda: later)
        assert await refused(callers, authorization) == RefusalCode.PROOF_EXPIRED


async def test_a_key_or_role_that_was_taken_back_counts_a_second_more_at_most(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    lee, quill = crowd.officer, crowd.countersigner
    async with Callers(as_user(dsn, READER)) as callers:
        for signer in (lee, quill):
            assert isinstance(await callers.proven(reading(signer)), Caller)
        await crowd.change(recorder, "lee", RevokeKey(kid=lee.key.public.kid))
        await crowd.change(recorder, "quill", RevokeRole(role=Role.COUNTERSIGNER))
        later = time.monotonic() + 1.0
        monkeypatch.setattr("greenlight.answers.caller.time.monotonic", lambda: later)
        assert await refused(callers, reading(lee)) == RefusalCode.KEY_NOT_VALID
        assert await refused(callers, reading(quill)) == RefusalCode.ROLE_NOT_HELD
