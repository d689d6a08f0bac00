"""Control tables that are kept by their day: whole or not there, and read as they were kept."""

import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import BinaryIO

import pytest

from greenlight import files
from greenlight.kernel.codes.entered import OUT_OF_REACH
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.determination.tables import Tables
from greenlight.reference.controls import CHART, FOLDER, LIST, load_tables
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import FILES, MANIFEST, KeptTables
from greenlight.reference.official_controls import tables_of
from tests.reference.test_controls import official

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
SHIPPED = load_tables().issued


def made(folder: Path, issued: str, marks: str = '"AT 1"') -> dict[str, str]:
    """Tables of a day, made of official files; with ``marks`` in the row of France."""
    folder.mkdir(parents=True, exist_ok=True)
    files = official(folder, chart=('"marks": ["AT 1"]', f'"marks": [{marks}]'))
    for file in files:
        file.write_text(file.read_text(encoding="utf-8").replace("2026-07-23", issued), encoding="utf-8")
    return tables_of(*files)


def as_shipped(issued: str) -> dict[str, str]:
    """The tables that come with the service, as if they were of another day."""
    read = {name: (FOLDER / name).read_text(encoding="utf-8") for name in FILES}
    return {name: text.replace(SHIPPED.isoformat(), issued) for name, text in read.items()}


def on(kept: KeptTables, day: str, known_at: datetime | None = None) -> Tables:
    return kept.chosen(end_of_day(date.fromisoformat(day)) - timedelta(hours=1), known_at).tables


def marks(tables: Tables) -> frozenset[str] | None:
    return tables.destination("FR").marks


@pytest.fixture
def kept(tmp_path: Path) -> KeptTables:
    return KeptTables(tmp_path / "kept")


def everything(folder: Path) -> Mapping[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_without_any_those_that_come_with_the_service_are_asked(kept: KeptTables, tmp_path: Path) -> None:
    assert on(kept, "2026-08-01") is on(kept, "2019-08-01")
    assert on(kept, "2026-08-01").issued == SHIPPED
    assert [(each.issued, each.shipped) for each in kept.issues] == [(SHIPPED, True)]
    assert not (tmp_path / "kept").exists()


def test_what_is_kept_is_asked_about_its_days_by_whoever_reads_the_folder(
    kept: KeptTables, tmp_path: Path
) -> None:
    other = KeptTables(tmp_path / "kept")
    assert on(other, "2025-06-01").issued == SHIPPED
    issue, new = kept.keep(made(tmp_path, "2025-03-01", ""), NOW)
    assert (issue.issued, issue.known, new) == (date(2025, 3, 1), NOW, True)
    for reader in (kept, other, KeptTables(tmp_path / "kept")):
        assert on(reader, "2025-03-01").issued == date(2025, 3, 1)
        assert marks(on(reader, "2026-07-22")) == frozenset()
        assert on(reader, "2026-07-23").issued == SHIPPED


def test_an_older_one_is_kept_after_a_newer_one(kept: KeptTables, tmp_path: Path) -> None:
    kept.keep(made(tmp_path, "2026-02-01"), NOW)
    kept.keep(made(tmp_path, "2025-03-01"), LATER)
    assert [each.issued.isoformat() for each in kept.issues] == ["2025-03-01", "2026-02-01", "2026-07-23"]
    assert on(kept, "2025-04-01").issued == date(2025, 3, 1)
    assert on(kept, "2026-02-01").issued == date(2026, 2, 1)
    assert on(kept, "2025-04-01", NOW).issued == date(2026, 2, 1)


def test_the_same_again_changes_nothing(kept: KeptTables, tmp_path: Path) -> None:
    first, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    before = everything(tmp_path / "kept")
    assert kept.keep(made(tmp_path, "2025-03-01"), LATER) == (first, False)
    assert everything(tmp_path / "kept") == before


def test_another_of_one_day_corrects_it_from_then_on_and_may_be_taken_back(
    kept: KeptTables, tmp_path: Path
) -> None:
    for after, printed in enumerate(('"AT 1"', "", '"AT 1"')):
        _, new = kept.keep(made(tmp_path, "2025-03-01", printed), NOW + timedelta(days=after))
        assert new
    assert marks(on(kept, "2025-04-01")) == {"AT 1"}
    assert marks(on(kept, "2025-04-01", NOW + timedelta(days=1))) == frozenset()
    assert marks(on(kept, "2025-04-01", NOW)) == {"AT 1"}


def test_what_comes_with_the_service_may_be_kept_too_and_is_one_version(kept: KeptTables) -> None:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in load_files()}
    _, new = kept.keep(texts, NOW)
    assert new
    (only,) = kept.issues
    assert not only.shipped
    assert only.known == end_of_day(SHIPPED - timedelta(days=1))
    _, new = kept.keep(texts, LATER)
    assert not new


def test_what_comes_with_the_service_may_be_corrected_and_come_back(kept: KeptTables, tmp_path: Path) -> None:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in load_files()}
    kept.keep(made(tmp_path, SHIPPED.isoformat()), NOW)
    assert "CN" not in on(kept, "2026-08-01").destinations
    assert "CN" in on(kept, "2026-08-01", NOW - timedelta(seconds=1)).destinations
    kept.keep(texts, LATER)
    assert "CN" in on(kept, "2026-08-01").destinations
    assert "CN" not in on(kept, "2026-08-01", NOW).destinations


def load_files() -> list[str]:
    return [file.name for file in FOLDER.iterdir() if file.name != "destinations.json"]


def test_those_who_keep_at_the_same_time_keep_all_of_it(kept: KeptTables, tmp_path: Path) -> None:
    texts = [made(tmp_path / str(n), "2025-03-01", '"AT 1"' if n % 2 else "") for n in range(6)]
    at_once = Barrier(len(texts))

    def keep(each: dict[str, str]) -> None:
        at_once.wait()
        KeptTables(tmp_path / "kept").keep(each, NOW)

    with ThreadPoolExecutor(len(texts)) as pool:
        list(pool.map(keep, texts))
    versions = [each for each in kept.issues if not each.shipped]
    assert len({each.version for each in versions}) == 2
    assert [each.number for each in versions] == list(range(1, len(versions) + 1))
    assert all(kept.fault(each) is None for each in versions)
    assert {name.partition(".")[0] for name in everything(tmp_path / "kept")} == {"2025-03-01"}


def test_its_owner_alone_reads_what_is_kept(kept: KeptTables, tmp_path: Path) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    modes = {file.stat().st_mode & 0o777 for file in issue.folder.iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert issue.folder.stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_asked_is_not_kept_and_nothing_is_left_of_it(kept: KeptTables, tmp_path: Path) -> None:
    texts = made(tmp_path, "2025-03-01")
    with pytest.raises(ReferenceDataError, match="not of one day"):
        kept.keep({**texts, LIST: texts[LIST].replace('"issued": "2025', '"issued": "2024')}, NOW)
    assert everything(tmp_path / "kept") == {}


def test_what_was_not_written_whole_is_not_there(kept: KeptTables, tmp_path: Path) -> None:
    """As a process leaves it that was killed before the last step."""
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    unfinished = tmp_path / "kept" / ".2025-02-01.unfinished"
    shutil.copytree(issue.folder, unfinished)
    (unfinished / MANIFEST).unlink()
    assert [each.issued.isoformat() for each in kept.issues] == ["2025-03-01", "2026-07-23"]


@pytest.mark.parametrize("damage", ["changed", "gone", "not_text"])
def test_a_damaged_version_is_an_error_that_says_what_to_do_and_keeping_it_again_mends_it(
    kept: KeptTables, tmp_path: Path, damage: str
) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    kept.keep(made(tmp_path, "2026-02-01"), NOW)
    file = issue.folder / CHART
    match damage:
        case "changed":
            file.write_text(file.read_text(encoding="utf-8").replace('"AT 1"', '"AT 2"'), encoding="utf-8")
        case "gone":
            file.unlink()
        case _:
            file.write_bytes(b"\xff\xfe")
    again = KeptTables(tmp_path / "kept")
    with pytest.raises(ReferenceDataError) as refused:
        on(again, "2025-04-01")
    assert refused.value.file == file
    assert "is not as it was kept" in refused.value.problem
    assert "import the three official files of 2025-03-01 again" in refused.value.problem
    assert on(again, "2026-03-01").issued == date(2026, 2, 1)

    mended, new = again.keep(made(tmp_path, "2025-03-01"), LATER)
    assert (mended.known, new) == (NOW, False)
    assert marks(on(again, "2025-04-01")) == {"AT 1"}


def test_what_is_asked_is_what_has_the_digest(
    kept: KeptTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where somebody puts other files in the place of these as soon as they were opened."""
    issue, _ = kept.keep(made(tmp_path / "a", "2025-03-01"), NOW)
    others = made(tmp_path / "b", "2025-03-01", "")

    def opened(path: Path) -> BinaryIO:
        file = really_opened(path)
        if path.parent == issue.folder and path.name in others:
            path.unlink()
            path.write_text(others[path.name], encoding="utf-8")
        return file

    really_opened = files.opened
    monkeypatch.setattr(files, "opened", opened)
    assert marks(on(KeptTables(tmp_path / "kept"), "2025-04-01")) == {"AT 1"}


@pytest.mark.parametrize("content", ["", "{}", '{"format": "greenlight-kept-controls/1"}', None])
def test_one_that_does_not_say_what_it_is_stops_every_question(
    kept: KeptTables, tmp_path: Path, content: str | None
) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    file = issue.folder / MANIFEST
    file.unlink()
    if content is not None:
        file.write_text(content, encoding="utf-8")
    again = KeptTables(tmp_path / "kept")
    with pytest.raises(ReferenceDataError) as refused:
        on(again, "2026-08-01")
    assert refused.value.file == file
    assert (
        f"move {issue.folder} away and import the official files of 2025-03-01 again" in refused.value.problem
    )
    shutil.move(issue.folder, tmp_path / "away")
    assert on(again, "2025-04-01").issued == SHIPPED


def test_one_under_another_days_name_is_damaged(kept: KeptTables, tmp_path: Path) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    issue.folder.rename(issue.folder.with_name("2025-04-01.1"))
    with pytest.raises(ReferenceDataError, match=r"is of 2025-03-01"):
        on(KeptTables(tmp_path / "kept"), "2026-08-01")


def test_a_folder_that_is_named_is_asked_alone_with_the_tables_that_lie_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, text in made(tmp_path, "2025-03-01").items():
        (folder / name).write_text(text, encoding="utf-8")
    alone = KeptTables(folder, shipped=None)
    assert on(alone, "2026-08-01").issued == date(2025, 3, 1)
    alone.keep(made(tmp_path, "2026-02-01"), NOW)
    assert [each.issued.isoformat() for each in alone.issues] == ["2025-03-01", "2026-02-01"]
    empty = KeptTables(tmp_path / "nowhere", shipped=None)
    with pytest.raises(ReferenceDataError, match="cannot be read"):
        on(empty, "2026-08-01")
    empty.keep(made(tmp_path, "2026-02-01"), NOW)
    assert on(empty, "2026-08-01").issued == date(2026, 2, 1)


def test_the_manifest_tells_day_instant_and_digests(kept: KeptTables, tmp_path: Path) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    told = json.loads((issue.folder / MANIFEST).read_text(encoding="utf-8"))
    assert told["issued"] == "2025-03-01"
    assert told["known"] == "2026-11-01T12:00:00Z"
    assert set(told["files"]) == set(load_files())


@pytest.mark.parametrize("issued", ["0001-01-01", "1969-12-31", "2999-12-31", "9999-12-31"])
def test_tables_are_of_a_year_that_can_be_asked_about(kept: KeptTables, tmp_path: Path, issued: str) -> None:
    with pytest.raises(ReferenceDataError, match=OUT_OF_REACH):
        kept.keep(made(tmp_path / "files", issued), NOW)
    assert [each.issued for each in kept.issues] == [SHIPPED]
