"""The picture of an outlook: what it says is there whole, and how many get another answer can be read."""

import re

from greenlight.answers.outlook_picture import befalls, picture
from greenlight.law.outlook.answers import Change
from tests.law.outlook.outlooks import SETTLED, outlook


def said(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_every_reading_is_told_to_its_end_and_both_totals() -> None:
    lines = said(picture(outlook()).svg)
    assert not [line for line in lines if line.endswith("…")]
    assert "if the suspension was extended past 9 Nov 2026" in " ".join(lines)
    assert SETTLED in " ".join(lines)
    assert "12, of which 3 get another answer" in lines


def test_what_stands_open_now_is_told_even_if_nothing_is_known_to_change() -> None:
    lines = said(picture(outlook(moments=False)).svg)
    assert "Nothing is known to change until then." in lines
    assert "since 10 Nov 2026" in lines
    assert "or it is still suspended" in " ".join(lines)


def test_each_count_has_a_verb() -> None:
    assert befalls(1, Change.FLIPS) == "1 gets another answer"
    assert befalls(2, Change.UNSEEN) == "2 are not seen by the service"
