"""A listed entity from its listing to its removal, from the command line alone."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Terminal
from tests.law.entity.cases import LIST

VERA = ("--as", "vera")


async def entity(terminal: Terminal, *words: str) -> Said:
    said = await terminal.starter("entity", *words)
    assert said.code == 0, said.err
    return said


async def voted(terminal: Terminal, key: str, **votes: str) -> Said:
    """By departments, one after the other; what was said to the last one."""
    said = [await entity(terminal, "vote", key, vote, "--as", seat) for seat, vote in votes.items()]
    return said[-1]


THREE = {"commerce": "approve", "defense": "approve", "energy": "approve"}


async def test_the_recorded_list_from_its_listing_through_its_amendments(
    served: str, terminal: Terminal
) -> None:
    moved = await entity(terminal, "list", "huawei", "--reference", "huawei", *VERA)
    assert "entity-huawei is at proposed" in moved.out
    alone = await terminal.starter("entity", "vote", "huawei", "approve", *VERA)
    assert "refused: role_not_held: " in alone.err
    said = await voted(terminal, "huawei", **THREE)
    assert "entity-huawei is at listed" in said.out
    for citation in ("84 FR 43493", "85 FR 51596", "87 FR 55250"):
        notice = ("--reference", "huawei", "--citation", citation)
        await entity(terminal, "amend", "huawei", *notice, *VERA)
        await voted(terminal, "huawei", **THREE)
    for day, affiliates in (("2019-08-18", 88), ("2019-08-19", 112), ("2020-08-17", 152)):
        shown = (await entity(terminal, "show", "huawei", "--as-of", day, "--json")).json
        assert isinstance(shown, dict)
        assert isinstance(shown["affiliates"], list)
        assert len(shown["affiliates"]) == affiliates, day
    early = await terminal.starter("entity", "show", "huawei", "--as-of", "2019-05-16T20:14Z")
    assert early.code == 1
    assert "huawei is not listed at 2019-05-16 16:14 EDT" in early.err
    unknown = await terminal.starter("entity", "show", "huawei", "--known-at", "2019-12-01")
    assert "is not listed at" in unknown.err
    history = (await entity(terminal, "history", "huawei")).out
    assert "2019-05-16 16:15 EDT" in history
    assert "afterwards" in history
    rows = list(csv.DictReader(StringIO((await entity(terminal, "history", "huawei", "--csv")).out)))
    assert {"84 FR 22961", "84 FR 43493"} <= {row["citation"] for row in rows}
    assert {row["affiliates"] for row in rows} >= {"88", "152"}
    late = ("--reference", "huawei", "--citation", "84 FR 43493")
    again = await terminal.starter("entity", "amend", "huawei", *late, *VERA)
    assert "refused: too_late: " in again.err


async def test_an_entry_of_ones_own_is_amended_and_removed(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    entry, amendment = tmp_path / "entry.json", tmp_path / "amendment.json"
    entry.write_text(LIST.model_dump_json(exclude={"effective"}))
    amendment.write_text(json.dumps({"name": "Sample Renamed"}))
    await entity(terminal, "list", "sample", str(entry), "--effective", "2099-01-01", *VERA)
    said = await voted(terminal, "sample", **THREE)
    assert "to be listed" in said.out
    asked = ("covered", "--entity", "sample", "--activity", "devices", "--date")
    before = await terminal.starter(*asked, "2098-12-31")
    assert "sample is not listed until 2099-01-01" in before.out, before.err
    then = await terminal.starter(*asked, "2099-01-01", "--json")
    assert isinstance(then.json, dict)
    assert isinstance(then.json["listing"], dict)
    assert then.json["listing"]["listed"] is True
    change = (str(amendment), "--citation", "84 FR 2", "--reasons", "A new name")
    await entity(terminal, "amend", "sample", *change, "--effective", "2099-02-01", *VERA)
    await voted(terminal, "sample", **THREE)
    assert "Sample Renamed" not in (await entity(terminal, "show", "sample", "--as-of", "2099-01-31")).out
    assert "Sample Renamed" in (await entity(terminal, "show", "sample", "--as-of", "2099-02-01")).out
    assert "to be listed" in (await entity(terminal, "show")).out
    rows = (await entity(terminal, "show", "--json")).json
    assert isinstance(rows, list)
    assert "sample" in [row["key"] for row in rows if isinstance(row, dict)]
    removal = ("--citation", "84 FR 9", "--reasons", "On request")
    await entity(terminal, "remove", "sample", *removal, *VERA)
    await voted(terminal, "sample", commerce="approve", state="oppose")
    assert "motion lost" in (await terminal.starter("history", "entity-sample")).out.lower()
    await entity(terminal, "remove", "sample", *removal, *VERA)
    await entity(terminal, "withdraw", "sample", "--reasons", "To be drafted anew", *VERA)
    await entity(terminal, "remove", "sample", *removal, *VERA)
    await voted(terminal, "sample", **THREE, state="approve")
    assert "0 versions" in (await entity(terminal, "history", "sample")).out
    shown = await terminal.starter("show", "entity-sample")
    assert "removed" in shown.out
    assert "listing removed" in (await terminal.starter("history", "entity-sample")).out.lower()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("list", "x"), "either FILE or --reference"),
        (("list", "X!", "--reference", "huawei"), "key: X!"),
        (("list", "x", "--reference", "acme"), "one of huawei"),
        (("list", "x", "README.md"), "README.md is not JSON"),
        (("amend", "x", "--reference", "huawei"), "--citation"),
        (("amend", "x", "--reference", "huawei", "--citation", "1 FR 1"), "84 FR 43493"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
async def test_what_is_not_said_well_is_said_at_once(
    terminal: Terminal, words: tuple[str, ...], problem: str
) -> None:
    said = await terminal.starter("entity", *words, *VERA)
    assert said.code == 2
    assert problem in said.err
