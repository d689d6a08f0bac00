"""When an entity is on the Entity List: by the list that counts, and the shipped one for days left out."""

from datetime import UTC, datetime, time

from licensing.entity.spells import Spell
from screening.book import Listing, ListingBook

ENTITY_LIST = "entity-list"


def spells_of(key: str, book: ListingBook, shipped: ListingBook) -> tuple[Spell, ...]:
    """Of the entry with that key.

    Where ``book`` prints no first day, that of the shipped entry goes, which is the same entity. An entry of
    an older shipped list that is in ``book`` no more was removed by the day on which that was retrieved.
    """
    entry, known = _entry(key, book), _entry(key, shipped)
    if entry is not None:
        return (Spell(entry.listed or (known.listed if known else None), entry.removed),)
    if known is None:
        return ()
    gone = datetime.combine(book.retrieved, time(), UTC)
    return (Spell(known.listed, min(known.removed or gone, gone)),)


def _entry(key: str, book: ListingBook) -> Listing | None:
    return next((each for each in book.listings if each.key == key and each.source_list == ENTITY_LIST), None)
