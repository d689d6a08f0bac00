"""The words of an entry of the Entity List, and what an amendment changes of them."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from greenlight.kernel.model import Country, Identifier, Model, Name, Text
from greenlight.law.review import ReviewPolicy

MAX_AFFILIATES = 1_000
"""Of one entry, those included that are still to come."""


Aliases = Annotated[tuple[Name, ...], Field(max_length=100)]

Countries = Annotated[
    frozenset[Country],
    Field(min_length=1, max_length=20),
    PlainSerializer(sorted, return_type=list[str], when_used="json"),
]
"""The countries of the entity's printed addresses, in one order on the wire."""


class Affiliate(Model):
    """An affiliate printed under the entity's entry. ``key`` is that of the list that parties are held
    against."""

    key: Identifier
    name: Name
    countries: Countries
    aliases: Aliases = ()


def _each_once(affiliates: tuple[Affiliate, ...]) -> tuple[Affiliate, ...]:
    if len({affiliate.key for affiliate in affiliates}) < len(affiliates):
        raise ValueError("affiliates: each key once")
    return affiliates


Affiliates = Annotated[tuple[Affiliate, ...], Field(max_length=MAX_AFFILIATES), AfterValidator(_each_once)]

Keys = Annotated[
    frozenset[Identifier],
    Field(max_length=MAX_AFFILIATES),
    PlainSerializer(sorted, return_type=list[str], when_used="json"),
]


class Listing(Model):
    """The entry as it stands from some instant on. ``citation`` is that of what made it so."""

    name: Name
    aliases: Aliases
    affiliates: Affiliates
    countries: Countries
    license_requirement: Text
    review_policy: ReviewPolicy
    citation: Name

    @property
    def keys(self) -> frozenset[str]:
        """Of the affiliates."""
        return frozenset(affiliate.key for affiliate in self.affiliates)


class Amendment(Model):
    """The changes to what an entry says. None: as it stands; no aliases: there are none any more.

    An affiliate that is added under the key of one that is there takes its place.
    """

    name: Name | None = None
    aliases: Aliases | None = None
    added: Affiliates = ()
    removed: Keys = frozenset()
    countries: Countries | None = None
    license_requirement: Text | None = None
    review_policy: ReviewPolicy | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, name) == field.default for name, field in Amendment.model_fields.items()):
            raise ValueError("an amendment says what changes")
        if self.removed & {affiliate.key for affiliate in self.added}:
            raise ValueError("an affiliate is added or removed, not both")
        return self

    def applied(self, listing: Listing, citation: str) -> Listing:
        """The entry after the amendment, whatever came before it."""
        said = {
            name: value
            for name, value in self.__dict__.items()
            if value is not None and name in Listing.model_fields
        }
        affiliates = {each.key: each for each in (*listing.affiliates, *self.added)}
        kept = tuple(each for key, each in affiliates.items() if key not in self.removed)
        return listing.model_copy(update={**said, "affiliates": kept, "citation": citation})
