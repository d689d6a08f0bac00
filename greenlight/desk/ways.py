"""Ways to sign: what makes a token of claims, whoever holds the key.

A development key is in a folder on this machine, and the register marks it so. It signs for made-up people on
a log whose registrars have no other keys either: such a log decides nothing. A passkey
is held by a person, who signs in their browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from greenlight.client.keyring import Keyring, KeyringError
from greenlight.eventlog.read import Holder, Reader
from greenlight.kernel.authority import Claims
from greenlight.kernel.model import JsonObject
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.keys import KeyId, Passkey
from greenlight.law.officer.state import OfficerState
from greenlight.law.officer.view import OfficerRow
from greenlight.signing import passkey
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import Token, sign


class Way(Protocol):
    """A way to sign, of somebody who has shown that a key is theirs."""

    @property
    def kid(self) -> KeyId:
        """The key."""
        ...

    @property
    def called(self) -> str:
        """The name that people have for it."""
        ...

    def asks(self, claims: Claims) -> JsonObject | None:
        """The request that the browser is given; None: nothing is asked of it, it is signed here."""
        ...

    def token(self, claims: Claims, given: Mapping[str, str]) -> str:
        """The signed claims, with what the browser gave.

        :raises ProofError: that is not what was asked for.
        """
        ...


@dataclass(frozen=True, slots=True)
class DevelopmentKey:
    """A key of a made-up person, marked so in the register."""

    key: SigningKey = field(repr=False)

    @property
    def kid(self) -> KeyId:
        return self.key.public.kid

    @property
    def called(self) -> str:
        return "development key"

    def asks(self, claims: Claims) -> None:
        return None

    def token(self, claims: Claims, given: Mapping[str, str]) -> str:
        return sign(claims, self.key)


class Given(BaseModel):
    """A browser's answer to a request for a signature (``PublicKeyCredential.toJSON``)."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: str
    response: passkey.Assertion


def given_of(values: Mapping[str, str]) -> Given:
    """The browser's answer in a form.

    :raises ProofError: there is none.
    """
    try:
        return Given.model_validate_json(values.get("credential", ""))
    except ValidationError as error:
        raise ProofError("the browser gave no signature") from error


@dataclass(frozen=True, slots=True)
class HeldPasskey:
    """A passkey: whoever holds it signs in their browser, each time anew."""

    key: Passkey

    @property
    def kid(self) -> KeyId:
        return self.key.kid

    @property
    def called(self) -> str:
        return "passkey"

    def asks(self, claims: Claims) -> JsonObject:
        return passkey.request(claims.content, [self.key])

    def token(self, claims: Claims, given: Mapping[str, str]) -> str:
        return self.signed(claims.content, given)

    def signed(self, content: bytes, given: Mapping[str, str]) -> str:
        """The token of content that a browser was asked to sign, looked at before anybody else does.

        :raises ProofError: that is not what was asked for.
        """
        text = passkey.token(content, self.key, given_of(given).response)
        Token(text).payload(self.key)
        return text


class Person(NamedTuple):
    """Somebody who can sign in, and their roles in the order of the law."""

    officer: str
    organisation: str
    roles: tuple[Role, ...]


class DevelopmentKeys:
    """The keys of made-up people in a folder."""

    def __init__(self, folder: Path) -> None:
        self._keyring = Keyring(folder)
        self._made_up: dict[Holder, bool] = {}

    async def count(self, reader: Reader) -> bool:
        """Tell whether the log is one of development: no registrar has another key. It may be so no longer
        from one moment to the next.

        :raises LogUnavailableError: the register cannot be read.
        """
        registrars = await reader.holders(Role.REGISTRAR)
        # At another version it may hold another key.
        known = {each: self._made_up[each] for each in registrars if each in self._made_up}
        for each in registrars:
            if each not in known:
                state = await _registered(reader, each.officer)
                known[each] = all(key.development for key in state.keys)
        self._made_up = known
        return all(known.values())

    async def people(self, reader: Reader) -> tuple[Person, ...]:
        """Those who can sign with them; nobody, on a log whose registrars have other keys.

        :raises LogUnavailableError: the register cannot be read.
        """
        if not await self.count(reader):
            return ()
        now = datetime.now(UTC)
        known = {row.officer: row for row in await reader.officers() if row.person is not None}
        found: list[Person] = []
        for officer in self._keyring.officers():
            row = known.get(officer)
            if row is None or row.organisation is None or await self.way(reader, officer) is None:
                continue
            roles = tuple(role for role in Role if role in held(row, now) and role is not Role.REGISTRAR)
            if roles:
                found.append(Person(officer, row.organisation, roles))
        return tuple(found)

    async def way(self, reader: Reader, officer: str) -> DevelopmentKey | None:
        """The officer's key; None: it is not here, or not marked as one for development."""
        try:
            key = self._keyring.signer(officer).key
        except KeyringError:
            return None
        state = await _registered(reader, officer)
        marked = {each.kid for each in state.keys if each.development}
        return DevelopmentKey(key) if key.public.kid in marked else None


def held(row: OfficerRow, now: datetime) -> frozenset[Role]:
    """The roles that an officer holds now."""
    return frozenset(each.role for each in row.roles if each.at(now))


async def _registered(reader: Reader, officer: str) -> OfficerState:
    state = OfficerState(officer=officer, person=None, organisation=None)
    async for event in reader.stream(officer_stream(officer)):
        state = OFFICER.apply(state, OFFICER.read(event.record)) or state
    return state
