"""Tables and facts in the width of a terminal, and where nobody looks at a width."""

import csv
import json
import re
import sys
from collections.abc import Callable
from functools import partial
from io import StringIO

import pytest
from rich.text import Text

from greenlight.cli.base.layout import Entry, as_entries, chosen, in_columns, on_a_screen, typed
from greenlight.cli.base.output import bold, print_csv, print_table
from greenlight.kernel.legible import legible
from tests.cli.conftest import ROOT, Terminal
from tests.law.outlook import outlooks
from tests.law.test_listed_after import authorisation
from tests.letters.test_congress import report
from tests.person import on_a_screen as seen_on_a_screen

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
COMMAND = (
    'starter.py resolve-match A123456 1 KEY false_match --all-others false_match --reason "WHY" --as olga'
)


def plain(lines: "list[Text]") -> list[str]:
    return [line.plain for line in lines]


def test_columns_give_way_in_their_order_and_only_as_many_as_must() -> None:
    rows = [[Text("A123456"), Text("x" * 30), Text("y" * 30), Text("z" * 30)]]
    names = ("ACN", "one", "two", "three")
    assert chosen(names, rows, 200, ("three", "one")) == [0, 1, 2, 3]
    assert chosen(names, rows, 80, ("three", "one")) == [0, 1, 2]
    assert chosen(names, rows, 50, ("three", "one")) == [0, 2]
    assert chosen(names, rows, 10, ("three", "one")) == [0, 2]


@pytest.mark.parametrize("label", ["Dossier", "A name that is a good deal longer"])
def test_a_digest_is_neither_cut_nor_broken(label: str) -> None:
    for most in (None, 1):
        lines = plain(list(in_columns({label: (DIGEST,), "Other": ("words " * 60,)}, 80, most)))
        assert sum(DIGEST in line for line in lines) == 1
        assert all(len(line) <= 80 for line in lines)


def test_a_command_is_broken_as_a_shell_reads_it() -> None:
    lines = plain(typed(COMMAND, 76))
    assert len(lines) > 1
    assert all(len(line) <= 76 for line in lines)
    assert " ".join("\n".join(lines).replace("\\\n", " ").split()) == COMMAND


def test_what_has_no_room_on_a_screen_is_cut_and_says_so() -> None:
    facts = {f"Fact {number}": ("words " * 60,) for number in range(5)}
    assert len(on_a_screen(facts, 80)) == 10
    many = {f"Fact {number}": ("words " * 60,) for number in range(14)}
    lines = plain(on_a_screen(many, 80))
    assert len(lines) == 14
    assert all(line.endswith("…") and len(line) <= 80 for line in lines)


def test_csv_is_read_back_and_carries_out_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv(("a", "b"), [("one\ntwo", '"quoted", with a comma'), (bold("=1+1"), "\x1b[31m")])
    rows = list(csv.reader(StringIO(capsys.readouterr().out, newline="")))
    assert rows == [
        ["a", "b"],
        ["one\ntwo", '"quoted", with a comma'],
        ["'=1+1", "‹U+001B›[31m"],
    ]


def test_no_word_of_an_entry_is_broken_however_narrow_it_is() -> None:
    more = ("reasons an existing rural network in civil use", f"dossier {DIGEST}", "\u202e" + "name " * 30)
    entries = [Entry("1  2026-11-30 09:47 EST  recommendation made  oscar (licensing officer)", more)]
    for width in (30, 80, 120):
        lines = plain([*as_entries(entries, width)])
        said = [word for text in (entries[0].head, *more) for word in legible(text).split()]
        assert " ".join(lines).split() == said
        assert all(len(line) <= width or len(line.split()) == 1 for line in lines), lines


async def test_a_narrow_terminal_leaves_columns_out_and_names_them(terminal: Terminal) -> None:
    code = (
        "from greenlight.cli.base.output import print_table\n"
        f"print_table('T', ('key', 'digest', 'more'), [('a', '{DIGEST}', 'long ' * 9)], drop=('more',))"
    )
    _, seen = await seen_on_a_screen(
        sys.executable, "-c", code, cwd=ROOT, environment=terminal.environment, columns=80
    )
    assert DIGEST in seen
    assert "long" not in seen
    assert "No room here for: more." in seen
    assert max(map(len, seen.splitlines())) <= 80


def _seen(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
    show: Callable[[], None],
) -> list[str]:
    """The lines that are seen on a terminal of so many columns."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name, value in {"TERM": "xterm", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    # By COLUMNS a console goes only that is made later; tests that run side by side have had it set.
    monkeypatch.setattr("greenlight.cli.base.output._out.size", (columns, 25))
    show()
    return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_no_word_of_a_table_is_broken_however_many_columns_it_has(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    names = ("application", "applicant", "listed party", "value", "decided")
    rows = [
        ("A123456", "Shenzhen Microelectronics Instrumentation", "none", "USD 183,200,000.00", "2026-09-01"),
        ("A123457", "Acme", "Huawei Technologies Co., Ltd. (CN); Lantern Telecom", "EUR 1.00", "2026-10-12"),
    ]
    lines = _seen(capsys, monkeypatch, columns, lambda: print_table("Two", names, rows))
    words = {word for line in lines for word in line.split()}
    assert not {word for row in rows for cell in row for word in cell.split()} - words, "\n".join(lines)
    assert max(map(len, lines)) <= columns


def test_a_table_that_has_no_room_by_words_is_told_row_by_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names, row = ("ACN", "party", "value"), ("A123456", "Lantern Telecom", "USD 183,200.00")
    more = ("stage", "reasons"), ("open", "long " * 9)
    shown = partial(print_table, "One", names + more[0], [row + more[1]], drop=more[0])
    lines = _seen(capsys, monkeypatch, 24, shown)
    told = ["    party: Lantern", "      Telecom", "    value: USD", "      183,200.00", "    stage: open"]
    assert lines == ["One", "A123456", *told, "No room here for:", "reasons."]


@pytest.mark.parametrize("columns", [80, 100])
def test_no_word_or_number_of_the_report_to_congress_is_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    from greenlight.cli.law.report import print_report

    told = report("Shenzhen Microelectronics Instrumentation Co., Ltd.", authorisations=(authorisation(),))
    lines = _seen(capsys, monkeypatch, columns, lambda: print_report(told))
    words = {word for line in lines for word in line.split()}
    for row in (*(told.rows or ()), *(told.authorisations or ())):
        said = (row.acn, row.applicant, *(item.description for item in row.items), row.covered[0].name)
        assert not {word for text in said for word in text.split()} - words, "\n".join(lines)
    assert {"500.00", "Z000009,", "Microelectronics"} <= words, "\n".join(lines)
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_an_outlook_loses_neither_how_certain_it_is_nor_what_settles_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    from greenlight.cli.law.outlook import print_outlook

    told = outlooks.outlook()
    lines = _seen(capsys, monkeypatch, columns, lambda: print_outlook(told, None))
    shown = " ".join(" ".join(lines).split())
    assert "No room here" not in shown
    assert "What stands open now" in shown
    for each in (*told.open, *told.moments[0].coming):
        assert f"settled by: {each.settled_by}" in shown
        assert f"what: {each.text}" in shown
    assert shown.count(f"certainty: {told.open[0].certainty}") == 2
    assert max(map(len, lines)) <= columns


def test_json_is_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    from greenlight.cli.base.output import print_json

    print_json({"a": 1})
    assert json.loads(capsys.readouterr().out) == {"a": 1}


def test_what_would_fill_a_screen_by_itself_is_cut_and_says_so() -> None:
    told = "evidence " * 500
    lines = plain([*as_entries([Entry("1  evidence submitted", (f"statement: {told}", "term: 1"))], 80)])
    assert len(lines) == 12
    assert lines[-2].strip().startswith("… ")
    assert lines[-2].endswith(" more: --json has all of it")
    assert lines[-1].strip() == "term: 1"
    assert all(len(line) <= 80 for line in lines)
