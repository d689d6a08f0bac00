"""The scope of a directive, and how it wants what is in scope to be dealt with."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field, PlainSerializer

from greenlight.kernel.model import Country, Model, Name
from greenlight.kernel.option import Option
from greenlight.law.application.control import Control, control
from greenlight.law.application.dossier import Item

MAX_ENTITIES = 1_000


class Posture(StrEnum):
    """The way in which applications in scope are to be decided; ``hold``: they are not, for the time being;
    ``revoke`` is about licenses instead."""

    DENY = "deny"
    PRESUMPTION_OF_DENIAL = "presumption_of_denial"
    CASE_BY_CASE = "case_by_case"
    APPROVE_UNLESS_NATIONAL_SECURITY_OBJECTS = "approve_unless_national_security_objects"
    HOLD = "hold"
    REVOKE = "revoke"


class ItemClass(StrEnum):
    """``nonsensitive``: every item is EAR99 or controlled for anti-terrorism reasons only."""

    NONSENSITIVE = "nonsensitive"
    CONTROLLED = "controlled"


def item_class(items: Iterable[Item]) -> ItemClass:
    """Of all items together: one that is controlled makes the whole so."""
    controlled = any(control(item) is Control.CONTROLLED for item in items)
    return ItemClass.CONTROLLED if controlled else ItemClass.NONSENSITIVE


Listings = Annotated[
    frozenset[Name],
    Field(max_length=MAX_ENTITIES),
    PlainSerializer(sorted, return_type=list[str], when_used="json"),
]
"""Listed entities by the keys under which screening finds them, in one order on the wire."""

ItemClasses = Annotated[
    frozenset[ItemClass], PlainSerializer(sorted, return_type=list[str], when_used="json")
]
Destinations = Annotated[frozenset[Country], PlainSerializer(sorted, return_type=list[str], when_used="json")]


class Scope(Model):
    """The transactions that are meant: all three must fit, and none given means any."""

    entities: Annotated[Listings, Field(description="Keys of listed entities. Default: any.")] = frozenset()
    item_classes: Annotated[
        ItemClasses, Field(description="Classes of the items. Default: any."), Option("items")
    ] = frozenset()
    destinations: Annotated[Destinations, Field(description="Countries. Default: any.")] = frozenset()

    def covers(self, entities: frozenset[str], items: Iterable[Item], destinations: frozenset[str]) -> bool:
        """Tell whether a transaction is meant, by the listed entities that are parties to it."""
        return (
            (not self.entities or not self.entities.isdisjoint(entities))
            and (not self.item_classes or item_class(items) in self.item_classes)
            and (not self.destinations or not self.destinations.isdisjoint(destinations))
        )
