"""Files of the list for tests, made up."""

from collections.abc import Iterable
from datetime import date

from greenlight.law.sources import BY_SLUG, SOURCES
from greenlight.lists.columns import Row
from greenlight.lists.read import Reading, digest_of, read_list
from greenlight.lists.rows import Records
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.screening.book import Listing, ListingBook

RETRIEVED = date(2026, 7, 31)

ACME = Row(
    source=BY_SLUG["entity-list"].printed,
    name="Acme Microwave Ltd.",
    addresses="12 Xibin Rd, Daqing, CN; HK",
    federal_register_notice="84 FR 22961",
    start_date="2019-05-16",
    license_requirement="All items",
    license_policy="Presumption of denial",
    alt_names="AMW; Acme Weibo",
)
HERON = Row(
    source=BY_SLUG["sdn"].printed,
    entity_number="8124",
    type="Vessel",
    programs="CUBA",
    name="HERON STAR",
    call_sign="T2EA4",
    vessel_flag="Panama",
)
DOE = Row(
    source=BY_SLUG["denied-persons"].printed,
    type="Individual",
    name="John Doe",
    start_date="2017-10-16",
    end_date="2030-10-13",
)
ROWS = (ACME, HERON, DOE)


NO_BOOK = ListingBook(
    id="none",
    title="No shipped book",
    source="Made up",
    retrieved=RETRIEVED,
    version=digest_of(b""),
    listings=(),
)


def _shipped(listing: Listing) -> Row:
    return Row(
        source=BY_SLUG["entity-list"].printed,
        name=listing.name,
        addresses="; ".join(listing.countries),
        alt_names="; ".join(alias.name for alias in listing.aliases),
    )


OTHER_LISTS = tuple(
    Row(source=source.printed, name=f"Works {place} of Lutz")
    for place, source in enumerate(SOURCES)
    if source.published and source.slug != "entity-list"
)
"""One row of each list but the Entity List."""
WHOLE = (*OTHER_LISTS, *map(_shipped, load_listings().listings))
"""Rows of a file that nothing is wrong with as the first: of each list one, and the shipped book's."""


def read(content: bytes, retrieved: date = RETRIEVED, shipped: ListingBook = NO_BOOK) -> Reading:
    return read_list(content, list_id="csl", retrieved=retrieved, shipped=shipped)


def reading(*rows: Row, retrieved: date = RETRIEVED) -> Reading:
    return read(write_list(rows), retrieved)


def rows_of(content: bytes) -> tuple[Row, ...]:
    """The records of a file that is in order."""
    return tuple(record[1] for record in Records(content) if isinstance(record, tuple))


def many(number: int, source: str = "entity-list") -> Iterable[Row]:
    return (ACME._replace(source=BY_SLUG[source].printed, name=f"Factory {n} Optics") for n in range(number))
