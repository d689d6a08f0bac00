"""The one way out of the command line."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from greenlight.cli.base.layout import LINE_BREAK
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    print_facts,
    print_json,
    print_table,
    say,
    warn,
)
from greenlight.kernel.svg import drawn
from tests.cli.conftest import ROOT

HOSTILE = "[red]x[/red] [/] \x1b[31m\x07\u202eydaeR\x9b\x00 :smile:"
SHOWN = "[red]x[/red] [/] ‹U+001B›[31m‹U+0007›‹U+202E›ydaeR‹U+009B›‹U+0000› :smile:"


def _styled(text: str) -> None:
    say(bold(text))


def _failed(text: str) -> None:
    fail(1, text)


def _facts(text: str) -> None:
    print_facts({text: text})


def _table(text: str) -> None:
    print_table(text, (text, text), [(text, bold(text))])


@pytest.mark.parametrize("print_", [say, warn, _styled, _failed, _facts, _table])
def test_text_goes_out_as_it_was_written(
    capsys: pytest.CaptureFixture[str], print_: Callable[[str], None]
) -> None:
    print_(HOSTILE)
    said = "".join(capsys.readouterr())
    assert SHOWN in said
    assert said.replace(SHOWN, "").strip() == ""


def test_a_document_says_the_same_and_controls_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": f"{HOSTILE} \U000e0041 Øre 公司"})
    said = capsys.readouterr().out
    assert json.loads(said) == {"text": f"{HOSTILE} \U000e0041 Øre 公司"}
    assert "Øre 公司" in said
    assert re.findall(r"\\u[0-9a-f]{4}", said) == [
        *("\\u001b", "\\u0007", "\\u202e", "\\u009b", "\\u0000", "\\udb40", "\\udc41")
    ]


def test_text_in_a_picture_is_no_markup() -> None:
    assert drawn("<b>\u202e&\"'") == "&lt;b&gt;‹U+202E›&amp;&quot;&#x27;"


def test_a_row_is_one_line_where_nobody_looks_at_a_width(capsys: pytest.CaptureFixture[str]) -> None:
    long = " ".join(["countersignature"] * 40)
    print_table("Title", ("a", "b", "c"), [("1", long, "one\r\ntwo"), ("公司", "short", "three")])
    title, head, first, second = capsys.readouterr().out.splitlines()
    assert (title, head.split()) == ("Title", ["a", "b", "c"])
    assert first == f"1     {long}  one{LINE_BREAK}two"
    # Each of these two characters takes two columns.
    assert second == "公司  " + "short".ljust(60) + "  three"
    print_facts({"name": f"{long}\r\n{long}", "nothing": None})
    assert capsys.readouterr().out == f"name  {long}\n      {long}\n"
    say(long)
    assert capsys.readouterr().out == f"{long}\n"


def test_what_is_counted_is_one_or_several() -> None:
    assert [counted(n, "letter") for n in (0, 1, 2)] == ["0 letters", "1 letter", "2 letters"]
    assert counted(2, "entity", "entities") == "2 entities"


def _started(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "starter.py", *words],
        cwd=ROOT,
        env={**os.environ, "GREENLIGHT_DATA": "nowhere"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("schemas",), 0),
        (("policy", "show", "huawei-2019"), 0),
        (("policy", "show", "huawei-2019", "--json"), 0),
        (("reprieve", "timeline", "--reference", "huawei"), 0),
        # The answer that it gives otherwise, too.
        (("determine", "--item", "9A991", "--to", "IR", "--party", "X", "--all"), 1),
        (("--help",), 0),
    ],
)
def test_nothing_is_said_where_nobody_reads_on(words: tuple[str, ...], code: int) -> None:
    """As with ``| head``: the command ends with its own exit code."""
    ran = _started(*words)
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    assert (ran.wait(), ran.stderr.read()) == (code, b"")
    ran.stderr.close()


_WRITERS = {"typer": ("echo", "secho", "prompt", "confirm"), "sys": ("stdout", "stderr")}


def _writes(tree: ast.AST) -> Iterator[str]:
    """What in a module could write past the one way out."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name.split(".")[0] == "rich")
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] == "rich":
                yield module
            case ast.Call(func=ast.Name(id="print" as name)):
                yield name
            case ast.Attribute(value=ast.Name(id=module), attr=name) if name in _WRITERS.get(module, ()):
                yield f"{module}.{name}"
            case ast.ImportFrom(module="greenlight.cli.base.output", names=names):
                yield from (each.name for each in names if each.name.startswith("_"))
            case _:
                pass


MODULES = sorted((ROOT / "greenlight" / "cli").rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_no_other_module_writes_to_a_stream(module: Path) -> None:
    written = set(_writes(ast.parse(module.read_text(encoding="utf-8"))))
    if module.stem == "layout":
        # It makes lines, which ``output`` prints.
        written -= {"rich.cells", "rich.console", "rich.text"}
    # The program itself speaks where nothing of the command line could be loaded.
    assert bool(written) is (module.stem in {"output", "__main__"}), written
