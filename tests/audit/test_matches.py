"""Words on matches that count in other cases: while a second officer let them, and no longer."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from greenlight.eventlog.database import Connection
from greenlight.eventlog.recorder import Recorder
from greenlight.law.application.commands import ConfirmMatch, RecordScreening
from greenlight.law.application.events import PartiesScreened
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    ResolutionLapsed,
)
from tests.audit.test_forgeries import faults, forged, forged_blindly, signed
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.histories import Story
from tests.eventlog.test_resolutions import A_YEAR_LATER, FALSE, PAIRS, confirmed, heard, resolved, screened
from tests.law.application.cases import ALIKE, PARTIES, screening

OTHERWISE = RecordScreening(screening=screening("no_match", "possible_match"), parties=PARTIES)
ONCE_MORE = RecordScreening(screening=screening("listed", "possible_match"), parties=PARTIES)


@pytest_asyncio.fixture(autouse=True)
async def everybody(recorder: Recorder, crowd: Crowd) -> None:
    await crowd.enlist(recorder)


async def test_a_word_is_remembered_while_it_counts_and_then_lapses(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await confirmed(recorder, crowd, "Z000001", FALSE)
    remembered = await recorder.remembered(PAIRS, NOW)
    story = await screened(recorder, crowd, "Z000002", remembered)
    story = await story.sent(recorder, crowd, "record_screening", OTHERWISE, remembered)
    assert await faults(dsn) == []
    story = replace(story, now=A_YEAR_LATER)
    await story.sent(recorder, crowd, "record_screening", ONCE_MORE)
    told = await database.fetchval(
        "SELECT count(*) FROM greenlight.event WHERE type = $1", ResolutionLapsed.__name__
    )
    assert told == 1
    # Deadlines that nobody recorded in between are owed, and nothing else is wrong.
    assert {reason for _, reason in await faults(dsn)} <= {
        "DeadlinePassed was due before ResolutionLapsed, and is not on record",
        f"legal time {A_YEAR_LATER.isoformat()} lies ahead of the recording",
    }


async def test_a_word_that_lapses_while_it_counts(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await confirmed(recorder, crowd, "Z000001", FALSE)
    story = await screened(recorder, crowd, "Z000002", await recorder.remembered(PAIRS, NOW))
    lapsed = ResolutionLapsed(at=story.now, listing=ALIKE.listing, pair=ALIKE.pair or "")
    at = await forged_blindly(database, story, lapsed)
    assert await faults(dsn) == [
        (at, "nothing in the law has the service record ResolutionLapsed here"),
    ]


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (A_YEAR_LATER + timedelta(days=1), "no second officer confirmed that in Z000001"),
        (None, "nothing in the law has the service record ResolutionRemembered here"),
    ],
)
async def test_a_word_that_counts_for_longer_than_its_second_officer_said(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, until: datetime | None, reason: str
) -> None:
    source = await confirmed(recorder, crowd, "Z000001", FALSE)
    (word,) = await recorder.remembered(PAIRS, source.now)
    assert word.confirmation is not None
    other = word.confirmation.model_copy(update={"until": until}) if until else None
    story = await screened(recorder, crowd, "Z000002")
    event = heard(story, word.model_copy(update={"confirmation": other}))
    screened_anew = PartiesScreened(at=story.now, screening=OTHERWISE.screening)
    at = await forged_blindly(database, story, event, screened_anew)
    assert (await faults(dsn))[0] == (at, reason)


async def test_a_confirmation_for_longer_than_was_signed(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story: Story = await resolved(recorder, crowd, "Z000001", FALSE)
    assert story.state is not None
    [word] = story.state.resolutions
    claims = signed(crowd.other_officer, story, "confirm_match", ConfirmMatch(party=1, days=5))
    event = MatchConfirmed(
        at=story.now,
        by=crowd.other_officer.actor,
        party=1,
        listing=ALIKE.listing,
        pair=word.pair,
        resolved_by=word.resolved_by,
        resolved_at=word.resolved_at,
        until=A_YEAR_LATER,
    )
    at = await forged(database, story, crowd.other_officer, claims, event)
    assert await faults(dsn) == [(at, "confirm_match: what was signed is not what is on record")]
