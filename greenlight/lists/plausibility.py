"""Doubts about a new version: one that may not be what it seems takes a second officer."""

from fractions import Fraction
from typing import Final, Literal, NamedTuple

from greenlight.law.sources import SOURCES
from greenlight.lists.read import Reading, counts
from greenlight.screening.book import ListingBook

KEPT: Final = Fraction(9, 10)
"""Of what a list had, less than this is much less."""
FEW: Final = 20
"""Of a list with fewer entries than this, alone, a loss is no surprise unless it is of all."""

Code = Literal["empty", "cut_off", "columns_missing", "bad_rows", "smaller", "older", "list_missing"]


class Doubt(NamedTuple):
    """A reason why a version may not be what it seems, for people."""

    code: Code
    said: str


def plausibility(old: ListingBook | None, new: Reading) -> tuple[Doubt, ...]:
    """Find what is doubtful about ``new`` in itself, and as what follows ``old``; nothing: it is plausible.

    The first version follows the book that comes with the service, and has every list that is published.
    """
    found: list[Doubt] = []
    size = len(new.book.listings)
    if not size:
        found.append(Doubt("empty", "the file has no entries"))
    if not new.complete:
        found.append(Doubt("cut_off", "the last line is not a whole record"))
    if new.header.missing:
        found.append(Doubt("columns_missing", f"columns are missing: {', '.join(new.header.missing)}"))
    if new.bad_rows:
        found.append(
            Doubt("bad_rows", f"{new.bad_rows} of {new.rows} rows are bad: whoever they name is not listed")
        )
    if old is None:
        found += _first(new)
    else:
        found += _shrunk(old, new)
        if new.book.retrieved < old.retrieved:
            found.append(
                Doubt("older", f"retrieved on {new.book.retrieved}, and the last version on {old.retrieved}")
            )
    return tuple(found)


def _first(new: Reading) -> list[Doubt]:
    found: list[Doubt] = []
    if new.met < KEPT * new.shipped:
        said = f"{new.met} of the {new.shipped} entries of the book that comes with the service are in it"
        found.append(Doubt("smaller", said))
    if missing := [source.title for source in SOURCES if source.published and source.slug not in new.counts]:
        found.append(Doubt("list_missing", f"whole lists are missing: {', '.join(missing)}"))
    return found


def _shrunk(old: ListingBook, new: Reading) -> list[Doubt]:
    """The whole, and each of the lists in it: one that is gone may hide behind the growth of another."""
    found: list[Doubt] = []
    if len(new.book.listings) < KEPT * len(old.listings):
        found.append(Doubt("smaller", f"{len(new.book.listings)} entries after {len(old.listings)}"))
    now = new.counts
    for slug, before in counts(old).items():
        after = now.get(slug, 0)
        if after == 0 or (before >= FEW and after < KEPT * before):
            found.append(Doubt("smaller", f"{slug}: {after} entries after {before}"))
    return found
