"""Who may not: every forged, misused or outdated proof has its refusal code, and leaves no other trace.

As an update, what is wrong on the face of the message is rejected at the door, before anything is recorded;
the rest, and everything that comes as a signal, leaves one refusal on record.
"""

import hashlib
import hmac
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from greenlight.connection.target import Target
from greenlight.kernel.authority import MAX_TOKEN_LIFETIME_SECONDS, Claims, SignedCommand, read_claims
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.commands import (
    Answer,
    Countersign,
    RequestInformation,
    SignOff,
    Submit,
    Withdraw,
)
from greenlight.law.officer.commands import RevokeKey, RevokeRole
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import sign
from tests.law.application.cases import DENY, GRANT, new_submission
from tests.signing.test_tokens import part, signing_key, with_header
from tests.workflows.office import NAMES, Office, new_number, refusal
from tests.workflows.stock_cli import StockCli

Delivery = Literal["update", "signal"]
AGREED = Countersign(agrees=True)
COUNTERSIGN = NAMES[Countersign]


@asynccontextmanager
async def nothing_but(office: Office, stream: str, *codes: Code) -> AsyncGenerator[None]:
    """While the context lasts, nothing happens to a case but refusals, with these codes."""
    case, row, events = await _traces(office, stream)
    yield
    if codes:
        await office.refusals(stream, _refusals(events) + len(codes))
        await office.caught_up(stream)
    case_after, row_after, events_after = await _traces(office, stream)
    happened = events_after[len(events) :]
    assert [(event["type"], event.get("code")) for event in happened] == [
        ("CommandRefused", code) for code in codes
    ]
    assert events_after[: len(events)] == events
    assert row_after == {**row, "version": len(events_after)}
    assert case_after == {**case, "version": len(events_after)}


async def _traces(office: Office, stream: str) -> tuple[JsonObject, JsonObject, list[JsonObject]]:
    row = await office.docket(stream)
    assert row is not None
    case = await office.status(stream)
    events = [event.content for event in await office.events(stream)]
    return case.model_dump(mode="json"), row.model_dump(mode="json"), events


def _refusals(events: list[JsonObject]) -> int:
    return sum(event["type"] == "CommandRefused" for event in events)


def claims_of(command: SignedCommand) -> Claims:
    claims = read_claims(command.token)
    assert isinstance(claims, Claims), claims
    return claims


def resigned(command: SignedCommand, key: SigningKey, **changes: object) -> SignedCommand:
    """The same command under other claims, rightly signed with ``key``."""
    claims = Claims.model_validate(claims_of(command).model_dump() | changes)
    return command.model_copy(update={"token": sign(claims, key)})


async def countersignature(office: Office, stream: str, officer: str = "carla") -> SignedCommand:
    """What a countersigner would rightly send."""
    return await office.signed(officer, stream, AGREED)


async def changed(office: Office, stream: str, officer: str = "carla", **changes: object) -> SignedCommand:
    """The countersignature of ``officer``, who claims something else and signs it."""
    return resigned(await countersignature(office, stream), office[officer].signer.key, **changes)


# Forgeries: each makes what is sent to a case that waits for its countersignature


async def own_recommendation(office: Office, stream: str) -> SignedCommand:
    return await countersignature(office, stream, "oscar")


async def second_account(office: Office, stream: str) -> SignedCommand:
    """Of the person who recommended."""
    account = await office.enrolled(Role.COUNTERSIGNER, person=office["oscar"].signer.person)
    return account.signer.sign(COUNTERSIGN, stream, AGREED, dossier=(await office.status(stream)).dossier)


async def body_with_a_name(office: Office, stream: str) -> SignedCommand:
    body: JsonObject = {"agrees": True, "officer": "vera"}
    dossier = (await office.status(stream)).dossier
    return office["carla"].signer.sign(COUNTERSIGN, stream, body, dossier=dossier)


async def anothers_name(office: Office, stream: str) -> SignedCommand:
    return await changed(office, stream, "vera", sub="carla")


async def unknown_key(office: Office, stream: str) -> SignedCommand:
    return resigned(await countersignature(office, stream), SigningKey.generate())


async def anothers_person(office: Office, stream: str) -> SignedCommand:
    return await changed(office, stream, person="person-vera")


async def role_never_held(office: Office, stream: str) -> SignedCommand:
    vera = office["vera"].signer
    return await changed(office, stream, "vera", sub=vera.officer, person=vera.person)


async def role_of_another_command(office: Office, stream: str) -> SignedCommand:
    return await changed(office, stream, role=Role.EXECUTIVE)


async def for_another_case(office: Office, stream: str) -> SignedCommand:
    return await countersignature(office, await office.recommended())


async def for_another_command(office: Office, stream: str) -> SignedCommand:
    return await changed(office, stream, cmd=NAMES[SignOff])


async def without_dossier(office: Office, stream: str) -> SignedCommand:
    return await changed(office, stream, dossier=None)


async def other_dossier(office: Office, stream: str) -> SignedCommand:
    return await changed(office, stream, dossier="sha256:" + "0" * 64)


async def tampered_body(office: Office, stream: str) -> SignedCommand:
    disagreed = await office.signed("carla", stream, Countersign(agrees=False))
    return disagreed.model_copy(update={"body": {"agrees": True}})


async def tampered_claims(office: Office, stream: str) -> SignedCommand:
    command = await countersignature(office, stream)
    header, _, signature = command.token.split(".")
    claims = claims_of(command).model_dump(mode="json") | {"jti": "another-id"}
    return command.model_copy(update={"token": f"{header}.{part(claims)}.{signature}"})


async def unsigned(office: Office, stream: str) -> SignedCommand:
    """``alg: none``, as RFC 7515 has it: nothing after the last dot."""
    command = await countersignature(office, stream)
    payload = command.token.split(".")[1]
    return command.model_copy(update={"token": f"{part({'alg': 'none'})}.{payload}."})


async def algorithm_none(office: Office, stream: str) -> SignedCommand:
    """``alg: none`` under a signature that is one."""
    command = await countersignature(office, stream)
    _, payload, signature = command.token.split(".")
    header = part({"alg": "none", "kid": office["carla"].signer.key.public.kid})
    return command.model_copy(update={"token": f"{header}.{payload}.{signature}"})


async def public_key_as_secret(office: Office, stream: str) -> SignedCommand:
    """``alg: HS256`` with the public key, which everybody has, in the place of a secret."""
    command = await countersignature(office, stream)
    public = office["carla"].signer.key.public
    content = f"{part({'alg': 'HS256', 'kid': public.kid})}.{command.token.split('.')[1]}"
    mac = hmac.new(public.x.encode(), content.encode(), hashlib.sha256).hexdigest()
    return command.model_copy(update={"token": f"{content}.{mac}"})


async def embedded_key(office: Office, stream: str) -> SignedCommand:
    """A header that brings its own key along, and is rightly signed with it."""
    rogue = Ed25519PrivateKey.generate()
    command = await countersignature(office, stream)
    kid = office["carla"].signer.key.public.kid
    header = {"alg": "EdDSA", "kid": kid, "jwk": signing_key(rogue).public.model_dump()}
    return command.model_copy(update={"token": with_header(command.token, header, rogue)})


async def role_just_revoked(office: Office, stream: str) -> SignedCommand:
    account = await office.enrolled(Role.COUNTERSIGNER)
    dossier = (await office.status(stream)).dossier
    command = account.signer.sign(COUNTERSIGN, stream, AGREED, dossier=dossier)
    await office.register(account.signer.officer, RevokeRole(role=Role.COUNTERSIGNER))
    return command


async def key_just_revoked(office: Office, stream: str) -> SignedCommand:
    account = await office.enrolled(Role.COUNTERSIGNER)
    dossier = (await office.status(stream)).dossier
    command = account.signer.sign(COUNTERSIGN, stream, AGREED, dossier=dossier)
    await office.register(account.signer.officer, RevokeKey(kid=account.signer.key.public.kid))
    return command


async def expired(office: Office, stream: str) -> SignedCommand:
    now = int(time.time())
    return await changed(office, stream, iat=now - 20, exp=now - 1)


async def from_the_future(office: Office, stream: str) -> SignedCommand:
    now = int(time.time())
    return await changed(office, stream, iat=now + 110, exp=now + 240)


async def from_another_year(office: Office, stream: str) -> SignedCommand:
    """Further ahead than any clock: nobody is to wait until then."""
    then = int(time.time()) + 200 * 365 * 86_400
    return await changed(office, stream, iat=then, exp=then + 240)


async def valid_too_long(office: Office, stream: str) -> SignedCommand:
    now = int(time.time())
    return await changed(office, stream, iat=now, exp=now + MAX_TOKEN_LIFETIME_SECONDS + 1)


async def used_id(office: Office, stream: str) -> SignedCommand:
    """By a refusal, which is no less an answer to it."""
    first = await other_dossier(office, stream)
    refused = await refusal(office.update(stream, COUNTERSIGN, first))
    assert refused.code == RefusalCode.DOSSIER_CHANGED
    return await changed(office, stream, jti=claims_of(first).jti)


@dataclass(frozen=True, slots=True)
class Forgery:
    """``at_the_door``: as an update it leaves no trace at all. ``sender_known``: the refusal is on record and
    names them; others are counted."""

    make: Callable[[Office, str], Awaitable[SignedCommand]]
    code: Code
    at_the_door: bool = False
    sender_known: bool = False


FORGERIES: Mapping[str, Forgery] = {
    forgery.make.__name__.replace("_", "-"): forgery
    for forgery in (
        Forgery(own_recommendation, RefusalCode.OWN_RECOMMENDATION, sender_known=True),
        Forgery(second_account, RefusalCode.OWN_RECOMMENDATION, sender_known=True),
        Forgery(body_with_a_name, RefusalCode.MALFORMED, at_the_door=True),
        Forgery(anothers_name, RefusalCode.KEY_NOT_VALID),
        Forgery(unknown_key, RefusalCode.KEY_NOT_VALID),
        Forgery(anothers_person, RefusalCode.IDENTITY_MISMATCH),
        Forgery(role_never_held, RefusalCode.ROLE_NOT_HELD, sender_known=True),
        Forgery(role_of_another_command, RefusalCode.WRONG_ROLE, at_the_door=True),
        Forgery(for_another_case, RefusalCode.WRONG_STREAM, at_the_door=True),
        Forgery(for_another_command, RefusalCode.WRONG_COMMAND, at_the_door=True),
        Forgery(without_dossier, RefusalCode.DOSSIER_MISSING, sender_known=True),
        Forgery(other_dossier, RefusalCode.DOSSIER_CHANGED, sender_known=True),
        Forgery(tampered_body, RefusalCode.BODY_MISMATCH, at_the_door=True),
        Forgery(tampered_claims, RefusalCode.PROOF_INVALID),
        Forgery(unsigned, RefusalCode.UNSIGNED, at_the_door=True),
        Forgery(algorithm_none, RefusalCode.PROOF_INVALID),
        Forgery(public_key_as_secret, RefusalCode.PROOF_INVALID),
        Forgery(embedded_key, RefusalCode.PROOF_INVALID),
        Forgery(role_just_revoked, RefusalCode.ROLE_NOT_HELD, sender_known=True),
        Forgery(key_just_revoked, RefusalCode.KEY_NOT_VALID),
        Forgery(expired, RefusalCode.PROOF_EXPIRED, sender_known=True),
        Forgery(from_the_future, RefusalCode.PROOF_NOT_YET_VALID, sender_known=True),
        Forgery(from_another_year, RefusalCode.PROOF_NOT_YET_VALID, sender_known=True),
        Forgery(valid_too_long, RefusalCode.PROOF_NOT_YET_VALID),
        Forgery(used_id, RefusalCode.COMMAND_ID_REUSED),
    )
}


@pytest.mark.parametrize("delivery", ["update", "signal"])
@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_a_forgery_leaves_nothing_but_its_refusal(
    office: Office, forgery: Forgery, delivery: Delivery
) -> None:
    stream = await office.submitted()
    await office.send("oscar", stream, GRANT)
    command = await forgery.make(office, stream)
    recorded = (forgery.code,) if forgery.sender_known else ()
    rejected = delivery == "update" and forgery.at_the_door
    counted = () if recorded or rejected else (forgery.code,)
    async with nothing_but(office, stream, *recorded), office.counted(*counted):
        if delivery == "update":
            assert (await refusal(office.update(stream, COUNTERSIGN, command))).code == forgery.code
        else:
            await office.signal(stream, COUNTERSIGN, command)
    if recorded:
        refused = (await office.events(stream))[-1]
        sender = claims_of(command).actor.model_dump(mode="json")
        assert (refused.content["by"], refused.content["command"]) == (sender, COUNTERSIGN)
    await office.send("carla", stream, AGREED)
    assert (await office.status(stream)).status.outcome == "granted"


async def test_a_decision_on_a_dossier_that_changed_is_refused_until_it_is_read_again(office: Office) -> None:
    stream = await office.submitted()
    read = (await office["olga"].dossier(stream)).digest
    await office.send("oscar", stream, RequestInformation(request="Who operates the network?"))
    await office.send("acme", stream, Answer(answer="Somebody else."))
    async with nothing_but(office, stream, RefusalCode.DOSSIER_CHANGED):
        refused = await refusal(office["olga"].decide(stream, GRANT, dossier=read))
        assert refused.code == RefusalCode.DOSSIER_CHANGED
    read = (await office["olga"].dossier(stream)).digest
    await office["olga"].decide(stream, GRANT, dossier=read)


async def test_a_filing_dated_ahead_keeps_its_number_from_nobody(office: Office) -> None:
    """Above all not until then."""
    stream, signer = new_number(), office["acme"].signer
    ahead = int(time.time()) + 200 * 365 * 86_400
    filing = signer.sign("submit", stream, Submit(application=new_submission()))
    filing = resigned(filing, signer.key, iat=ahead, exp=ahead + 600)
    refused = await office.start_refused("LicenseApplication", stream, filing)
    assert refused.code == RefusalCode.PROOF_NOT_YET_VALID
    assert [each.type for each in await office.events(stream)] == ["CommandRefused"]
    filed = await office["globex"].submit(
        new_submission().model_copy(update={"applicant": "Globex Inc."}), acn=stream_key(stream)
    )
    assert filed.stream == stream


async def test_no_one_acts_for_another_applicant(office: Office) -> None:
    stream = await office.submitted()
    async with nothing_but(office, stream, RefusalCode.NOT_THE_APPLICANT):
        refused = await refusal(office["globex"].decide(stream, Withdraw()))
        assert refused.code == RefusalCode.NOT_THE_APPLICANT
    await office.send("acme", stream, Withdraw())


async def test_the_executive_cannot_have_recommended(office: Office) -> None:
    executive = await office.enrolled(Role.EXECUTIVE, person=office["olga"].signer.person)
    stream = await office.countersigned(DENY)
    async with nothing_but(office, stream, RefusalCode.OWN_RECOMMENDATION):
        refused = await refusal(executive.decide(stream, SignOff(approves=True)))
        assert refused.code == RefusalCode.OWN_RECOMMENDATION


async def test_a_command_that_was_accepted_does_nothing_a_second_time(office: Office) -> None:
    stream = await office.submitted()
    command = await office.signed("olga", stream, GRANT)
    first = await office.update(stream, "recommend", command)
    async with nothing_but(office, stream):
        again = await office.update(stream, "recommend", command)
    assert again == first.model_copy(update={"duplicate": True})


async def test_whoever_reaches_temporal_alone_decides_nothing(office: Office, target: Target) -> None:
    """Temporal's own command line, in the hands of someone without a key."""
    cli = StockCli(target)
    stream = await office.recommended()
    async with nothing_but(office, stream), office.unrecorded(RefusalCode.MALFORMED, RefusalCode.UNSIGNED):
        for said in ('{"agrees": true}', '{"token": "carla", "body": {"agrees": true}}'):
            sent = await cli.signal(stream, COUNTERSIGN, said)
            assert sent.code == 0, sent
        refused = await cli.update(stream, COUNTERSIGN, '{"token": "carla", "body": {"agrees": true}}')
        assert (refused.code, RefusalCode.UNSIGNED in refused.errors) == (1, True), refused
