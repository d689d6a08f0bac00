"""ECCNs that are on no entry of the control tables."""

from collections.abc import Iterable, Sequence
from datetime import date

from greenlight.law.application.dossier import Item, Unclassified
from greenlight.law.application.needs import UnknownEccn
from greenlight.law.determination.footnotes import EAR99
from greenlight.law.determination.tables import Tables


def unclassified(items: Iterable[Item], tables: Tables) -> Unclassified | None:
    """The lines that nobody can look up. The tables are of one day, and an ECCN may be of another."""
    known = {EAR99, *tables.entries}
    lines = tuple(item.line for item in items if item.classification not in known)
    return Unclassified(lines=lines, tables_of=tables.issued) if lines else None


_MOST_ALIKE = 3


def unknown_eccns(items: Sequence[Item], tables: Tables, day: date) -> tuple[UnknownEccn, ...]:
    """The items that nobody can look up, each with the ECCNs that are written much like its own.

    Tables tell nothing of a day before the one of which they are.
    """
    found = unclassified(items, tables) if day >= tables.issued else None
    if found is None:
        return ()
    return tuple(
        UnknownEccn(place, item.line, _alike(item.classification, tables))
        for place, item in enumerate(items)
        if item.line in found.lines
    )


def _alike(eccn: str, tables: Tables) -> tuple[str, ...]:
    """Those that differ in one character, a slip of the pen, or in two of the number of the same kind of
    item; the fewer and the later, the likelier."""

    def slips(known: str) -> tuple[int, ...]:
        return tuple(-place for place, (a, b) in enumerate(zip(known, eccn, strict=True)) if a != b)

    found = ((slips(known), known) for known in tables.entries)
    alike = [
        (len(slips), slips, known)
        for slips, known in found
        if len(slips) == 1 or (len(slips) == 2 and known[:2] == eccn[:2])
    ]
    return tuple(known for *_, known in sorted(alike)[:_MOST_ALIKE])
