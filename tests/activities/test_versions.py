"""Versions of the list as a worker has them: read once, and what cannot be read lets everybody wait."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from greenlight.eventlog.lists import ContentError
from greenlight.eventlog.session import LogUnavailableError
from greenlight.kernel.canonical import digest_bytes
from greenlight.law.application.screening.language import Screened
from greenlight.law.directive.standing import Standing
from greenlight.law.screening_list.content import ListContent, NoContent, StandingList
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.service.records import Records
from greenlight.service.screening import ListScreener
from greenlight.service.versions import UnreadableVersionError, Versions
from tests.activities.screeners import NoFiles
from tests.law.application.cases import PARTIES
from tests.lists.files import ACME, many

BOOK = load_listings()
DAY = date(2026, 7, 31)
AT = datetime(2026, 8, 1, 12, tzinfo=UTC)
FIRST = write_list(many(50))
SECOND = write_list([*many(50), ACME._replace(name=PARTIES[0].name)])
SMALL = write_list([ACME])


class Log:
    """Files by their digest, and how often each was asked for."""

    def __init__(self, *files: bytes) -> None:
        self.files = {digest_bytes(file): file for file in files}
        self.asked: list[str] = []
        self.fails: Exception | None = None

    async def list_content(self, digest: str) -> bytes | None:
        self.asked.append(digest)
        if self.fails is not None:
            raise self.fails
        return self.files.get(digest)


def screens(log: Log) -> ListScreener:
    return ListScreener(BOOK, Versions(log, BOOK), Records(NoFiles()))


def stands(file: bytes) -> Standing:
    return Standing(list=standing(file))


def standing(file: bytes, retrieved: date = DAY) -> StandingList:
    return StandingList(
        key="csl", title="A list", digest=digest_bytes(file), retrieved=retrieved, max_age_days=30
    )


async def test_a_version_is_read_once_however_many_ask() -> None:
    log = Log(FIRST)
    versions = Versions(log, BOOK)
    found = await asyncio.gather(*(versions.reading(digest_bytes(FIRST), DAY) for _ in range(20)))
    assert len(log.asked) == 1
    assert all(each is found[0] for each in found)


async def test_who_gives_up_waiting_leaves_the_others_what_is_under_way() -> None:
    log = Log(FIRST)
    versions = Versions(log, BOOK)
    impatient = asyncio.create_task(versions.reading(digest_bytes(FIRST), DAY))
    await asyncio.sleep(0)
    patient = asyncio.create_task(versions.reading(digest_bytes(FIRST), DAY))
    await asyncio.sleep(0)
    impatient.cancel()
    assert len((await patient).book.listings) == 50
    assert len(log.asked) == 1


async def test_a_failure_is_not_kept() -> None:
    log = Log(FIRST)
    log.fails = LogUnavailableError("away")
    versions = Versions(log, BOOK)
    with pytest.raises(LogUnavailableError):
        await versions.reading(digest_bytes(FIRST), DAY)
    log.fails = None
    assert (await versions.reading(digest_bytes(FIRST), DAY)).rows == 50


async def test_the_current_version_is_screened_by_and_the_shipped_book_while_there_is_none() -> None:
    screener = screens(Log(FIRST, SECOND))
    shipped = await screener.screen(PARTIES, AT, Standing())
    assert shipped.list_version == BOOK.version
    first = await screener.screen(PARTIES, AT, stands(FIRST))
    second = await screener.screen(PARTIES, AT, stands(SECOND))
    assert (first.list_version, Screened(screening=first).listed) == (digest_bytes(FIRST), False)
    assert (second.list_version, Screened(screening=second).listed) == (digest_bytes(SECOND), True)


async def test_an_entity_has_the_same_key_in_a_version_as_in_the_shipped_book() -> None:
    """Directives and reprieves name it by that."""
    huawei = ACME._replace(name="Huawei Technologies Co., Ltd. (Huawei)", addresses="CN", alt_names="")
    file = write_list([huawei])
    screener = screens(Log(file))
    parties = (PARTIES[0].model_copy(update={"name": "Huawei Technologies Co., Ltd. (Huawei)"}),)
    for current in (Standing(), stands(file)):
        found = Screened(screening=await screener.screen(parties, AT, current))
        assert "huawei-technologies" in found.listings


async def test_a_list_that_is_too_old_missing_or_no_list_lets_everybody_wait() -> None:
    rubbish = b"This is no list."
    log = Log(FIRST, rubbish)
    screener = screens(log)
    last = standing(FIRST).old_from
    assert (await screener.screen(PARTIES, last - timedelta(microseconds=1), stands(FIRST))).complete
    for current, at, reason in (
        (stands(FIRST), last, "was downloaded on 2026-07-31, more than 30 days before"),
        (stands(SECOND), AT, "no file is stored under that digest"),
        (stands(rubbish), AT, "not a Consolidated Screening List"),
    ):
        found = await screener.screen(PARTIES, at, current)
        assert found.covers(PARTIES)
        for finding in found.findings:
            assert finding.outcome == "could_not_screen"
            assert finding.reason is not None
            assert reason in finding.reason
    log.fails = ContentError("tampered with")
    tampered = screens(log)
    assert not (await tampered.screen(PARTIES, AT, stands(FIRST))).complete


async def test_what_is_in_a_file_is_told_against_the_current_version() -> None:
    versions = Versions(Log(FIRST, SECOND, SMALL), BOOK)
    found = await versions.content(digest_bytes(SECOND), DAY, standing(FIRST))
    assert isinstance(found, ListContent)
    assert (found.rows, found.entries, found.bad_rows, found.bytes) == (51, 51, 0, len(SECOND))
    assert (found.compared_with, found.added, found.removed) == (digest_bytes(FIRST), 1, 0)
    assert found.lists == {"entity-list": 51}
    assert found.doubts == ()
    small = await versions.content(digest_bytes(SMALL), DAY, standing(FIRST))
    assert isinstance(small, ListContent)
    assert small.doubts == ("1 entries after 50", "entity-list: 1 entries after 50")
    earlier = await versions.content(digest_bytes(SECOND), DAY - timedelta(days=1), standing(FIRST))
    assert isinstance(earlier, ListContent)
    assert earlier.doubts == ("retrieved on 2026-07-30, and the last version on 2026-07-31",)


async def test_of_a_file_that_is_not_there_nothing_is_told() -> None:
    versions = Versions(Log(FIRST), BOOK)
    found = await versions.content(digest_bytes(SECOND), DAY, standing(FIRST))
    assert isinstance(found, NoContent)
    assert found.problem == "no file is stored under that digest"
    with pytest.raises(UnreadableVersionError):
        await versions.reading(digest_bytes(SECOND), DAY)


async def test_a_version_that_was_read_ahead_lets_nobody_wait() -> None:
    log = Log(FIRST)
    screener = screens(log)
    await screener.read_ahead(Standing())
    assert log.asked == []
    await screener.read_ahead(stands(FIRST))
    read = list(log.asked)
    assert (await screener.screen(PARTIES, AT, stands(FIRST))).list_version == digest_bytes(FIRST)
    assert log.asked == read == [digest_bytes(FIRST)]
