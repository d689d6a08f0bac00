"""Docstrings begin with a verb or with the thing, so that a list of them can be read down its left side."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("greenlight", "workflows", "activities")
QUESTIONS = ("What", "Whether", "How", "Where", "Why", "Who")
ALLOWED = 0.03


def docstrings(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text that stands where a docstring does, of a variable too, and where that is."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value.value


def share(*rooms: str) -> tuple[float, list[str]]:
    """Count those that begin as a question does, and list them."""
    found = [each for room in rooms for each in docstrings(ROOT / room)]
    asking = [
        f"{place}: {text.splitlines()[0]}" for place, text in found if text.split(maxsplit=1)[0] in QUESTIONS
    ]
    assert len(found) > 10 * len(rooms), "there are docstrings to count"
    return len(asking) / len(found), asking


def test_docstrings_begin_with_a_verb_or_the_thing() -> None:
    reached, asking = share(*ROOMS)
    assert reached <= ALLOWED, "\n".join(asking)
