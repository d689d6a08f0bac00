"""A listed entity from its listing to its removal, from the command line alone."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Terminal
from tests.law.entity.cases import LIST

ALL = ("--approve", "commerce", "--approve", "defense", "--approve", "state", "--approve", "energy")
THREE = (*ALL[:6], "--oppose", "energy")
TWO = (*ALL[:4], "--oppose", "state", "--oppose", "energy")
VERA = ("--as", "vera")


async def entity(terminal: Terminal, *words: str) -> Said:
    said = await terminal.starter("entity", *words)
    assert said.code == 0, said.err
    return said


async def test_the_recorded_list_from_its_listing_through_its_amendments(
    served: str, terminal: Terminal
) -> None:
    tie = await terminal.starter("entity", "list", "huawei", "--reference", "huawei", *TWO, *VERA)
    assert tie.code == 1
    assert "refused: not_carried: " in tie.err
    said = await entity(terminal, "list", "huawei", "--reference", "huawei", *THREE, *VERA)
    assert "entity-huawei is at listed" in said.out
    for citation in ("84 FR 43493", "85 FR 51596", "87 FR 55250"):
        notice = ("--reference", "huawei", "--citation", citation)
        await entity(terminal, "amend", "huawei", *notice, *THREE, *VERA)
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
    late = ("--reference", "huawei", "--citation", "84 FR 43493")
    again = await terminal.starter("entity", "amend", "huawei", *late, *THREE, *VERA)
    assert "refused: too_late: " in again.err


async def test_an_entry_of_ones_own_is_amended_and_removed(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    entry, amendment = tmp_path / "entry.json", tmp_path / "amendment.json"
    entry.write_text(LIST.model_dump_json(exclude={"votes", "effective"}))
    amendment.write_text(json.dumps({"name": "Sample Renamed"}))
    said = await entity(terminal, "list", "sample", str(entry), "--effective", "2099-01-01", *ALL, *VERA)
    assert "to be listed" in said.out
    asked = ("covered", "--entity", "sample", "--activity", "devices", "--date")
    before = await terminal.starter(*asked, "2098-12-31")
    assert "sample is not listed until 2099-01-01" in before.out, before.err
    then = await terminal.starter(*asked, "2099-01-01", "--json")
    assert isinstance(then.json, dict)
    assert isinstance(then.json["listing"], dict)
    assert then.json["listing"]["listed"] is True
    change = (str(amendment), "--citation", "84 FR 2", "--reasons", "A new name")
    await entity(terminal, "amend", "sample", *change, "--effective", "2099-02-01", *THREE, *VERA)
    assert "Sample Renamed" not in (await entity(terminal, "show", "sample", "--as-of", "2099-01-31")).out
    assert "Sample Renamed" in (await entity(terminal, "show", "sample", "--as-of", "2099-02-01")).out
    assert "to be listed" in (await entity(terminal, "show")).out
    rows = (await entity(terminal, "show", "--json")).json
    assert isinstance(rows, list)
    assert "sample" in [row["key"] for row in rows if isinstance(row, dict)]
    removal = ("--citation", "84 FR 9", "--reasons", "On request")
    divided = await terminal.starter("entity", "remove", "sample", *removal, *THREE, *VERA)
    assert "refused: not_carried: " in divided.err
    await entity(terminal, "remove", "sample", *removal, *ALL, *VERA)
    assert "0 versions" in (await entity(terminal, "history", "sample")).out
    shown = await terminal.starter("show", "entity-sample")
    assert "removed" in shown.out
    assert "listing removed" in (await terminal.starter("history", "entity-sample")).out.lower()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("list", "x", "--reference", "huawei", "--approve", "commerce"), "each department"),
        (("list", "x", "--reference", "huawei", *ALL, "--oppose", "energy"), "each department"),
        (("list", "x", *ALL), "either FILE or --reference"),
        (("list", "X!", "--reference", "huawei", *ALL), "key: X!"),
        (("list", "x", "--reference", "acme", *ALL), "one of huawei"),
        (("list", "x", "README.md", *ALL), "README.md is not JSON"),
        (("amend", "x", "--reference", "huawei", *ALL), "--citation"),
        (("amend", "x", "--reference", "huawei", "--citation", "1 FR 1", *ALL), "84 FR 43493"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
async def test_what_is_not_said_well_is_said_at_once(
    terminal: Terminal, words: tuple[str, ...], problem: str
) -> None:
    said = await terminal.starter("entity", *words, *VERA)
    assert said.code == 2
    assert problem in said.err
