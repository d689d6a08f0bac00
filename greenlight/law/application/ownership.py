"""Owners of a party, as the applicant files them, and where a party is found.

Who owns whom is a list, and not a tree: each owner is told with the number of the one above it in the list
through whom it owns, so that a form has a row for each. Both are confidential, as the whole filing is
(15 CFR 748.1(c)).
"""

from typing import Annotated, Protocol, Self, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from greenlight.kernel.model import ADDED, Country, Model, Name, Text

WHOLE = 10_000
"""All of an entity, in hundredths of a per cent."""

MAX_OWNERS = 50
"""Of one party; and of all parties of a filing together, for each is a name to hold against the lists."""

MAX_DEPTH = 8
"""Owners of owners of owners: deeper than this a chain is not followed."""

MAX_ADDRESS = 500


def _unsaid(value: object) -> bool:
    return value is None


Share = Annotated[int, Field(ge=0, le=WHOLE)]
"""A part of an entity, in hundredths of a per cent: 5,000 is the half."""


class PartyOwner(Model):
    """An owner of a share of a party, or of one of its owners."""

    name: Name
    country: Country
    share: Annotated[
        Share | None,
        ADDED,
        Field(
            exclude_if=_unsaid,
            description="In hundredths of a per cent: 5000 is the half. Left out: it could not be found out.",
        ),
    ] = None
    through: Annotated[
        Annotated[int, Field(ge=1, le=MAX_OWNERS)] | None,
        ADDED,
        Field(
            exclude_if=_unsaid,
            description="The number of an owner further up in this list, from 1, of whom it owns the share."
            " Left out: it owns it of the party itself.",
        ),
    ] = None

    @property
    def told(self) -> str:
        """The owner and its share, in words."""
        of = "" if self.through is None else f" of owner {self.through}"
        share = "an unknown share" if self.share is None else percent(self.share)
        return f"{self.name} ({self.country}): {share}{of}"


def percent(share: int) -> str:
    """A share in per cent: 50 %, 33.33 %."""
    return f"{share / 100:.2f}".rstrip("0").rstrip(".") + " %"


class Owning(Protocol):
    """An owner in a list, whoever names it."""

    @property
    def name(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def share(self) -> int | None: ...
    @property
    def through(self) -> int | None: ...


Owned = TypeVar("Owned", bound=Owning)


def hang_together(owners: tuple[Owned, ...]) -> tuple[Owned, ...]:
    """Every owner owns of the party, or of an owner that stands above it, at most so many deep; no more than
    all of anybody is owned.

    :raises ValueError: says which owner is wrong, by its number, and what to write.
    """
    depths: list[int] = []
    owned: dict[int | None, int] = {}
    for number, owner in enumerate(owners, 1):
        if owner.through is not None and owner.through >= number:
            raise ValueError(
                f"owner {number}: through names owner {owner.through}, who has to stand above it in the list"
            )
        depths.append(1 if owner.through is None else depths[owner.through - 1] + 1)
        if depths[-1] > MAX_DEPTH:
            raise ValueError(f"owner {number}: at most {MAX_DEPTH} owners one above the other")
        owned[owner.through] = owned.get(owner.through, 0) + (owner.share or 0)
        if owned[owner.through] > WHOLE:
            whom = "the party" if owner.through is None else f"owner {owner.through}"
            raise ValueError(f"owner {number}: the shares of {whom} come to more than 100 %")
    return owners


Owners = Annotated[tuple[PartyOwner, ...], Field(max_length=MAX_OWNERS), AfterValidator(hang_together)]


def _short(text: str) -> str:
    if len(text) > MAX_ADDRESS:
        raise ValueError(f"has {len(text)} characters; an address has at most {MAX_ADDRESS}")
    return text


Address = Annotated[Text, AfterValidator(_short), Field(json_schema_extra={"maxLength": MAX_ADDRESS})]
"""A postal address, line by line, without the country, which a party has of its own."""

EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,189}$"
TELEPHONE = r"^[0-9+][0-9 ()./-]{2,39}$"


class Contact(Model):
    """Whom to ask at a party. At least one of the three is given."""

    name: Annotated[Name | None, ADDED, Field(exclude_if=_unsaid)] = None
    email: Annotated[
        Annotated[str, StringConstraints(pattern=EMAIL)] | None, ADDED, Field(exclude_if=_unsaid)
    ] = None
    telephone: Annotated[
        Annotated[str, StringConstraints(pattern=TELEPHONE)] | None, ADDED, Field(exclude_if=_unsaid)
    ] = None

    @property
    def told(self) -> str:
        """In words, as far as it is given."""
        return ", ".join(filter(None, (self.name, self.email, self.telephone)))

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.name is None and self.email is None and self.telephone is None:
            raise ValueError("give a name, an email address or a telephone number, or leave the contact out")
        return self
