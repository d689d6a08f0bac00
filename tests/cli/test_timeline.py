"""The picture of a reprieve. No service runs."""

from pathlib import Path
from xml.etree import ElementTree

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


async def test_a_file_that_cannot_be_written_is_usage(terminal: Terminal, tmp_path: Path) -> None:
    said = await terminal.starter(*TIMELINE, "--svg", str(tmp_path / "nowhere" / "a.svg"))
    assert (said.code, "cannot be written" in said.err) == (2, True)
