"""Prints the digests of all sample letters, for a test that runs this elsewhere."""

from letters.render import render
from tests.letters.samples import ALL

for name, make in ALL.items():
    print(name, render(make()).digest)
