"""Cost over size as a picture: both axes grow tenfold from step to step; what is linear is a slope."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from math import ceil, floor, log10
from typing import Final

from bench.panel import Axis, Panel
from greenlight.kernel.svg import document, text

TITLE: Final = "Cost over size of the log"
LEFT, TOP, WIDTH, HEIGHT, RIGHT, BOTTOM = 70, 76, 460, 360, 270, 60
COLOURS: Final = ("#2f6f9f", "#c0392b", "#2e7d32", "#8e5ea2", "#b7791f", "#00838f", "#6b4f3a")
STYLE: Final = ".line{fill:none;stroke-width:2.2}.dot{fill:#fff;stroke:#1f2933;stroke-width:1.4}"
_APART: Final = 16
"""Between two words at the lines' ends."""


def picture(what: Mapping[str, str], found: Mapping[int, Mapping[str, float]]) -> str:
    """A line for each name of ``what`` with its words; ``found`` has milliseconds by size and name."""
    values = [value for each in found.values() for value in each.values()]
    panel = Panel(
        *(LEFT, TOP, WIDTH, HEIGHT),
        right_axis=_tenfold(min(found), max(found), lambda size: f"{size:,.0f} events"),
        up_axis=_tenfold(min(values), max(values), lambda ms: f"{ms:g} ms"),
    )
    parts = [
        text(LEFT, 26, TITLE, "title"),
        text(
            LEFT,
            46,
            "Medians; tenfold from line to line. Flat: costs the same at any size.",
            "faint",
        ),
        *panel.grid(),
        *_lines(panel, what, found),
    ]
    return document(LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM, TITLE, STYLE, parts)


def _lines(panel: Panel, what: Mapping[str, str], found: Mapping[int, Mapping[str, float]]) -> Iterator[str]:
    sizes = sorted(found)
    said = TOP
    # From the top down, so that no word has to cross a line.
    for name in sorted(what, key=lambda name: -found[sizes[-1]][name]):
        colour = COLOURS[list(what).index(name) % len(COLOURS)]
        yield panel.line([(size, found[size][name]) for size in sizes], colour)
        for size in sizes:
            told = f"{what[name]}: {found[size][name]:.2f} ms at {size:,} events"
            yield from panel.mark((size, found[size][name]), 3.5, "dot", escape(told))
        said = max(said + _APART, panel.y(found[sizes[-1]][name]) + 4)
        yield text(panel.right + 12, said, what[name], fill=colour)


def _tenfold(least: float, most: float, said: Callable[[float], str]) -> Axis:
    begin, end = floor(log10(least)), max(ceil(log10(most)), floor(log10(least)) + 1)
    ticks = tuple((10.0**power, said(10.0**power)) for power in range(begin, end + 1))
    return Axis(lambda value: (log10(value) - begin) / (end - begin), ticks)
