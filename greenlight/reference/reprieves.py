"""Loads what is known of a real reprieve: its terms, its end, the facts by date; `greenlight-reprieve/1`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import Identifier, Name, Text
from greenlight.kernel.tables.domain import Fact
from greenlight.law.reprieve.terms import Scope
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.strict_json import read, refusal, version_of
from greenlight.screening.book import ListingBook

HUAWEI = Path(__file__).with_name("reprieves") / "huawei.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TermRecord(_Record):
    """A term as it was published. ``listed_by``: the notices that listed the entities it covers.

    Days are days in Washington; ``effective`` is from the start of that day. ``verified`` is False where
    something in the line was not checked against a source; ``note`` says what.
    """

    number: int
    effective: date
    valid_through: date
    citation: Name
    published: date
    scope: Identifier
    listed_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    reason: Text
    verified: bool = True
    note: Text | None = None


class EndRecord(_Record):
    """The end of the reprieve as a whole."""

    effective: date
    citation: Name
    published: date
    reason: Text
    note: Text | None = None


class FactRecord(_Record):
    """A fact known from the start of the day ``known`` on, until the next record of that name."""

    known: date
    name: Identifier
    value: Fact
    source: Name
    verified: bool = True
    note: Text | None = None


class ReprieveFile(_Record):
    """A whole file. ``listings`` is the id of the list whose keys name the entities."""

    format: Literal["greenlight-reprieve/1"]
    key: Identifier
    title: Name
    source: Text
    listings: Identifier
    scopes: dict[Identifier, Scope]
    terms: Annotated[tuple[TermRecord, ...], Field(min_length=1)]
    end: EndRecord | None = None
    facts: tuple[FactRecord, ...] = ()

    def known(self, day: date) -> dict[str, FactRecord]:
        """The latest record of each fact that is known at the start of ``day``."""
        return {fact.name: fact for fact in self.facts if fact.known <= day}


def names() -> tuple[str, ...]:
    """The reprieves that come with the service."""
    return tuple(sorted(file.stem for file in HUAWEI.parent.glob("*.json")))


def path_of(name: str) -> Path:
    return HUAWEI.with_name(f"{name}.json")


def load_reprieve(path: Path | None = None) -> ReprieveFile:
    """Read a file, by default Huawei's reprieve.

    Raises `ReferenceDataError`, which names file and field, for anything that is not as the format says.
    """
    file = HUAWEI if path is None else path
    content = read(file)
    version_of(file, content)
    try:
        parsed = ReprieveFile.model_validate_json(content, context=ENTERED)
    except ValidationError as error:
        raise refusal(file, error) from error
    for place, term in enumerate(parsed.terms):
        if term.scope not in parsed.scopes:
            raise ReferenceDataError(
                file, f"terms.{place}.scope", f"{term.scope!r} is not defined in the file"
            )
    if list(parsed.facts) != sorted(parsed.facts, key=lambda fact: fact.known):
        raise ReferenceDataError(file, "facts", "are in the order in which they were known")
    return parsed


def entities(term: TermRecord, book: ListingBook) -> frozenset[str]:
    """The keys of the entities that ``term`` covers, as far as ``book`` says which notice listed them."""
    return frozenset(listing.key for listing in book.listings if listing.citation in term.listed_by)
