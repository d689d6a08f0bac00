"""The register of officers as the events tell it, to hold proofs against long after they were given."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.authority import Claims
from greenlight.kernel.roles import Role
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.events import KeyAdded, OfficerAdded
from greenlight.law.officer.keys import PublicKey, RegisteredKey
from greenlight.law.officer.state import OfficerState
from greenlight.signing.algorithm import ProofError
from greenlight.signing.tokens import Token


class Register:
    """Grows with the officers, not with the log."""

    def __init__(self) -> None:
        self._officers: dict[str, OfficerState] = {}
        self._owners: dict[str, str] = {}

    @property
    def empty(self) -> bool:
        return not self._officers

    def add(self, stored: StoredEvent) -> None:
        """Take in the next event of an officer's stream.

        :raises ValueError: it cannot be one, or it registers a key that has an owner.
        """
        event = OFFICER.read(stored.record)
        state = OFFICER.apply(self._officers.get(stored.stream), event)
        if isinstance(event, OfficerAdded | KeyAdded):
            if event.key.kid != event.key.public_key.kid:
                raise ValueError("the key id is another key's")
            if self._owners.setdefault(event.key.kid, stored.stream) != stored.stream:
                raise ValueError("the key is another officer's")
        if state is not None:
            self._officers[stored.stream] = state

    def claims(self, proof: str) -> Claims:
        """The claims of a token, if the registered key that it names signed it.

        :raises ProofError: the key is unknown, or did not sign the token.
        """
        token = Token(proof)
        return token.claims(self._key(token.kid).public_key)

    def objection(self, proof: str, claims: Claims, at: datetime, *, expires: bool = True) -> str | None:
        """Say why the sender could not do what they claim at that instant; None if they could.

        ``expires`` False: by then it was on record, and is only carried out.
        """
        key = self._key(Token(proof).kid)
        officer = self._officers[self._owners[key.kid]]
        if officer.officer != claims.sub:
            return "the key is another officer's"
        if not _valid(key, at):
            return "the key was not valid"
        if (officer.person, officer.organisation) != (claims.person, claims.org):
            return "the register holds another person or organisation"
        if claims.role not in _held(officer, at):
            return f"{claims.sub} did not hold the role {claims.role}"
        if expires and claims.exp <= at.timestamp():
            return "the proof had expired"
        return None

    def public_key(self, kid: str) -> PublicKey:
        """:raises ProofError: the key is not registered."""
        return self._key(kid).public_key

    def person(self, kid: str, officer: str, roles: AbstractSet[Role], at: datetime) -> str | None:
        """Whose registered key it was at that instant, if they are that officer and held one of the roles."""
        key, found = self._key(kid), self._officers[self._owners[kid]]
        entitled = found.officer == officer and _valid(key, at) and bool(roles & _held(found, at))
        return found.person if entitled else None

    def _key(self, kid: str) -> RegisteredKey:
        owner = self._owners.get(kid)
        if owner is None:
            raise ProofError("the key is not registered")
        return next(key for key in self._officers[owner].keys if key.kid == kid)


def _valid(key: RegisteredKey, at: datetime) -> bool:
    return key.valid_from <= at and not _ended(key.valid_until, at) and not _ended(key.revoked_at, at)


def _held(officer: OfficerState, at: datetime) -> frozenset[Role]:
    found = (role for role in officer.roles if role.valid_from <= at and not _ended(role.valid_until, at))
    return frozenset(role.role for role in found)


def _ended(end: datetime | None, at: datetime) -> bool:
    return end is not None and end <= at
