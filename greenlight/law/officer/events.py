"""The events of an officer's registration."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import absent, says
from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.kernel.roles import Actor, Role
from greenlight.law.officer.keys import KeyId, RegisteredKey

_SIGNED = "only a signed command can lead to this"

_REGISTRAR: dict[str, JsonValue] = {"roles": [{"role": Role.REGISTRAR}]}

# The first officer has nobody who could sign for the registration, and registers all others. The register,
# which must show it, is what tells that there is none before.
_FIRST_OF_ALL = (
    absent("officer", {}, message=_SIGNED),
    says({**_REGISTRAR, "shown": _REGISTRAR, "sole": True}, message=_SIGNED),
)


class HeldRole(Model):
    """A role held from ``valid_from`` until before ``valid_until`` (None: no end is set)."""

    role: Role
    valid_from: Instant
    valid_until: Instant | None


class OfficerAdded(Event, unsigned=_FIRST_OF_ALL):
    """``by`` is None for the first officer of all, a registrar, whom nobody could have registered."""

    type: Literal["OfficerAdded"] = "OfficerAdded"
    by: Actor | None
    officer: Identifier
    person: Identifier
    organisation: Identifier
    key: RegisteredKey
    roles: tuple[HeldRole, ...]


class RoleGranted(Event):
    type: Literal["RoleGranted"] = "RoleGranted"
    by: Actor
    grant: HeldRole


class RoleRevoked(Event):
    """Every term of the role that had not ended by ``at`` ends then."""

    type: Literal["RoleRevoked"] = "RoleRevoked"
    by: Actor
    role: Role


class KeyAdded(Event):
    type: Literal["KeyAdded"] = "KeyAdded"
    by: Actor
    key: RegisteredKey


class KeyRevoked(Event):
    type: Literal["KeyRevoked"] = "KeyRevoked"
    by: Actor
    kid: KeyId


OfficerEvent = OfficerAdded | RoleGranted | RoleRevoked | KeyAdded | KeyRevoked

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[OfficerEvent | CommandRefused, Field(discriminator="type")]
)
