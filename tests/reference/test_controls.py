"""The control tables: made from the official files, strict to read, and read the same as slowly by hand."""

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from greenlight.law.determination import goods
from greenlight.law.determination.tables import Tables
from greenlight.reference.controls import (
    CHART,
    DESTINATIONS,
    FOLDER,
    GROUPS,
    LIST,
    DestinationsFile,
    load,
    load_tables,
)
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.official_controls import tables_of
from tests import shared_data
from tests.reference import slow_reading

CODES = load(FOLDER / DESTINATIONS, DestinationsFile).codes


def test_the_shipped_tables_are_what_the_official_files_make() -> None:
    shared_data.needs(shared_data.CCL, shared_data.CHART, shared_data.GROUPS)
    made = tables_of(shared_data.CCL, shared_data.CHART, shared_data.GROUPS)
    assert made == {name: (FOLDER / name).read_text(encoding="utf-8") for name in (LIST, CHART, GROUPS)}


def test_the_official_files_print_what_the_shipped_tables_do() -> None:
    """So that what is compared below with the shipped tables is compared with the official ones."""
    shared_data.needs(shared_data.CCL, shared_data.CHART, shared_data.GROUPS)
    printed = slow_reading.official(shared_data.CCL, shared_data.CHART, shared_data.GROUPS, CODES)
    assert len(printed.entries) == 633
    assert len(printed.marks) == 202
    assert printed == slow_reading.shipped(FOLDER)


def test_every_entry_for_every_destination_is_as_a_slow_reading_has_it() -> None:
    printed, tables = slow_reading.shipped(FOLDER), load_tables()
    assert printed.entries.keys() == tables.entries.keys()
    assert printed.marks.keys() | printed.groups.keys() == tables.destinations.keys()
    asked = [
        (eccn, paragraph, code)
        for eccn, (_, controls) in printed.entries.items()
        for paragraph in _paragraphs(controls)
        for code in (KINDS if paragraph else tables.destinations)
    ]
    wrong = [
        (eccn, paragraph, code)
        for eccn, paragraph, code in asked
        if _outcome(tables, eccn, paragraph, code) != slow_reading.answer(printed, eccn, paragraph, code)
    ]
    assert not wrong, (len(wrong), wrong[:20])


KINDS = ("AU", "CA", "CN", "CU", "FR", "HK", "IL", "IN", "IQ", "KP", "MO", "PK", "RU", "UA", "US", "ZA")
"""Destinations of every kind, for paragraphs: whether one is meant has nothing to do with where it goes."""


def _paragraphs(controls: list[tuple[str, str]]) -> list[str]:
    """The entry as a whole; and, where controls tell paragraphs apart, each that they name and one that none
    does."""
    named = {
        name
        for text, _ in controls
        for name in re.findall(r"(?<![A-Za-z0-9])\.?([a-z](?:\.[a-z0-9]{1,2})+|(?<=\.)[a-z])\b", text)
    }
    return ["", *sorted(named)[:6], "q.7"] if named else [""]


def _outcome(tables: Tables, eccn: str, paragraph: str, code: str) -> str:
    subparagraph = f".{paragraph}" if paragraph else None
    found = goods.reasons.__wrapped__(tables, eccn, subparagraph, code, False)
    effects = {reason.effect for reason in found}
    if "required" in effects:
        return "required"
    return "cannot_determine" if "open" in effects else "not_required"


def test_the_codes_are_those_of_iso_3166_and_every_row_has_its_own() -> None:
    lines = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8").splitlines()
    known = {line[:2] for line in lines if not line.startswith("#")}
    assert set(CODES.values()) - known == {"XK"}
    rows = json.loads((FOLDER / CHART).read_text(encoding="utf-8"))["rows"]
    assert all(CODES[row["name"]] == code for code, row in rows.items())
    assert len(rows) == 200


def test_the_tables_stay_compact() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 250_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "controls"))


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        (CHART, '"footnotes": ["10"]', '"footnotes": ["11"]', "rows.AU.footnotes"),
        (CHART, '"row": "CN"', '"row": "ZZ"', "inherited.HK.row"),
        (CHART, '"NS 1"', '"NS One"', "columns"),
        (GROUPS, '"issued": "2026-07-23"', '"issued": "2026-07-24"', "issued"),
        (LIST, '"0A501": {', '"0A5011": {', "entries"),
        (LIST, '"0A502": {', '"0A501": {', "(file)"),
        (LIST, '"heading": "Shotguns', '"color": 1, "heading": "Shotguns', "entries"),
    ],
)
def test_a_table_that_is_not_as_its_format_says_is_refused(
    folder: Path, name: str, old: str, new: str, field: str
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ReferenceDataError) as refused:
        load_tables(folder)
    assert refused.value.field.startswith(field)


def official(folder: Path, **changes: tuple[str, str]) -> tuple[Path, Path, Path]:
    """Small official files, changed as said."""
    texts = {
        "ccl": json.dumps(
            {
                "source": "A list, eCFR issue 2026-07-23",
                "entries": [
                    {
                        "eccn": "5A991",
                        "heading": "Equipment",
                        "reasonForControl": "AT",
                        "countryChart": [
                            {"control": "AT applies to entire entry", "countryChart": "AT Column 1"}
                        ],
                    }
                ],
            }
        ),
        "chart": json.dumps(
            {
                "citation": "A chart",
                "ecfrIssueDate": "2026-07-23",
                "columns": ["AT 1"],
                "countries": {"France": {"marks": ["AT 1"], "footnotes": []}},
                "embargoed": {},
                "territoryInheritance": {},
                "footnotes": {},
                "allDestinationsEntries": {
                    "citation": "None",
                    "noLicenceExceptions": [],
                    "govOnly": {"entries": []},
                },
            }
        ),
        "groups": json.dumps(
            {"citation": "Groups", "ecfrIssueDate": "2026-07-23", "groups": {"A:1": ["France"]}}
        ),
    }
    for name, (old, new) in changes.items():
        assert old in texts[name]
        texts[name] = texts[name].replace(old, new)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "ccl", folder / "chart", folder / "groups"


def test_official_files_become_tables_that_can_be_read(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, text in tables_of(*official(tmp_path)).items():
        (out / name).write_text(text, encoding="utf-8")
    tables = load_tables(out)
    assert _outcome(tables, "5A991", "", "FR") == "required"
    assert _outcome(tables, "5A991", "", "DE") == "cannot_determine"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"chart": ("France", "Ruritania")}, "(names)"),
        ({"groups": ("France", "Ruritania")}, "(names)"),
        ({"ccl": ("eCFR issue 2026-07-23", "some issue")}, "source"),
        ({"ccl": ('"heading": "Equipment", ', "")}, "entries.0.heading"),
        ({"chart": ('"footnotes": []', '"footnotes": ["1"]')}, "countries"),
    ],
)
def test_an_official_file_that_is_not_as_expected_is_refused(
    tmp_path: Path, changes: dict[str, tuple[str, str]], field: str
) -> None:
    with pytest.raises(ReferenceDataError) as refused:
        tables_of(*official(tmp_path, **changes))
    assert refused.value.field.startswith(field)
