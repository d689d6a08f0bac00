"""Pictures as SVG: one document each, with no script and nothing to load."""

import html
from collections.abc import Iterable

from greenlight.kernel.legible import legible

LOOKS = (
    "text{font:12px sans-serif;fill:#1f2933}.title{font-size:15px;font-weight:bold}.faint{fill:#66737f}"
    ".grid{stroke:#d5dbe1}"
)
"""The style that all pictures have in common."""


def drawn(said: str) -> str:
    """The text for a picture."""
    return html.escape(legible(said))


def document(width: int, height: int, title: str, style: str, parts: Iterable[str]) -> str:
    """The whole picture on white, with the style of its own parts beside what all have."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<title>{drawn(title)}</title><style>{LOOKS}{style}</style>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *parts,
            "</svg>\n",
        )
    )


def text(x: float, y: float, said: str, kind: str = "", anchor: str = "start", fill: str = "") -> str:
    style = f' style="fill:{fill}"' if fill else ""
    return (
        f'<text x="{round(x, 1)}" y="{round(y, 1)}" class="{kind}" text-anchor="{anchor}"{style}>'
        f"{drawn(said)}</text>"
    )
