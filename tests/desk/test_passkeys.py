"""Passkeys at the desk: made, registered by two, signed in with, and a case signed off by what was shown.

In a real browser with an authenticator that the browser itself emulates; attacks with one in software.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from greenlight.desk.decoys import OFFERED, Decoys
from greenlight.desk.passkeys import party_of
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.application.commands import SignOff
from greenlight.law.officer.card import Card
from greenlight.law.officer.commands import AddKey, AddOfficer, KeyTerm, RoleTerm
from greenlight.law.officer.keys import P256Key, Passkey, PublicKey, base64url, read_base64url
from greenlight.law.officer.possession import Possession
from greenlight.signing.passkey import Assertion
from greenlight.signing.tokens import Token
from tests.desk.browsers import browser, is_accessible
from tests.desk.desks import Opened, Person, text_of
from tests.law.application.cases import DENY
from tests.signing.authenticator import PARTY, UP, Authenticator, Words
from tests.workflows.office import Office

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")

EMULATED = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncGenerator[Browser]:
    async with browser() as opened:
        yield opened


@asynccontextmanager
async def tab(of: Browser, desk: Opened) -> AsyncGenerator[Page]:
    """A tab at the desk's own origin, with an authenticator."""
    context = await of.new_context(base_url=desk.desk.origin)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    devtools = await context.new_cdp_session(page)
    for method, said in (("enable", {}), ("addVirtualAuthenticator", {"options": EMULATED})):
        await devtools.send(f"WebAuthn.{method}", said)  # pyright: ignore[reportUnknownMemberType]
    try:
        yield page
        assert not complaints
    finally:
        await context.close()


async def test_an_executive_signs_off_with_the_passkey_that_they_made_here(
    office: Office, desk: Opened, chromium: Browser
) -> None:
    stream = await office.countersigned(DENY)
    async with tab(chromium, desk) as page:
        await page.goto("/sign-in")
        await page.get_by_role("link", name="Make one").click()
        await is_accessible(page, "passkey-new")
        await page.get_by_label("Name at the desk").fill("pat")
        await page.get_by_label("Person").fill("patricia")
        await page.get_by_label("Organisation").fill("agency")
        await page.get_by_role("button", name="Go on").click()
        await is_accessible(page, "passkey-roles")
        await page.get_by_label("Executive").check()
        await page.get_by_role("button", name="Make a passkey").click()
        await is_accessible(page, "passkey-make")
        await page.get_by_role("button", name="Make the passkey").click()
        await page.get_by_role("button", name="Sign that it is yours").click()
        card = Card.model_validate_json(await page.locator("#card").inner_text())
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Download the card").click()
        download = await downloading.value
        assert download.suggested_filename == "pat.json"
        saved = await asyncio.to_thread(Path(await download.path()).read_bytes)
        assert Card.model_validate_json(saved) == card
        await is_accessible(page, "passkey-card")
        await office.registered("pat", card.registration)

        await page.get_by_role("link", name="Sign in", exact=True).click()
        await page.get_by_label("Your name at the desk").fill("pat")
        await page.get_by_role("button", name="Go on").click()
        await is_accessible(page, "passkey-sign-in")
        await page.get_by_role("button", name="Sign in with your passkey").click()
        await page.wait_for_url("**/work")

        await page.goto(f"/cases/{stream}/do/sign_off")
        shown = await page.locator("input[name=dossier]").get_attribute("value")
        await page.get_by_label("Yes").check()
        await page.get_by_role("button", name="Check before you sign").click()
        await is_accessible(page, "passkey-sign")
        await page.get_by_role("button", name="Sign with your passkey").click()
        await page.wait_for_url(f"**/cases/{stream}/receipts/*")
    signed = next(each for each in await office.events(stream) if each.type == "ExecutiveSignedOff")
    assert isinstance(card.public_key, Passkey)
    claims = Token(signed.proof or "").claims(card.public_key)
    assert (claims.sub, claims.dossier) == ("pat", shown)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody registered, with an authenticator in software, and their way of signing in."""

    officer: str
    by: Authenticator
    person: Person

    async def asked(self) -> tuple[httpx.Response, bytes]:
        """The page that asks for their passkey, and what it asks to sign."""
        page = await self.person.get("/sign-in")
        page = await self.person.submit(page, "/sign-in/passkey", {"officer": self.officer})
        return page, asked_on(page)

    def gives(self, assertion: Assertion, **changes: str) -> str:
        """What the page's script would send."""
        said = {"id": self.by.key.credential, "response": assertion.model_dump(by_alias=True)}
        return json.dumps(said | changes)

    async def signs_in(self, credential: str, page: httpx.Response) -> httpx.Response:
        return await self.person.submit(page, "/sign-in/passkey/signed", {"credential": credential})


def asked_on(page: httpx.Response) -> bytes:
    """The challenge on a page, as the browser hands it on."""
    found = page.text.partition("data-asks='")[2].partition("'")[0]
    assert found, text_of(page)
    return str(json.loads(found)["challenge"]).encode()


@pytest_asyncio.fixture
async def holder(office: Office, desk: Opened, request: pytest.FixtureRequest) -> AsyncGenerator[Holder]:
    officer = f"h-{request.node.name[-30:].lower().strip('_').replace('_', '-')}"
    by = Authenticator("ES256", party_of(desk.desk))
    says = Possession(
        stream=officer_stream(officer),
        person=f"p-{officer}",
        organisation="agency",
        roles=(Role.EXECUTIVE,),
    )
    await office.registered(
        officer,
        AddOfficer(
            person=says.person,
            organisation=says.organisation,
            key=KeyTerm(public_key=by.key),
            possession=by.sign(says.content),
            roles=(RoleTerm(role=Role.EXECUTIVE),),
        ),
    )
    async with httpx.AsyncClient(base_url=desk.desk.origin, timeout=60) as http:
        yield Holder(officer, by, Person(http))


def answer(by: Authenticator, asked: bytes, words: Words | None = None) -> Assertion:
    """The signature over a challenge that only the page knows."""
    words = words or Words()
    challenged = Words(
        words.flags, words.rp, words.counter, words.more, {"challenge": asked.decode(), **words.client}
    )
    return by.signed(*by.said("webauthn.get", b"", challenged))


FORGED: dict[str, Words] = {
    "of another challenge": Words(client={"challenge": "AAAA"}),
    "at another origin": Words(client={"origin": "https://evil.example"}),
    "for another relying party": Words(rp="evil.example"),
    "without its user": Words(flags=UP),
    "within another's page": Words(client={"crossOrigin": True}),
    "as a registration": Words(client={"type": "webauthn.create"}),
}


async def test_only_the_passkey_signs_in_and_only_once(holder: Holder) -> None:
    for what, words in FORGED.items():
        page, asked = await holder.asked()
        said = await holder.signs_in(holder.gives(answer(holder.by, asked, words)), page)
        assert (said.status_code, "You are not signed in" in text_of(said)) == (403, True), what
    page, asked = await holder.asked()
    assert (await holder.signs_in("", page)).status_code == 403
    page, asked = await holder.asked()
    another = answer(Authenticator("ES256", holder.by.party), asked)
    assert (await holder.signs_in(holder.gives(another), page)).status_code == 403
    page, asked = await holder.asked()
    unknown = holder.gives(answer(holder.by, asked), id="AAAA")
    assert (await holder.signs_in(unknown, page)).status_code == 403
    page, asked = await holder.asked()
    good = holder.gives(answer(holder.by, asked))
    before = dict(holder.person.http.cookies)
    assert (await holder.signs_in(good, page)).url.path == "/work"
    assert dict(holder.person.http.cookies) != before, "nobody knows the name of a session beforehand"
    holder.person.http.cookies.clear()
    later, _ = await holder.asked()
    assert (await holder.signs_in(good, later)).status_code == 403, "an answer counts once"


async def test_whether_somebody_has_a_passkey_here_is_told_to_nobody(holder: Holder, desk: Opened) -> None:
    """Neither by what is asked of the browser, which is the same each time, nor by what a wrong answer is
    told; holder has one, vera is known and has none, and nobody-at-all is nobody."""
    shapes: set[tuple[object, ...]] = set()
    told: set[tuple[int, str]] = set()
    for officer in (holder.officer, "vera", "nobody-at-all", "nobody-else"):
        async with desk.nobody() as person:
            someone = Holder(officer, holder.by, person)
            pages = [(await someone.asked())[0] for _ in range(3)]
            asks = [json.loads(page.text.partition("data-asks='")[2].partition("'")[0]) for page in pages]
            offered = [[each["id"] for each in said["allowCredentials"]] for said in asks]
            assert offered[0] == offered[1] == offered[2]
            assert len({said["challenge"] for said in asks}) == 3
            assert (holder.by.key.credential in offered[0]) == (officer == holder.officer)
            assert len(offered[0]) == len(set(offered[0])) >= OFFERED
            lengths = {len(read_base64url(each)) for each in offered[0]}
            shape = asks[0] | {"challenge": "", "allowCredentials": len(offered[0])}
            text = text_of(pages[0]).replace(officer, "NAME")
            shapes.add((pages[0].status_code, json.dumps(shape), text, *sorted(lengths)))
            for credential in offered[0]:
                page, asked = await someone.asked()
                wrong = someone.gives(answer(Authenticator("ES256", holder.by.party), asked), id=credential)
                said = await someone.signs_in(wrong, page)
                told.add((said.status_code, text_of(said)))
    assert len(shapes) == 1, shapes
    assert len(told) == 1, told


async def test_who_has_more_passkeys_than_others_is_not_told_by_it(office: Office, desk: Opened) -> None:
    keys = [Authenticator("ES256", party_of(desk.desk)) for _ in range(OFFERED + 2)]
    roles = (Role.EXECUTIVE,)
    for number, by in enumerate(keys):
        says = Possession(
            stream=officer_stream("many"),
            person="p-many",
            organisation="agency",
            roles=() if number else roles,
        )
        if number:
            held = by.sign(says.content)
            await office.registered("many", AddKey(key=KeyTerm(public_key=by.key), possession=held))
        else:
            await office.registered(
                "many",
                AddOfficer(
                    person=says.person,
                    organisation=says.organisation,
                    key=KeyTerm(public_key=by.key),
                    possession=by.sign(says.content),
                    roles=tuple(RoleTerm(role=role) for role in roles),
                ),
            )
    offered: dict[str, set[str]] = {}
    for officer in ("many", "vera", "nobody-at-all"):
        async with desk.nobody() as person:
            page = (await Holder(officer, keys[0], person).asked())[0]
            said = json.loads(page.text.partition("data-asks='")[2].partition("'")[0])
            offered[officer] = {each["id"] for each in said["allowCredentials"]}
    assert len({len(each) for each in offered.values()}) == 1
    assert offered["many"] >= {by.key.credential for by in keys}


async def test_what_can_be_nobodys_name_is_asked_for_nothing(holder: Holder) -> None:
    for officer in ("", "x" * 5_000, "<script>"):
        page = await holder.person.get("/sign-in")
        said = await holder.person.submit(page, "/sign-in/passkey", {"officer": officer})
        assert (said.status_code, "<script>" in said.text) == (403, False), officer


def ids(keys: Iterable[Passkey]) -> frozenset[str]:
    return frozenset(key.credential for key in keys)


def test_nobodys_passkeys_stay_the_same_and_are_like_those_that_are_there() -> None:
    key = Authenticator("ES256").key
    decoys, later, elsewhere = Decoys(b"secret"), Decoys(b"secret"), Decoys(b"another")
    nobody = decoys.beside("nobody", (), PARTY, {16, 20, 32})
    assert nobody == later.beside("nobody", (), PARTY, {16, 20, 32})
    assert not ids(nobody) & ids(elsewhere.beside("nobody", (), PARTY, {16, 20, 32}))
    assert not ids(nobody) & ids(decoys.beside("somebody-else", (), PARTY, {16, 20, 32}))
    assert {len(read_base64url(each.credential)) for each in nobody} <= {16, 20, 32}
    somebody = decoys.beside("nobody", (key,), PARTY, {16, 20, 32})
    assert key in somebody
    assert ids(somebody) - ids([key]) < ids(nobody)
    several = tuple(Authenticator("ES256").key for _ in range(OFFERED + 1))
    assert ids(decoys.beside("nobody", several, PARTY, {32}, OFFERED + 1)) == ids(several)
    # Nobody is told from others by having more than most: all are asked for as many.
    shown = [decoys.beside(*each, PARTY, {32}, OFFERED + 2) for each in (("nobody", several), ("other", ()))]
    assert [len(each) for each in shown] == [OFFERED + 2] * 2
    assert ids(decoys.beside("other", (), PARTY, {32})) < ids(shown[1])
    kinds = {type(each.jwk) for n in range(20) for each in decoys.beside(f"o{n}", (), PARTY, set())}
    assert kinds == {PublicKey, P256Key}
    others = [key.model_copy(update={"credential": base64url(bytes([n]) * 32)}) for n in range(50)]
    places = {decoys.beside("nobody", (each,), PARTY, {32}).index(each) for each in others}
    assert places == set(range(OFFERED)), "whose passkey is whose does not show by its place"


async def test_a_signature_without_the_passkey_or_of_what_has_changed_is_not_sent(
    office: Office, holder: Holder
) -> None:
    stream = await office.countersigned(DENY)
    page, asked = await holder.asked()
    await holder.signs_in(holder.gives(answer(holder.by, asked)), page)
    check = await holder.person.does(stream, "sign_off", approves="yes")
    before = await office.types(stream)
    bare = await holder.person.signs(check)
    assert (bare.status_code, "It was not signed" in text_of(bare)) == (422, True)
    forged = holder.gives(answer(holder.by, asked_on(check), Words(flags=UP)))
    refused = await holder.person.submit(check, check.url.path, {"credential": forged})
    assert (refused.status_code, "the user was not verified" in text_of(refused)) == (422, True)
    assert await office.types(stream) == before
    await office.send("vera", stream, SignOff(approves=False))
    good = holder.gives(answer(holder.by, asked_on(check)))
    moved = await holder.person.submit(check, check.url.path, {"credential": good})
    assert moved.status_code == 409
    signed = [each for each in await office.events(stream) if each.type == "ExecutiveSignedOff"]
    assert [each.content["by"] for each in signed if holder.officer in str(each.content)] == []


async def test_a_new_passkey_is_no_ones_before_it_is_registered(desk: Opened) -> None:
    by = Authenticator("EdDSA", party_of(desk.desk))
    async with httpx.AsyncClient(base_url=desk.desk.origin, timeout=60) as http:
        person = Person(http)
        page = await person.get("/passkeys/new")
        typed = {"officer": "newcomer", "person": "p-new", "organisation": "agency"}
        page = await person.submit(page, "/passkeys/new", typed)
        page = await person.submit(page, "/passkeys/new", {"role": "executive"})
        made = by.registration(
            b"", Words(flags=UP | 0x04 | 0x40, client={"challenge": asked_on(page).decode()})
        )
        page = await person.submit(page, "/passkeys/new", {"credential": json.dumps(made)})
        held = json.dumps(
            {"id": by.key.credential, "response": answer(by, asked_on(page)).model_dump(by_alias=True)}
        )
        page = await person.submit(page, "/passkeys/new", {"credential": held})
        assert "The card of your passkey" in text_of(page)
        begin = await person.get("/sign-in")
        page = await person.submit(begin, "/sign-in/passkey", {"officer": "newcomer"})
        assert by.key.credential not in page.text
        signed = {"id": by.key.credential, "response": answer(by, asked_on(page)).model_dump(by_alias=True)}
        page = await person.submit(page, "/sign-in/passkey/signed", {"credential": json.dumps(signed)})
        assert page.status_code == 403


@pytest.mark.parametrize(
    ("organisation", "offered", "not_offered"),
    [
        ("agency", {"licensing_officer", "countersigner", "executive", "registrar"}, {"applicant"}),
        ("defense", {"agency_reviewer", "acep_member"}, {"executive", "applicant", "registrar"}),
        ("acme-networks", {"applicant"}, {"executive", "agency_reviewer", "registrar"}),
        ("nobody-knows-them", {"applicant"}, {"executive", "agency_reviewer", "registrar"}),
    ],
)
async def test_roles_are_offered_that_a_registrar_would_give(
    desk: Opened, organisation: str, offered: set[str], not_offered: set[str]
) -> None:
    typed = {"officer": "newcomer", "person": "p-new", "organisation": organisation}
    async with desk.nobody() as person:
        page = await person.submit(await person.get("/passkeys/new"), "/passkeys/new", typed)
        found = set(re.findall(r'name="role" value="([a-z_]+)"', page.text))
        assert offered <= found
        assert not not_offered & found
        for role in (*not_offered, "emperor"):
            refused = await person.submit(page, "/passkeys/new", {"role": role})
            assert refused.status_code == 422
            assert "data-asks" not in refused.text
