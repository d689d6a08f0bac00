"""The list on the real server: loaded, confirmed, and every open case and license held against it."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from greenlight.answers.listed import Shipped
from greenlight.answers.standing import Standing
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.database import connection
from greenlight.eventlog.lists import store_content
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.verify import verify
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import list_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import PartiesScreened
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.screening.resolution import ResolutionRemembered
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import ConfirmListing, ResolveListing
from greenlight.law.license.events import PartyListed
from greenlight.law.screening_list.commands import (
    ConfirmAgeLimit,
    ConfirmList,
    DiscardList,
    LoadList,
    OpenList,
    ProposeAgeLimit,
)
from greenlight.law.screening_list.view import ListRow
from greenlight.lists.columns import Row
from greenlight.lists.read import Reading, read_list
from greenlight.lists.write import write_list
from greenlight.reference.controls import load_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from tests.law.application.cases import PARTIES, new_submission
from tests.lists.files import ACME, many
from tests.rehearsal.stage import elsewhere
from tests.workflows.office import Office, eventually, open_office, refusal

BOOK = load_listings()
STREAM = list_stream("csl")
CONSIGNEE = PARTIES[0].name
LISTED = ACME._replace(name=CONSIGNEE, alt_names="")


def today() -> date:
    return agency_date(datetime.now(UTC))


@pytest_asyncio.fixture(loop_scope="session")
async def house(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    """An office with a log and a namespace of its own: what stands here stands nowhere else."""
    async with open_office(settings, await elsewhere(target, Kind.PRODUCTION)) as office:
        yield office


async def stored(office: Office, *rows: Row) -> str:
    async with connection(office.service.target.writer_url, application="test") as database:
        return await store_content(database, write_list(rows))


async def opened(office: Office) -> None:
    await office["olga"].open_list("csl", OpenList(title="Consolidated Screening List"))


async def loaded(office: Office, *rows: Row, officer: str = "olga") -> str:
    """The digest of a version that ``officer`` has loaded."""
    digest = await stored(office, *rows)
    await office[officer].decide(STREAM, LoadList(digest=digest, retrieved=today()))
    return digest


def confirmation(digest: str) -> ConfirmList:
    return ConfirmList(digest=digest, source="fetched", reasons="It is a test's.")


async def loaded_by_two(office: Office, *rows: Row) -> str:
    """The digest of a version that takes a second officer, such as the first."""
    digest = await loaded(office, *rows)
    await office["oscar"].decide(STREAM, confirmation(digest))
    return digest


async def row(office: Office) -> ListRow:
    (found,) = await office.reader.lists()
    return found


async def rescreened(office: Office, number: int) -> ListRow:
    """The list once its rescreening of that number is done."""

    async def done() -> ListRow | None:
        found = await row(office)
        over = found.rescreening == number and found.waiting_for != "service"
        return found if over else None

    found = await eventually(done, f"rescreening {number}")
    await office.all_told(STREAM)
    return found


async def screening(office: Office, stream: str) -> PartiesScreened:
    """The last one on record."""
    events = [APPLICATION.read(event.record) for event in await office.events(stream)]
    return [event for event in events if isinstance(event, PartiesScreened)][-1]


async def test_a_version_is_read_once_whatever_instants_are_asked_about(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside everything else that is asked meanwhile: to read a whole list takes seconds."""
    await opened(house)
    await loaded_by_two(house, *many(3), LISTED)
    read_in: list[bool] = []

    def seen(*args: Any, **kwargs: Any) -> Reading:
        read_in.append(threading.current_thread() is threading.main_thread())
        return read_list(*args, **kwargs)

    monkeypatch.setattr("greenlight.answers.listed.read_list", seen)
    standing = Standing(house.reader, Shipped(BOOK), load_tables(), load_rules())
    await standing.at_least(None)
    now = datetime.now(UTC)
    days = [now, *(now - timedelta(days=each) for each in range(1, 5))]
    found = await asyncio.gather(*map(standing.names, days))
    assert read_in == [False]
    assert len(set(map(id, found))) == len(days)
    assert all(each.list_id == "csl" for each in found)
    assert [met.listing for met in found[0](CONSIGNEE, None, now).listings or ()]


async def test_a_version_screens_what_comes_and_rescreens_what_is_there(house: Office) -> None:
    in_review = await house.submitted()
    recommended = await house.recommended()
    license_ = await house.granted()
    others = tuple(party.model_copy(update={"name": "Nobody Ltd"}) for party in PARTIES)
    other = await house.submitted(new_submission(parties=others))
    await opened(house)
    first = await loaded_by_two(house, *many(3))
    # The shipped book, in which one party is listed, is used no more.
    await rescreened(house, 1)
    before = {stream: len(await house.events(stream)) for stream in (in_review, recommended, license_, other)}
    second = await loaded(house, *many(3), LISTED)
    found = await rescreened(house, 2)
    assert (found.digest, found.entries, found.failed, found.remaining) == (second, 4, 0, 0)
    assert found.done >= 3
    for stream in (in_review, recommended):
        event = await screening(house, stream)
        assert event.screening.list_version == second
        assert event.screening.findings[0].outcome == "listed"
        assert (await house.status(stream)).status.listed
    # The case stays where it is; what was signed to the old dossier holds no more.
    assert (await house.status(in_review)).status.stage == "review"
    assert (await house.status(recommended)).status.stage == "countersignature"
    last = LICENSE.read((await house.events(license_))[-1].record)
    assert isinstance(last, PartyListed)
    assert last.findings[0].matches[0].name == CONSIGNEE
    tasks = await house.reader.tasks(TaskFilter(roles=(Role.LICENSING_OFFICER,)))
    assert license_.removeprefix("license-") in {task.case for task in tasks}
    # Of whom the list tells the same, nothing is recorded.
    assert len(await house.events(other)) == before[other]
    # And what comes now is screened by it.
    event = await screening(house, await house.submitted())
    assert (event.screening.list_version, event.screening.findings[0].outcome) == (second, "listed")
    assert first != second
    details = await house.details(STREAM)
    assert "Rescreening 2 is done" in details
    url = house.service.target.database_url
    assert (await verify(url)).fault is None
    assert (await rebuild(house.service.target.owner_url, swap=False)).differences == ()


async def license_events(office: Office, stream: str) -> list[Event]:
    return [LICENSE.read(event.record) for event in await office.events(stream)]


async def test_what_an_officer_said_of_a_license_is_not_asked_again_and_holds_for_others(
    house: Office,
) -> None:
    alike = ACME._replace(name="Lighthouse Telekom", addresses="NO", alt_names="")
    first, second = await house.granted(), await house.granted()
    await opened(house)
    await loaded_by_two(house, *many(30))
    await rescreened(house, 1)
    await loaded(house, *many(30), alike)
    await rescreened(house, 2)
    rows = {row.number: row for row in await house.reader.licenses()}
    assert {(row.listed, row.possible, row.waiting_for) for row in rows.values()} == {
        (0, 1, "licensing_officer")
    }
    tasks = await house.reader.tasks(TaskFilter(roles=(Role.LICENSING_OFFICER,)))
    assert {task.case: task.parties for task in tasks} == dict.fromkeys(rows, "possible_match")
    event = (await license_events(house, first))[-1]
    assert isinstance(event, PartyListed)
    ((finding,)) = event.findings
    said = ResolveListing(
        party=finding.party,
        listing=finding.matches[0].listing,
        verdict=Verdict.FALSE_MATCH,
        reason="Founded in 1952.",
    )
    wrong = said.model_copy(update={"listing": "nothing"})
    assert (await refusal(house["olga"].decide(first, wrong))).code == "no_such_match"
    await house["olga"].decide(first, said)
    await house["oscar"].decide(first, ConfirmListing(party=said.party))
    assert (await house.status(first)).status.waiting_for == "nobody"
    # Another version in which the entry is the same: nothing is new.
    await loaded(house, *many(31), alike)
    await rescreened(house, 3)
    assert (await house.types(first))[-1] == "MatchConfirmed"
    # It is off the list and comes back: what was said holds on the license, and on the other one as well.
    await loaded_by_two(house, *many(31))
    await rescreened(house, 4)
    await loaded(house, *many(31), alike)
    await rescreened(house, 5)
    assert (await house.types(first))[-2:] == ["PartyDelisted", "PartyListed"]
    remembered, listed = (await license_events(house, second))[-2:]
    assert isinstance(remembered, ResolutionRemembered)
    assert isinstance(listed, PartyListed)
    assert f"license-{remembered.license}" == first
    for stream in (first, second):
        assert (await house.status(stream)).status.waiting_for == "nobody"
    later = await house.submitted()
    assert (await house.types(later)) == ["ApplicationSubmitted", "ResolutionRemembered", "PartiesScreened"]
    # The entry changes, and with it the pair: it is open again.
    await loaded(house, *many(31), alike._replace(addresses="NO; SE"))
    await rescreened(house, 6)
    for row in await house.reader.licenses():
        assert (row.possible, row.waiting_for) == (1, "licensing_officer")
    url = house.service.target.database_url
    assert (await verify(url)).fault is None
    assert (await rebuild(house.service.target.owner_url, swap=False)).differences == ()


async def test_a_doubtful_version_waits_for_another_officer(house: Office) -> None:
    await opened(house)
    first = await loaded_by_two(house, *many(100))
    await rescreened(house, 1)
    small = await loaded(house, *many(5))
    found = await row(house)
    assert (found.stage, found.digest, found.held) == ("held", first, small)
    confirm = ConfirmList(digest=small, source="fetched", reasons="They were taken off.")
    assert (await refusal(house["olga"].decide(STREAM, confirm))).code == "own_version"
    assert (await refusal(house["oscar"].decide(STREAM, replace_digest(confirm, first)))).code == (
        "digest_differs"
    )
    await house["oscar"].decide(STREAM, confirm)
    found = await rescreened(house, 2)
    assert (found.stage, found.digest, found.held) == ("current", small, None)


def replace_digest(command: ConfirmList, digest: str) -> ConfirmList:
    return command.model_copy(update={"digest": digest})


async def test_what_is_refused_or_discarded_leaves_what_was_current(house: Office) -> None:
    await opened(house)
    first = await loaded_by_two(house, *many(100))
    await rescreened(house, 1)
    events = len(await house.events(STREAM))
    missing = LoadList(digest="sha256:" + "0" * 64, retrieved=today())
    said = await refusal(house["olga"].decide(STREAM, missing))
    assert (said.code, str(said)) == ("list_unreadable", "no file is stored under that digest")
    async with connection(house.service.target.writer_url, application="test") as database:
        rubbish = await store_content(database, b"This is no list.")
    said = await refusal(house["olga"].decide(STREAM, LoadList(digest=rubbish, retrieved=today())))
    assert said.code == "list_unreadable"
    assert (await refusal(loaded(house, *many(100)))).code == "already_current"
    small = await loaded(house, *many(5))
    await house["olga"].decide(STREAM, DiscardList(digest=small, reasons="Cut off."))
    found = await row(house)
    assert (found.stage, found.digest, found.held, found.rescreening) == ("current", first, None, 1)
    # Three refusals, one held, one discarded.
    assert len(await house.events(STREAM)) == events + 5


async def test_the_same_command_again_is_told_that_it_was_accepted(house: Office) -> None:
    await opened(house)
    command = LoadList(digest=await stored(house, *many(3)), retrieved=today())
    receipt = await house["olga"].decide(STREAM, command, command_id="load-list-once")
    again = await house["olga"].decide(STREAM, command, command_id="load-list-once")
    assert again == receipt
    await house["oscar"].decide(STREAM, confirmation(command.digest))
    await rescreened(house, 1)


async def test_one_officer_takes_nobody_off_the_list(house: Office) -> None:
    """Until another has fetched the same bytes the version before stands, and screenings say so."""
    await opened(house)
    await loaded(house, *many(3))
    assert (await row(house)).stage == "held"
    assert (await screening(house, await house.submitted())).screening.list_version == BOOK.version
    whole = await loaded_by_two_again(house, *many(3), LISTED)
    digest = await loaded(house, *many(3))
    for other in (confirmation(whole), confirmation("sha256:" + "0" * 64)):
        assert (await refusal(house["oscar"].decide(STREAM, other))).code == "digest_differs"
    event = await screening(house, await house.submitted())
    assert (event.screening.list_version, event.screening.findings[0].outcome) == (whole, "listed")
    await house["oscar"].decide(STREAM, confirmation(digest))
    event = await screening(house, await house.submitted())
    assert (event.screening.list_version, event.screening.findings[0].outcome) == (digest, "no_match")


async def loaded_by_two_again(office: Office, *rows: Row) -> str:
    """The digest of a version that takes the place of one that waits."""
    held = (await row(office)).held
    assert held is not None
    await office["olga"].decide(STREAM, DiscardList(digest=held, reasons="Another is meant."))
    return await loaded_by_two(office, *rows)


async def test_an_age_limit_takes_two_officers(house: Office) -> None:
    await house["olga"].open_list("csl", OpenList(title="A list", max_age_days=3_650))
    assert (await row(house)).max_age_days == 30
    confirm = ConfirmAgeLimit(max_age_days=3_650, reasons="It is a test's.")
    assert (await refusal(house["olga"].decide(STREAM, confirm))).code == "own_version"
    await house["olga"].decide(STREAM, ProposeAgeLimit(max_age_days=60))
    assert (await refusal(house["oscar"].decide(STREAM, confirm))).code == "nothing_held"
    await house["oscar"].decide(STREAM, ConfirmAgeLimit(max_age_days=60, reasons="It is a test's."))
    assert (await row(house)).max_age_days == 60


async def test_a_list_that_is_too_old_lets_cases_wait_visibly(house: Office) -> None:
    await opened(house)
    digest = await stored(house, *many(3))
    yesterday = today() - timedelta(days=1)
    await house["olga"].decide(STREAM, LoadList(digest=digest, retrieved=yesterday))
    await house["oscar"].decide(STREAM, confirmation(digest))
    await rescreened(house, 1)
    async with connection(house.service.target.owner_url, application="test") as database:
        # As if it had been downloaded long ago; nobody waits for two days here.
        await database.execute("UPDATE greenlight.list SET retrieved = '2026-01-01'")
        await database.execute("UPDATE greenlight.log SET directives = directives + 1")
    stream = await house.submitted()
    status = (await house.status(stream)).status
    assert (status.stage, status.waiting_for, status.listed) == ("triage", "screening", None)
    (finding, *_) = (await screening(house, stream)).screening.findings
    assert finding.outcome == "could_not_screen"
    assert finding.reason is not None
    assert "2026-01-01" in finding.reason
