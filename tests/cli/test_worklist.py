"""What waits for whom, in the order in which it is due."""

import csv
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

from pydantic import JsonValue

from greenlight.kernel.time.calendar import agency_date, plain_date
from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done, filed
from tests.workflows.office import eventually


async def numbers(terminal: Terminal, *words: str) -> list[str]:
    said = await done(terminal, "worklist", *words, "--json")
    assert isinstance(said.json, list)
    return [str(row["case"]) for row in said.json if isinstance(row, dict)]


async def test_a_case_is_on_the_list_of_whose_turn_it_is(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    assert acn in await numbers(terminal, "--as", "olga")
    assert acn in await numbers(terminal, "--role", "licensing_officer")
    assert acn not in await numbers(terminal, "--as", "carla")
    await done(terminal, "assign", acn, "olga", "--as", "olga")
    assert acn in await numbers(terminal, "--as", "olga")
    assert acn not in await numbers(terminal, "--as", "oscar")
    await done(terminal, "recommend", acn, "grant", "--as", "olga", "--reasons", "Civil use")
    assert acn not in await numbers(terminal, "--as", "olga")
    assert acn in await numbers(terminal, "--as", "carla")
    shown = await done(terminal, "worklist", "--as", "carla", "--within", "90")
    (line,) = [line for line in shown.out.splitlines() if line.startswith(f"{acn} ")]
    assert "countersign, or disagree" in line
    assert "countersignature" in line
    assert "starter.py countersign " in shown.out
    as_csv = await done(terminal, "worklist", "--as", "carla", "--csv")
    (row,) = [row for row in csv.DictReader(StringIO(as_csv.out)) if row["case"] == acn]
    assert row["command"] == f"starter.py countersign {acn} --as carla"
    assert "resolution" in line or "initial action" in line
    assert "due soon" in line


async def test_agencies_members_and_applicants_see_what_waits_for_them(
    served: str, terminal: Terminal
) -> None:
    acn = await filed(terminal)
    await done(terminal, "refer", acn, "defense", "state", "--as", "olga")
    assert acn in await numbers(terminal, "--as", "defense")
    assert acn in await numbers(terminal, "--role", "agency_reviewer", "--organisation", "state")
    assert acn not in await numbers(terminal, "--role", "agency_reviewer", "--organisation", "energy")
    assert (await numbers(terminal, "--role", "agency_reviewer")).count(acn) == 2
    shown = (await done(terminal, "worklist", "--role", "agency_reviewer")).out
    (line,) = [line for line in shown.splitlines() if line.startswith(f"{acn} ")]
    assert "agency reviewer of defense, state" in line
    await done(terminal, "ask-applicant", acn, "Which radios?", "--as", "defense")
    assert acn not in await numbers(terminal, "--as", "defense")
    assert acn in await numbers(terminal, "--as", "acme")
    assert acn not in await numbers(terminal, "--role", "applicant", "--organisation", "rival-networks")
    await done(terminal, "delegate-back", acn, "--as", "state")
    assert acn not in await numbers(terminal, "--role", "agency_reviewer", "--organisation", "state")


async def test_a_list_is_of_somebody(served: str, terminal: Terminal) -> None:
    assert (await terminal.starter("worklist")).code == 2
    assert (await terminal.starter("worklist", "--as", "olga", "--organisation", "state")).code == 2
    said = await terminal.starter("worklist", "--as", "nobody")
    assert (said.code, "unknown_officer" in said.err) == (1, True)


async def test_what_is_expedited_is_on_top(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    await done(terminal, "request-expedite", acn, "--reasons", "A hospital opens", "--as", "acme")
    shown = (await done(terminal, "show", acn)).out
    assert "whether to expedite it" in " ".join(shown.split())
    assert f"grant-expedite|refuse-expedite {acn}" in " ".join(shown.split())
    await done(terminal, "grant-expedite", acn, "--reasons", "It serves a hospital", "--as", "olga")
    said = (await done(terminal, "worklist", "--as", "oscar", "--json")).json
    assert isinstance(said, list)
    ranks = [row["expedited"] for row in said if isinstance(row, dict)]
    assert ranks == sorted(ranks, key=bool, reverse=True)
    assert [row["expedited"] for row in said if isinstance(row, dict) and row["case"] == acn] == [True]
    twice = await terminal.starter("refuse-expedite", acn, "--reasons", "x", "--as", "oscar")
    assert (twice.code, "no_expedite_requested" in twice.err) == (1, True)


async def test_what_stands_still_comes_last_and_has_no_command(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    today = agency_date(datetime.now(UTC))
    key = f"worklist-{acn.lower()}"
    await done(terminal, "assign", acn, "olga", "--as", "olga")
    until = today + timedelta(days=9)
    order = ("--posture", "hold", "--expires", until.isoformat(), "--citation", "An order")
    await done(terminal, "directive", "issue", key, "A pause", *order, "--reasons", "A pause", "--as", "vera")

    async def row() -> dict[str, JsonValue]:
        said = await done(terminal, "worklist", "--as", "olga", "--json")
        assert isinstance(said.json, list)
        (found,) = (each for each in said.json if isinstance(each, dict) and each["case"] == acn)
        return found

    async def stands() -> dict[str, JsonValue] | None:
        found = await row()
        return found if found["stands_until"] else None

    try:
        found = await eventually(stands, "the case stands")
        assert found["command"] is None
        shown = await done(terminal, "worklist", "--as", "olga")
        assert " still by a directive" in shown.out
        assert f"stands until {plain_date(until)}" in shown.out
        assert f"recommend {acn}" not in shown.out
    finally:
        await done(terminal, "directive", "rescind", key, "--reasons", "It is over", "--as", "vera")
    await eventually(lambda: goes_on(row), "the case goes on")


async def goes_on(row: Callable[[], Awaitable[dict[str, JsonValue]]]) -> bool:
    return (await row())["command"] is not None
