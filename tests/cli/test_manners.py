"""What strangers stumbled over at the command line."""

import subprocess
import sys
from collections.abc import Callable

import pytest
import typer

from greenlight.cli.base.options import beginning, day_of, instant, last_moment, no_day, stream_of
from greenlight.kernel.codes.entered import OUT_OF_REACH
from tests.cli.commands import printed
from tests.cli.conftest import ROOT, Terminal
from tests.cli.test_procedure import done, filed


async def test_questions_and_their_answers_are_shown(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    await done(terminal, "request-information", acn, "Who operates it?", "--as", "olga")
    shown = (await done(terminal, "show", acn)).out
    assert "olga (licensing officer) asked: Who operates it?" in shown
    assert "not answered yet" in shown
    await done(terminal, "answer", acn, "The cooperative", "--as", "acme")
    await done(terminal, "refer", acn, "defense", "--as", "olga")
    await done(terminal, "ask-applicant", acn, "Where will it stand?", "--as", "defense")
    await done(terminal, "answer", acn, "In Kansas", "--agency", "defense", "--as", "acme")
    shown = (await done(terminal, "show", acn)).out
    assert "acme answered: The cooperative" in shown
    assert "defense (agency reviewer) asked: Where will it stand?" in shown
    assert "acme answered: In Kansas" in shown
    assert "not answered yet" not in shown


async def test_a_role_that_was_only_claimed_is_not_told(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    refused = await terminal.starter("sign-off", acn, "--as", "vera")
    assert "refused: wrong_stage: sign_off is not possible at stage review, only at sign_off" in refused.err
    said = await terminal.starter("assign", acn, "olga", "--as", "carla")
    assert "role_not_held" in said.err
    lines = (await done(terminal, "history", acn)).out.splitlines()
    (line,) = [line for line in lines if "command refused" in line and "assign" in line]
    assert "carla" in line
    assert "carla (" not in line


@pytest.mark.parametrize("officer", ["nobody", "carla"])
async def test_a_case_is_given_only_to_a_licensing_officer(
    served: str, terminal: Terminal, officer: str
) -> None:
    acn = await filed(terminal)
    said = await terminal.starter("assign", acn, officer, "--as", "olga")
    code = "unknown_officer" if officer == "nobody" else "cannot_work_case"
    assert (said.code, f"refused: {code}: " in said.err, officer in said.err) == (1, True, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("list", "--stage", "nonsense"), "--stage: there is no nonsense; it is one of triage, review, "),
        (("list", "--stage", "active"), "there is no active"),
        (("list", "--kind", "license", "--stage", "review"), "one of awaiting_acceptance, active, "),
        (("list", "--kind", "nonsense"), "--kind: there is no nonsense; it is one of application, license, "),
        (
            ("list", "--waiting-for", "nonsense"),
            "--waiting-for: there is no nonsense; it is one of ",
        ),
        (("list", "--outcome", "nonsense"), "--outcome: there is no nonsense; it is one of granted, "),
        (("licenses", "--stage", "nonsense"), "--stage: there is no nonsense; it is one of "),
        (("show", "a1"), "a1: a control number is a letter and six digits"),
        (("batch", "show", "Loud!"), "at most 64 of a-z 0-9 . _ -, no sign first, such as spring"),
        (("submit", "no-such-file.json", "--as", "acme"), "no-such-file.json cannot be read: No such file"),
    ],
)
async def test_what_is_wrong_is_said_in_words(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    said = await terminal.starter(*words)
    assert (said.code, said.out) == (2, ""), said
    assert told in said.err
    assert "UTF-8" not in said.err
    assert "[a-z" not in said.err


async def test_one_officer_is_not_called_two(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    await done(terminal, "recommend", acn, "grant", "--as", "oscar", "--reasons", "Rural")
    said = await terminal.starter("countersign", acn, "--as", "oscar")
    assert "refused: own_recommendation: oscar made the recommendation" in said.err


async def test_who_serves_is_told_where_the_keys_are(served: str, terminal: Terminal) -> None:
    assert f"export GREENLIGHT_KEY_FOLDER='{terminal.data}/keys'" in served


def test_help_is_as_wide_as_columns_say() -> None:
    def help_at(columns: str) -> list[str]:
        said = subprocess.run(
            [sys.executable, "starter.py", "batch", "sign", "--help"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "COLUMNS": columns, "PYTHONIOENCODING": "utf-8"},
            check=True,
            capture_output=True,
            text=True,
        )
        return said.stdout.splitlines()

    assert max(map(len, help_at("80"))) <= 80
    assert 80 < max(map(len, help_at(""))) <= 100


@pytest.mark.parametrize("number", ["d000007", "D000007", "a123456"])
def test_numbers_are_read_in_small_letters_too(number: str) -> None:
    kind = "license" if number.upper().startswith("D") else "application"
    assert stream_of(number) == f"{kind}-{number.upper()}"


def test_an_id_of_a_webhook_is_described_in_words() -> None:
    said = printed("webhooks", "show", "wh_nope")
    assert said.code == 2
    assert "an id is wh_ and sixteen of 0-9 a-f; starter.py webhooks list has them" in said.err
    assert "Field required" not in said.err


def test_a_day_is_of_a_year_that_instants_have() -> None:
    beyond = ("1969-12-31", "2999-12-31", "3000-01-01", "9999-12-31", "soon")
    assert [day_of(text) for text in beyond] == [None] * 5
    assert day_of("2999-12-30") is not None
    assert no_day("2999-12-31") == f"2999-12-31: {OUT_OF_REACH}"
    assert [no_day(text).split(":")[0] for text in ("", "soon")] == ["missing", "soon"]


@pytest.mark.parametrize("read", [instant, last_moment, beginning])
@pytest.mark.parametrize(
    "text", ["1969-12-31", "2999-12-31", "3000-01-01", "0001-01-01T00:00Z", "9999-12-31"]
)
def test_a_day_that_no_clock_has_is_told_from_what_is_no_day(
    read: Callable[[str], object], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What lies in the last hours of the last year ends after it."""
    with pytest.raises(typer.Exit):
        read(text)
    assert f"{text}: {OUT_OF_REACH}" in capsys.readouterr().err
    with pytest.raises(typer.Exit):
        read("yesterday")
    assert "yesterday: give a day" in capsys.readouterr().err
    assert read("2999-12-30")
