"""A file of the list into a book, with a report of what could not be taken over."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from lists.carried import carried
from lists.columns import MAX_BAD_ROWS, Row
from lists.entries import Entry, WrongError
from lists.errors import ListFileError
from lists.keys import keys
from lists.rows import Header, Problem, Records
from screening.book import Listing, ListingBook

SOURCE = "https://www.trade.gov/consolidated-screening-list"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read.

    ``rows`` is the number of its records: each is an entry of ``book``, or one of the problems by which a row
    was lost. ``complete``: the last line is a whole record. ``size`` is in bytes.
    """

    book: ListingBook
    rows: int
    problems: tuple[Problem, ...]
    header: Header
    complete: bool
    size: int

    @property
    def bad_rows(self) -> int:
        return sum(problem.row_lost for problem in self.problems)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many entries each list has, by its slug."""
        return counts(self.book)


def counts(book: ListingBook) -> Mapping[str, int]:
    """How many entries of a book are on each list, by the list's slug."""
    return dict(sorted(Counter(listing.source_list for listing in book.listings).items()))


def digest_of(content: bytes) -> str:
    """By which a version of the list goes: of the file's bytes as they are."""
    return f"sha256:{sha256(content).hexdigest()}"


def read_list(content: bytes, *, list_id: str, retrieved: date, shipped: ListingBook) -> Reading:
    """Read the bytes of a file, in either layout. ``retrieved`` is the day on which it was downloaded.

    Entries that are entries of the ``shipped`` book have its keys (``lists.carried``).

    :raises ListFileError: the file cannot be read as a list at all.
    """
    records = Records(content)
    entries: list[Entry] = []
    problems: list[Problem] = []
    rows = bad = 0
    complete = records.ends_whole
    for record in records:
        rows += 1
        if isinstance(found := _entry(record), Entry):
            entries.append(found)
            problems += (Problem(_line(record), column, what, False) for column, what in found.left_out)
        else:
            bad += 1
            problems.append(found)
            if bad > MAX_BAD_ROWS:
                raise ListFileError(f"more than {MAX_BAD_ROWS} bad rows; the first: {problems[0]}")
        complete = records.ends_whole and not isinstance(record, Problem)
    assert rows == len(entries) + bad, "every row is an entry or a bad row"
    book = ListingBook(
        id=list_id,
        title="Consolidated Screening List",
        source=SOURCE,
        retrieved=retrieved,
        version=digest_of(content),
        listings=carried(map(_listing, keys(entries), entries), shipped),
    )
    return Reading(book, rows, tuple(problems), records.header, complete, len(content))


def _entry(record: tuple[int, Row] | Problem) -> Entry | Problem:
    if isinstance(record, Problem):
        return record
    line, row = record
    try:
        return Entry(row)
    except WrongError as wrong:
        return Problem(line, wrong.column, wrong.what)


def _line(record: tuple[int, Row] | Problem) -> int:
    return record.line if isinstance(record, Problem) else record[0]


def _listing(key: str, entry: Entry) -> Listing:
    return Listing(
        key=key,
        name=entry.name,
        aliases=entry.aliases,
        kind=entry.kind,
        addresses=entry.addresses,
        countries=entry.countries,
        source_list=entry.source.slug,
        listed=entry.listed,
        removed=entry.removed,
        citation=entry.citation,
        terms=entry.terms,
        note=entry.note,
    )
