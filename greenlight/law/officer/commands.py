"""The commands that the register of officers takes. A command's stream names the officer it is about.

What adds something is only proposed by the registrar who sends it: it takes effect when another confirms it.
What takes something away does so at once.
"""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from greenlight.kernel.authority import MAX_TOKEN_CHARACTERS
from greenlight.kernel.body import Body, commands
from greenlight.kernel.model import Digest, Identifier, Instant, Model
from greenlight.kernel.roles import Role
from greenlight.law.officer.keys import Development, KeyId, OfficerKey
from greenlight.law.officer.particulars import Particulars


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
    public_key: OfficerKey
    development: Development = False


Signed = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", max_length=MAX_TOKEN_CHARACTERS
    ),
    Field(description="A `Possession`, signed with the new key: a token like a command's."),
]


class AddOfficer(Body, by={Role.REGISTRAR}):
    """Propose a signatory: the human being, whom they act for, their first key and their roles."""

    person: Identifier
    organisation: Identifier
    key: KeyTerm
    possession: Signed
    roles: Annotated[tuple[RoleTerm, ...], Field(max_length=20)] = ()
    particulars: Annotated[Particulars | None, Field(exclude_if=lambda said: said is None)] = None


class StateParticulars(Body, by={Role.REGISTRAR}):
    """Propose what letters call an officer, and where their organisation's letters go.

    It replaces all that was said before.
    """

    particulars: Particulars


class GrantRole(Body, by={Role.REGISTRAR}):
    """Propose a further role for an officer."""

    grant: RoleTerm


class RevokeRole(Body, by={Role.REGISTRAR}):
    """Take a role away, from now on: what was signed in it stays."""

    role: Role


class AddKey(Body, by={Role.REGISTRAR}):
    """Propose a further key for an officer."""

    key: KeyTerm
    possession: Signed


class RevokeKey(Body, by={Role.REGISTRAR}):
    """Take a key away, from now on: what it signed stays."""

    kid: KeyId


Waiting = Annotated[Digest, Field(description="Of the change that waits, as `officer list` prints it.")]


class ConfirmChange(Body, by={Role.REGISTRAR}):
    """Have a change take effect that another registrar proposed."""

    change: Waiting


class DiscardChange(Body, by={Role.REGISTRAR}):
    """Give up a change that waits for a second registrar."""

    change: Waiting


Asked = AddOfficer | GrantRole | AddKey | StateParticulars
"""Commands that take two registrars."""

COMMANDS = commands(
    AddOfficer, StateParticulars, GrantRole, RevokeRole, AddKey, RevokeKey, ConfirmChange, DiscardChange
)
"""Commands that come from outside, by the name of their update and signal."""
