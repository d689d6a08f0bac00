"""Prints the digests of all sample letters, for a test that runs this elsewhere."""

from greenlight.letters.render import render
from tests.letters.samples import ALL

for name, make in ALL.items():
    for rehearsal in (False, True):
        print(f"{name},{rehearsal}", render(make(), rehearsal=rehearsal).digest)
