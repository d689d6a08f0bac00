"""An officer as registered, folded from the events."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, JsonObject, Model
from greenlight.kernel.roles import Role
from greenlight.law.officer.commands import AddOfficer
from greenlight.law.officer.events import (
    ChangeDiscarded,
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
from greenlight.law.officer.keys import RegisteredKey
from greenlight.law.officer.particulars import Particulars


class Stage(StrEnum):
    """``proposed``: nobody yet; a registration waits for a second registrar, or was discarded."""

    PROPOSED = "proposed"
    REGISTERED = "registered"


class OfficerState(Model):
    """Keys and roles with their whole past: who could sign what, when. ``person`` and ``organisation`` are
    None while nobody is registered; ``proposed`` is what waits for a second registrar, oldest first."""

    officer: Identifier
    person: Identifier | None
    organisation: Identifier | None
    keys: tuple[RegisteredKey, ...] = ()
    roles: tuple[HeldRole, ...] = ()
    proposed: tuple[ChangeProposed, ...] = ()
    particulars: Annotated[Particulars | None, Field(exclude_if=lambda said: said is None)] = None

    @property
    def stage(self) -> Stage:
        return Stage.PROPOSED if self.person is None else Stage.REGISTERED

    def waiting(self, change: str) -> ChangeProposed | None:
        """The change of that digest that waits for a second registrar."""
        return next((each for each in self.proposed if each.change == change), None)

    def held(self, at: datetime) -> frozenset[Role]:
        """The roles that are held at ``at``."""
        return frozenset(
            held.role for role in Role for held in self.unended(role, at) if held.valid_from <= at
        )

    def unended(self, role: Role, at: datetime) -> tuple[HeldRole, ...]:
        """The terms of ``role`` that run at ``at`` or begin later."""
        return tuple(
            held
            for held in self.roles
            if held.role is role and (held.valid_until is None or held.valid_until > at)
        )


def concerned(state: OfficerState | None, proposed: ChangeProposed) -> Identifier | None:
    """The person whom a change is about."""
    if isinstance(proposed.asked, AddOfficer):
        return proposed.asked.person
    return state.person if state else None


def evolve(state: OfficerState | None, event: Event) -> OfficerState:
    """The state after ``event``. Total on recorded streams: the first event registers, or proposes to."""
    match event, state:
        case ChangeProposed(officer=officer), None:
            return OfficerState(officer=officer, person=None, organisation=None, proposed=(event,))
        case ChangeProposed(), OfficerState():
            return state.model_copy(update={"proposed": (*state.proposed, event)})
        case ChangeDiscarded(change=change), OfficerState():
            return state.model_copy(update={"proposed": _without(state, change)})
        case OfficerAdded() | FounderRegistered(), None | OfficerState(person=None):
            return OfficerState(
                officer=event.officer,
                person=event.person,
                organisation=event.organisation,
                keys=(event.key,),
                roles=event.roles,
                particulars=event.particulars,
            )
        case ParticularsStated(particulars=said, change=change), OfficerState():
            return state.model_copy(update={"particulars": said, "proposed": _without(state, change)})
        case RoleGranted(grant=grant, change=change), OfficerState():
            return state.model_copy(
                update={"roles": _granted(state.roles, grant), "proposed": _without(state, change)}
            )
        case RoleRevoked(role=role, at=at), OfficerState():
            return state.model_copy(update={"roles": _revoked(state, role, at)})
        case KeyAdded(key=key, change=change), OfficerState():
            return state.model_copy(update={"keys": (*state.keys, key), "proposed": _without(state, change)})
        case KeyRevoked(kid=kid, at=at), OfficerState():
            keys = tuple(
                key.model_copy(update={"revoked_at": at}) if key.kid == kid else key for key in state.keys
            )
            return state.model_copy(update={"keys": keys})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {'an officer' if state else 'nothing'}")


def _without(state: OfficerState, change: str | None) -> tuple[ChangeProposed, ...]:
    return tuple(each for each in state.proposed if each.change != change)


def _granted(roles: tuple[HeldRole, ...], grant: HeldRole) -> tuple[HeldRole, ...]:
    """A grant from the same instant on replaces the earlier one: it is the same term with another end."""
    kept = (held for held in roles if (held.role, held.valid_from) != (grant.role, grant.valid_from))
    return (*kept, grant)


def _revoked(state: OfficerState, role: Role, at: datetime) -> tuple[HeldRole, ...]:
    """Running terms end at ``at``; terms that would begin then or later never were."""
    unended = state.unended(role, at)
    ended = (held.model_copy(update={"valid_until": at}) for held in unended if held.valid_from < at)
    return (*(held for held in state.roles if held not in unended), *ended)


def dossier(state: OfficerState) -> JsonObject:
    """The registration itself."""
    return state.model_dump(mode="json")
