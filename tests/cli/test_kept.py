"""The official list as it was read: the same answers from a file, and none from what others could write."""

import asyncio
import os
import pickle
import shutil
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.cli.lists.kept import KeptLists
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.screening_list.content import StandingList
from greenlight.lists.read import read_list
from greenlight.reference.listings import load_listings
from greenlight.reference.names import ListedNames
from greenlight.screening.book import ListingBook
from greenlight.screening.index import NameIndex
from greenlight.screening.keys import lasting
from tests.cli.conftest import ROOT, Terminal, serving
from tests.cli.test_procedure import done
from tests.lists.files import RETRIEVED, WHOLE, write_list
from tests.shared_data import SCREENING_LIST, needs

SHIPPED = load_listings()
NOW = datetime(2026, 8, 1, tzinfo=UTC)
NAMES = (
    "Huawei Technologies Co., Ltd.",
    "HiSilikon",
    "Prairie Telephone Cooperative",
    "Rosoboroneksport",
    "Hua Wei",
    "China Electronics Technology Group Corporation 38 Research Institute",
    "Ivanov Ivan",
    "Abdul Rahman",
    "华为技术有限公司",
    "MV Heron Star",
    "ZTE Kangxun",
)


def read(content: bytes) -> ListingBook:
    return read_list(content, list_id="csl", retrieved=RETRIEVED, shipped=SHIPPED).book


def standing(book: ListingBook) -> StandingList:
    return StandingList(
        key="csl", title="List", digest=book.version, retrieved=book.retrieved, max_age_days=3_000
    )


@pytest.fixture(scope="module")
def book() -> ListingBook:
    return read(write_list(WHOLE))


def kept_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_it_answers_as_the_list_does(tmp_path: Path) -> None:
    needs(SCREENING_LIST)
    official = read(SCREENING_LIST.read_bytes())
    usual = NameIndex(official)
    loaded: NameIndex = pickle.loads(pickle.dumps(NameIndex(official, hashed=lasting)))
    for name in (*NAMES, *(listing.name for listing in official.listings[::500])):
        assert _told(loaded, name) == _told(usual, name), name
    assert [each.key for each in loaded.listings[:50]] == [each.key for each in official.listings[:50]]
    assert loaded.listings[77] == official.listings[77]


def _told(index: NameIndex, name: str) -> list[tuple[str, str, float]]:
    return [(entry.listing.key, entry.text, found.score) for entry, found in index.similar(name)]


def test_another_list_another_book_and_another_parser_are_other_files(
    tmp_path: Path, book: ListingBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = KeptLists(tmp_path / "cache")
    assert lists.book(standing(book), SHIPPED) is None
    lists.keep(book, SHIPPED)
    found = lists.book(standing(book), SHIPPED)
    assert found is not None
    assert ListedNames(found)("Huawei Technologies Co., Ltd.", "CN", NOW) == ListedNames(book)(
        "Huawei Technologies Co., Ltd.", "CN", NOW
    )
    other = standing(book).model_copy(update={"digest": f"sha256:{'0' * 64}"})
    assert lists.book(other, SHIPPED) is None
    assert lists.book(standing(book), SHIPPED.model_copy(update={"version": f"sha256:{'1' * 64}"})) is None
    monkeypatch.setattr("greenlight.cli.lists.kept._parser", lambda: "of another release")
    assert lists.book(standing(book), SHIPPED) is None


def test_what_others_may_write_is_not_read(tmp_path: Path, book: ListingBook) -> None:
    folder = tmp_path / "cache"
    lists = KeptLists(folder)
    lists.keep(book, SHIPPED)
    file = kept_file(folder)
    for path, mode in ((file, 0o666), (folder, 0o777), (folder, 0o770)):
        before = path.stat().st_mode
        path.chmod(mode)
        assert lists.book(standing(book), SHIPPED) is None, f"{path} {mode:o}"
        path.chmod(before)
    assert lists.book(standing(book), SHIPPED) is not None
    elsewhere = tmp_path / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert lists.book(standing(book), SHIPPED) is None


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("evil",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        pickle.dumps(_Evil()),
        # By what a module of ours has imported.
        b"\x80\x04\x8c\x1agreenlight.screening.index\x8c\x0fthreading.Timer\x93.",
        pickle.dumps("something else"),
    ],
)
def test_nothing_is_made_of_what_is_no_index(
    tmp_path: Path, book: ListingBook, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cache"
    lists = KeptLists(folder)
    lists.keep(book, SHIPPED)
    kept_file(folder).write_bytes(content)
    assert lists.book(standing(book), SHIPPED) is None
    assert not (tmp_path / "evil").exists()


def test_where_nothing_can_be_written_it_is_not_kept(tmp_path: Path, book: ListingBook) -> None:
    (tmp_path / "file").write_text("")
    lists = KeptLists(tmp_path / "file" / "cache")
    lists.keep(book, SHIPPED)
    assert lists.book(standing(book), SHIPPED) is None


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """One of its own: the official list changes what all other cases find."""
    return Terminal(tmp_path_factory.mktemp("official"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def official(terminal: Terminal) -> AsyncGenerator[None]:
    needs(SCREENING_LIST)
    async with serving(terminal):
        yield


async def test_the_official_list_is_read_for_the_first_question_alone(
    official: None, terminal: Terminal
) -> None:
    """By processor time, a question beside the same one where nothing is kept."""
    load = ("lists", "load", str(SCREENING_LIST), "--retrieved", str(agency_date(datetime.now(UTC))))
    await done(terminal, *load, "--as", "olga")
    await done(terminal, "lists", "confirm", str(SCREENING_LIST), "--reasons", "Seen.", "--as", "oscar")
    party, to = "Huawei Technologies Co., Ltd.", ("--to", "CN", "--party")
    questions = (
        ("determine", "--item", "5A991", *to, party),
        ("authorised", "--exporter", "acme-networks", "--item", "5A991:4:pieces:1200USD", *to, party),
    )
    for words in questions:
        shutil.rmtree(terminal.data / "cache", ignore_errors=True)
        first = await asyncio.to_thread(_seconds, terminal, *words)
        answer = await terminal.starter(*words)
        again = await asyncio.to_thread(_seconds, terminal, *words)
        shutil.rmtree(terminal.data / "cache")
        assert await terminal.starter(*words) == answer
        assert again < first / 2, words


def _seconds(terminal: Terminal, *words: str) -> float:
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, str(ROOT / "starter.py"), *words],
        {**terminal.environment, "PYTHONPATH": str(ROOT)},
        file_actions=[(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0o600) for fd in (1, 2)],
    )
    _, _, used = os.wait4(pid, 0)
    return used.ru_utime + used.ru_stime
