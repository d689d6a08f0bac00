"""The list that names are compared with: who is listed, since when, on what terms."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from greenlight.screening.kinds import ListedKind
from greenlight.screening.normalise import normalise

Name = Annotated[str, StringConstraints(max_length=600)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
Citation = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=100)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


MAX_ALIASES = 200

_PLAIN: Final = re.compile(r"[A-Za-z0-9]")


def says_something(name: str) -> bool:
    """Tell whether anything of a name is left once it is normalised; a plain letter or digit always is."""
    return _PLAIN.search(name) is not None or bool(normalise(name))


def _screenable(name: str) -> str:
    # A listed name that normalises to nothing would be in the book and could never be found.
    if not says_something(name):
        raise ValueError("the name normalises to nothing and could never be matched")
    return name


def _in_utc(instant: datetime) -> datetime:
    if instant.utcoffset() != timedelta(0):
        raise ValueError("the instant must be in UTC")
    return instant.astimezone(UTC)


ScreenableName = Annotated[Name, AfterValidator(_screenable)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Alias(_Model):
    """Another name of a listed entity; `source` says where it comes from when the list does not print it."""

    name: ScreenableName
    source: Text | None = None


class ListingTerms(_Model):
    """The terms of the list for a transaction with the entity, from one instant until the next terms.

    ``effective`` None: since it was listed, on a day that the list does not print.
    """

    effective: Instant | None
    license_requirement: Text
    review_policy: Text
    citation: Citation


class Listing(_Model):
    """One entry of a list, such as the Entity List (15 CFR 744.11, 744.16, Supplement No. 4 to Part 744).

    ``listed`` None: since a day that the list does not print. ``source_list`` is the list in the
    Consolidated Screening List that the entry is on. ``scope`` is what the list prints with the name of how
    far the listing reaches ("and any successor thereof"), ``remarks`` what it prints of who that is ("PRC
    national"): neither is a name. ``addresses`` are none where a list prints countries alone.
    """

    key: Key
    name: ScreenableName
    aliases: Annotated[tuple[Alias, ...], Field(max_length=MAX_ALIASES)] = ()
    kind: ListedKind = "organisation"
    addresses: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    countries: Annotated[tuple[Country, ...], Field(max_length=60)]
    source_list: Slug = "entity-list"
    listed: Instant | None
    removed: Instant | None = None
    citation: Citation
    terms: Annotated[tuple[ListingTerms, ...], Field(min_length=1, max_length=50)]
    note: Text | None = None
    scope: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    remarks: Annotated[tuple[Text, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        first, *later = (terms.effective for terms in self.terms)
        starts = [first or datetime.min.replace(tzinfo=UTC)]
        for start in later:
            if start is None or start <= starts[-1]:
                raise ValueError("terms must be in the order in which they take effect")
            starts.append(start)
        if first is not None and (self.listed is None or first > self.listed):
            raise ValueError("some terms must be in force from the day of listing")
        if self.removed is not None and self.listed is not None and self.removed <= self.listed:
            raise ValueError("removed must be later than listed")
        return self

    @property
    def begins(self) -> datetime:
        """From when the entry counts.

        :raises ValueError: the list does not print it.
        """
        if self.listed is None:
            raise ValueError(f"{self.key}: the list does not print the day of listing")
        return self.listed

    def is_in_force(self, at: datetime) -> bool:
        """Tell whether the entry counts at an instant: from its effective date until it is removed."""
        since = self.listed is None or self.listed <= at
        return since and (self.removed is None or at < self.removed)

    def terms_at(self, at: datetime) -> ListingTerms:
        """The terms in force at an instant at which the listing is."""
        return next(
            terms for terms in reversed(self.terms) if terms.effective is None or terms.effective <= at
        )


def _keyed(listings: tuple[Listing, ...]) -> tuple[Listing, ...]:
    counts = Counter(listing.key for listing in listings)
    if len(counts) < len(listings):
        raise ValueError(f"the key {counts.most_common(1)[0][0]!r} is used for more than one listing")
    return listings


class ListingBook(_Model):
    """A list as retrieved on one day; `version` is the digest of what it was read from."""

    id: Slug
    title: Text
    source: Text
    retrieved: date
    version: Digest
    listings: Annotated[tuple[Listing, ...], Field(max_length=50_000), AfterValidator(_keyed)]

    def __hash__(self) -> int:
        """By version: the index is looked up by book, and hashing every listing costs more than screening."""
        return hash((self.id, self.version))

    def age(self, at: datetime) -> timedelta:
        """The list's age at an instant, from when it was retrieved."""
        return at - datetime(self.retrieved.year, self.retrieved.month, self.retrieved.day, tzinfo=UTC)
