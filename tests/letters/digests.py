"""Prints the digests of all sample letters, for a test that runs this elsewhere."""

from greenlight.letters.render import render
from greenlight.letters.sheet import Sheet, Specimen
from tests.letters.samples import ALL, CODE

for name, make in ALL.items():
    for specimen in (None, *Specimen):
        print(f"{name},{specimen}", render(make(), Sheet(specimen=specimen), CODE).digest)
