"""A file of the list into a book, with a report of what could not be taken over."""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b, sha256
from typing import Literal, NamedTuple

from greenlight.kernel.time.calendar import end_of_day
from greenlight.lists.carried import carried
from greenlight.lists.columns import MAX_BAD_ROWS, MAX_ROWS, Row
from greenlight.lists.entries import Entry, WrongError
from greenlight.lists.errors import ListFileError
from greenlight.lists.fields import odd_dates
from greenlight.lists.keys import keys
from greenlight.lists.rows import Header, Problem, Records
from greenlight.screening.book import Alias, ListingBook
from greenlight.screening.kept import uncollected

_BETWEEN = "\udfff"
"""Between the fields of a row: what no text read as UTF-8 has in it."""

TITLE = "Consolidated Screening List"
SOURCE = "https://www.trade.gov/consolidated-screening-list"


class Taken(NamedTuple):
    """Text that a form (``greenlight.lists.forms``) took off a name or read in it, at a line, in a column."""

    line: int
    column: Literal["name", "alt_names"]
    form: str
    what: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. ``lines`` says of each entry of ``book`` where its row begins.

    ``rows`` is the number of its records: each is an entry of ``book``, or several where it names several
    parties, or one of the problems by which a row was lost. ``taken`` is what was in names and is none. Of
    the ``shipped`` entries that count on the day of the download so many were ``met``. ``complete``: the last
    line is a whole record. ``size`` is in bytes.
    """

    book: ListingBook
    lines: "array[int]"
    rows: int
    problems: tuple[Problem, ...]
    taken: tuple[Taken, ...]
    header: Header
    complete: bool
    size: int
    shipped: int = 0
    met: int = 0

    @property
    def bad_rows(self) -> int:
        return sum(problem.row_lost for problem in self.problems)

    @property
    def counts(self) -> Mapping[str, int]:
        """Count the entries of each list, by its slug."""
        return counts(self.book)

    @property
    def forms(self) -> Mapping[str, int]:
        """Count how often each form was met, the most frequent first."""
        return dict(Counter(each.form for each in self.taken).most_common())


def counts(book: ListingBook) -> Mapping[str, int]:
    """Count the entries of a book on each list, by the list's slug."""
    return dict(sorted(Counter(listing.source_list for listing in book.listings).items()))


def digest_of(content: bytes) -> str:
    """By which a version of the list goes: of the file's bytes as they are."""
    return f"sha256:{sha256(content).hexdigest()}"


@uncollected()
def read_list(
    content: bytes, *, list_id: str, retrieved: date, shipped: ListingBook, known: "Known | None" = None
) -> Reading:
    """Read the bytes of a file, in either layout. ``retrieved`` is the day on which it was downloaded.

    Entries that are entries of the ``shipped`` book have its keys (``greenlight.lists.carried``). Rows that
    are ``known`` are not read again: nearly all of them, from one day to the next.

    :raises ListFileError: the file cannot be read as a list at all.
    """
    records = Records(content)
    read = _Rows(known)
    entries: list[Entry] = []
    problems: list[Problem] = []
    taken: list[Taken] = []
    lines = array("I")
    day_of_download = end_of_day(retrieved)
    rows = bad = 0
    complete = records.ends_whole
    for record in records:
        if isinstance(record, Problem) and not record.row_lost:
            problems.append(record)
            continue
        rows += 1
        if isinstance(found := read.of(record), Entry):
            for entry in (found, *found.parties):
                entries.append(entry)
                lines.append(_line(record))
                problems += (Problem(_line(record), *each, False) for each in entry.left_out)
                if entry.listed is not None or entry.removed is not None:
                    odd = odd_dates(entry.listed, entry.removed, day_of_download)
                    problems += (Problem(_line(record), *each, False) for each in odd)
                taken += (Taken(_line(record), column, *each) for column, each in entry.taken)
        else:
            bad += 1
            problems.append(found)
            if bad > MAX_BAD_ROWS:
                raise ListFileError(f"more than {MAX_BAD_ROWS} bad rows; the first: {problems[0]}")
        complete = records.ends_whole and not isinstance(record, Problem)
    assert rows <= len(entries) + bad, "every row is an entry, or several, or a bad row"
    if len(entries) > MAX_ROWS:
        raise ListFileError(f"more than {MAX_ROWS} entries")
    aliases = tuple(_aliases(entries))
    book = ListingBook(
        id=list_id,
        title=TITLE,
        source=SOURCE,
        retrieved=retrieved,
        version=digest_of(content),
        listings=carried(map(Entry.as_listing, entries, keys(entries, aliases), aliases), shipped),
    )
    read.done()
    of_shipped = _counting(shipped, retrieved)
    return Reading(
        book=book,
        lines=lines,
        rows=rows,
        problems=tuple(problems),
        taken=tuple(taken),
        header=records.header,
        complete=complete,
        size=len(content),
        shipped=len(of_shipped),
        met=len(of_shipped & {listing.key for listing in book.listings}),
    )


def _counting(shipped: ListingBook, day: date) -> set[str]:
    """The keys of the entries that were in force at the end of a day."""
    at = end_of_day(day)
    return {listing.key for listing in shipped.listings if listing.is_in_force(at)}


class Known:
    """Entries of the version that was read last, by a digest of their row. Any number of threads may ask."""

    def __init__(self) -> None:
        self.entries: dict[bytes, Entry] = {}

    def are_now(self, entries: dict[bytes, Entry]) -> None:
        """Keep these in their place."""
        before, self.entries = self.entries, entries
        # One by one: while all are freed at once, no other thread runs.
        while before:
            before.popitem()


class _Rows:
    """Makes entries out of rows, or has them where they are known."""

    def __init__(self, known: Known | None) -> None:
        self._known = known
        self._before = known.entries if known else {}
        self._entries: dict[bytes, Entry] = {}

    def of(self, record: tuple[int, Row] | Problem) -> Entry | Problem:
        """The entry of a record, or why there is none."""
        if isinstance(record, Problem):
            return record
        line, row = record
        try:
            return Entry(row) if self._known is None else self._known_or_read(row)
        except WrongError as wrong:
            return Problem(line, wrong.column, wrong.what)

    def _known_or_read(self, row: Row) -> Entry:
        digest = blake2b(_BETWEEN.join(row).encode(errors="surrogatepass"), digest_size=16).digest()
        entry = self._entries[digest] = self._before.get(digest) or Entry(row)
        return entry

    def done(self) -> None:
        """Keep what was read for the next version."""
        if self._known is not None:
            self._known.are_now(self._entries)


def _aliases(entries: Sequence[Entry]) -> Iterator[tuple[Alias, ...]]:
    """The other names of each. Whom an entry belongs to is a name of it, unless the same list has that name
    in a row of its own."""
    belonging = [entry for entry in entries if entry.parents]
    sought = {(entry.source.slug, each.name.lower()) for entry in belonging for each in entry.parents}
    own = {
        named
        for entry in entries
        for name in (entry.name, *(alias.name for alias in entry.aliases))
        if (named := (entry.source.slug, name.lower())) in sought
    }
    for entry in entries:
        named = any((entry.source.slug, each.name.lower()) in own for each in entry.parents)
        yield entry.with_parents() if entry.parents and not named else entry.aliases


def _line(record: tuple[int, Row] | Problem) -> int:
    return record.line if isinstance(record, Problem) else record[0]
