"""Passkeys in the register and in the log: taken, refused with their codes, and checked again."""

import asyncio
from collections.abc import Callable

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.authority import Claims
from greenlight.kernel.commit import Commit, Proof
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.application.commands import Assign
from greenlight.law.application.events import CaseAssigned
from greenlight.law.officer.commands import AddKey, ConfirmChange, KeyTerm, RevokeKey
from greenlight.law.officer.possession import Possession
from greenlight.signing.passkey import token
from greenlight.signing.tokens import sign
from tests.eventlog.crowd import NOW, Crowd, Signer, commit
from tests.signing.authenticator import ALGORITHMS, PARTY, UP, Algorithm, Authenticator, Words

of_each = pytest.mark.parametrize("algorithm", ALGORITHMS)


def held(by: Authenticator, signer: Signer, words: Words | None = None) -> AddKey:
    """A further key of an officer, with the proof that it is held."""
    actor = signer.actor
    says = Possession(
        stream=officer_stream(actor.officer), person=actor.person, organisation=actor.organisation
    )
    return AddKey(key=KeyTerm(public_key=by.key), possession=by.sign(says.content, words))


def claims(signer: Signer, acn: str) -> Claims:
    content: JsonObject = Assign(officer=signer.actor.officer).model_dump(mode="json")
    return signer.claims(application_stream(acn), "assign", content)


def assigned(said: Claims, text: str, version: int = 0) -> Commit:
    """A small commit under a token."""
    event = CaseAssigned(at=NOW, by=said.actor, officer=said.actor.officer)
    return commit(Proof(token=text, claims=said), version, event)


async def sends(
    recorder: Recorder, signer: Signer, by: Authenticator, acn: str, words: Words | None = None
) -> str | None:
    """The code with which a command by passkey is refused, if it is."""
    said = claims(signer, acn)
    answer = await recorder.record(assigned(said, by.sign(said.content, words)))
    return answer.code if answer.status == "refused" else None


@of_each
async def test_two_registrars_register_a_passkey_and_it_signs(
    dsn: str, recorder: Recorder, crowd: Crowd, algorithm: Algorithm
) -> None:
    by, lee = Authenticator(algorithm), crowd.officer
    change = await crowd.propose(recorder, lee.actor.officer, held(by, lee))
    assert await sends(recorder, lee, by, "Z000001") == "key_not_valid", "one registrar is not enough"
    await crowd.change(recorder, "lee", ConfirmChange(change=change), by=crowd.deputy)
    assert await sends(recorder, lee, by, "Z000001") is None
    async with Reader(dsn) as reader:
        [row] = await reader.officers("lee")
        [event] = [event async for event in reader.stream(application_stream("Z000001"))]
    assert [key.public_key for key in row.keys] == [lee.key.public, by.key]
    assert (row.keys[1].x, row.keys[1].passkey) == (None, by.key)
    assert event.proof is not None
    assert (await verify(dsn)).fault is None
    await crowd.change(recorder, "lee", RevokeKey(kid=by.key.kid))
    assert await sends(recorder, lee, by, "Z000002") == "key_not_valid"
    assert (await verify(dsn)).fault is None


@of_each
async def test_a_new_passkey_shows_that_it_is_held_by_whom_it_is_for(
    recorder: Recorder, crowd: Crowd, algorithm: Algorithm
) -> None:
    by, other, lee = Authenticator(algorithm), Authenticator(algorithm), crowd.officer
    right = held(by, lee)
    elsewhere = Words(client={"origin": "https://evil.example"})
    wrong = {
        "by another passkey": held(other, lee).possession,
        "by a key in software": lee.possession(),
        "for another officer": held(by, crowd.executive).possession,
        "at another origin": held(by, lee, elsewhere).possession,
        "without its user": held(by, lee, Words(flags=UP)).possession,
        "of a command": by.sign(claims(lee, "Z000001").content),
    }
    for what, possession in wrong.items():
        said = await crowd.asked(recorder, "lee", right.model_copy(update={"possession": possession}))
        assert isinstance(said, Refusal), what
        assert said.code is RefusalCode.KEY_NOT_HELD, what
    await crowd.carried_out(recorder, "lee", right)


Forgery = Callable[[Authenticator, Claims], str]


def _saying(words: Words) -> Forgery:
    return lambda by, said: by.sign(said.content, words)


def _replayed(by: Authenticator, said: Claims) -> str:
    """The assertion of another command, which the same officer has signed."""
    other = said.model_copy(update={"aud": "application-Z000009"})
    return token(said.content, by.key, by.assertion(other.content))


def _by_another(by: Authenticator, said: Claims) -> str:
    return token(said.content, by.key, Authenticator(by.algorithm).assertion(said.content))


def _one_byte(by: Authenticator, said: Claims) -> str:
    other = said.model_copy(update={"jti": said.jti[:-1] + ("a" if said.jti[-1] != "a" else "b")})
    header, _, proof = by.sign(said.content).split(".")
    return f"{header}.{by.sign(other.content).split('.')[1]}.{proof}"


FORGERIES: dict[str, Forgery] = {
    "another challenge": _saying(Words(client={"challenge": "AAAA"})),
    "another origin": _saying(Words(client={"origin": "https://evil.example"})),
    "another relying party": _saying(Words(rp="evil.example")),
    "not verified": _saying(Words(flags=UP)),
    "not present": _saying(Words(flags=4)),
    "a registration": _saying(Words(client={"type": "webauthn.create"})),
    "from within another page": _saying(Words(client={"crossOrigin": True})),
    "of another command": _replayed,
    "by another passkey": _by_another,
    "one byte of the claims": _one_byte,
}


@of_each
async def test_a_forgery_is_refused_and_leaves_nothing(
    recorder: Recorder, database: Connection, crowd: Crowd, algorithm: Algorithm
) -> None:
    by, lee = Authenticator(algorithm), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    before = int(str(await database.fetchval("SELECT count(*) FROM greenlight.event")))
    for what, forgery in FORGERIES.items():
        said = claims(lee, "Z000001")
        answer = await recorder.record(assigned(said, forgery(by, said)))
        assert (answer.status, answer.code) == ("refused", "proof_invalid"), what
    # Rightly signed, but of somebody else.
    for other, code in ((crowd.executive, "key_not_valid"), (lee, None)):
        assert await sends(recorder, other, by, "Z000001") == code
    assert await database.fetchval("SELECT count(*) FROM greenlight.event") == before + 1


async def test_a_passkey_of_another_origin_is_another_key(recorder: Recorder, crowd: Crowd) -> None:
    """The same authenticator, asked by a page of another port."""
    by, lee = Authenticator(), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    by.party = PARTY.model_copy(update={"origin": "http://localhost:9999"})
    assert await sends(recorder, lee, by, "Z000001") == "key_not_valid"


async def test_a_counter_that_goes_back_is_refused(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    by, lee = Authenticator(counter=10), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    for acn, counter, code in (
        ("Z000001", 20, None),
        ("Z000002", 20, "counter_went_back"),
        ("Z000003", 19, "counter_went_back"),
        ("Z000004", 0, "counter_went_back"),
        ("Z000005", 21, None),
        ("Z000006", 2**32 - 1, None),
        ("Z000007", 1, "counter_went_back"),
    ):
        assert await sends(recorder, lee, by, acn, Words(counter=counter)) == code, acn
    refused = await database.fetchval("SELECT count(*) FROM greenlight.event WHERE type = 'CommandRefused'")
    assert refused == 4, "it is on record that somebody tried"
    assert (await verify(dsn)).fault is None


async def test_a_passkey_that_counts_nothing_signs_as_often_as_it_likes(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    by, lee = Authenticator(), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    for number in range(3):
        assert await sends(recorder, lee, by, f"Z00000{number}") is None
    assert (await verify(dsn)).fault is None


async def test_the_same_command_once_more_is_the_same(recorder: Recorder, crowd: Crowd) -> None:
    by, lee = Authenticator(counter=1), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    said = claims(lee, "Z000001")
    command = assigned(said, by.sign(said.content))
    assert (await recorder.record(command)).status == "recorded"
    assert await sends(recorder, lee, by, "Z000002") is None
    assert (await recorder.record(command)).status == "duplicate"


async def test_of_two_with_one_count_at_the_same_time_one_is_taken(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    by, lee = Authenticator(counter=1), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    same = [sends(recorder, lee, by, f"Z00000{number}", Words(counter=9)) for number in range(6)]
    codes = await asyncio.gather(*same)
    assert (codes.count(None), codes.count("counter_went_back")) == (1, 5)
    assert (await verify(dsn)).fault is None


async def test_a_count_that_the_log_let_pass_is_found(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """By whoever owns the database, and does away with the check."""
    by, lee = Authenticator(counter=1), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    assert await sends(recorder, lee, by, "Z000001", Words(counter=9)) is None
    await database.execute(
        "CREATE OR REPLACE FUNCTION greenlight.went_back(token text) RETURNS boolean"
        " LANGUAGE sql STABLE RETURN false"
    )
    assert await sends(recorder, lee, by, "Z000002", Words(counter=9)) is None
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert "there may be a copy" in fault.reason


async def test_a_forgery_that_was_recorded_is_found(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    by, lee = Authenticator(), crowd.officer
    await crowd.carried_out(recorder, "lee", held(by, lee))
    said = claims(lee, "Z000001")
    assert (await recorder.record(assigned(said, by.sign(said.content)))).status == "recorded"
    for forged in (*(forgery(by, said) for forgery in FORGERIES.values()), sign(said, lee.key)):
        async with database.transaction():
            await database.execute("SET LOCAL session_replication_role = replica")
            await database.execute(
                "UPDATE greenlight.event SET proof = $1 WHERE stream = $2", forged, said.aud
            )
        fault = (await verify(dsn)).fault
        # By the officer's other key it is as good: nobody has forged anything.
        assert (fault is None) == (forged == sign(said, lee.key))


async def test_the_last_count_is_found_by_an_index(database: Connection) -> None:
    await database.execute("SET enable_seqscan = off")
    plan = await database.fetchval(
        "EXPLAIN (FORMAT JSON) SELECT e.proof FROM greenlight.event e"
        " WHERE greenlight.by_passkey(e.proof) AND e.type <> 'CommandRefused' AND length(e.command_id) <> 64"
        " AND split_part(e.proof, '.', 1) = 'a' ORDER BY e.position DESC LIMIT 1"
    )
    assert "event_by_passkey" in str(plan)
    assert "Sort" not in str(plan)
