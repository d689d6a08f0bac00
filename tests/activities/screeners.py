"""The screener of a worker to which no version of the list was loaded, and files of listings for it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import islice, product
from pathlib import Path

from greenlight.kernel.commit import StreamPage
from greenlight.screening.book import ListingBook
from greenlight.service.records import Records
from greenlight.service.screening import ListScreener
from greenlight.service.versions import Versions


class NoFiles:
    """No version of the list is stored, and no entity on record."""

    async def list_content(self, digest: str) -> bytes | None:
        return None

    async def entity_versions(self) -> dict[str, int]:
        return {}

    async def read_streams(self, after: Mapping[str, int]) -> dict[str, StreamPage]:
        return {}


def against(book: ListingBook, max_age: timedelta | None = None) -> ListScreener:
    """Screens against that book."""
    return ListScreener(book, Versions(NoFiles(), book), Records(NoFiles()), max_age=max_age)


def long_listings(folder: Path) -> tuple[Path, str]:
    """A file of sixty entries with long terms and one name, and that name."""
    words = ("Alder", "Birch", "Cedar", "Elder", "Gorse", "Hazel", "Juniper", "Larch")
    shared, notice = "Skerry Trading House Ltd.", "84 FR 22961"
    since = {"effective": "2019-05-16T20:15:00Z"}
    terms = {
        **since,
        "license_requirement": "For all items subject to the EAR.",
        "review_policy": "Presumption of denial. " * 40,
        "citation": notice,
    }
    entries = [
        {
            "key": f"skerry-{number}",
            "name": f"Skerry Trading House {first}{second} Ltd.",
            "aliases": [shared],
            "countries": ["CN"],
            "added_by": notice,
            "terms": "long",
        }
        for number, (first, second) in enumerate(islice(product(words, words), 60))
    ]
    file = folder / "listings.json"
    file.write_text(
        json.dumps(
            {
                "format": "greenlight-listings/1",
                "id": "skerry",
                "title": "Sixty of one name",
                "source": "A test's",
                "retrieved": "2026-07-31",
                "notices": {notice: {**since, "published": "2019-05-21"}},
                "terms": {"long": [terms]},
                "listings": entries,
            }
        )
    )
    return file, shared
