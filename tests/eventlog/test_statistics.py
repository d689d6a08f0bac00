"""Counts of the database against the same counted by hand from the states of the cases."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import mean, median

import pytest_asyncio

from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.statistics import TOTAL, Counts, statistics
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Appeal,
    Countersign,
    DecideAppeal,
    RecordScreening,
    SignOff,
    Submit,
    Withdraw,
)
from greenlight.law.application.dispositions import (
    Disposition,
    Outcome,
    dispositions,
    statistical_class,
    value_usd_cents,
)
from greenlight.law.application.state import ApplicationState
from tests.eventlog.crowd import Crowd
from tests.eventlog.histories import Story
from tests.law.application.cases import DENY, GRANT, screening, submission
from tests.letters.samples import ITEMS, PARTIES, RETURN

BEGIN = datetime(2019, 6, 3, 15, tzinfo=UTC)
DAY = timedelta(days=1)
SCREENED = RecordScreening(screening=screening("no_match", "no_match", "no_match", "listed"), parties=PARTIES)
ENDS = ("granted", "denied", "overturned", "returned", "withdrawn", "pending")


async def lived(recorder: Recorder, crowd: Crowd, number: int) -> ApplicationState:
    """A case that comes 5 days after the one before and is decided in its own time; an end each in turn."""
    items = ITEMS[number % 3 :][: 1 + number % 2]
    story = Story(f"Z{number:06}", now=BEGIN + number * 5 * DAY)
    story = await story.sent(
        recorder, crowd, "submit", Submit(application=submission(*items, parties=PARTIES))
    )
    story = await story.sent(recorder, crowd, "record_screening", SCREENED)
    story = replace(story, now=story.now + (3 + 7 * (number % 4)) * DAY)
    match ENDS[number % len(ENDS)]:
        case "granted":
            story = await story.sent(recorder, crowd, "recommend", GRANT)
            story = await signed(recorder, crowd, story)
        case "returned":
            story = await story.sent(recorder, crowd, "return_without_action", RETURN)
        case "withdrawn":
            story = await story.sent(recorder, crowd, "withdraw", Withdraw())
        case "denied" | "overturned" as end:
            story = await story.sent(recorder, crowd, "recommend", DENY)
            story = await signed(recorder, crowd, story)
            story = replace(story, now=story.now + 60 * DAY)
            story = await story.told(recorder, APPLICATION.advance(story.state, story.now), None)
            story = await story.sent(recorder, crowd, "appeal", Appeal(grounds="Unwise."))
            story = replace(story, now=story.now + 30 * DAY)
            story = await story.sent(
                recorder,
                crowd,
                "decide_appeal",
                DecideAppeal(upholds=end == "denied", reasons="So decided."),
            )
        case _:
            pass
    assert story.state is not None
    return story.state


async def signed(recorder: Recorder, crowd: Crowd, story: Story) -> Story:
    story = await story.sent(recorder, crowd, "countersign", Countersign(agrees=True))
    return await story.sent(recorder, crowd, "sign_off", SignOff(approves=True))


@pytest_asyncio.fixture
async def cases(recorder: Recorder, crowd: Crowd) -> list[ApplicationState]:
    return [await lived(recorder, crowd, number) for number in range(24)]


def standing(state: ApplicationState, at: datetime) -> Disposition | None:
    known = [each for each in dispositions(state) if each.at <= at]
    found = [each for each in known if each.until is None or at < each.until]
    return found[-1] if found else None


Cases = Iterable[ApplicationState]


def agree(counted: Counts, received: Cases, decided: Cases, at: datetime) -> None:
    ended = [(state, said) for state in decided if (said := standing(state, at))]
    decisions = [(state, said) for state, said in ended if said.outcome is not Outcome.WITHDRAWN]
    days = [(said.at - state.registered_at) / DAY for state, said in decisions]
    value = {
        outcome: sum(value_usd_cents(s.submission.items) or 0 for s, said in ended if said.outcome is outcome)
        for outcome in Outcome
    }
    came = list(received)
    assert counted.received == len(came)
    assert counted.value_received == sum(value_usd_cents(state.submission.items) or 0 for state in came)
    for outcome in Outcome:
        assert getattr(counted, outcome) == sum(said.outcome is outcome for _, said in ended), outcome
    assert (counted.value_approved, counted.value_denied, counted.value_returned) == (
        value[Outcome.APPROVED],
        value[Outcome.DENIED],
        value[Outcome.RETURNED],
    )
    assert counted.average_days == (round(mean(days), 1) if days else None)
    assert counted.median_days == (round(median(days), 1) if days else None)


async def test_they_are_those_of_the_cases_at_any_instant(dsn: str, cases: list[ApplicationState]) -> None:
    assert {said.outcome for state in cases for said in dispositions(state)} == set(Outcome)
    assert any(said.until for state in cases for said in dispositions(state)), "a denial was overturned"
    for wait in range(0, 320, 20):
        at = BEGIN + wait * DAY
        known = [state for state in cases if state.registered_at <= at]
        found = await statistics(dsn, at)
        assert [each.item_class for each in found.classes] == [
            TOTAL,
            *sorted({statistical_class(state.submission.items) for state in known}),
        ]
        for each in found.classes:
            of = [s for s in known if each.item_class in {TOTAL, statistical_class(s.submission.items)}]
            agree(each, of, of, at)
            assert each.pending == sum(standing(state, at) is None for state in of)
        for month in found.months:
            came = [s for s in known if agency_date(s.registered_at).replace(day=1) == month.month]
            went = [
                s for s in known if (d := standing(s, at)) and agency_date(d.at).replace(day=1) == month.month
            ]
            agree(month, came, went, at)
        assert found.months[-1].pending == found.classes[0].pending
        assert {each.holder: each.model_dump(exclude={"label"}) for each in found.holders} == held(known, at)


def held(cases: Cases, at: datetime) -> dict[str, object]:
    """By holder, the days of the cases that are decided at an instant, until the decision."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for state in cases:
        said = standing(state, at)
        if said is None or said.outcome is Outcome.WITHDRAWN:
            continue
        stays = [stay for stay in state.stays if stay.since < said.at]
        ends = [*(stay.since for stay in stays[1:]), said.at]
        of: Counter[str] = Counter()
        for stay, end in zip(stays, ends, strict=True):
            for name in stay.names:
                of[name] += (agency_date(end) - agency_date(stay.since)).days
        for name, days in of.items():
            found[name] += [days] if days else []
    return {
        name: {
            "holder": name,
            "cases": len(days),
            "days": sum(days),
            "median_days": round(median(days), 1),
            "days_90_percent": round(ninth(days), 1),
        }
        for name, days in found.items()
        if days
    }


def ninth(days: list[int]) -> float:
    """The 90th percentile, between two values in proportion."""
    place = 0.9 * (len(days) - 1)
    low, *_, high = (sorted(days)[int(place)], sorted(days)[min(int(place) + 1, len(days) - 1)])
    return low + (high - low) * (place % 1)


async def test_an_empty_docket_sizes_nothing(dsn: str, recorder: Recorder) -> None:
    found = await statistics(dsn, BEGIN)
    (total,) = found.classes
    assert (total.item_class, total.received, total.average_days) == (TOTAL, 0, None)
    assert found.months == ()
    assert found.holders == ()
