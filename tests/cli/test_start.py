"""The command line is there at once: what is needed for nothing is not imported.

Time differs from machine to machine; a module that slips in is found on all.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from greenlight.cli.app import PARTS, whole
from greenlight.cli.catalog import catalog
from tests.cli.commands import printed
from tests.cli.conftest import Terminal

ROOT = Path(__file__).resolve().parents[2]

HELP = {
    *("greenlight", "greenlight.cli", "greenlight.cli.__main__", "greenlight.cli.app"),
    *("greenlight.cli.catalog", "greenlight.cli.patient", "greenlight.extensions"),
}
"""Of ours, what the help of the root takes."""

PRINTS = {"annotated_doc", "attr", "markdown_it", "mdurl", "pygments", "rich", "shellingham", "typer"}
"""What typer takes to show help; ``attr`` is looked for by rich, and is there where tests are."""


LATE = ("temporalio", "cryptography", "joserfc", "typst", "rich.progress", "typer.rich_utils", "pypinyin")
"""What a look at one case does without, and so does the law of other kinds."""

OTHERS = ("batch", "entity", "officer", "reprieve", "screening_list")


def _imported(*words: str, settings: Mapping[str, str] | None = None) -> tuple[str, set[str]]:
    """What a command line says, and the modules that it leaves imported, those of Python left out."""
    code = (
        "import os, sys, runpy\n"
        "def leave(code):\n"
        "    sys.stdout.flush()\n"
        "    print(*sys.modules, file=sys.stderr)\n"
        "    sys.stderr.flush()\n"
        "    kill(code)\n"
        "kill, os._exit = os._exit, leave\n"
        "sys.argv[0] = 'starter.py'\n"
        "runpy.run_path('starter.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={**os.environ, **(settings or {}), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {name for name in done.stderr.split() if name.partition(".")[0] not in sys.stdlib_module_names}
    return done.stdout, {name for name in ours if not name.startswith(("_", "runpy"))}


def test_help_imports_what_prints_it_and_nothing_else() -> None:
    said, imported = _imported("--help")
    assert "Start, signal and inspect license applications" in said
    assert {name for name in imported if name.startswith("greenlight")} == HELP
    others = {name.partition(".")[0] for name in imported} - {"greenlight", "sitecustomize", "usercustomize"}
    assert others <= PRINTS


async def test_a_look_at_a_case_imports_its_own_law_and_no_way_to_temporal(
    terminal: Terminal, served: str
) -> None:
    acn = "L200001"
    file = ("examples/application.json", "--reference", "PO-LOOK")
    assert (await terminal.starter("submit", *file, "--as", "acme", "--acn", acn)).code == 0
    said, imported = await asyncio.to_thread(_imported, "show", acn, settings=terminal.environment)
    assert said.startswith(f"application-{acn}")
    aggregates = {f"greenlight.law.{kind}.aggregate" for kind in OTHERS}
    assert not {*LATE, *aggregates} & imported


def test_help_from_the_catalog_is_that_of_the_commands() -> None:
    said, _ = _imported("--help")
    made = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from greenlight.cli.app import whole\n"
            "whole()(['--help'], prog_name='starter.py', standalone_mode=False)",
        ],
        cwd=ROOT,
        env={**os.environ, "TERMINAL_WIDTH": "100"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said == made.stdout


def test_every_part_has_commands_and_every_command_a_part() -> None:
    assert list(catalog()) == list(whole().commands)
    assert {listed.part for listed in catalog().values()} == set(PARTS)


def test_a_wrong_word_is_told_from_all_commands() -> None:
    said = printed("submt")
    assert (said.code, said.err.splitlines()[0]) == (2, "No such command 'submt'. Did you mean 'submit'?")
