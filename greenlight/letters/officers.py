"""Officers as letters name them, by what the register had of them when the letter became due."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from pydantic import BaseModel

from greenlight.kernel.model import JsonObject
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.particulars import Particulars
from greenlight.letters.content import Records

Register = Mapping[str, Records]
"""Of each officer the records before the event that calls for the letter."""


class Officers:
    """Those whom the events of a letter name."""

    def __init__(self, register: Register) -> None:
        self._register = register

    @cached_property
    def _known(self) -> dict[str, Particulars]:
        states = {officer: OFFICER.replay(None, records) for officer, records in self._register.items()}
        return {officer: said for officer, state in states.items() if state and (said := state.particulars)}

    def of(self, officer: str) -> Particulars | None:
        return self._known.get(officer)

    def named(self, actor: Actor) -> str:
        """As ``called`` has whoever acted."""
        return self.called(actor.officer, actor.role)

    def called(self, officer: str, role: Role) -> str:
        """``Olga Lind, Licensing Officer (olga)``: without a name on record by the id alone, without a title
        by the role."""
        said = self.of(officer)
        name, title = (said.name, said.title) if said else (None, None)
        title = title or role.replace("_", " ")
        return f"{name}, {title} ({officer})" if name else f"{officer}, {title}"

    @property
    def streams(self) -> JsonObject:
        """The records that a letter rests on beside those of its case."""
        return {officer_stream(officer): list(self._register[officer]) for officer in sorted(self._known)}


def officers_in(records: Iterable[str]) -> frozenset[str]:
    """All who acted in the events, by their ids."""
    found: set[str] = set()
    for record in records:
        acted = _Acted.model_validate_json(record)
        found.update(each.officer for each in (acted.by, acted.author) if each is not None)
    return frozenset(found)


class _Acted(BaseModel):
    """Of any event, who acted."""

    by: Actor | None = None
    author: Actor | None = None
