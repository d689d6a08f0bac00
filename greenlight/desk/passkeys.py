"""Passkeys at the desk: signing in with one, and making a new one for two registrars to register.

Both are ceremonies: the browser is asked, and answers on the next page under the same cookie. What it was
asked is kept here, and counts once.
"""

import secrets
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from greenlight.answers.given import given_in
from greenlight.answers.passkeys import created, creation
from greenlight.client.signer import new_command_id
from greenlight.desk.asked import TO, Desk, Form, going_to, gone_to
from greenlight.desk.ceremonies import Making, SigningIn
from greenlight.desk.cookies import cookie_of, keep
from greenlight.desk.decoys import Decoys
from greenlight.desk.pages import page
from greenlight.desk.ways import HeldPasskey, given_of, held
from greenlight.kernel.model import Identifier, JsonObject
from greenlight.kernel.problems import first_problem
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.card import Card
from greenlight.law.officer.keys import Passkey, RelyingParty, read_base64url
from greenlight.law.officer.possession import Possession
from greenlight.serving.problems import Problem
from greenlight.signing import passkey
from greenlight.signing.algorithm import ProofError
from greenlight.signing.reading import reading
from greenlight.signing.tokens import Token

_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_OBJECT: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)
_page = partial(page, signed_in=None)


async def ask(desk: Desk, request: Request, form: Form) -> Response:
    """Ask the browser to sign in whoever they say they are. Whether there is somebody of that name, and with
    a passkey, the answer does not tell: it is the same for all, and made by the same work.

    :raises Problem: nobody can have that name.
    """
    officer = form.one("officer").strip()
    try:
        _IDENTIFIER.validate_python(officer)
    except ValidationError:
        raise Problem(403, "unknown_officer", "Nobody signs in here by that name.") from None
    known = await _registered(desk, officer)
    secret = await desk.house.box.secret()
    keys = Decoys(secret).beside(officer, known.keys, party_of(desk), known.lengths, known.most)
    claims = reading(officer, known.role, await desk.house.callers.log_name())
    claims = claims.model_copy(update={"jti": new_command_id()})
    desk.ceremonies.keep(cookie_of(request), SigningIn(claims, keys, form.one(TO)))
    asks = passkey.request(claims.content, keys)
    return _page("passkey_sign_in.html", officer=officer, asks=asks, token=form.one("token"))


async def sign_in(desk: Desk, request: Request, form: Form) -> Response:
    """Begin a session for whoever signed in, under a name that the browser did not have before.

    :raises Problem: what came does not show it.
    """
    asked = desk.ceremonies.take(cookie_of(request))
    if not isinstance(asked, SigningIn):
        raise _too_late()
    try:
        given = given_of(form.values)
        key = next((each for each in asked.keys if each.credential == given.id), None)
        if key is None:
            raise ProofError("the passkey is another one")
        token = passkey.token(asked.claims.content, key, given.response)
        # Before it is asked whose it is, so that a passkey of nobody's fails here, like any other.
        Token(token).payload(key)
    except ProofError as error:
        raise Problem(403, "proof_invalid", f"You are not signed in: {error}.") from error
    found = await desk.house.callers.proven(f"Bearer {token}")
    if isinstance(found, Refusal):
        raise Problem(403, found.code, f"You are not signed in: {found.message}.")
    session = desk.sessions.begin(found.officer, HeldPasskey(key), found.role)
    return keep(gone_to(going_to(asked.to)), session.name, desk.origin)


async def new(desk: Desk, request: Request) -> Response:
    """Show the form on which somebody says whom a new passkey is for. A browser gets a name for it, unless
    somebody has signed in with it."""
    name = cookie_of(request)
    if desk.sessions.used(name) is None:
        name = secrets.token_urlsafe(32)
    shown = _page("passkey_new.html", token=desk.sessions.token(name))
    return keep(shown, name, desk.origin)


async def make(desk: Desk, request: Request, form: Form) -> Response:
    """Ask for the roles; then the browser for a passkey; then, with it, for a signature that shows it is
    held; then give the card that two registrars need.

    :raises Problem: a name is none, or the browser's answer is not what it was asked for.
    """
    name = cookie_of(request)
    try:
        if not form.one("step"):
            return await _named(desk, form)
        if form.one("step") == "roles":
            return await _asked(desk, name, form)
        making = desk.ceremonies.take(name)
        if not isinstance(making, Making):
            raise _too_late()
        if making.key is None:
            return _made(desk, name, making, form)
        return _carded(making, making.key, form)
    except ProofError as error:
        raise Problem(422, "proof_invalid", f"No passkey was made: {error}.") from error


class _Whom(NamedTuple):
    """The person that a new passkey is for."""

    officer: str
    person: str
    organisation: str


def _whom(form: Form) -> _Whom:
    try:
        return _Whom(*(_IDENTIFIER.validate_python(form.one(each).strip()) for each in _Whom._fields))
    except ValidationError as error:
        raise Problem(422, "malformed", f"A name is not one: {first_problem(error)}") from error


async def _named(desk: Desk, form: Form) -> Response:
    """Ask in which roles: those that a registrar would give to somebody of that organisation."""
    whom = _whom(form)
    roles = await given_in(desk.house.reader, whom.organisation)
    return _page("passkey_roles.html", whom=whom, roles=roles, token=form.one("token"))


async def _asked(desk: Desk, name: str, form: Form) -> Response:
    officer, person, organisation = _whom(form)
    offered = await given_in(desk.house.reader, organisation)
    roles = tuple(role for role in offered if role in form.all("role"))
    if len(roles) < len(set(form.all("role"))):
        raise Problem(422, "malformed", f"Nobody of {organisation} is given such a role.")
    says = Possession(stream=officer_stream(officer), person=person, organisation=organisation, roles=roles)
    challenge = secrets.token_bytes(32)
    desk.ceremonies.keep(name, Making(officer, says, challenge))
    asks = creation(party_of(desk), officer, challenge)
    return _page("passkey_make.html", officer=officer, asks=asks, step="create", token=form.one("token"))


def _made(desk: Desk, name: str, making: Making, form: Form) -> Response:
    try:
        said = _OBJECT.validate_json(form.one("credential"))
    except ValidationError:
        raise ProofError("the browser gave none") from None
    key = created(said, party_of(desk), making.challenge)
    desk.ceremonies.keep(name, Making(making.officer, making.says, making.challenge, key))
    asks = passkey.request(making.says.content, [key])
    return _page("passkey_make.html", officer=making.officer, asks=asks, step="get", token=form.one("token"))


def _carded(making: Making, key: Passkey, form: Form) -> Response:
    card = Card(
        officer=making.officer,
        person=making.says.person,
        organisation=making.says.organisation,
        roles=making.says.roles,
        public_key=key,
        possession=HeldPasskey(key).signed(making.says.content, form.values),
    )
    return _page("passkey_card.html", card=card.model_dump_json(indent=2), officer=making.officer)


def party_of(desk: Desk) -> RelyingParty:
    """The desk as passkeys know it: by its origin, and the host's name in it."""
    return RelyingParty(rp=urlsplit(desk.origin).hostname or "", origin=desk.origin)


class _Known(NamedTuple):
    """The register's entry of a name: passkeys for this desk that are valid now, and the role to begin in;
    ``lengths``: in bytes, of the ids of everybody's here; ``most``: so many were registered of somebody."""

    keys: tuple[Passkey, ...]
    role: Role
    lengths: frozenset[int]
    most: int


async def _registered(desk: Desk, officer: str) -> _Known:
    """All are read, whoever is asked for."""
    now = datetime.now(UTC)
    keys: list[Passkey] = []
    roles: frozenset[Role] = frozenset()
    lengths: set[int] = set()
    most = 0
    for row in await desk.house.reader.officers():
        here = [key for key in row.keys if key.passkey is not None and key.passkey.origin == desk.origin]
        lengths |= {len(read_base64url(key.passkey.credential)) for key in here if key.passkey is not None}
        # Those that ended count as well: the number would tell when one does.
        most = max(most, len(here))
        if row.officer == officer and row.person is not None:
            roles = held(row, now)
            keys = [key.passkey for key in here if key.passkey is not None and key.at(now)]
    role = next((role for role in Role if role in roles), None)
    if role is None:
        return _Known((), Role.APPLICANT, frozenset(lengths), most)
    return _Known(tuple(keys), role, frozenset(lengths), most)


def _too_late() -> Problem:
    return Problem(403, "too_late", "That took too long, or was asked for in another window. Begin anew.")
