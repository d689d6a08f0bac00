"""Of the names that a careful reader finds in rows, how many find the entry whose row names them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from greenlight.lists.read import Reading
from greenlight.lists.rows import Records
from greenlight.reference.listings import load_listings
from greenlight.screening.index import NameIndex, name_index
from greenlight.screening.normalise import normalise
from tests.lists.careful_reader import Found, in_reading_order, names_in
from tests.lists.files import read

TURNED: Final = 10
"""Of the people whose surname is printed first, one in so many is sought with it last, too: it takes long."""


class Recall:
    """Of the names that were sought, how many found the entry whose row names them."""

    def __init__(self, of: Reading) -> None:
        self._index: NameIndex = name_index(of.book)
        self._own: defaultdict[int, set[str]] = defaultdict(set)
        for line, listing in zip(of.lines, of.book.listings, strict=True):
            self._own[line].add(listing.key)
        self.number = 0
        self.missed: list[str] = []

    def sought(self, line: int, names: Iterable[Found]) -> None:
        for each in names:
            self.number += 1
            if not any(self._met(each, keys, self._own[line]) for keys in self._found(each.name)):
                self.missed.append(f"line {line}: {each.name}")

    @property
    def of_all(self) -> float:
        return 1 - len(self.missed) / self.number

    def _found(self, name: str) -> Iterator[set[str]]:
        """The same names first: most are, and those that are alike take long."""
        yield {entry.listing.key for entry in self._index.find(normalise(name))}
        yield {entry.listing.key for entry, _ in self._index.similar(name)}

    @staticmethod
    def _met(name: Found, keys: set[str], own: set[str]) -> bool:
        return bool(keys & own if name.listed else keys)


def recall_of(content: bytes) -> Recall:
    """Of every name in every row of a file, each row of which can be read."""
    recall = Recall(read(content, shipped=load_listings()))
    for record in Records(content):
        assert isinstance(record, tuple), record
        line, row = record
        names = names_in(row.name, row.alt_names, typed=bool(row.type))
        if row.type == "Individual" and line % TURNED == 0:
            names += [Found(in_reading_order(each.name)) for each in names]
        recall.sought(line, names)
    return recall
