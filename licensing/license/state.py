"""A license as it stands, folded from its events."""

from datetime import date
from enum import StrEnum

from licensing.application.commands import Conditions
from licensing.application.dossier import Items
from licensing.commit import Event
from licensing.license.events import ConditionsAccepted, LicenseExpired, LicenseIssued
from licensing.model import Acn, Identifier, Instant, JsonObject, LicenseNumber, Model


class Stage(StrEnum):
    """``awaiting_acceptance``: issued with conditions that the licensee has not accepted yet."""

    AWAITING_ACCEPTANCE = "awaiting_acceptance"
    ACTIVE = "active"
    EXPIRED = "expired"

    @property
    def closed(self) -> bool:
        return self is Stage.EXPIRED


class LicenseState(Model):
    number: LicenseNumber
    acn: Acn
    licensee: Identifier
    stage: Stage
    issued_at: Instant
    valid_through: date
    items: Items
    conditions: Conditions
    riders: Conditions
    accepted_at: Instant | None = None
    expired_at: Instant | None = None


def evolve(state: LicenseState | None, event: Event) -> LicenseState:
    """The state after ``event``. Total on recorded streams: the first event is the issue."""
    match event, state:
        case LicenseIssued(), None:
            return LicenseState(
                number=event.number,
                acn=event.acn,
                licensee=event.licensee,
                stage=Stage.AWAITING_ACCEPTANCE if event.conditions else Stage.ACTIVE,
                issued_at=event.at,
                valid_through=event.valid_through,
                items=event.items,
                conditions=event.conditions,
                riders=event.riders,
            )
        case ConditionsAccepted(at=at), LicenseState():
            return state.model_copy(update={"stage": Stage.ACTIVE, "accepted_at": at})
        case LicenseExpired(at=at), LicenseState():
            return state.model_copy(update={"stage": Stage.EXPIRED, "expired_at": at})
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def dossier(state: LicenseState) -> JsonObject:
    """The terms of the license."""
    return state.model_dump(
        mode="json", include={"number", "acn", "licensee", "valid_through", "items", "conditions", "riders"}
    )
