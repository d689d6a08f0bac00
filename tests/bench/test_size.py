"""The picture of cost over size has a line for each figure: level where it costs the same."""

import re
from itertools import pairwise
from xml.etree import ElementTree

from bench.size_svg import picture

FOUND = {
    10_000: {"flat": 2.0, "linear": 0.5},
    100_000: {"flat": 2.0, "linear": 5.0},
    1_000_000: {"flat": 2.0, "linear": 50.0},
}


def test_a_line_for_each_figure() -> None:
    drawn = picture({"flat": "costs the same", "linear": "grows <with> all"}, FOUND)
    root = ElementTree.fromstring(drawn)
    said = "".join(root.itertext())
    assert "grows <with> all: 5.00 ms at 100,000 events" in said
    lines = [
        [tuple(map(float, point.split(","))) for point in line.split()]
        for line in re.findall(r'<polyline [^>]*points="([^"]+)"', drawn)
    ]
    steep, level = sorted(lines, key=lambda points: len({y for _, y in points}), reverse=True)
    assert len({y for _, y in level}) == 1
    rises = [before[1] - after[1] for before, after in pairwise(steep)]
    assert rises[0] > 0
    assert abs(rises[0] - rises[1]) < 0.2, "linear is a straight line"
