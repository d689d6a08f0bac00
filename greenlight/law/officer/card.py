"""The card of a new key, which goes from its holder to the registrars. No word of it is secret."""

from typing import Annotated

from pydantic import Field

from greenlight.kernel.model import Identifier, Model
from greenlight.kernel.roles import Role
from greenlight.law.officer.commands import AddOfficer, KeyTerm, RoleTerm, Signed
from greenlight.law.officer.keys import Bytes32, OfficerKey, PublicKey
from greenlight.law.officer.particulars import Particulars


class Card(Model):
    """The card that a registrar is given of a new key: whom it is for, and the proof that they hold it."""

    officer: Identifier
    person: Identifier
    organisation: Identifier
    roles: tuple[Role, ...] = ()
    public_key: Annotated[Bytes32 | OfficerKey, Field(description="A key in software by its 32 bytes alone.")]
    possession: Signed
    particulars: Annotated[Particulars | None, Field(exclude_if=lambda said: said is None)] = None

    @property
    def key(self) -> KeyTerm:
        key = self.public_key
        return KeyTerm(public_key=PublicKey(x=key) if isinstance(key, str) else key)

    @property
    def registration(self) -> AddOfficer:
        return AddOfficer(
            person=self.person,
            organisation=self.organisation,
            key=self.key,
            possession=self.possession,
            roles=tuple(RoleTerm(role=role) for role in self.roles),
            particulars=self.particulars,
        )
