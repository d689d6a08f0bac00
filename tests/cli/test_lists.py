"""Versions of the list, from the command line alone."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.kernel.time.calendar import agency_date
from greenlight.lists.columns import Row
from greenlight.lists.write import write_list
from tests.cli.conftest import Said, Terminal, serving
from tests.cli.test_procedure import done, filed
from tests.lists.files import ACME, HERON, WHOLE, many

OLGA = ("--as", "olga")
OSCAR = ("--as", "oscar")
TODAY = ("--retrieved", str(agency_date(datetime.now(UTC))))


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """What is current here is current for nobody else."""
    return Terminal(tmp_path_factory.mktemp("lists"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(terminal: Terminal) -> AsyncGenerator[str]:
    async with serving(terminal) as said:
        yield said


async def lists(terminal: Terminal, *words: str) -> Said:
    said = await terminal.starter("lists", *words)
    assert said.code == 0, said.err
    return said


def file(folder: Path, name: str, *rows: Row) -> str:
    path = folder / name
    path.write_bytes(write_list(rows))
    return str(path)


async def test_a_file_is_checked_without_a_service(terminal: Terminal, tmp_path: Path) -> None:
    tail = HERON._replace(name="HERON STAR; and any successor thereof", alt_names="...")
    good = await lists(terminal, "check", file(tmp_path, "good.csv", *WHOLE, tail), "--examples")
    assert "165 rows: 165 entries, 0 bad rows, 1 values left out" in good.out
    assert ["entity-list", "153"] in map(str.split, good.out.splitlines())
    assert ["1", "and", "successors", "or", "units"] in map(str.split, good.out.splitlines())
    assert "line 166, name: HERON STAR; and any successor thereof" in good.out
    assert "line 166, alt_names: '...' says nothing" in good.err
    bad = await terminal.starter("lists", "check", file(tmp_path, "bad.csv", ACME, Row(source=ACME.source)))
    assert bad.code == 1
    assert "line 3, name: '' says nothing that could be compared" in bad.err
    assert "doubtful: 1 of 2 rows are bad" in bad.err
    document = (await terminal.starter("lists", "check", str(tmp_path / "bad.csv"), "--json")).json
    assert isinstance(document, dict)
    assert (document["rows"], document["entries"], document["bad_rows"]) == (2, 1, 1)
    assert (document["lists"], document["forms"], document["taken"]) == ({"entity-list": 1}, {}, [])
    other = tmp_path / "other.csv"
    other.write_bytes(b"\xff\xfe")
    said = await terminal.starter("lists", "check", str(other))
    assert (said.code, said.err.strip()) == (1, f"{other}: the file is not UTF-8: byte 0 cannot be read")
    assert (await terminal.starter("lists", "check", str(tmp_path / "none.csv"))).code == 2
    wrong = await terminal.starter("lists", "load", str(other), "--retrieved", "July", *OLGA)
    assert wrong.code == 2
    # Nobody can be asked here, and the file does not say when it was downloaded.
    wrong = await terminal.starter("lists", "load", str(other), *OLGA, stdin="")
    assert (wrong.code, "--retrieved: say on which day" in wrong.err) == (2, True)


async def _names_are_held_against_what_was_current(terminal: Terminal) -> None:
    """Acme is on the Entity List by the version that is current, also of days before that was loaded."""
    asked = ("--item", "EAR99", "--to", "CN", "--party", ACME.name, "--end-use", "none", "--json")
    item = ("--item", "EAR99:1:pieces:1USD", *asked[2:])
    for words in (("determine", *asked), ("authorised", "--exporter", "acme", *item)):
        said = (await terminal.starter(*words)).json
        assert isinstance(said, dict)
        assert "entity-list" in str(said), said
        assert "not_required" not in (said.get("outcome"), said.get("verdict"))
        for day, needed in (("2026-01-05", True), ("2019-05-15", False)):
            then = (await terminal.starter(*words, "--date", day)).json
            assert isinstance(then, dict)
            assert ("not_required" in (then.get("outcome"), then.get("verdict"))) is not needed, then


async def test_a_version_is_loaded_compared_held_confirmed_and_shown(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    first = file(tmp_path, "first.csv", *many(50), HERON)
    said = await lists(terminal, "load", first, *TODAY, *OLGA)
    assert "Against nothing: 51 added, 0 removed, 0 changed" in said.out
    assert "takes a second officer: it is the first version" in said.err
    assert "0 of the 153 entries of the book that comes with the service are in it" in said.err
    # Oscar has fetched it himself.
    await lists(terminal, "confirm", first, "--reasons", "It is a test's.", *OSCAR)
    again = await lists(terminal, "load", first, *TODAY, *OLGA)
    assert "is the current version already" in again.out
    second = file(tmp_path, "second.csv", *many(50), HERON._replace(programs="IRAN"), ACME)
    compared = (await lists(terminal, "diff", second)).out
    assert "1 added, 0 removed, 1 changed" in compared
    assert "sdn-8124" in compared
    document = (await lists(terminal, "diff", second, "--from", first, "--json")).json
    assert isinstance(document, dict)
    assert [len(value) for value in document.values() if isinstance(value, list)] == [1, 0, 1]
    said = await lists(terminal, "load", second, *TODAY, *OLGA)
    assert "Against the version before: 1 added, 0 removed, 1 changed" in said.out
    await _names_are_held_against_what_was_current(terminal)
    small = file(tmp_path, "small.csv", ACME)
    held = await lists(terminal, "load", small, *TODAY, *OLGA)
    assert "takes a second officer: entries that are not in it any more: 51" in held.err
    assert "takes a second officer: 1 entries after 52" in held.err
    assert "It waits for another officer than olga, who fetches the file, too" in held.out
    shown = (await lists(terminal, "show", "--json")).json
    assert isinstance(shown, dict)
    assert isinstance(shown["held"], dict)
    assert isinstance(shown["held"]["content"], dict)
    digest = str(shown["held"]["content"]["digest"])
    assert "0 added, 51 removed, 0 changed" in (await lists(terminal, "diff")).out
    why = ("--reasons", "They were taken off.")
    own = await terminal.starter("lists", "confirm", small, *why, *OLGA)
    assert own.code == 1
    assert "refused: own_version: " in own.err
    await lists(terminal, "discard", digest, *why, *OLGA)
    await lists(terminal, "load", small, *TODAY, *OLGA)
    other = await terminal.starter("lists", "confirm", second, *why, *OSCAR)
    assert (other.code, "refused: digest_differs: " in other.err) == (1, True)
    assert (await terminal.starter("lists", "confirm", *why, *OSCAR)).code == 2
    assert (await terminal.starter("lists", "confirm", "--published", "abc", *why, *OSCAR)).code == 2
    await lists(terminal, "confirm", "--published", digest, *why, *OSCAR)
    await lists(terminal, "propose-age-limit", "20", *OLGA)
    assert "20 days, proposed by olga" in (await lists(terminal, "show")).out
    await lists(terminal, "confirm-age-limit", "20", *why, *OSCAR)
    out = (await lists(terminal, "show")).out
    assert "1 entries, downloaded on" in out
    assert "confirmed by oscar" in out
    before = await terminal.starter("lists", "show", "--at", "2020-01-01")
    assert before.code == 1
    nothing = await terminal.starter("lists", "diff")
    assert (nothing.code, nothing.err.strip()) == (1, "no version waits: give a FILE")


async def test_a_licenses_possible_match_is_seen_and_denied(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    acn = await filed(terminal)
    await done(terminal, "recommend", acn, "grant", "--as", "olga", "--reasons", "Civil use")
    await done(terminal, "countersign", acn, "--as", "carla")
    document = (await done(terminal, "show", acn, "--json")).json
    assert isinstance(document, dict)
    assert isinstance(document["state"], dict)
    number = str(document["state"]["license_number"])
    alike = ACME._replace(name="Prairie Telefone Cooperativ", addresses="US", alt_names="")
    version = file(tmp_path, "alike.csv", *many(60), alike)
    await lists(terminal, "load", version, *TODAY, *OLGA)
    await lists(terminal, "confirm", version, "--reasons", "It is a test's.", *OSCAR)

    async def shown(word: str) -> str:
        """What show says of it, once it says that word; each line in one piece however wide it is."""
        async with asyncio.timeout(30):
            while True:
                found = " ".join((await done(terminal, "show", number)).out.replace("│", " ").split())
                if word in found:
                    return found.partition("Since the grant")[2]

    key = (await shown("possible match")).split()[3].removesuffix(":")
    assert key.startswith("entity-list-")
    tasks = (await done(terminal, "worklist", "--as", "olga", "--json")).json
    assert isinstance(tasks, list)
    assert [row["parties"] for row in tasks if isinstance(row, dict) and row["case"] == number] == [
        "possible_match"
    ]
    because = ("--as", "olga", "--reason", "Founded in 1952")
    wrong = await terminal.starter("resolve-listing", number, "0", "huawei", "false_match", *because)
    assert (wrong.code, "refused: no_such_match: " in wrong.err) == (1, True)
    await done(terminal, "resolve-listing", number, "0", key, "false_match", *because)
    said = await shown("not listed")
    assert "false match by olga: Founded in 1952" in said
    tasks = (await done(terminal, "worklist", "--as", "olga", "--json")).json
    assert isinstance(tasks, list)
    assert number not in [row["case"] for row in tasks if isinstance(row, dict)]
    await done(terminal, "resolve-listing", number, "0", key, "true_match", *because)
    assert "true match by olga" in await shown("0 listed")


async def test_a_file_from_long_ago_is_refused(served: str, terminal: Terminal, tmp_path: Path) -> None:
    day = str(agency_date(datetime.now(UTC)) - timedelta(days=60))
    said = await terminal.starter(
        "lists", "load", file(tmp_path, "old.csv", HERON), "--retrieved", day, *OLGA
    )
    assert said.code == 1
    assert "refused: list_too_old: downloaded on" in said.err
