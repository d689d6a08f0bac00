"""When an entity is on the Entity List: by the list that counts, and the shipped one for days left out."""

from greenlight.law.entity.spells import Spell
from greenlight.screening.book import Listing, ListingBook

ENTITY_LIST = "entity-list"


def spells_of(key: str, book: ListingBook, shipped: ListingBook) -> tuple[Spell, ...]:
    """Of the entry with that key.

    Where ``book`` prints no first day, that of the shipped entry goes, which is the same entity; and so does
    the shipped entry as a whole where ``book`` has none of that key: it may have another.
    """
    entry, known = _entry(key, book), _entry(key, shipped)
    if entry is not None:
        return (Spell(entry.listed or (known.listed if known else None), entry.removed),)
    return (Spell(known.listed, known.removed),) if known else ()


def _entry(key: str, book: ListingBook) -> Listing | None:
    return next((each for each in book.listings if each.key == key and each.source_list == ENTITY_LIST), None)
