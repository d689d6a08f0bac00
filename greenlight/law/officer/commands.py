"""What can be asked of the register of officers. A command's stream names the officer it is about."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from greenlight.kernel.authority import Role
from greenlight.kernel.decider import Body
from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.law.officer.keys import KeyId, PublicKey


class Term(Model):
    """From when until before when. ``valid_from`` None: from now on; ``valid_until`` None: without end."""

    valid_from: Instant | None = None
    valid_until: Instant | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValueError("valid_until must come after valid_from")
        return self


class RoleTerm(Term):
    role: Role


class KeyTerm(Term):
    public_key: PublicKey


class AddOfficer(Body):
    """Register a signatory: the human being, whom they act for, their first key and their roles."""

    person: Identifier
    organisation: Identifier
    key: KeyTerm
    roles: Annotated[tuple[RoleTerm, ...], Field(max_length=20)] = ()


class GrantRole(Body):
    grant: RoleTerm


class RevokeRole(Body):
    """Take a role away, from now on: what was signed in it stays."""

    role: Role


class AddKey(Body):
    key: KeyTerm


class RevokeKey(Body):
    """Take a key away, from now on: what it signed stays."""

    kid: KeyId


COMMANDS: dict[str, type[Body]] = {
    "add_officer": AddOfficer,
    "grant_role": GrantRole,
    "revoke_role": RevokeRole,
    "add_key": AddKey,
    "revoke_key": RevokeKey,
}
