"""The commands that the register of officers takes. A command's stream names the officer it is about."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from greenlight.kernel.body import Body, commands
from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.kernel.roles import Role
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


class AddOfficer(Body, by={Role.REGISTRAR}):
    """Register a signatory: the human being, whom they act for, their first key and their roles."""

    person: Identifier
    organisation: Identifier
    key: KeyTerm
    roles: Annotated[tuple[RoleTerm, ...], Field(max_length=20)] = ()


class GrantRole(Body, by={Role.REGISTRAR}):
    grant: RoleTerm


class RevokeRole(Body, by={Role.REGISTRAR}):
    """Take a role away, from now on: what was signed in it stays."""

    role: Role


class AddKey(Body, by={Role.REGISTRAR}):
    key: KeyTerm


class RevokeKey(Body, by={Role.REGISTRAR}):
    """Take a key away, from now on: what it signed stays."""

    kid: KeyId


COMMANDS = commands(AddOfficer, GrantRole, RevokeRole, AddKey, RevokeKey)
"""Commands that come from outside, by the name of their update and signal."""
