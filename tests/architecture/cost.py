"""Counts, by symbol, how many files name one concept: a command, event, letter, refusal code or aggregate.

    python -m tests.architecture.cost command stop_fan_out FanOutStopped
    python -m tests.architecture.cost event ListGrewOld
    python -m tests.architecture.cost            # one example of each kind

A file counts when one of the concept's spellings stands in it as a word: the wire name, the class, the
constant. What is generated counts on its own, as nobody edits it. Files are those that git tracks, or would.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "command": ("stop_fan_out", "FanOutStopped"),
    "event": ("ListGrewOld",),
    "aggregate": ("entity",),
    "letter": ("withdrawal",),
    "refusal": ("unknown_directive",),
}
"""The least, plain example of each kind: what one has to write for another like it."""

_GENERATED: Final = re.compile(
    r"docs/(schemas|reference)/|tests/letters/golden/|\.lock$"
    r"|tests/contract/.*\.(json|jsonl|txt)$|tests/histories/.*\.json$|greenlight/cli/catalog\.json$"
)
_TEST: Final = re.compile(r"tests/")
_PROSE: Final = re.compile(r"\.md$")


@dataclass(frozen=True, slots=True)
class Cost:
    """Files that name a concept, by what they are."""

    source: tuple[str, ...]
    tests: tuple[str, ...]
    prose: tuple[str, ...]
    generated: tuple[str, ...]

    @property
    def written(self) -> int:
        """How many files a person writes in or edits."""
        return len(self.source) + len(self.tests) + len(self.prose)


def cost(names: Iterable[str], root: Path = ROOT) -> Cost:
    """Files below ``root`` that name a concept under any of its spellings."""
    word = re.compile("|".join(rf"(?<![\w]){re.escape(each)}(?![\w])" for each in _spellings(names)))
    found: dict[str, list[str]] = {"generated": [], "prose": [], "tests": [], "source": []}
    for path in _files(root):
        if word.search((root / path).read_text(encoding="utf-8", errors="ignore")):
            found[_sort(path)].append(path)
    return Cost(**{sort: tuple(paths) for sort, paths in found.items()})


def edited(kind: str, names: Iterable[str], root: Path = ROOT) -> tuple[str, ...]:
    """Existing files that an aggregate is written into, outside the folders and files of its own."""
    everything = cost(names, root)
    own = re.compile(rf"(^|[/_]){re.escape(kind)}([/_.]|$)|(^|/)test_{re.escape(kind)}")
    return tuple(
        path for path in (*everything.source, *everything.tests, *everything.prose) if not own.search(path)
    )


def _spellings(names: Iterable[str]) -> Iterator[str]:
    """The wire name, and the class and the constant that Python has for it."""
    for name in names:
        yield name
        if name.islower() and "_" in name:
            yield name.upper()
            yield "".join(part.capitalize() for part in name.split("_"))


def _sort(path: str) -> str:
    for sort, pattern in (("generated", _GENERATED), ("prose", _PROSE), ("tests", _TEST)):
        if pattern.search(path):
            return sort
    return "source"


def _files(root: Path) -> Sequence[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [path for path in listed if (root / path).is_file()]


def _print(kind: str, names: Sequence[str]) -> None:
    found = cost(names)
    print(f"{kind} {' '.join(names)}: {found.written} written, {len(found.generated)} generated")
    for sort in ("source", "tests", "prose", "generated"):
        for path in getattr(found, sort):
            print(f"  {sort:9} {path}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _print(sys.argv[1], sys.argv[2:])
    else:
        for each, example in EXAMPLES.items():
            _print(each, example)
