"""The help of every command at 80 columns."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from unittest.mock import patch

from typer import rich_utils

from tests.contract.sources import whole

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 80
NAME = "starter.py"
ROOT_COMMAND = whole()


def help_text() -> str:
    """Of every command and group of the command line, and of ``make``."""
    sections = {" ".join((NAME, *words)): _help(words) for words in _below(ROOT_COMMAND, ())}
    sections["make help"] = _said("make", "--no-print-directory", "help")
    sections["make bench ARGS=--help"] = _said(sys.executable, "-m", "bench", "--help")
    return "\n".join(f"{'#' * COLUMNS}\n# {name}\n{_trimmed(text)}" for name, text in sections.items())


def _below(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of a command, and of everything that is below it."""
    yield words
    inner: Mapping[str, object] = getattr(command, "commands", {})
    for name in sorted(inner):
        yield from _below(inner[name], (*words, name))


def _help(words: tuple[str, ...]) -> str:
    out = io.StringIO()
    # Where nobody looks at a width, help is wider; and some environments ask for colours.
    with patch.multiple(rich_utils, MAX_WIDTH=COLUMNS, FORCE_TERMINAL=False), redirect_stdout(out):
        ROOT_COMMAND([*words, "--help"], prog_name=NAME, standalone_mode=False)
    return out.getvalue()


def _said(*words: str) -> str:
    environment = {**os.environ, "COLUMNS": str(COLUMNS)}
    return subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def _trimmed(text: str) -> str:
    """Without the blanks at the ends of lines, which nobody sees."""
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())
