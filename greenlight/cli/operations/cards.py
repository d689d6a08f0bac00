"""Cards of new keys: what goes from who is to be registered to the registrar."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from greenlight.cli.base.options import faulty
from greenlight.cli.base.output import fail
from greenlight.cli.base.session import USAGE
from greenlight.kernel.model import Identifier, Model
from greenlight.kernel.roles import Role
from greenlight.law.officer.commands import AddOfficer, KeyTerm, RoleTerm, Signed
from greenlight.law.officer.keys import Bytes32, OfficerKey, PublicKey
from greenlight.law.officer.particulars import Particulars


class Card(Model):
    """What a registrar is given of a new key: whom it is for, and the proof that they hold it."""

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


def read_card(file: Path) -> Card:
    """The card in a file, or the end of the command with what is wrong with it."""
    try:
        return Card.model_validate_json(file.read_bytes())
    except OSError as error:
        raise fail(USAGE, f"{file}: {error.strerror}") from None
    except ValidationError as error:
        raise faulty(error, str(file)) from None
