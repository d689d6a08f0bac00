"""The outlook, on the command line: counts for everybody, cases for whom they are open to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import JsonValue

from greenlight.kernel.time.calendar import agency_date
from tests.cli.conftest import Said, Terminal
from tests.cli.test_procedure import done, filed

TODAY = agency_date(datetime.now(UTC))
ENDS = TODAY + timedelta(days=40)
UNTIL = ("--until", (TODAY + timedelta(days=60)).isoformat())


def moments(said: Said) -> list[dict[str, JsonValue]]:
    assert isinstance(said.json, dict)
    found = said.json["moments"]
    assert isinstance(found, list)
    return [each for each in found if isinstance(each, dict)]


async def frozen_for_a_while(terminal: Terminal, acn: str) -> None:
    """An order to come, and to end; nothing else in this folder is to come of itself."""
    begins = TODAY + timedelta(days=20)
    await done(
        terminal,
        *("directive", "issue", f"outlook-{acn.lower()}", "A pause"),
        *("--posture", "hold", "--effective", begins.isoformat(), "--expires", ENDS.isoformat()),
        *("--citation", "Order of today", "--reasons", "A pause", "--as", "vera"),
    )


async def test_counts_are_public_and_cases_are_noted_as_readings(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    acn = await filed(terminal)
    await frozen_for_a_while(terminal, acn)
    picture = tmp_path / "outlook.svg"
    public = await done(terminal, "outlook", *UNTIL, "--json", "--svg", str(picture))
    ours = [each for each in moments(public) if f"outlook-{acn.lower()}" in str(each["coming"])]
    assert len(ours) == 2
    for each in moments(public):
        assert each["rows"] is None
    assert acn not in public.out.replace(f"outlook-{acn.lower()}", "")
    drawn = picture.read_text(encoding="utf-8")
    assert "moved by a directive" in drawn
    shown = await done(terminal, "outlook", *UNTIL)
    assert "move" in shown.out
    assert f"application-{acn}" not in shown.out
    table = await done(terminal, "outlook", *UNTIL, "--csv")
    assert table.out.startswith("from,kind,key,what")
    assert f"application-{acn}" not in table.out

    private = await done(terminal, "outlook", *UNTIL, "--as", "olga", "--json")
    found = [each for each in moments(private) if f"outlook-{acn.lower()}" in str(each["coming"])]
    for each in found:
        assert isinstance(each["rows"], list)
        mine = [
            row for row in each["rows"] if isinstance(row, dict) and row["stream"] == f"application-{acn}"
        ]
        assert [row["change"] for row in mine] == ["moves"]
    await done(terminal, "assign", acn, "oscar", "--as", "olga")
    said = await done(terminal, "outlook", *UNTIL, "--as", "vera", "--mine", "--csv")
    assert f"application-{acn}" not in said.out
    said = await done(terminal, "outlook", *UNTIL, "--as", "oscar", "--mine", "--csv")
    assert f"application-{acn},oscar,moves" in said.out
    shown = await done(terminal, "outlook", *UNTIL)
    assert "oscar" in shown.out
    noted = await done(terminal, "readings", acn, "--json")
    assert isinstance(noted.json, list)
    assert [(n["officer"], n["what"]) for n in noted.json if isinstance(n, dict)] == [
        ("olga", "outlook"),
        ("oscar", "outlook"),
    ]

    refused = await terminal.starter("outlook", *UNTIL, "--as", "acme")
    assert refused.code == 1
    assert "refused: wrong_role: " in refused.err


async def test_a_day_that_is_over_has_no_outlook(served: str, terminal: Terminal) -> None:
    said = await terminal.starter("outlook", "--until", "2026-01-01")
    assert said.code == 2
    assert "--until: is over" in said.err
    said = await terminal.starter("outlook", "--mine")
    assert said.code == 2
    assert "--mine: say who you are with --as" in said.err
