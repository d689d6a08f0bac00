"""Whose the days of an application were, on the command line."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from greenlight.cli.cases.days import in_a_line
from greenlight.cli.cases.days_svg import svg
from greenlight.law.application.clock.days import days
from greenlight.law.application.interagency.agency import Agency
from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done, filed
from tests.law.application.cases import APPROVE, Case, in_review, with_executive

SVG = "{http://www.w3.org/2000/svg}"


async def test_they_are_told_as_text_json_csv_and_picture(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    acn = await filed(terminal)
    await done(terminal, "place-hold", acn, "pre_license_check", "--as", "olga", "--reason", "A visit")
    then = datetime.now(UTC) + timedelta(days=10)
    file = tmp_path / "days.svg"
    until = ("--as-of", then.isoformat())
    told = (await done(terminal, "days", acn, *until, "--json", "--svg", str(file))).json
    assert isinstance(told, dict)
    assert told["age"] == 10
    (share, *_) = told["shares"] if isinstance(told["shares"], list) else []
    assert share == {"label": "hold: pre license check", "days": 10}
    assert ElementTree.fromstring(file.read_text(encoding="utf-8")).tag == f"{SVG}svg"
    text = (await done(terminal, "days", acn, *until)).out
    assert "open: 10 days since" in text
    assert "Together: hold: pre license check 10" in text
    assert "15 CFR 750.4(b)(2)" in text
    rows = list(csv.reader(StringIO((await done(terminal, "days", acn, *until, "--csv")).out)))
    assert rows[0] == ["whose", "days", "since", "until", "citation"]
    assert sum(int(row[1]) for row in rows[1:]) == 10
    assert "10 days: hold: pre license check 10" in (await done(terminal, "show", acn, *until)).out
    wrong = await terminal.starter("days", acn, "--svg", str(tmp_path))
    assert wrong.code == 2


@pytest.mark.parametrize(
    "case",
    [
        in_review(),
        in_review().later(days=1),
        in_review().referred(*Agency).later(days=9).advised(*[APPROVE] * 4).later(days=300),
        with_executive().later(days=4).signed_off(),
    ],
)
def test_the_bars_of_the_picture_come_to_the_age_and_do_not_overlap(case: Case) -> None:
    shown = days(case.opened, case.now)
    root = ElementTree.fromstring(svg(shown))
    bars = sorted(
        (float(bar.get("x", "0")), float(bar.get("width", "0")))
        for bar in root.iter(f"{SVG}rect")
        if bar.find(f"{SVG}title") is not None
    )
    for (x, width), (following, _) in pairwise(bars):
        assert x + width == pytest.approx(following, abs=0.2)
    assert len(bars) == sum(spell.days > 0 for spell in shown.spells)
    assert in_a_line(shown)
