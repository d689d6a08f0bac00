"""Commands that are made from bodies: each is there, its example is right, and it says what was typed."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from greenlight.cli import generated
from greenlight.cli.app import whole
from greenlight.kernel.body import Body
from greenlight.kernel.model import Identifier, Name
from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.registry import with_workflow
from tests.cli.commands import commands, printed
from tests.cli.stall import STALL, CloseStall, OpenStall, PaintStall, Place, Ware

ROOT = Path(__file__).resolve().parents[2]

NOT_BY_ITSELF = {"open_list"}
"""``lists load`` sends it, where it is needed."""


GROUPS = {
    "application": "",
    "license": "",
    "list": "lists",
    **{kind: kind for kind in ("officer", "reprieve", "entity", "batch", "directive", "rule")},
}
"""Where the commands of an aggregate are: in a group, or beside all others."""


def test_every_command_of_every_aggregate_can_be_typed() -> None:
    expected = {
        f"{GROUPS[each.kind]} {body.declared.short}".strip()
        for each in with_workflow()
        for name, body in each.commands.items()
        if name not in NOT_BY_ITSELF
    }
    assert expected <= set(commands())


def test_no_command_of_an_aggregate_hides_that_of_another() -> None:
    names = [
        f"{GROUPS[each.kind]} {body.declared.short}".strip()
        for each in with_workflow()
        for body in each.commands.values()
    ]
    assert sorted(names) == sorted(set(names))


def test_a_name_is_given_once() -> None:
    app = typer.Typer(name="starter.py")
    app.command("grant-expedite")(lambda: None)
    with pytest.raises(ValueError, match="grant-expedite"):
        generated.add_commands(app, APPLICATION)


def _examples() -> dict[str, str]:
    """Of the commands that are made, the last line of help."""
    made = (
        each.help or ""
        for each in _below(whole())
        if getattr(each.callback, "__module__", None) == generated.__name__
    )
    return {help: help.rpartition("Example: starter.py ")[2] for help in made}


def _below(group: TyperGroup) -> Iterator[TyperCommand]:
    for each in group.commands.values():
        if isinstance(each, TyperGroup):
            yield from _below(each)
        else:
            assert isinstance(each, TyperCommand)
            yield each


def test_what_lists_has_its_table_as_csv_too() -> None:
    lists = [each for each in _below(whole()) if (each.help or "").startswith("List ")]
    assert len(lists) > 10
    options = {each.help: {name for option in each.params for name in option.opts} for each in lists}
    assert not [help for help, names in options.items() if not {"--json", "--csv"} <= names]


FILES = {
    "governs.json": {"kind": "affiliates"},
    "acts.json": [
        {
            "kind": "adopted",
            "citation": "90 FR 47201",
            "filed": "2025-09-29T12:45:00Z",
            "published": "2025-09-30T12:45:00Z",
            "effective": "2025-09-29T12:45:00Z",
            "certainty": "second_hand",
            "text": "Owners count.",
        }
    ],
}
"""The files that examples name."""


@pytest.mark.parametrize("example", sorted(_examples().values()))
def test_an_example_lacks_nothing_but_the_service(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(json.dumps(content))
    said = printed(*shlex.split(example.replace("sha256:…", f"sha256:{'0' * 64}")))
    assert (said.code, said.err.partition(":")[0]) == (3, "unreachable")


def _sent(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[str, Body, tuple[object, ...]]:
    """What a command of the stall hands on to be sent."""
    found: list[tuple[str, Body, tuple[object, ...]]] = []

    def send(stream: str, content: Body, *rest: object) -> None:
        found.append((stream, content, rest))

    monkeypatch.setattr(generated, "send", send)
    typer.main.get_command(generated.group_of(STALL))(words, standalone_mode=False)
    return found[0]


def test_what_is_typed_is_what_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    layout = tmp_path / "layout.json"
    layout.write_text('{"tables": 2}')
    stream, content, rest = _sent(
        monkeypatch,
        *("open-stall", "s-1", "ann", "--as", "acme", "--ware", "fish", "--ware", "fruit", "--row", "3"),
        *("--corner", "--helper", "Bo", "--opens", "2026-12-01", "--closes", "2026-12-01"),
        *("--inspected", "2026-11-30", "--layout", str(layout)),
    )
    assert stream == "stall-s-1"
    assert content == OpenStall(
        holder="ann",
        wares=(Ware.FISH, Ware.FRUIT),
        place=Place(row=3, corner=True),
        helpers=frozenset({"Bo"}),
        opens=datetime(2026, 12, 1, 5, tzinfo=UTC),
        closes=datetime(2026, 12, 2, 5, tzinfo=UTC),
        inspected=date(2026, 11, 30),
        layout={"tables": 2},
    )
    assert rest == ("acme", None, False, None, None)


def test_what_is_not_typed_is_left_to_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    _, content, _ = _sent(
        monkeypatch, "open-stall", "s-1", "ann", "--as", "acme", "--opens", "2026-12-01T08:00Z"
    )
    assert content == OpenStall(holder="ann", place=Place(), opens=datetime(2026, 12, 1, 8, tzinfo=UTC))


def test_a_yes_or_no_that_is_not_typed_is_left_to_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    paint = ("paint-stall", "s-1", "red", "--as", "acme")
    stream, content, _ = _sent(monkeypatch, *paint)
    assert (stream, content) == ("stall-s-1", PaintStall(key="red"))
    _, content, _ = _sent(monkeypatch, *paint, "--no-public", "--no-covered")
    assert content == PaintStall(key="red", public=False, covered=False)
    _, content, _ = _sent(monkeypatch, *paint, "--covered", "--coats", "2", "--day", "2026-12-01T08:00Z")
    day = datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert content == PaintStall(key="red", covered=True, coats=2, days=(day,))


def test_no_field_takes_the_place_of_an_option_of_every_command() -> None:
    """It would be signed in the role that the body is about."""

    class Appoint(Body, by={Role.EXECUTIVE}):
        """Appoint somebody."""

        who: Identifier
        role: Name

    with pytest.raises(ValueError, match="--role is an option of every command"):
        generated.group_of(replace(STALL, commands={"appoint": Appoint}))


@pytest.mark.parametrize(("given", "keeps"), [((), True), (("--give-up-place",), False)])
def test_an_option_may_say_no(monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], keeps: bool) -> None:
    digest = f"sha256:{'0' * 64}"
    signed = (
        "--as",
        "vera",
        "--role",
        "executive",
        "--dossier",
        digest,
        "--command-id",
        "command-1",
        "--json",
    )
    _, content, rest = _sent(monkeypatch, "shut", "s-1", "2", "--reasons", "Fish", *given, *signed)
    assert content == CloseStall(notice=2, keeps_place=keeps, reasons="Fish")
    assert rest == ("vera", "command-1", True, digest, Role.EXECUTIVE)


@pytest.mark.parametrize(
    "words",
    [
        ("open-stall", "S 1", "ann", "--as", "acme", "--opens", "2026-12-01"),
        ("open-stall", "s-1", "ann", "--as", "acme", "--opens", "soon"),
        ("open-stall", "s-1", "Ann", "--as", "acme", "--opens", "2026-12-01"),
        ("open-stall", "s-1", "ann", "--as", "acme", "--opens", "2026-12-01", "--row", "10"),
        ("open-stall", "s-1", "ann", "--as", "acme", "--opens", "2026-12-01", "--ware", "silver"),
        ("shut", "s-1", "2", "--reasons", "Fish", "--as", "vera", "--role", "applicant"),
    ],
)
def test_what_does_not_fit_is_not_sent(words: tuple[str, ...]) -> None:
    """No service runs here: whoever came as far would be told that, and not this."""
    with suppress(typer.TyperException):
        assert typer.main.get_command(generated.group_of(STALL))(words, standalone_mode=False) == 2


def _of_the_stall(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line where the stall was registered before it was made."""
    code = (
        "import sys; from greenlight.law.registry import register; from tests.cli.stall import STALL;"
        " register(STALL); from greenlight.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, "stall", *words],
        cwd=ROOT,
        # Wide enough that no cell of help is broken.
        env={**os.environ, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_aggregate_that_was_registered_has_a_group() -> None:
    said = _of_the_stall("--help")
    assert said.returncode == 0, said.stderr
    assert "A permit for a market stall." in said.stdout
    assert "open-stall" in said.stdout
    assert "shut" in said.stdout
    of_one = _of_the_stall("shut", "--help").stdout
    assert "Example: starter.py stall shut KEY 1 --reasons" in of_one
    assert "<licensing_officer|executive>" in of_one
