"""Vocabulary as data: text files beside this, in sections headed ``[name]``; ``#`` begins a comment."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

_HEAD: Final = "["


@lru_cache
def _sections(name: str) -> dict[str, str]:
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (files(__name__) / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(_HEAD):
            lines = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            lines.append(line)
    return {head: "\n".join(found).strip("\n") for head, found in sections.items()}


def table(name: str, section: str) -> str:
    """The lines of a section of a file. Its module says what they mean."""
    return _sections(name)[section]
