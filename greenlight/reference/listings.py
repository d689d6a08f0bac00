"""Loads a list of listed entities from its file into the book that screening compares with."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from greenlight.kernel.codes.entered import ENTERED
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.listing_file import ListingFile, ListingRecord
from greenlight.reference.strict_json import read, refusal, version_of
from greenlight.screening.book import Alias, Listing, ListingBook

HUAWEI = Path(__file__).with_name("listings") / "huawei.json"

_T = TypeVar("_T")


def load_listings(path: Path | None = None) -> ListingBook:
    """The book in a file, by default Huawei's listings; its version is the digest of the canonical JSON.

    Raises `ReferenceDataError`, which names file and field, for anything that is not as the format says.
    """
    file = HUAWEI if path is None else path
    content = read(file)
    version = version_of(file, content)
    try:
        parsed = ListingFile.model_validate_json(content, context=ENTERED)
    except ValidationError as error:
        raise refusal(file, error) from error
    listings = tuple(_resolve(file, at, parsed, record) for at, record in enumerate(parsed.listings))
    try:
        return ListingBook(
            id=parsed.id,
            title=parsed.title,
            source=parsed.source,
            retrieved=parsed.retrieved,
            version=version,
            listings=listings,
        )
    except ValidationError as error:
        raise refusal(file, error) from error


def _resolve(file: Path, at: int, parsed: ListingFile, record: ListingRecord) -> Listing:
    where = f"listings.{at}"
    notice = _look_up(file, f"{where}.added_by", parsed.notices, record.added_by)
    terms = _look_up(file, f"{where}.terms", parsed.terms, record.terms)
    note = None if record.note is None else _look_up(file, f"{where}.note", parsed.notes, record.note)
    aliases = [Alias(name=name) for name in record.aliases]
    for number, alias in enumerate(record.unprinted_aliases):
        source = _look_up(file, f"{where}.unprinted_aliases.{number}.source", parsed.sources, alias.source)
        aliases.append(Alias(name=alias.name, source=source))
    try:
        return Listing(
            key=record.key,
            name=record.name,
            aliases=tuple(aliases),
            countries=record.countries,
            listed=notice.effective,
            removed=record.removed,
            citation=record.added_by,
            terms=terms,
            note=note,
        )
    except ValidationError as error:
        raise refusal(file, error, where) from error


def _look_up(file: Path, field: str, table: Mapping[str, _T], wanted: str) -> _T:
    if wanted not in table:
        raise ReferenceDataError(file, field, f"{wanted!r} is not defined in the file")
    return table[wanted]
