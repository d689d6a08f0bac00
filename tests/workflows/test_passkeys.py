"""An executive who signs by passkey: what they saw is what they signed, and nothing else is taken.

All of it is audited when the office closes.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from greenlight.client.signer import as_json, command_claims
from greenlight.kernel.authority import Claims, SignedCommand
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.application.commands import SignOff
from greenlight.law.officer.commands import AddOfficer, KeyTerm, RoleTerm
from greenlight.law.officer.possession import Possession
from greenlight.signing.passkey import token
from tests.law.application.cases import DENY
from tests.signing.authenticator import ALGORITHMS, UP, Authenticator, Words
from tests.workflows.office import Office, refusal

APPROVES = SignOff(approves=True)

Forgery = Callable[[Authenticator, Claims], str]


@dataclass(frozen=True, slots=True)
class Executive:
    """Somebody at a browser."""

    actor: Actor
    passkey: Authenticator
    log: str

    async def saw(self, office: Office, stream: str) -> Claims:
        """What they would sign, after a look at the case."""
        dossier = (await office.status(stream)).dossier
        return command_claims(self.actor, self.log, "sign_off", stream, APPROVES, dossier=dossier)


@pytest_asyncio.fixture(params=ALGORITHMS)
async def executive(office: Office, request: pytest.FixtureRequest) -> AsyncGenerator[Executive]:
    """Registered by two registrars."""
    name = f"exec-{str(request.param).lower()}-{id(request)}"
    actor = Actor(officer=name, person=f"p-{name}", organisation="agency", role=Role.EXECUTIVE)
    by, log = Authenticator(request.param, counter=7), office["vera"].signer.log
    assert log is not None
    says = Possession(
        stream=officer_stream(name),
        person=actor.person,
        organisation=actor.organisation,
        roles=(Role.EXECUTIVE,),
    )
    asked = AddOfficer(
        person=actor.person,
        organisation=actor.organisation,
        key=KeyTerm(public_key=by.key),
        possession=by.sign(says.content),
        roles=(RoleTerm(role=Role.EXECUTIVE),),
    )
    await office.registered(name, asked)
    yield Executive(actor, by, log)


def command(text: str) -> SignedCommand:
    return SignedCommand(token=text, body=as_json(APPROVES))


async def test_a_case_is_signed_off_by_passkey(office: Office, executive: Executive) -> None:
    stream = await office.countersigned(DENY)
    said = await executive.saw(office, stream)
    receipt = await office.update(stream, "sign_off", command(executive.passkey.sign(said.content)))
    assert receipt.command_id == said.jti
    [event] = [each for each in await office.events(stream) if each.type == "ExecutiveSignedOff"]
    assert event.content["by"] == executive.actor.model_dump(mode="json")


def _saying(words: Words) -> Forgery:
    return lambda by, said: by.sign(said.content, words)


def _of(**changes: object) -> Forgery:
    """The assertion of other claims."""
    return lambda by, said: token(said.content, by.key, by.assertion(said.model_copy(update=changes).content))


def _by_another(by: Authenticator, said: Claims) -> str:
    return token(said.content, by.key, Authenticator(by.algorithm).assertion(said.content))


FORGERIES: dict[str, Forgery] = {
    "elsewhere": _saying(Words(client={"origin": "https://evil.example"})),
    "for another relying party": _saying(Words(rp="evil.example")),
    "without its user": _saying(Words(flags=UP)),
    "within another page": _saying(Words(client={"crossOrigin": True})),
    "a registration": _saying(Words(client={"type": "webauthn.create"})),
    "by another passkey": _by_another,
    "of another case": _of(aud="application-A000001"),
    "of another dossier": _of(dossier="sha256:" + "0" * 64),
}


async def test_what_nobody_signed_so_is_refused(office: Office, executive: Executive) -> None:
    stream = await office.countersigned(DENY)
    before = await office.types(stream)
    for what, forged in FORGERIES.items():
        said = await executive.saw(office, stream)
        async with office.unrecorded(RefusalCode.PROOF_INVALID):
            refused = await refusal(
                office.update(stream, "sign_off", command(forged(executive.passkey, said)))
            )
        assert refused.code == RefusalCode.PROOF_INVALID, what
    assert await office.types(stream) == before


async def test_a_dossier_that_changed_under_the_eyes_is_not_signed(
    office: Office, executive: Executive
) -> None:
    stream = await office.countersigned(DENY)
    said = (await executive.saw(office, stream)).model_copy(update={"dossier": "sha256:" + "0" * 64})
    refused = await refusal(office.update(stream, "sign_off", command(executive.passkey.sign(said.content))))
    assert refused.code == RefusalCode.DOSSIER_CHANGED


async def test_a_copy_that_counts_behind_is_refused_on_record(office: Office, executive: Executive) -> None:
    first, second = await office.countersigned(DENY), await office.countersigned(DENY)
    said = await executive.saw(office, first)
    await office.update(first, "sign_off", command(executive.passkey.sign(said.content)))
    said = await executive.saw(office, second)
    behind = executive.passkey.sign(said.content, Words(counter=executive.passkey.counter))
    refused = await refusal(office.update(second, "sign_off", command(behind)))
    assert refused.code == RefusalCode.COUNTER_WENT_BACK
    assert (await office.types(second))[-1] == "CommandRefused"
