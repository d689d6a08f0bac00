"""The docket of 2019-2020 with a sixth of its applications: to the case, and twice the same."""

from collections import Counter
from datetime import date

import pytest

from greenlight.cli.rehearsal.docket import lived as demonstrated
from greenlight.cli.rehearsal.docket_svg import picture
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.statistics import ClassCounts, statistics
from greenlight.eventlog.verify import verify
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.events import TermIssued
from greenlight.reference.dockets import DocketFile, load_docket
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import load_reprieve
from greenlight.rehearsal.docket import Docket
from greenlight.rehearsal.listing import Listed
from greenlight.rehearsal.synthetic import Arrival, Fate, arrivals
from tests.rehearsal.stage import Stage, elsewhere, open_stage

SEED = 7
PART = 6
BOOK, HISTORY = load_listings(), load_reprieve()


def smaller(file: DocketFile) -> DocketFile:
    later = file.later
    by_class = {name: count // PART for name, count in later.approved_by_class.items()}
    return file.model_copy(
        update={
            "received": tuple(
                each.model_copy(update={"applications": each.applications // PART}) for each in file.received
            ),
            "later": later.model_copy(
                update={
                    "approved": sum(by_class.values()),
                    "approved_by_class": by_class,
                    "returned": later.returned // PART,
                    "denied": 1,
                }
            ),
        }
    )


FILE = smaller(load_docket())
MADE = arrivals(FILE, BOOK, SEED)


async def lived(stage: Stage) -> dict[str, list[str]]:
    """The events of every stream, in other steps and with fewer cases served at once."""
    driver = stage.driver(SEED, BOOK.listings[0].begins, at_once=6, days=3)
    Listed(BOOK, HISTORY, load_policy(), stage.signers).plan(driver)
    Docket(FILE, MADE, stage.signers, stage.reader).plan(driver)
    await driver.run(end_of_day(FILE.ends))
    return await stage.records()


async def counted(stage: Stage) -> ClassCounts:
    return (await statistics(stage.target.database_url, end_of_day(FILE.ends))).classes[0]


def of(*fates: Fate, among: tuple[Arrival, ...] = MADE) -> int:
    counts = Counter(each.fate for each in among)
    return sum(counts[fate] for fate in fates)


@pytest.fixture(scope="module")
def records() -> list[dict[str, list[str]]]:
    return []


async def test_it_comes_to_what_was_reported_to_the_case(
    settings: Settings, target: Target, records: list[dict[str, list[str]]]
) -> None:
    days: list[date] = []
    async with open_stage(settings, await elsewhere(target)) as stage:
        found = await demonstrated(settings, stage.target, FILE, SEED, days.append)
        records.append(await stage.records())
        end = await counted(stage)
        batches = await stage.reader.batches()
        events = [event async for event in stage.reader.stream(f"reprieve-{HISTORY.key}")]
        assert (await verify(stage.target.database_url)).fault is None
        assert (await rebuild(stage.target.owner_url, swap=False)).differences == ()
    assert days == sorted(days)
    *early, first, last = found.milestones
    assert [each.received for each in early] == [each.reported_received for each in early]
    assert all(each.pending == each.received for each in early), "none decided before the first day"
    assert (first.approved, first.to_be_denied) == (of(Fate.APPROVED), of(Fate.TO_BE_DENIED))
    assert (last.received, last.pending) == (len(MADE), of(Fate.STUCK))
    for point in found.points:
        assert point.received == point.approved + point.denied + point.returned + point.pending
    drawn = picture(found.points, found.milestones, found.timeline, found.figures)
    assert f"{len(MADE)} received (reported: about 290 by 19 Nov 2019)" in drawn
    assert f"{of(Fate.RETURNED_LATER)} returned or withdrawn (reported: {FILE.later.returned})" in drawn
    assert f"20 Nov 2019: pending {early[-1].pending} to {first.pending}" in drawn
    assert drawn.count("<circle") == len(early)
    assert end.received == len(MADE)
    assert end.approved == of(Fate.APPROVED, Fate.APPROVED_LATER)
    assert end.denied == of(Fate.TO_BE_DENIED, Fate.DENIED_LATER)
    assert end.returned == of(Fate.RETURNED_LATER)
    assert end.pending == of(Fate.STUCK)
    assert all(not batch.fell_out and batch.decided == batch.cases for batch in batches)
    issued = [term for each in events if isinstance(term := REPRIEVE.read(each.record), TermIssued)]
    assert [(agency_date(each.term.effective), each.term.valid_through) for each in issued] == [
        (term.effective, term.valid_through) for term in HISTORY.terms
    ]


async def test_the_same_seed_gives_the_same_events(
    settings: Settings, target: Target, records: list[dict[str, list[str]]]
) -> None:
    """Legal times included; also where other cases are served first."""
    async with open_stage(settings, await elsewhere(target)) as stage:
        records.append(await lived(stage))
    first, second = records
    assert first.keys() == second.keys()
    for stream, told in first.items():
        assert told == second[stream], stream
