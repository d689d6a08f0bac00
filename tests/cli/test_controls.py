"""Control tables that are kept by their day, and the questions of past days that are answered by them."""

import csv
import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from pydantic import JsonValue

from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.reference.controls import CHART
from greenlight.reference.kept_controls import MANIFEST, KeptTables
from tests import shared_data
from tests.cli.commands import printed
from tests.cli.conftest import Said, Terminal
from tests.cli.test_determination import ask
from tests.cli.test_procedure import done
from tests.reference.test_controls import official

X, NONE = '"AT 1"', ""


@pytest.fixture
def mine(tmp_path: Path) -> Terminal:
    """A terminal with a data folder that no other test keeps tables in; no service runs there."""
    return Terminal(tmp_path / "data")


def files(folder: Path, issued: str, marks: str = X) -> tuple[str, ...]:
    """Official files of a day as options; ``marks``: those in the row of France."""
    folder.mkdir(parents=True, exist_ok=True)
    ccl, chart, groups = official(folder, chart=('"marks": ["AT 1"]', f'"marks": [{marks}]'))
    for file in (ccl, chart, groups):
        file.write_text(file.read_text(encoding="utf-8").replace("2026-07-23", issued), encoding="utf-8")
    return ("--ccl", str(ccl), "--chart", str(chart), "--groups", str(groups))


async def keep(mine: Terminal, folder: Path, issued: str, marks: str = X, *more: str) -> str:
    return (await done(mine, "controls", "import", *files(folder, issued, marks), *more)).out


async def asked(mine: Terminal, *words: str) -> Mapping[str, JsonValue]:
    said = await mine.starter(*ask("--end-use", "none", "--json", *words, to="FR"))
    assert said.code in (0, 1), said.err
    answer = said.json
    assert isinstance(answer, dict)
    return answer


async def versions(mine: Terminal) -> list[str]:
    found = json.loads((await done(mine, "controls", "list", "--json")).out)
    return [each["issued"] for each in found]


def tells(answer: Mapping[str, JsonValue]) -> tuple[JsonValue, JsonValue]:
    return answer["tables_of"], answer["outcome"]


async def test_each_day_is_answered_by_the_issue_that_was_in_force(mine: Terminal, tmp_path: Path) -> None:
    # The newer one first: in which order they come to be kept does not matter.
    assert "of 2026-02-01: kept in" in await keep(mine, tmp_path, "2026-02-01", NONE)
    await keep(mine, tmp_path, "2025-03-01", X)
    assert await versions(mine) == ["2025-03-01", "2026-02-01", "2026-07-23"]

    before = await asked(mine, "--date", "2025-02-28")
    assert before["tables_of"] == "2025-03-01"
    assert "No control tables of 2025-02-28 are kept" in str(before["warnings"])
    own = await asked(mine, "--date", "2025-03-01")
    assert (tells(own), own["warnings"]) == (("2025-03-01", "required"), [])
    between = await asked(mine, "--date", "2026-01-31")
    assert tells(between) == ("2025-03-01", "required")
    assert "The next tables that are kept, of 2026-02-01, answer otherwise (not_required)" in str(
        between["warnings"]
    )
    assert tells(await asked(mine, "--date", "2026-02-01")) == ("2026-02-01", "not_required")
    assert tells(await asked(mine, "--date", "2026-07-22")) == ("2026-02-01", "not_required")
    assert (await asked(mine, "--date", "2026-07-23"))["tables_of"] == "2026-07-23"
    assert (await asked(mine))["tables_of"] == "2026-07-23"


async def test_an_issues_own_day_is_a_day_in_washington(mine: Terminal, tmp_path: Path) -> None:
    await keep(mine, tmp_path, "2025-03-01", X)
    await keep(mine, tmp_path, "2026-02-01", NONE)
    midnight = datetime(2026, 2, 1, tzinfo=AGENCY_ZONE).astimezone(UTC)
    for instant, day in (
        (midnight - timedelta(seconds=1), "2025-03-01"),
        (midnight, "2026-02-01"),
    ):
        assert (await asked(mine, "--date", instant.isoformat()))["tables_of"] == day


async def test_the_same_twice_is_one_version(mine: Terminal, tmp_path: Path) -> None:
    await keep(mine, tmp_path, "2025-03-01")
    before = (await done(mine, "controls", "list", "--json")).out
    assert "kept already, since" in await keep(mine, tmp_path, "2025-03-01")
    assert (await done(mine, "controls", "list", "--json")).out == before


async def test_what_was_known_before_it_was_kept_is_not_changed_by_it(mine: Terminal, tmp_path: Path) -> None:
    await keep(mine, tmp_path, "2025-03-01")
    between = datetime.now(UTC).isoformat()
    await keep(mine, tmp_path, "2026-02-01", NONE)
    assert (await asked(mine, "--date", "2026-03-01"))["tables_of"] == "2026-02-01"
    then = await asked(mine, "--date", "2026-03-01", "--known-at", between)
    assert tells(then) == ("2025-03-01", "required")
    long_ago = await asked(mine, "--date", "2026-08-01", "--known-at", "2025-01-01")
    assert long_ago["tables_of"] == "2026-07-23"
    assert "No control tables were known here on 2025-01-01" in str(long_ago["warnings"])


async def test_without_any_kept_a_past_day_is_told_so(mine: Terminal) -> None:
    said = await done(mine, *ask("--end-use", "none", "--date", "2019-06-01"))
    assert "by the tables of 2026-07-23" in said.out
    assert "No control tables of 2019-06-01 are kept" in said.out


async def test_what_was_amended_since_is_open_where_none_of_the_day_is_kept(mine: Terminal) -> None:
    """The United Arab Emirates were in other groups until 10 July 2026."""
    words = ask("--end-use", "none", "--date", "2026-07-09", to="AE")
    said = await mine.starter(*words)
    assert said.code == 1
    assert "an amendment that counts only from 2026-07-10" in said.out
    assert "settled by the control tables of 2026-07-09" in said.out


async def test_authorised_goes_by_the_tables_of_the_day_too(
    mine: Terminal, tmp_path: Path, served: str, terminal: Terminal
) -> None:
    """On the service of all tests, whose data folder other tests ask: what is kept there is of long ago."""
    folder = tmp_path / "old"
    keys: list[str] = []
    for issued, row in (("1996-04-01", X), ("1996-05-01", NONE)):
        await done(terminal, "controls", "import", *files(folder, issued, row))
        before = (await done(terminal, "controls", "show", "--date", issued)).out
        assert f"Law of {issued}" not in " ".join(before.split()), "nobody attested them"
        attested = await done(terminal, "controls", "attest", issued, "--as", "olga", "--yes")
        digest = attested.out.rpartition("digest ")[2].split()[0]
        keys.append(attested.out.rpartition("rule confirm ")[2].split()[0])
        own = await terminal.starter("rule", "confirm", keys[-1], "1", "--as", "olga", "--yes")
        assert "refused: own_attestation" in own.err
        told = " ".join((await done(terminal, *confirming(keys[-1], 1), "--as", "oscar")).err.split())
        for seen in (
            f"governs version {digest}",
            f"governs issued {issued}",
            f"The control tables of {issued} are those",
        ):
            assert seen in told, "who confirms it sees which tables these are"
        twice = await terminal.starter("controls", "attest", issued, "--as", "olga", "--yes")
        assert "refused: already_submitted" in twice.err
    listed = json.loads((await done(terminal, "controls", "list", "--json")).out)
    assert [each["on_record"] is not None for each in listed if each["issued"] < "1997"] == [True, True]
    none = await terminal.starter("controls", "attest", "1996-06-01", "--as", "olga", "--yes")
    assert (none.code, "no tables of that day are kept here" in none.err) == (2, True)
    try:
        for day, issued, code in (("1996-04-15", "1996-04-01", 1), ("1996-05-01", "1996-05-01", 0)):
            said = await terminal.starter(
                *("authorised", "--exporter", "acme-networks", "--item", "5A991:1:pieces:1", "--to", "FR"),
                *("--party", "Some Company", "--end-use", "none", "--date", day, "--json"),
            )
            answer: JsonValue = said.json
            assert isinstance(answer, dict)
            determination = answer["determination"]
            assert isinstance(determination, dict)
            assert (determination["tables_of"], said.code) == (issued, code)
    finally:
        for key in keys:
            back = ("rule", "take-back", key, "1", "--reasons", "A test", "--as", "olga", "--yes")
            await done(terminal, *back)
            await done(terminal, "rule", "confirm", key, "2", "--as", "oscar", "--yes")
        for version in (terminal.data / "controls").glob("1996-*"):
            for file in version.iterdir():
                file.unlink()
            version.rmdir()


def confirming(key: str, number: int) -> tuple[str, ...]:
    return ("rule", "confirm", key, str(number), "--yes")


async def test_what_was_discarded_or_taken_back_is_attested_anew(
    tmp_path: Path, served: str, terminal: Terminal
) -> None:
    await done(terminal, "controls", "import", *files(tmp_path / "old", "1996-02-01"))
    attest = ("controls", "attest", "1996-02-01", "--as", "olga", "--yes")
    why = ("--reasons", "A test", "--as", "olga", "--yes")
    try:
        key = (await done(terminal, *attest)).out.rpartition("rule confirm ")[2].split()[0]
        held = await terminal.starter(*attest)
        assert "refused: attestation_held" in held.err
        await done(terminal, "rule", "discard", key, "1", *why)
        assert f"rule confirm {key} 2" in (await done(terminal, *attest)).out
        await done(terminal, *confirming(key, 2), "--as", "oscar")
        await done(terminal, "rule", "take-back", key, "2", *why)
        await done(terminal, *confirming(key, 3), "--as", "oscar")
        assert f"rule confirm {key} 4" in (await done(terminal, *attest)).out
        await done(terminal, "rule", "discard", key, "4", *why)
    finally:
        for version in (terminal.data / "controls").glob("1996-02-*"):
            shutil.rmtree(version)


@pytest.mark.parametrize("on_a_terminal", [True, False])
def test_list_prints_the_whole_digest_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_a_terminal: bool
) -> None:
    monkeypatch.setenv("GREENLIGHT_DATA", str(tmp_path / "data"))
    (version,) = KeptTables(tmp_path / "data" / "controls").issues
    said = printed("controls", "list", terminal=on_a_terminal)
    assert version.version in said.out.split(), said.out
    if on_a_terminal:
        assert max(map(len, said.out.splitlines())) <= 80


def test_list_has_the_digest_of_each_as_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_DATA", str(tmp_path / "data"))
    (version,) = KeptTables(tmp_path / "data" / "controls").issues
    (row,) = csv.DictReader(StringIO(printed("controls", "list", "--csv").out))
    assert (row["law of"], row["digest"]) == (version.issued.isoformat(), version.version)
    assert (row["kept since"], row["on record"]) == ("comes with the service", "")


async def damaged(mine: Terminal, tmp_path: Path, name: str) -> Path:
    await keep(mine, tmp_path, "2025-03-01")
    (version,) = (mine.data / "controls").glob("2025-*")
    (version / name).write_text("{}", encoding="utf-8")
    return version


async def test_a_damaged_version_is_an_error_that_says_what_to_do(mine: Terminal, tmp_path: Path) -> None:
    version = await damaged(mine, tmp_path, CHART)
    question = ask("--end-use", "none", "--date", "2025-04-01")
    said = await mine.starter(*question)
    assert said.code == 2
    assert f"{version / CHART}: (file): is not as it was kept" in said.err
    assert "import the three official files of 2025-03-01 again" in said.err
    listed = await mine.starter("controls", "list")
    assert listed.code == 1
    assert "damaged" in listed.out
    assert "is not as it was kept" in listed.err
    assert "kept already" in await keep(mine, tmp_path, "2025-03-01")
    assert (await mine.starter(*question)).code == 1  # of China nothing is printed there


async def test_one_that_does_not_say_what_it_is_is_never_passed_over(mine: Terminal, tmp_path: Path) -> None:
    version = await damaged(mine, tmp_path, MANIFEST)
    for words in (
        ask("--end-use", "none"),
        ("controls", "list"),
        ("controls", "show"),
        ("controls", "check"),
    ):
        said = await mine.starter(*words)
        assert said.code == 2
        assert f"move {version} away" in said.err


async def test_show_tells_which_issue_was_in_force_and_what_it_changed(
    mine: Terminal, tmp_path: Path
) -> None:
    await keep(mine, tmp_path, "2025-03-01", X)
    await keep(mine, tmp_path, "2026-02-01", NONE)
    shown = await done(mine, "controls", "show", "--date", "2026-03-01", "--json")
    told: JsonValue = shown.json
    assert isinstance(told, dict)
    assert (told["issued"], told["following"], told["since"]) == ("2026-02-01", "2026-07-23", "2025-03-01")
    changed = told["changed"]
    assert isinstance(changed, dict)
    assert {what: names for what, names in changed.items() if names} == {"destinations_changed": ["FR"]}
    text: Said = await done(mine, "controls", "show", "--date", "2024-01-01")
    assert "No control tables of 2024-01-01 are kept" in " ".join(text.out.split())
    text = await done(mine, "controls", "show", "--date", "2026-03-01")
    assert "Printed otherwise than by the tables of 2025-03-01" in text.out


async def test_tables_are_made_from_the_official_files_and_asked(mine: Terminal, tmp_path: Path) -> None:
    shared_data.needs(shared_data.CCL, shared_data.CHART, shared_data.GROUPS)
    given = (
        *("--ccl", str(shared_data.CCL), "--chart", str(shared_data.CHART)),
        *("--groups", str(shared_data.GROUPS)),
    )
    folder = ("--out", str(tmp_path / "tables"))
    assert "633 entries" in (await done(mine, "controls", "import", *given, *folder)).out
    checked = await done(mine, "controls", "check", "--tables", str(tmp_path / "tables"), "--json")
    assert checked.json == (await done(mine, "controls", "check", "--json")).json
    found = await done(mine, *ask("--end-use", "none", "--tables", str(tmp_path / "tables")))
    assert "No license is required" in found.out
    # What comes with the service is one version, kept or not.
    await done(mine, "controls", "import", *given)
    assert await versions(mine) == ["2026-07-23"]


async def test_a_file_that_is_no_official_one_makes_no_tables(mine: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")
    empty = str(tmp_path / "empty.json")
    given = ("--ccl", empty, "--chart", empty, "--groups", empty)
    for more in (("--out", str(tmp_path / "t")), ()):
        said = await mine.starter("controls", "import", *given, *more)
        assert said.code == 1
        assert "empty.json: source" in said.err
    assert not (tmp_path / "t").exists()
    assert not (mine.data / "controls").exists()


async def test_check_says_which_words_are_not_understood(mine: Terminal) -> None:
    said = await done(mine, "controls", "check")
    for told in ("2026-07-23", "1536", "See § 742.14 of the EAR for additional information."):
        assert told in said.out
