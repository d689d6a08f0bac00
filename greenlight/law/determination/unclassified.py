"""ECCNs that are on no entry of the control tables."""

from collections.abc import Iterable

from greenlight.law.application.dossier import Item, Unclassified
from greenlight.law.determination.footnotes import EAR99
from greenlight.law.determination.tables import Tables


def unclassified(items: Iterable[Item], tables: Tables) -> Unclassified | None:
    """The lines that nobody can look up. The tables are of one day, and an ECCN may be of another."""
    known = {EAR99, *tables.entries}
    lines = tuple(item.line for item in items if item.classification not in known)
    return Unclassified(lines=lines, tables_of=tables.issued) if lines else None
