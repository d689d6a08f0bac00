"""The files in which the contract is written down, each with what makes it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.contract.catalog import catalog_text
from tests.contract.contract import contract
from tests.contract.golden import readings
from tests.contract.help import help_text

ROOT = Path(__file__).resolve().parents[2]

PINS: Mapping[str, Callable[[], str]] = {
    "tests/contract/contract.json": contract,
    "tests/contract/help.txt": help_text,
    "tests/contract/golden/readings.json": readings,
    "greenlight/cli/catalog.json": catalog_text,
}
"""By their paths in the repository."""


def written(name: str) -> str:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def write() -> list[str]:
    """Bring the files up to date, and say which were not."""
    made = {name: make() for name, make in PINS.items()}
    stale = [name for name, text in made.items() if text != written(name)]
    for name in stale:
        (ROOT / name).write_text(made[name], encoding="utf-8")
    return stale
