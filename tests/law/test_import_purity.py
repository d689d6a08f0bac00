"""The law reads no clock, draws no lots and opens no file.

import-linter keeps the service's own folders and the drivers out of it. What it cannot see is the standard
library: these modules are all that the law takes from there, and it calls none of the clocks in them.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import greenlight

ALLOWED = {
    "base64",
    "binascii",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "difflib",
    "enum",
    "functools",
    "itertools",
    "hashlib",
    "html",
    "json",
    "operator",
    "re",
    "types",
    "typing",
    "unicodedata",
    "zoneinfo",
} | {"greenlight.kernel", "greenlight.law", "pydantic", "pydantic_core", "holidays"}
# They keep what was worked out, as ``functools.lru_cache`` does, and give nothing else than without them.
REMEMBERING = {"kernel/once.py", "kernel/held.py"}
FOR_REMEMBERING = {"threading", "weakref"}
FORBIDDEN_CALLS = {"now", "utcnow", "today", "time", "open", "print", "input", "hash", "id"}
HOUSE = Path(greenlight.__file__).parent
MODULES = sorted(path for room in ("kernel", "law") for path in (HOUSE / room).rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_module_of_the_law_takes_nothing_from_the_world(module: Path) -> None:
    tree = ast.parse(module.read_text())
    remembers = f"{module.parent.name}/{module.name}" in REMEMBERING
    assert set(_imported(tree)) - ALLOWED - (FOR_REMEMBERING if remembers else set()) == set()
    assert set(_called(tree)) & FORBIDDEN_CALLS - ({"hash"} if remembers else set()) == set()


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (_room(name.name) for name in names)
            case ast.ImportFrom(module=str(name)):
                yield _room(name)
            case _:
                pass


def _room(module: str) -> str:
    """A package, and of ours the room in it."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "greenlight" else parts[0]


def _called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                yield name
            case _:
                pass
