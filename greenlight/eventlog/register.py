"""The register of officers as the events tell it, to hold proofs against long after they were given."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.authority import Claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.decide import effect, not_confirmed_by, not_proposed_by
from greenlight.law.officer.events import (
    ChangeProposed,
    FounderRegistered,
    KeyAdded,
    OfficerAdded,
    ParticularsStated,
    RoleGranted,
    as_sent,
)
from greenlight.law.officer.keys import OfficerKey, RegisteredKey
from greenlight.law.officer.possession import NewKey, Possession, new_key
from greenlight.law.officer.state import OfficerState
from greenlight.signing.algorithm import ProofError
from greenlight.signing.possession import check
from greenlight.signing.tokens import Token


class Register:
    """Grows with the officers, not with the log."""

    def __init__(self) -> None:
        self._officers: dict[str, OfficerState] = {}
        self._owners: dict[str, str] = {}
        self._founders: set[str] = set()
        self._called: dict[str, list[tuple[datetime, str | None]]] = {}
        self._founded_at: datetime | None = None
        # In older logs one registrar alone registered. From the first sign on that it takes two, it does.
        self._by_two = False
        self._counted: dict[str, tuple[int, str]] = {}

    def founds(self, stored: StoredEvent) -> bool:
        """Tell whether nobody has to have signed it: it registers one of the first officers, with whom the
        log begins in one commit."""
        if stored.type == FounderRegistered.__name__:
            return not self._officers or self._founded_at == stored.recorded_at
        return stored.type == OfficerAdded.__name__ and not self._officers

    def add(self, stored: StoredEvent) -> None:
        """Take in the next event of an officer's stream.

        :raises ValueError: it cannot be one, not by whom it is or not without a second registrar, nothing
            shows that a new key is held, or the key has an owner.
        """
        event = OFFICER.read(stored.record)
        before = self._officers.get(stored.stream)
        self._by_right(stored, before, event)
        state = OFFICER.apply(before, event)
        if isinstance(event, FounderRegistered | OfficerAdded | KeyAdded):
            if event.key.kid != event.key.public_key.kid:
                raise ValueError("the key id is another key's")
            if self._owners.setdefault(event.key.kid, stored.stream) != stored.stream:
                raise ValueError("the key is another officer's")
        if state is not None:
            self._officers[stored.stream] = state
        if isinstance(event, FounderRegistered | OfficerAdded | ParticularsStated):
            said = event.particulars.called if event.particulars else None
            self._called.setdefault(stored.stream, []).append((stored.recorded_at, said))

    def _by_right(self, stored: StoredEvent, before: OfficerState | None, event: Event) -> None:
        match event:
            case FounderRegistered():
                if stored.proof is not None or not self.founds(stored):
                    raise ValueError("nobody founds a register that has begun")
                roles = tuple(held.role for held in event.roles)
                says = Possession(
                    stream=stored.stream, person=event.person, organisation=event.organisation, roles=roles
                )
                _possessed(NewKey(event.key.public_key, event.possession, says))
                self._founders.add(event.person)
                self._founded_at, self._by_two = stored.recorded_at, True
                return
            case ChangeProposed():
                if stored.stream != officer_stream(event.officer):
                    raise ValueError("it is of another officer")
                self._by_two = True
                self._signed(stored, event.asked.declared.name, as_sent(event.asked))
                if new := new_key(event.officer, before, event.asked):
                    _possessed(new)
                refusal = not_proposed_by(before, event, event.by)
            case OfficerAdded() | ParticularsStated() | RoleGranted() | KeyAdded() if (
                event.change is not None or self._by_two
            ):
                proposed = before.waiting(event.change) if before and event.change else None
                if before is None or proposed is None or event.by is None:
                    raise ValueError("no change of that digest waited for a second registrar")
                if effect(proposed, event.by, event.at) != event:
                    raise ValueError("it is not the change that was proposed")
                self._signed(stored, "confirm_change", {"change": proposed.change})
                refusal = not_confirmed_by(before, proposed, event.by)
            case _:
                return
        if refusal is not None:
            raise ValueError(refusal.message)
        if self._founded_at is not None and len(self._founders) < 2:
            raise ValueError("the register was founded by one registrar alone")

    def _signed(self, stored: StoredEvent, name: str, body: JsonObject) -> None:
        """That an event has a proof, and by whom, is found out before it is taken in here."""
        if stored.proof is None:
            return
        claims = self.claims(stored.proof)
        if (claims.cmd, claims.body) != (name, digest(body)):
            raise ValueError("the registrar signed something else")

    def claims(self, proof: str) -> Claims:
        """The claims of a token, if the registered key that it names signed it.

        :raises ProofError: the key is unknown, or did not sign the token.
        """
        token = Token(proof)
        return token.claims(self._key(token.kid).public_key)

    def objection(
        self, proof: str, claims: Claims, at: datetime, *, expires: bool = True, refused: bool = False
    ) -> str | None:
        """Say why the sender could not do what they claim at that instant; None if they could.

        ``expires`` False: by then it was on record, and is only carried out. ``refused``: to be refused, it
        is enough to be the sender.
        """
        key = self._key(Token(proof).kid)
        officer = self._officers[self._owners[key.kid]]
        if officer.officer != claims.sub:
            return "the key is another officer's"
        if not _valid(key, at):
            return "the key was not valid"
        if (officer.person, officer.organisation) != (claims.person, claims.org):
            return "the register holds another person or organisation"
        if refused:
            return None
        if claims.role not in _held(officer, at):
            return f"{claims.sub} did not hold the role {claims.role}"
        if expires and claims.exp <= at.timestamp():
            return "the proof had expired"
        return None

    def count(self, proof: str) -> str | None:
        """Say why a passkey cannot have made this signature after the last one that was counted; None: it
        could, and is counted."""
        token = Token(proof)
        counter = token.counter
        if counter is None:
            return None
        before, last = self._counted.get(token.kid, (0, proof))
        if last != proof and counter <= before and before > 0:
            return RefusalCode.COUNTER_WENT_BACK.meaning
        self._counted[token.kid] = counter, proof
        return None

    def public_key(self, kid: str) -> OfficerKey:
        """:raises ProofError: the key is not registered."""
        return self._key(kid).public_key

    def person(self, kid: str, officer: str, roles: AbstractSet[Role], at: datetime) -> str | None:
        """Whose registered key it was at that instant, if they are that officer and held one of the roles."""
        key, found = self._key(kid), self._officers[self._owners[kid]]
        entitled = found.officer == officer and _valid(key, at) and bool(roles & _held(found, at))
        return found.person if entitled else None

    def held(self, stream: str, at: datetime) -> frozenset[Role] | None:
        """The roles that the officer of that stream held; None: nobody is registered there."""
        officer = self._officers.get(stream)
        return _held(officer, at) if officer is not None else None

    def called(self, stream: str, at: datetime) -> str | None:
        """The name of the organisation of that stream's officer, as it was on record at that instant."""
        told = [name for since, name in self._called.get(stream, ()) if since <= at]
        return told[-1] if told else None

    def _key(self, kid: str) -> RegisteredKey:
        owner = self._owners.get(kid)
        if owner is None:
            raise ProofError("the key is not registered")
        return next(key for key in self._officers[owner].keys if key.kid == kid)


def _possessed(new: NewKey) -> None:
    try:
        check(new)
    except ProofError as error:
        raise ValueError(f"the proof that the new key is held: {error}") from error


def _valid(key: RegisteredKey, at: datetime) -> bool:
    return key.valid_from <= at and not _ended(key.valid_until, at) and not _ended(key.revoked_at, at)


def _held(officer: OfficerState, at: datetime) -> frozenset[Role]:
    found = (role for role in officer.roles if role.valid_from <= at and not _ended(role.valid_until, at))
    return frozenset(role.role for role in found)


def _ended(end: datetime | None, at: datetime) -> bool:
    return end is not None and end <= at
