"""2025 and 2026 in the demonstration's picture: each span with its source, and what nobody knows is open."""

import xml.etree.ElementTree as ElementTree
from datetime import date
from pathlib import Path

import pytest

from greenlight.cli.rehearsal.docket_svg import LEFT, RIGHT, WIDTH, Point, Reported, picture
from greenlight.cli.rehearsal.years import How, Span, spans
from greenlight.cli.rehearsal.years_svg import height
from greenlight.law.reprieve.timeline import WORDS
from greenlight.law.terms.picture import Timeline
from greenlight.reference.chronicles import FILE, load_chronicle
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.rules import load_rules

CHRONICLE = load_chronicle()
SPANS = spans(CHRONICLE, load_rules())
ORDER = "Supplement No. 1 to 15 CFR Part 736, General Order (90 FR 47201)"
SVG = "{http://www.w3.org/2000/svg}"


def of(what: str) -> list[Span]:
    return [each for each in SPANS if each.what.startswith(what)]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (
            "Affiliates Rule",
            [
                (How.IN_FORCE, "2025-09-29", "2025-11-09", "90 FR 47201 (second-hand)"),
                (How.SUSPENDED, "2025-11-10", "2026-11-09", "90 FR 47201, 90 FR 50857 (second-hand)"),
                (How.OPEN, "2026-11-10", "2026-12-31", "90 FR 47201, 90 FR 50857 (unverified)"),
            ],
        ),
        (
            "Temporary General License No. 7",
            [
                (
                    How.IN_FORCE,
                    "2025-09-29",
                    "2025-11-28",
                    f"{ORDER} (second-hand)",
                ),
                (How.OPEN, "2025-11-29", "2025-12-01", f"{ORDER} (unverified); {ORDER} (second-hand)"),
            ],
        ),
        ("Freeze", [(How.TOLD_ROUGHLY, "2025-02-01", "2025-04-30", "GAO-25-107431 (second-hand)")]),
        ("Firearms", [(How.IN_FORCE, "2026-11-20", "2026-12-31", "91 FR 46252 (second-hand)")]),
    ],
)
def test_every_span_has_its_days_and_how_certain_they_are(
    what: str, told: list[tuple[How, str, str, str]]
) -> None:
    found = [(e.how, e.begins.isoformat(), e.through.isoformat(), e.citation) for e in of(what)]
    assert found == told


def test_a_text_that_is_not_enforced_is_neither_in_force_nor_not() -> None:
    assert [each.how for each in of("Worldwide controls")] == [How.IN_FORCE, How.NOT_ENFORCED]


def test_what_is_open_says_what_would_settle_it() -> None:
    suspension, last_day = [each.settled_by or "" for each in SPANS if each.how is How.OPEN]
    assert "extends 90 FR 50857 past 9 Nov 2026" in suspension
    assert (
        last_day == "reading the last day in Supplement No. 1 to 15 CFR Part 736, General Order (90 FR 47201)"
    )


def test_the_page_is_below_the_docket_and_changes_nothing_of_it() -> None:
    points = [Point(date(2019, 5, 20), 0, 0, 0, 0, 0), Point(date(2020, 8, 20), 9, 3, 3, 1, 2)]
    docket = (
        points,
        (),
        Timeline("Reprieve", (), (), (), (), WORDS),
        Reported({}, date(2019, 11, 20), ""),
    )
    alone, whole = picture(*docket), picture(*docket, years=(CHRONICLE, SPANS))
    before, after = ElementTree.fromstring(alone), ElementTree.fromstring(whole)
    grown = int(after.attrib["height"]) - int(before.attrib["height"])
    assert grown == height(SPANS)
    docket_parts = list(before)[3:]
    assert [ElementTree.tostring(e) for e in list(after)[3 : 3 + len(docket_parts)]] == [
        ElementTree.tostring(e) for e in docket_parts
    ]
    bars = [e for e in after.iter(f"{SVG}rect") if e.find(f"{SVG}title") is not None]
    assert len(bars) == len(SPANS)
    for bar in bars:
        assert float(bar.attrib["x"]) >= LEFT
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= WIDTH - RIGHT + 3
    assert any(bar.attrib["fill"] == "url(#open)" for bar in bars)


def test_the_picture_in_the_documents_has_the_page() -> None:
    file = Path(__file__).resolve().parents[2] / "docs" / "images" / "docket.svg"
    said = file.read_text(encoding="utf-8")
    assert CHRONICLE.title in said
    for each in SPANS:
        assert each.what in said


def test_no_label_of_the_picture_in_the_documents_is_cut_at_its_edge() -> None:
    file = Path(__file__).resolve().parents[2] / "docs" / "images" / "docket.svg"
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    for each in root.iter(f"{SVG}text"):
        if float(each.get("x", "0")) > WIDTH - RIGHT:
            assert float(each.get("x", "0")) + 7.4 * len(each.text or "") <= float(root.attrib["width"])


def test_an_episode_of_other_years_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text(
        FILE.read_text(encoding="utf-8").replace('"2025-02-01"', '"2024-02-01"'), encoding="utf-8"
    )
    with pytest.raises(ReferenceDataError, match="is not of these years"):
        load_chronicle(file)
