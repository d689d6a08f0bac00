"""Writes the known texts anew."""

from tests.letters.golden import FOLDER, golden
from tests.letters.samples import ORDINARY

for name, make in ORDINARY.items():
    (FOLDER / f"{name}.txt").write_text(golden(make()), encoding="utf-8")
