"""A panel of a picture: two axes with what their ticks say, a grid, lines and marks on it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from greenlight.kernel.svg import text


@dataclass(frozen=True, slots=True)
class Axis:
    """From a share of the way for a value, and the values that are written beside it with their words."""

    share: Callable[[float], float]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A field of the picture, with values to the right and upwards."""

    left: float
    top: float
    width: float
    height: float
    right_axis: Axis
    up_axis: Axis

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, value: float) -> float:
        return round(self.left + self.width * self.right_axis.share(value), 1)

    def y(self, value: float) -> float:
        return round(self.top + self.height * (1 - self.up_axis.share(value)), 1)

    def grid(self) -> Iterator[str]:
        for value, said in self.up_axis.ticks:
            y = self.y(value)
            yield f'<line class="grid" x1="{self.left}" x2="{self.right}" y1="{y}" y2="{y}"/>'
            yield text(self.left - 8, y + 4, said, "faint", "end")
        for value, said in self.right_axis.ticks:
            x = self.x(value)
            yield f'<line class="grid" x1="{x}" x2="{x}" y1="{self.top}" y2="{self.bottom}"/>'
            yield text(x, self.bottom + 16, said, "faint", "middle")

    def line(self, points: Iterable[tuple[float, float]], fill: str = "") -> str:
        """Through points of both axes' values; ``fill`` is its colour, without one that of its class."""
        path = " ".join(f"{self.x(right)},{self.y(up)}" for right, up in points)
        style = f' style="stroke:{fill}"' if fill else ""
        return f'<polyline class="line"{style} points="{path}"/>'

    def mark(self, at: tuple[float, float], radius: float, kind: str, title: str) -> Iterator[str]:
        """A circle; ``title`` is what a reader is told who points at it, in the form that SVG takes."""
        yield f'<circle class="{kind}" cx="{self.x(at[0])}" cy="{self.y(at[1])}" r="{radius}">'
        yield f"<title>{title}</title></circle>"
