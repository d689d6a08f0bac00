"""Every command of the root by name, with the part that has it and the first paragraph of its help.

``catalog.json`` is written from the commands: ``python -m tests.contract --write``.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = Path(__file__).with_name("catalog.json")


class Listed(NamedTuple):
    """A command or a group as help shows it. ``panel`` None: among those that have no panel of their own."""

    part: str
    panel: str | None
    help: str


@lru_cache(maxsize=1)
def catalog() -> Mapping[str, Listed]:
    """In the order of help."""
    found = json.loads(FILE.read_bytes())
    return {name: Listed(**said) for name, said in found.items()}
