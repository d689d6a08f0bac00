"""The events of an officer's registration."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue, PlainSerializer, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.canonical import digest_bytes
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import absent, exists, never, says
from greenlight.kernel.model import Digest, Identifier, Instant, JsonObject, Model
from greenlight.kernel.roles import Actor, Role
from greenlight.law.officer.commands import (
    AddKey,
    AddOfficer,
    Asked,
    ConfirmChange,
    DiscardChange,
    GrantRole,
    RevokeKey,
    RevokeRole,
    Signed,
    StateParticulars,
)
from greenlight.law.officer.keys import KeyId, RegisteredKey
from greenlight.law.officer.particulars import Particulars
from greenlight.law.officer.refusals import OfficerRefusal

_FOUNDING = "a register begins in one commit with two registrars or more, who are nothing else"

_REGISTRAR: dict[str, JsonValue] = {"roles": [{"role": Role.REGISTRAR}]}

# The first officers have nobody who could sign for them, and register all others. The register, which must
# show them, is what tells that there are none before.
_NOBODY_YET = (absent("officer", {}, message="only a signed command can lead to this"),)
_FOUNDED_BY_TWO = (
    *_NOBODY_YET,
    says({**_REGISTRAR, "shown": _REGISTRAR}, message=_FOUNDING),
    never('$.roles[*].role != "registrar"', message=_FOUNDING),
    never(
        '!exists($.together[*] ? (@.type == "FounderRegistered" && @.person != $.person))', message=_FOUNDING
    ),
)

# In the table are persons: another account of one is no second registrar.
_NOT_FOR_ONESELF = absent(
    "officer",
    {"officer": "{key}", "person": "{by.person}"},
    otherwise=OfficerRefusal.OWN_REGISTRATION,
    message=OfficerRefusal.OWN_REGISTRATION.meaning,
)
_WAITING = {"officer": "{key}", "change": "{change}"}
_BY_TWO = (
    exists(
        "officer_change",
        _WAITING,
        otherwise=OfficerRefusal.NO_SUCH_CHANGE,
        message=OfficerRefusal.NO_SUCH_CHANGE.meaning,
    ),
    absent(
        "officer_change",
        {**_WAITING, "proposed_by": "{by.person}"},
        otherwise=OfficerRefusal.OWN_PROPOSAL,
        message=OfficerRefusal.OWN_PROPOSAL.meaning,
    ),
    absent(
        "officer_change",
        {**_WAITING, "person": "{by.person}"},
        otherwise=OfficerRefusal.OWN_REGISTRATION,
        message=OfficerRefusal.OWN_REGISTRATION.meaning,
    ),
)


def as_sent(asked: Asked) -> JsonObject:
    """The body of a command with the members that were given, and no others."""
    return asked.model_dump(mode="json", exclude_unset=True)


class HeldRole(Model):
    """A role held from ``valid_from`` until before ``valid_until`` (None: no end is set)."""

    role: Role
    valid_from: Instant
    valid_until: Instant | None

    def at(self, now: datetime) -> bool:
        """Tell whether it is held at an instant."""
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


Stated = Annotated[Particulars | None, Field(exclude_if=lambda said: said is None)]


class FounderRegistered(Event, unsigned=_FOUNDED_BY_TWO, requires=_NOBODY_YET):
    """One of the first officers, all of them registrars, with whom the register begins."""

    type: Literal["FounderRegistered"] = "FounderRegistered"
    officer: Identifier
    person: Identifier
    organisation: Identifier
    key: RegisteredKey
    possession: Signed
    roles: tuple[HeldRole, ...]
    particulars: Stated = None


class ChangeProposed(
    Event, of={AddKey, AddOfficer, GrantRole, StateParticulars}, requires=(_NOT_FOR_ONESELF,)
):
    """A change that takes effect when another registrar confirms it. ``asked`` is on record as it was sent,
    so that it can be held against the signature."""

    type: Literal["ChangeProposed"] = "ChangeProposed"
    by: Actor
    officer: Identifier
    asked: Annotated[Asked, PlainSerializer(as_sent, when_used="json")]

    @property
    def change(self) -> Digest:
        """The digest by which it is confirmed: all that is on record of it."""
        return digest_bytes(self.record().encode())


class ChangeDiscarded(Event, of={DiscardChange}):
    type: Literal["ChangeDiscarded"] = "ChangeDiscarded"
    by: Actor
    change: Digest


class OfficerAdded(Event, of={ConfirmChange}, requires=_BY_TWO):
    """``by`` confirmed the ``change``. In older logs one registrar alone registered, and the change is None;
    the first of all nobody could register, and ``by`` is None."""

    type: Literal["OfficerAdded"] = "OfficerAdded"
    by: Actor | None
    officer: Identifier
    person: Identifier
    organisation: Identifier
    key: RegisteredKey
    roles: tuple[HeldRole, ...]
    change: Digest | None = None
    particulars: Stated = None


class ParticularsStated(Event, of={ConfirmChange}, requires=_BY_TWO):
    """The name by which letters call the officer from now on; as ``OfficerAdded``."""

    type: Literal["ParticularsStated"] = "ParticularsStated"
    by: Actor
    particulars: Particulars
    change: Digest


class RoleGranted(Event, of={ConfirmChange}, requires=_BY_TWO):
    """As ``OfficerAdded``."""

    type: Literal["RoleGranted"] = "RoleGranted"
    by: Actor
    grant: HeldRole
    change: Digest | None = None


class RoleRevoked(Event, of={RevokeRole}):
    """Every term of the role that had not ended by ``at`` ends then."""

    type: Literal["RoleRevoked"] = "RoleRevoked"
    by: Actor
    role: Role


class KeyAdded(Event, of={ConfirmChange}, requires=_BY_TWO):
    """As ``OfficerAdded``."""

    type: Literal["KeyAdded"] = "KeyAdded"
    by: Actor
    key: RegisteredKey
    change: Digest | None = None


class KeyRevoked(Event, of={RevokeKey}):
    type: Literal["KeyRevoked"] = "KeyRevoked"
    by: Actor
    kid: KeyId


OfficerEvent = (
    FounderRegistered
    | ChangeProposed
    | ChangeDiscarded
    | OfficerAdded
    | ParticularsStated
    | RoleGranted
    | RoleRevoked
    | KeyAdded
    | KeyRevoked
)

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[OfficerEvent | CommandRefused, Field(discriminator="type")]
)
