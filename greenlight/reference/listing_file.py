"""The shape of a file of listings, format `greenlight-listings/1`.

A listing names its notice, its terms, the source of an alias and its note by id, so that each is written
once. The models here are only what a file may say; `greenlight.reference.listings` turns them into the book
that screening compares with.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from greenlight.kernel.model import Country
from greenlight.screening.book import Citation, Instant, ListingTerms, ScreenableName, Slug, Text


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NoticeRecord(_Record):
    """A Federal Register notice that adds entries: from when they count, and when it was printed."""

    effective: Instant
    published: date


class UnprintedAliasRecord(_Record):
    """A name that the official list does not print, with the id of where it comes from."""

    name: ScreenableName
    source: Slug


class ListingRecord(_Record):
    """One listed entity. Only what the official list prints is among its `aliases`."""

    key: Slug
    name: ScreenableName
    aliases: tuple[ScreenableName, ...] = ()
    unprinted_aliases: tuple[UnprintedAliasRecord, ...] = ()
    countries: Annotated[tuple[Country, ...], Field(min_length=1)]
    added_by: Citation
    removed: Instant | None = None
    terms: Slug
    note: Slug | None = None


class ListingFile(_Record):
    """A whole file: what list it is, what its ids stand for, and the listings."""

    format: Literal["greenlight-listings/1"]
    id: Slug
    title: Text
    source: Text
    retrieved: date
    notices: dict[Citation, NoticeRecord]
    terms: dict[Slug, tuple[ListingTerms, ...]]
    sources: dict[Slug, Text] = {}
    notes: dict[Slug, Text] = {}
    listings: Annotated[tuple[ListingRecord, ...], Field(min_length=1, max_length=50_000)]
