"""Coverage by reprieves: the terms on record, with the lists by which an entity counts as listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from greenlight.answers.listed import Kept, book_on_record
from greenlight.eventlog.read import Reader
from greenlight.kernel.streams import entity_stream
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.history import spells
from greenlight.law.entity.spells import Spell
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion, OnTheList, answer
from greenlight.reference.spells import spells_of
from greenlight.screening.book import ListingBook


@dataclass(frozen=True, slots=True)
class Reprieved:
    """Terms, and what goes with them: the list that counts, and the shipped one, which knows days that the
    official file does not print; entries of officers by their keys, each with when they count."""

    terms: Terms
    book: ListingBook
    shipped: ListingBook
    recorded: Mapping[str, tuple[Spell, ...]]

    def covered(self, question: CoverageQuestion) -> CoverageAnswer:
        """Answer by all of them."""
        return answer(self.terms, question, self._on_list(question.entity))

    def _on_list(self, entity: str) -> OnTheList:
        found = (*self.recorded.get(entity, ()), *spells_of(entity, self.book, self.shipped))
        return OnTheList(self.book.id, self.book.version, self.book.retrieved, found)


async def reprieved(
    reader: Reader, shipped: ListingBook, known: datetime | None, kept: Kept | None = None
) -> Reprieved:
    """All reprieves on record, as the log knew them at an instant.

    :raises ListMissingError: the list that counted is not stored any more.
    """
    book, _ = await book_on_record(reader, shipped, known or datetime.now(UTC), known, kept)
    recorded = await _recorded_spells(reader, known)
    return Reprieved(await reader.terms(), book, shipped, recorded)


async def _recorded_spells(reader: Reader, known: datetime | None) -> dict[str, tuple[Spell, ...]]:
    """Of the entries that officers listed, and of their affiliates, by their keys."""
    found: dict[str, tuple[Spell, ...]] = {}
    for row in await reader.entities():
        events = [ENTITY.read(stored.record) async for stored in reader.stream(entity_stream(row.key))]
        for key, times in spells(row.key, events, known).items():
            found[key] = (*found.get(key, ()), *times)
    return found
