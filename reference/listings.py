"""Loads a list of listed entities from its file into the book that screening compares with."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Never, TypeVar

from pydantic import ValidationError

from reference.errors import ReferenceDataError
from reference.listing_file import ListingFile, ListingRecord
from screening.book import Alias, Listing, ListingBook

HUAWEI = Path(__file__).with_name("listings") / "huawei.json"

_T = TypeVar("_T")


def load_listings(path: Path | None = None) -> ListingBook:
    """The book in a file, by default Huawei's listings; its version is the digest of the canonical JSON.

    Raises `ReferenceDataError`, which names file and field, for anything that is not as the format says.
    """
    file = HUAWEI if path is None else path
    content = _read(file)
    version = _digest(file, content)
    try:
        parsed = ListingFile.model_validate_json(content)
    except ValidationError as error:
        raise _refusal(file, error) from error
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
        raise _refusal(file, error) from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReferenceDataError(file, "(file)", f"cannot be read as UTF-8 text: {error}") from error


def _digest(file: Path, content: str) -> str:
    try:
        document = json.loads(
            content, object_pairs_hook=_without_repeats, parse_float=_no_number, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise ReferenceDataError(file, "(file)", f"is not the JSON of a list: {error}") from error
    # Sorted keys and no spaces: with neither fractions nor keys outside ASCII this is RFC 8785, so that
    # another program can check the version, and laying the file out anew does not change it.
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # The last of two equal keys would win in silence, and the digest would not see the first.
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError(f"a key is repeated among {', '.join(sorted(key for key, _ in pairs))}")
    return fields


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is not a value that a list may hold")


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
        raise _refusal(file, error, where) from error


def _look_up(file: Path, field: str, table: Mapping[str, _T], wanted: str) -> _T:
    if wanted not in table:
        raise ReferenceDataError(file, field, f"{wanted!r} is not defined in the file")
    return table[wanted]


def _refusal(file: Path, error: ValidationError, where: str = "") -> ReferenceDataError:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    first = problems[0]
    field = ".".join(filter(None, (where, *map(str, first["loc"])))) or "(file)"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return ReferenceDataError(file, field, f"{first['msg']}{more}")
