"""The looks of how a rule stands, in every picture of rules: by the name of it, in words and its colour."""

from collections.abc import Mapping
from typing import Final

LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "in_force": ("in force", "#2f6f9f"),
    "suspended": ("suspended", "#b4bcc4"),
    "not_enforced": ("stands, not enforced", "#e0a100"),
    "open": ("open: nobody knows", "url(#open)"),
}


def hatched(name: str, colour: str) -> str:
    """A pattern to fill with, by ``url(#name)``."""
    return (
        f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
        f'<rect width="2.5" height="6" fill="{colour}"/></pattern>'
    )


OPEN: Final = hatched("open", "#c0392b")
"""What is filled so is not known."""
