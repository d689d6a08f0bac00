"""Changes of the register of officers, in words."""

from pydantic import TypeAdapter

from greenlight.cli.base.output import local, words
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Instant, JsonObject, Model
from greenlight.law.officer.commands import (
    AddKey,
    AddOfficer,
    Asked,
    GrantRole,
    KeyTerm,
    RoleTerm,
    StateParticulars,
)
from greenlight.law.officer.events import (
    ChangeProposed,
    FounderRegistered,
    HeldRole,
    KeyAdded,
    KeyRevoked,
    OfficerAdded,
    ParticularsStated,
    RoleGranted,
    RoleRevoked,
)
from greenlight.law.officer.keys import OfficerKey, Passkey, RegisteredKey
from greenlight.law.officer.particulars import Particulars

_ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)


class News(Model):
    """A change of what an officer holds; ``by`` is the registrar, None where nobody signed."""

    at: Instant
    what: str
    by: str | None


def asked_for(content: JsonObject) -> str:
    """All that a second registrar would confirm."""
    return _asked(_ASKED.validate_python(content))


def _asked(asked: Asked) -> str:
    match asked:
        case AddOfficer():
            held = ", ".join(map(_term, asked.roles)) or "no role"
            whose = f"{asked.person} of {asked.organisation}"
            said = f", {_stated(asked.particulars)}" if asked.particulars else ""
            return f"register {whose} with {held} and {_term_of(asked.key)}{said}"
        case StateParticulars(particulars=said):
            return f"state {_stated(said)}"
        case GrantRole(grant=term):
            return f"grant {_term(term)}"
        case AddKey(key=key):
            return f"add {_term_of(key)}"


def news(event: Event) -> News | None:
    """The words of an event to the officer whom it is about; None: nothing that they hold is concerned."""
    match event:
        case ChangeProposed(by=by, asked=asked):
            return News(at=event.at, what=f"proposed: {_asked(asked)}", by=by.officer)
        case OfficerAdded(by=by, key=key, roles=roles):
            held = ", ".join(map(_term, roles)) or "no role"
            what = f"registered with {held} and {_key(key.public_key)}"
            return News(at=event.at, what=what, by=by and by.officer)
        case FounderRegistered(key=key, roles=roles):
            held = ", ".join(map(_term, roles))
            return News(at=event.at, what=f"registered with {held} and {_key(key.public_key)}", by=None)
        case ParticularsStated(by=by, particulars=said):
            return News(at=event.at, what=f"stated: {_stated(said)}", by=by.officer)
        case RoleGranted(by=by, grant=grant):
            return News(at=event.at, what=f"granted: {_term(grant)}", by=by.officer)
        case KeyAdded(by=by, key=key):
            return News(at=event.at, what=f"added: {_key(key.public_key)}{_time(key)}", by=by.officer)
        case RoleRevoked(by=by, role=role):
            return News(at=event.at, what=f"revoked: {words(role)}", by=by.officer)
        case KeyRevoked(by=by, kid=kid):
            return News(at=event.at, what=f"key revoked: {kid}", by=by.officer)
        case _:
            return None


def _stated(said: Particulars) -> str:
    """Each in its words, on one line."""
    return ", ".join(
        f"{name} {' / '.join(str(value).splitlines())}" for name, value in said if value is not None
    )


def _key(key: OfficerKey) -> str:
    """Of a passkey also which pages may ask it to sign: whoever confirms it answers for that."""
    return f"the passkey {key.kid} for {key.origin}" if isinstance(key, Passkey) else f"the key {key.kid}"


def _term_of(key: KeyTerm) -> str:
    trial = ", for trying things out" if key.development else ""
    return f"{_key(key.public_key)}{_time(key)}{trial}"


def _term(term: RoleTerm | HeldRole) -> str:
    return words(term.role) + _time(term)


def _time(term: RoleTerm | KeyTerm | HeldRole | RegisteredKey) -> str:
    start = f" from {local(term.valid_from)}" if term.valid_from else ""
    return start + (f" until {local(term.valid_until)}" if term.valid_until else "")
