"""The statement that the holder of a new key signs with it: for whom the key is, and in which roles.

Without it a registrar could register another's public key, or one that nobody holds, as an officer's.
"""

from typing import Literal, NamedTuple

from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import canonical
from greenlight.kernel.model import Identifier, Model
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.commands import AddKey, AddOfficer
from greenlight.law.officer.keys import OfficerKey
from greenlight.law.officer.state import OfficerState


class Possession(Model):
    """The claims that are signed: no command's claims have this form. ``roles`` are those that are asked for
    together with the key, in their order: none for a further key."""

    use: Literal["possession"] = "possession"
    stream: StreamId
    person: Identifier
    organisation: Identifier
    roles: tuple[Role, ...] = ()

    @property
    def content(self) -> bytes:
        return canonical(self.model_dump(mode="json"))


class NewKey(NamedTuple):
    """A key that is asked for, what was signed with it, and what that must say."""

    key: OfficerKey
    signed: str
    says: Possession


def new_key(officer: str, state: OfficerState | None, asked: Body) -> NewKey | None:
    """The key that a command would add; None: it adds none, or to nobody."""
    stream = officer_stream(officer)
    match asked, state:
        case AddOfficer(), _:
            roles = tuple(term.role for term in asked.roles)
            says = Possession(
                stream=stream, person=asked.person, organisation=asked.organisation, roles=roles
            )
            return NewKey(asked.key.public_key, asked.possession, says)
        case AddKey(), OfficerState(person=str(person), organisation=str(organisation)):
            says = Possession(stream=stream, person=person, organisation=organisation)
            return NewKey(asked.key.public_key, asked.possession, says)
        case _:
            return None
