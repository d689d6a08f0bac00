"""The picture of terms: of a reprieve and of a rule. No service runs."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from greenlight.cli.law.timeline_svg import svg
from greenlight.law.reprieve.timeline import WORDS
from greenlight.law.rule.timeline import timeline
from greenlight.law.terms.picture import Mark, Timeline
from greenlight.law.terms.run import Run
from greenlight.reference.rules import load_rules
from tests.cli.conftest import Terminal
from tests.cli.test_policy import document
from tests.cli.test_procedure import done

SVG = "{http://www.w3.org/2000/svg}"
TIMELINE = ("reprieve", "timeline", "--reference", "huawei")


def classed(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [
        each
        for each in root.iter(f"{SVG}rect")
        if each.get("class") == kind and each.find(f"{SVG}title") is not None
    ]


async def test_it_shows_terms_gaps_and_overlaps(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "huawei.svg"
    said = await done(terminal, *TIMELINE, "--svg", str(file))
    for words in (
        "85 FR 14416",
        "No cover: 14 Aug 2020 – 16 Aug 2020",
        "Two terms: 10 Mar 2020 – 1 Apr 2020",
    ):
        assert words in said.out
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert [len(classed(root, kind)) for kind in ("term", "gap", "overlap")] == [6, 1, 5]
    width = float(root.get("width", "0"))
    for each in root.iter(f"{SVG}rect"):
        assert (
            0
            <= float(each.get("x", "0"))
            <= float(each.get("x", "0")) + float(each.get("width", "0"))
            <= width
        )


async def test_under_a_policy_it_shows_the_decisions(terminal: Terminal) -> None:
    found = document(await done(terminal, *TIMELINE, "--policy", "huawei-2019", "--json"))
    marks = found["marks"]
    assert isinstance(marks, list)
    labels = [each["label"] for each in marks if isinstance(each, dict)]
    assert labels[0] == "extend: consumers"
    assert labels[-2:] == ["lapse: rules-tightened", "ended"]


def long(terms: int) -> Timeline:
    """Terms of ninety days, each beginning a day before the last one ends, with a gap in the middle."""
    begin, day = datetime(2019, 5, 20, 4, tzinfo=UTC), timedelta(days=1)
    begins = [begin + 90 * n * day + (3 * day if n >= terms // 2 else 0 * day) for n in range(terms)]
    bars = tuple(Run(n + 1, at, at + 91 * day, None, at, "x") for n, at in enumerate(begins))
    spans = tuple((one.end, other.begin) for one, other in pairwise(bars))
    return Timeline(
        title="For a long time",
        terms=bars,
        gaps=tuple((end, starts) for end, starts in spans if end < starts),
        overlaps=tuple((starts, end) for end, starts in spans if starts < end),
        marks=tuple(Mark(at + 60 * day, "extend: needed") for at in begins),
        words=WORDS,
    )


def box(text: ElementTree.Element) -> tuple[float, float, float, float]:
    """Where a label is, from left to right and from its top to its foot."""
    x, y, width = float(text.get("x", "0")), float(text.get("y", "0")), 6.5 * len(text.text or "")
    left = {"end": x - width, "middle": x - width / 2}.get(text.get("text-anchor", ""), x)
    return left, left + width, y - 11, y


async def test_a_rule_has_the_same_picture_with_what_nobody_knows(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "affiliates.svg"
    said = await done(terminal, "rule", "timeline", "affiliates", "--svg", str(file))
    for words in (
        "90 FR 50857",
        "Open: from 10 Nov 2026 on",
        "10 Nov 2026: in force or suspended",
        "settled by a notice that extends 90 FR 50857 past 9 Nov 2026",
    ):
        assert words in said.out
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert [len(classed(root, kind)) for kind in ("term", "gap", "overlap")] == [2, 1, 0]
    found = document(await done(terminal, "rule", "timeline", "affiliates", "--json"))
    assert found["gaps"] == [["2026-11-10T05:00:00+00:00", None]]
    terms = found["terms"]
    assert isinstance(terms, list)
    through = [each["valid_through"] for each in terms if isinstance(each, dict)]
    assert through == [None, "2026-11-09"]


async def test_a_picture_of_a_rule_has_nothing_that_was_not_known(terminal: Terminal) -> None:
    before = ("rule", "timeline", "affiliates", "--known-at", "2025-11-01")
    said = await done(terminal, *before)
    assert "90 FR 47201" in said.out
    assert "90 FR 50857" not in said.out
    assert "Open" not in said.out
    nothing = await terminal.starter("rule", "timeline", "affiliates", "--known-at", "2025-01-01")
    assert (nothing.code, "no act on it was known" in nothing.err) == (1, True)


@pytest.mark.parametrize("terms", [1, 6, 12, 13, 40, 160])
def test_decades_of_terms_are_readable(terms: int) -> None:
    readable(long(terms))


@pytest.mark.parametrize("key", sorted(load_rules().by_key))
def test_every_rule_that_comes_with_the_service_is_readable(key: str) -> None:
    rule = load_rules().by_key[key]
    shown = timeline(rule.title, rule.attestations)
    assert shown is not None
    readable(shown)


def readable(shown: Timeline) -> None:
    root = ElementTree.fromstring(svg(shown))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    assert height <= 1_200
    labels = [each for each in root.iter(f"{SVG}text") if (each.text or "").strip()]
    boxes = [(*box(each), each.text) for each in labels]
    for place, (left, right, top, foot, text) in enumerate(boxes):
        assert 0 <= left <= right <= width, text
        assert 0 <= top <= foot <= height, text
        for other in boxes[place + 1 :]:
            apart = right <= other[0] or other[1] <= left or foot <= other[2] or other[3] <= top
            assert apart, f"{text} lies upon {other[4]}"
    assert len(classed(root, "term")) == len(shown.terms)
    assert len(classed(root, "gap")) == len(shown.gaps), "a gap is never too narrow to be seen"


async def test_a_file_that_cannot_be_written_is_usage(terminal: Terminal, tmp_path: Path) -> None:
    said = await terminal.starter(*TIMELINE, "--svg", str(tmp_path / "nowhere" / "a.svg"))
    assert (said.code, "cannot be written" in said.err) == (2, True)


def test_a_suspended_year_is_drawn_as_one_and_what_is_open_as_that() -> None:
    rule = load_rules().by_key["affiliates"]
    shown = timeline(rule.title, rule.attestations)
    assert shown is not None
    root = ElementTree.fromstring(svg(shown))
    adopted, suspended = classed(root, "term")
    assert adopted.get("style") != suspended.get("style")
    drawn = [
        (each.get("class"), float(each.get("x", "0")), float(each.get("width", "0")))
        for kind in ("in_force", "suspended", "open")
        for each in classed(root, kind)
    ]
    assert [kind for kind, _, _ in drawn] == ["in_force", "suspended", "open"]
    assert all(abs(x + width - after) <= 0.2 for (_, x, width), (_, after, _) in pairwise(drawn))
    assert drawn[1][1] == float(suspended.get("x", "0"))
