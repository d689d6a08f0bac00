"""The outlook by HTTP: for whom every case is open to, each case of it noted."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio

from greenlight.answers.listed import Shipped
from greenlight.embedded.users import READER
from greenlight.eventlog.recorder import Recorder
from greenlight.reference.listings import load_listings
from tests.addresses import as_user
from tests.door.doors import Door, door, nowhere
from tests.door.test_caller import reading
from tests.door.test_reading import noted
from tests.door.test_scope import under_review
from tests.eventlog.crowd import Crowd

BOOK = load_listings(None)
AGE = (datetime.now(UTC).date() - BOOK.retrieved).days + 30
"""The shipped list says nothing any more in a month: that is sure to come, whatever the day is."""


@pytest_asyncio.fixture
async def at_door(dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path) -> AsyncGenerator[Door]:
    """A case under review, and one that was granted."""
    await under_review(recorder, crowd)
    listed = Shipped(BOOK, max_age_days=AGE)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path, shipped=listed) as opened:
        yield opened


async def test_what_comes_is_told_with_its_cases_and_each_is_noted(
    dsn: str, crowd: Crowd, at_door: Door
) -> None:
    said = await at_door.get("/outlook", crowd.officer)
    assert said.status_code == 200, said.text
    found = said.json()
    assert (found["applications"], found["licenses"], found["unread"]) == (1, 1, 0)
    assert said.headers["greenlight-position"] == str(found["position"])
    (old,) = (each for each in found["moments"] if each["coming"][0]["kind"] == "list")
    streams = [row["stream"] for row in old["rows"]]
    assert [stream.partition("-")[0] for stream in streams] == ["application", "license"]
    assert {stream for _, stream, what in await noted(dsn) if what == "outlook"} == {*streams}


async def test_what_comes_later_than_is_asked_about_is_left_out(crowd: Crowd, at_door: Door) -> None:
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    said = await at_door.http.get(
        "/outlook", params={"until": until}, headers={"Authorization": reading(crowd.officer)}
    )
    assert said.status_code == 200, said.text
    assert not [each for each in said.json()["moments"] if each["coming"][0]["kind"] == "list"]


async def test_it_is_answered_to_nobody_else_and_of_nothing_that_is_over(crowd: Crowd, at_door: Door) -> None:
    for by in (crowd.applicant, crowd.registrar):
        refused = await at_door.get("/outlook", by)
        assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")
    over = await at_door.get("/outlook?until=2026-01-01T00:00:00Z", crowd.officer)
    assert over.status_code == 400
    assert "until: is over" in over.json()["detail"]


async def test_the_rules_are_told_to_everybody_who_proves_who_they_are(crowd: Crowd, at_door: Door) -> None:
    for by in (crowd.officer, crowd.applicant):
        said = await at_door.get("/rules", by)
        assert said.status_code == 200, said.text
        assert "greenlight-position" in said.headers
        by_key = {each["key"]: each for each in said.json()["rules"]}
        assert (by_key["tgl-7"]["forces"], by_key["tgl-7"]["on_record"]) == (["ended"], False)
