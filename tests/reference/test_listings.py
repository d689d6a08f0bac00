"""Huawei's listings, and the loader that refuses every file that is not as the format says."""

import csv
import hashlib
import json
import re
from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.listings import HUAWEI, load_listings
from greenlight.screening.book import ListingBook
from greenlight.screening.finding import Finding, ScreenedParty
from greenlight.screening.screen import screen
from tests.shared_data import SCREENING_LIST, needs

NOW = datetime(2026, 7, 31, tzinfo=UTC)
HUAWEI_NOTICES = re.compile(r"84 FR 2296[13]|84 FR 4349[35]|85 FR 51(?:596|603)")

SMALL: dict[str, Any] = {
    "format": "greenlight-listings/1",
    "id": "small",
    "title": "A small list",
    "source": "A test",
    "retrieved": "2026-07-31",
    "notices": {"84 FR 22961": {"effective": "2019-05-16T20:15:00Z", "published": "2019-05-21"}},
    "terms": {
        "all": [
            {
                "effective": "2019-05-16T20:15:00Z",
                "license_requirement": "All items",
                "review_policy": "Presumption of denial",
                "citation": "84 FR 22961",
            }
        ]
    },
    "sources": {"own": "Its own name"},
    "notes": {"remark": "A remark"},
    "listings": [
        {
            "key": "acme",
            "name": "Acme Ltd",
            "aliases": ["Acme Trading"],
            "unprinted_aliases": [{"name": "Akme", "source": "own"}],
            "countries": ["CN"],
            "added_by": "84 FR 22961",
            "terms": "all",
            "note": "remark",
        }
    ],
}


@pytest.fixture(scope="module")
def huawei() -> ListingBook:
    return load_listings()


def found(book: ListingBook, name: str, at: datetime = NOW) -> Finding:
    (finding,) = screen([ScreenedParty(role="end_user", ordinal=0, name=name)], book, at)
    return finding


def keys(finding: Finding) -> set[str]:
    return {match.listing for match in finding.matches}


def saved(folder: Path, document: object) -> Path:
    file = folder / "list.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def changed(path: str, value: object) -> dict[str, Any]:
    """The small list with one field set, or taken out when the value is `...`."""
    document = deepcopy(SMALL)
    *parents, last = path.split(".")
    place: Any = document
    for step in parents:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


def test_the_listings_by_notice(huawei: ListingBook) -> None:
    assert Counter(listing.citation for listing in huawei.listings) == {
        "84 FR 22961": 89,
        "84 FR 43493": 24,
        "85 FR 51596": 40,
    }
    # Huawei and 68 affiliates, 46 and 38 more: the notices' own totals.
    assert len(huawei.listings) == 69 + 46 + 38


@pytest.mark.parametrize(
    "name", ["Huawei Technologies Co., Ltd.", "HUAWEI TECHNOLOGIES CO LTD", "华为技术有限公司", "华为"]
)
def test_huawei_is_found(huawei: ListingBook, name: str) -> None:
    finding = found(huawei, name)
    assert finding.outcome == "listed"
    assert "huawei-technologies" in keys(finding)


def test_hisilicon_is_found_by_its_chinese_name_and_the_match_says_where_that_is_from(
    huawei: ListingBook,
) -> None:
    match, *alike = found(huawei, "海思").matches
    # Its owner's own name, and, read out, Haisi.
    assert [other.listing for other in alike] == [
        "shanghai-hisilicon-technologies",
        "shanghai-haisi-technology",
    ]
    assert match.listing == "hisilicon-technologies"
    assert match.alias_source is not None
    assert "not printed on the Entity List" in match.alias_source


@pytest.mark.parametrize("name", ["Hawaii Technologies LLC", "Acme Ltd", "华为技术员工"])
def test_others_are_not_found(huawei: ListingBook, name: str) -> None:
    assert found(huawei, name).outcome == "no_match"


@pytest.mark.parametrize(
    ("name", "before", "from_then_on"),
    [
        ("Huawei Technologies Co., Ltd.", "2019-05-16T20:14:59Z", "2019-05-16T20:15:00Z"),
        ("Huawei Cuba", "2019-07-15T00:00:00Z", "2019-08-19T04:00:00Z"),
        ("Huawei Sweden", "2019-08-19T03:59:59Z", "2019-08-19T04:00:00Z"),
        ("Toga Networks", "2020-08-16T12:00:00Z", "2020-08-17T04:00:00Z"),
        ("Huawei Technologies Düsseldorf GmbH", "2020-08-16T12:00:00Z", "2020-08-17T04:00:00Z"),
    ],
)
def test_each_counts_from_its_notice(huawei: ListingBook, name: str, before: str, from_then_on: str) -> None:
    assert found(huawei, name, datetime.fromisoformat(before)).outcome == "no_match"
    assert found(huawei, name, datetime.fromisoformat(from_then_on)).outcome == "listed"


def test_the_requirement_is_worded_as_of_the_instant(huawei: ListingBook) -> None:
    (then,) = found(huawei, "Huawei Cuba", datetime(2019, 9, 1, tzinfo=UTC)).matches
    (now,) = found(huawei, "Huawei Cuba").matches
    assert then.license_requirement == "For all items subject to the EAR. (See §744.11 of the EAR)"
    assert (
        now.license_requirement == "For all items subject to the EAR, see §§ 734.9(e)¹ and 744.11 of the EAR²"
    )
    assert then.review_policy == now.review_policy == "Presumption of denial"


def test_an_open_date_is_told_with_the_match(huawei: ListingBook) -> None:
    (match,) = found(huawei, "Huawei Marine Networks").matches
    assert match.note is not None
    assert "19 of the 22" in match.note


def test_every_name_of_the_official_download_is_found(huawei: ListingBook) -> None:
    needs(SCREENING_LIST)
    with SCREENING_LIST.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines)
            if row["source"].startswith("Entity List")
            and HUAWEI_NOTICES.search(row["federal_register_notice"])
        ]
    assert len(rows) == 156
    countries = {listing.key: set(listing.countries) for listing in huawei.listings}
    for row in rows:
        printed = [
            row["name"].rpartition("Affiliated Entity: ")[2],
            *filter(None, row["alt_names"].split(";")),
        ]
        for name in printed:
            finding = found(huawei, name)
            at_home = {key for key in keys(finding) if set(row["addresses"].split("; ")) & countries[key]}
            assert at_home, f"{name} is on the official list and not in the book"


def test_the_version_is_the_digest_of_the_canonical_json(huawei: ListingBook) -> None:
    canonical = rfc8785.dumps(json.loads(HUAWEI.read_text(encoding="utf-8")))
    assert huawei.version == "sha256:" + hashlib.sha256(canonical).hexdigest()


def test_the_version_follows_the_facts_and_not_the_layout(tmp_path: Path) -> None:
    original = load_listings(saved(tmp_path, SMALL)).version
    again = tmp_path / "again.json"
    again.write_text(json.dumps(dict(reversed(SMALL.items())), indent=4), encoding="utf-8")
    assert load_listings(again).version == original
    assert load_listings(saved(tmp_path, changed("title", "Another"))).version != original


def test_every_id_is_replaced_by_what_it_stands_for(tmp_path: Path) -> None:
    (acme,) = load_listings(saved(tmp_path, SMALL)).listings
    assert acme.listed == datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
    assert [(alias.name, alias.source) for alias in acme.aliases] == [
        ("Acme Trading", None),
        ("Akme", "Its own name"),
    ]
    assert acme.terms[0].review_policy == "Presumption of denial"
    assert acme.note == "A remark"


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("format", "greenlight-listings/2", "format"),
        ("title", ..., "title"),
        ("retrieved", "yesterday", "retrieved"),
        ("retrieved", 20260731, "retrieved"),
        ("surplus", "x", "surplus"),
        ("listings", [], "listings"),
        ("listings", [SMALL["listings"][0], SMALL["listings"][0]], "listings"),
        ("listings.0.name", ..., "listings.0.name"),
        ("listings.0.name", "—", "listings.0.name"),
        ("listings.0.name", "x" * 601, "listings.0.name"),
        ("listings.0.name", 5, "listings.0.name"),
        ("listings.0.aliases", ["Acme", "..."], "listings.0.aliases.1"),
        ("listings.0.aliases", ["x"] * 201, "listings.0.aliases"),
        ("listings.0.address", "Shenzhen", "listings.0.address"),
        ("listings.0.countries", ["China"], "listings.0.countries.0"),
        ("listings.0.countries", [], "listings.0.countries"),
        ("listings.0.key", "Acme Ltd", "listings.0.key"),
        ("listings.0.added_by", "84 FR 1", "listings.0.added_by"),
        ("listings.0.terms", "none", "listings.0.terms"),
        ("listings.0.note", "none", "listings.0.note"),
        ("listings.0.unprinted_aliases.0.source", "none", "listings.0.unprinted_aliases.0.source"),
        ("listings.0.removed", "2019-05-16T20:15:00Z", "listings.0"),
        ("terms.all", [], "listings.0.terms"),
        ("terms.all.0.effective", 1558037700, "terms.all.0.effective"),
        ("terms.all.0.effective", "2019-05-16T16:15:00-04:00", "terms.all.0.effective"),
        ("terms.all.0.effective", "2019-05-16T20:15:00", "terms.all.0.effective"),
    ],
)
def test_a_malformed_file_is_refused_with_file_and_field(
    tmp_path: Path, path: str, value: object, field: str
) -> None:
    file = saved(tmp_path, changed(path, value))
    with pytest.raises(ReferenceDataError) as refusal:
        load_listings(file)
    assert (refusal.value.file, refusal.value.field) == (file, field)
    assert str(refusal.value) == f"{file}: {field}: {refusal.value.problem}"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"id": "a", "id": "b"}', b'{"id": 1.5}', b'{"id": NaN}', b"[" * 100_000],
)
def test_a_file_that_is_no_list_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "list.json"
    file.write_bytes(content)
    with pytest.raises(ReferenceDataError) as refusal:
        load_listings(file)
    assert (refusal.value.file, refusal.value.field) == (file, "(file)")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="cannot be read"):
        load_listings(tmp_path / "absent.json")
