"""The event feed on the door: who may listen, and to what, is said where everything else is."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from greenlight.embedded.users import READER
from greenlight.eventlog.recorder import Recorder
from tests.addresses import as_user
from tests.door.doors import Door, door, nowhere
from tests.door.test_reading import noted
from tests.door.test_scope import under_review
from tests.eventlog.crowd import Crowd


@pytest_asyncio.fixture
async def at_door(dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path) -> AsyncGenerator[Door]:
    await under_review(recorder, crowd)
    await crowd.add(recorder, crowd.other_applicant)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path) as opened:
        yield opened


async def test_each_hears_what_they_may_read_and_that_is_noted(dsn: str, crowd: Crowd, at_door: Door) -> None:
    """An applicant hears of its own cases what it sent and was told, as its history has it."""
    heard = {
        name: [(each["subject"], each["type"]) for each in (await at_door.get("/events", by)).json()]
        for name, by in (
            ("officer", crowd.officer),
            ("own", crowd.applicant),
            ("other", crowd.other_applicant),
        )
    }
    kinds = {subject.partition("-")[0] for subject, _ in heard["officer"]}
    assert {"application", "officer"} <= kinds
    own = (await at_door.get("/cases/application-Z000002/history", crowd.applicant)).json()["events"]
    assert [type_ for subject, type_ in heard["own"] if subject == "application-Z000002"] == [
        f"greenlight.{event['type']}" for event in own
    ]
    assert ("application-Z000002", "greenlight.RecommendationMade") in heard["officer"]
    assert ("application-Z000002", "greenlight.RecommendationMade") not in heard["own"]
    assert not [subject for subject, _ in heard["other"] if subject.startswith("application-")]
    assert ("rivera", "application-Z000002", "events") in await noted(dsn)


async def test_who_is_nobody_hears_nothing_and_is_told_as_everywhere(crowd: Crowd, at_door: Door) -> None:
    nobody = await at_door.http.get("/events")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "unsigned")
    assert nobody.headers["cache-control"] == "no-store"
    odd = await at_door.get("/events?after=x", crowd.officer)
    assert (odd.status_code, odd.json()["code"]) == (400, "malformed")
    ahead = await at_door.get("/events?after=999999", crowd.officer)
    assert (ahead.status_code, ahead.json()["code"]) == (409, "position_ahead")
    sent = await at_door.http.post("/events")
    assert (sent.status_code, sent.json()["code"]) == (405, "method_not_allowed")
    described = (await at_door.http.get("/openapi.json")).json()
    assert "get" in described["paths"]["/events"]
