"""The docket page by page, with its totals, and the parties for whom they are open to."""

import csv
import re
import sys
from datetime import datetime
from io import StringIO

import pytest

from greenlight.kernel.time.calendar import AGENCY_ZONE
from tests.cli.conftest import ROOT, Terminal
from tests.cli.test_procedure import done, filed
from tests.person import on_a_screen


def numbers(csv_text: str) -> list[str]:
    return [row["ACN"] for row in csv.DictReader(StringIO(csv_text))]


async def test_pages_follow_each_other_and_every_one_says_of_how_many(
    served: str, terminal: Terminal
) -> None:
    for _ in range(3):
        await filed(terminal)
    everything = numbers((await done(terminal, "list", "--csv", "--limit", "1000")).out)
    first = await done(terminal, "list", "--limit", "2")
    assert first.out.startswith(f"2 of {len(everything)} applications")
    found, after = numbers((await done(terminal, "list", "--limit", "2", "--csv")).out), everything[1]
    assert f"The next page: --after {after}" in first.out
    while len(
        page := numbers((await done(terminal, "list", "--limit", "2", "--after", found[-1], "--csv")).out)
    ):
        found += page
    assert found == everything
    filtered = await done(terminal, "list", "--applicant", "nobody-inc")
    assert filtered.out.startswith("0 applications")
    said = await terminal.starter("list", "--after", "A999999")
    assert (said.code, "no_such_case" in said.err) == (1, True)


async def test_cases_that_wait_for_somebody_come_before_those_that_do_not(
    served: str, terminal: Terminal
) -> None:
    """Also where pages end in between; of others' cases there are as many as there may be."""
    closed = [await filed(terminal) for _ in range(2)]
    for acn in closed:
        await done(terminal, "withdraw", acn, "--as", "acme")
    waiting = [await filed(terminal) for _ in range(2)]
    listed = (await done(terminal, "list", "--csv", "--limit", "1000", "--applicant", "acme-networks")).out
    rows = [*csv.DictReader(StringIO(listed))]
    waits = [row["waits for"] != "nobody" for row in rows]
    assert waits == sorted(waits, reverse=True)
    assert {row["ACN"] for row in rows} >= {*closed, *waiting}
    said = [row["due"] for row in rows if row["waits for"] != "nobody" and row["due"] != "–"]
    dues = [datetime.strptime(due, "%d %b %Y").replace(tzinfo=AGENCY_ZONE) for due in said]
    assert dues == sorted(dues)
    last = sum(waits)
    around = [row["ACN"] for row in rows[last - 2 : last + 2]]
    asked = ("--csv", "--limit", "2", "--applicant", "acme-networks", "--after")
    assert numbers((await done(terminal, "list", *asked, around[0])).out) == around[1:3]
    assert numbers((await done(terminal, "list", *asked, around[1])).out) == around[2:4]
    assert numbers((await done(terminal, "list", *asked, around[2])).out)[:1] == around[3:4]


async def test_parties_are_shown_to_whom_the_case_is_open_and_that_is_noted(
    served: str, terminal: Terminal
) -> None:
    acn = await filed(terminal)
    assert (await terminal.starter("list", "--parties")).code == 2
    mine = await done(terminal, "list", "--parties", "--as", "acme", "--csv", "--limit", "1000")
    (row,) = [row for row in csv.DictReader(StringIO(mine.out)) if row["ACN"] == acn]
    assert (row["applicant"], "Huawei Technologies Co., Ltd. (CN)" in row["parties"]) == (
        "Acme Networks LLC",
        True,
    )
    others = await done(terminal, "list", "--parties", "--as", "defense", "--csv", "--limit", "1000")
    assert acn in others.out
    (row,) = [row for row in csv.DictReader(StringIO(others.out)) if row["ACN"] == acn]
    assert (row["applicant"], row["parties"]) == ("–", "–")
    noted = await done(terminal, "readings", acn)
    assert re.search(r"acme \(applicant, .*parties", noted.out)
    assert "defense" not in noted.out


@pytest.mark.parametrize(
    "words",
    [
        ("show", "A999999"),
        ("history", "A999999"),
        ("letters", "A999999"),
        ("resume", "A999999"),
        ("proof", "A999999"),
        ("readings", "A999999"),
        ("batch", "proof", "A999999"),
        ("list", "--after", "A999999"),
        ("show", "D999999"),
        ("letters", "D999999"),
        ("resume", "D999999"),
    ],
    ids=" ".join,
)
async def test_a_number_that_nobody_has_is_refused(
    served: str, terminal: Terminal, words: tuple[str, ...]
) -> None:
    said = await terminal.starter(*words)
    assert (said.code, said.out) == (1, ""), said
    assert said.err.strip()


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("licenses",),
        ("worklist", "--as", "olga"),
        ("statistics",),
        ("directive", "list"),
        ("batch", "list"),
        ("officer", "list"),
    ],
    ids=" ".join,
)
async def test_a_table_fits_eighty_columns(served: str, terminal: Terminal, words: tuple[str, ...]) -> None:
    await filed(terminal)
    code, seen = await on_a_screen(
        sys.executable, "starter.py", *words, cwd=ROOT, environment=terminal.environment
    )
    assert code == 0, seen
    assert max(map(len, seen.splitlines())) <= 80, seen


async def test_a_history_breaks_no_word_at_eighty_columns(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    await done(terminal, "recommend", acn, "grant", "--as", "oscar", "--reasons", "Existing rural network")
    await terminal.starter("countersign", acn, "--as", "oscar")
    piped = (await done(terminal, "history", acn)).out
    code, seen = await on_a_screen(
        sys.executable, "starter.py", "history", acn, cwd=ROOT, environment=terminal.environment
    )
    assert code == 0, seen
    assert "own_recommendation" in seen
    words = [word for line in piped.splitlines()[2:] for word in line.replace("⏎", " ").split()]
    assert words
    assert sorted(words) == sorted(word for line in seen.splitlines()[1:] for word in line.split())
    assert all(len(line) <= 80 for line in seen.splitlines() if len(line.split()) > 1), seen


async def test_a_case_begins_with_whose_turn_it_is_and_fits_a_screen(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    code, seen = await on_a_screen(
        sys.executable, "starter.py", "show", acn, cwd=ROOT, environment=terminal.environment
    )
    lines = seen.splitlines()
    assert code == 0
    assert re.fullmatch(rf"application-{acn}, \d+ events?", lines[0])
    assert re.match(r"Turn +licensing officer, due .* in 9 days \(initial action\)", lines[1]), seen
    assert f"starter.py recommend {acn} grant|deny" in seen
    assert len(lines) <= 24, seen
    assert max(map(len, lines)) <= 80, seen
    parties = [line for line in lines if "Huawei Technologies Co., Ltd. (CN)" in line]
    assert len(parties) == 1
    assert "LISTED: huawei-technologies" in parties[0]
    everything = (await done(terminal, "show", acn, "--parties", "--items", "--events")).out
    assert "Entity List" in everything
    assert "End use" in everything
    assert "application submitted" in everything
