"""Readings of cases: each to whom the law opens it, from the log, and noted."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.client import Refused, docket, licenses, pages
from greenlight.embedded.users import AUDITOR, READER
from greenlight.eventlog.access import AccessReader
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.canonical import digest
from greenlight.law.application.state import Stage
from tests.addresses import as_user
from tests.door.doors import Door, door, nowhere
from tests.door.test_caller import reading
from tests.door.test_scope import under_review
from tests.eventlog.crowd import Crowd, Signer
from tests.law.actors import REVIEWERS

CASE, GRANTED = "/cases/application-Z000001", "/cases/application-Z000002"


@pytest_asyncio.fixture
async def at_door(dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path) -> AsyncGenerator[Door]:
    await under_review(recorder, crowd)
    await crowd.add(recorder, crowd.other_applicant)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path) as opened:
        yield opened


async def noted(dsn: str) -> list[tuple[str, str, str]]:
    async with AccessReader(as_user(dsn, AUDITOR)) as reader:
        found = reader.readings(
            since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime(2999, 1, 1, tzinfo=UTC)
        )
        return [(each.officer, each.stream, each.what) async for each in found]


async def test_a_case_is_read_by_whom_the_law_opens_it_and_each_reading_is_noted(
    dsn: str, crowd: Crowd, at_door: Door
) -> None:
    for by in (crowd.officer, crowd.applicant, crowd.executive):
        found = await at_door.get(CASE, by)
        assert found.status_code == 200, found.text
        assert found.json()["status"]["stage"] == "interagency"
        assert found.headers["cache-control"] == "no-store"
    assert (await at_door.get(f"{CASE}/deadlines", crowd.officer)).json()["deadlines"]
    for path in (CASE, f"{CASE}/dossier", f"{CASE}/history", f"{CASE}/letters", f"{CASE}/deadlines"):
        hidden = await at_door.get(path, crowd.other_applicant)
        absent = await at_door.get(path.replace("Z000001", "Z999999"), crowd.officer)
        assert (hidden.status_code, absent.status_code) == (404, 404), path
        assert hidden.json()["code"] == "no_such_case"
        assert hidden.json()["detail"].replace("Z000001", "Z999999") == absent.json()["detail"]
    assert await noted(dsn) == [
        ("lee", "application-Z000001", "status"),
        ("rivera", "application-Z000001", "status"),
        ("stone", "application-Z000001", "status"),
        ("lee", "application-Z000001", "deadlines"),
    ]


async def test_whose_the_days_of_an_application_were_is_told_to_who_may_read_it(
    crowd: Crowd, at_door: Door
) -> None:
    for by in (crowd.officer, crowd.applicant):
        found = await at_door.get(f"{CASE}/days", by)
        assert found.status_code == 200, found.text
        told = found.json()
        assert told["age"] == sum(spell["days"] for spell in told["spells"])
        assert (told["spells"][-1]["holder"], told["spells"][-1]["until"]) == ("agency", None)
        assert "etag" not in found.headers, "tomorrow it is another answer"
    later = (await at_door.get(f"{CASE}/days?as_of=2999-01-01T00:00:00Z", crowd.officer)).json()
    assert later["age"] > told["age"]
    assert (await at_door.get(f"{CASE}/days", crowd.other_applicant)).status_code == 404
    assert (await at_door.get("/cases/license-D000001/days", crowd.officer)).status_code == 404


async def test_an_applicant_reads_what_it_sent_and_was_told_and_an_officer_all(
    crowd: Crowd, at_door: Door
) -> None:
    whole = (await at_door.get(f"{CASE}/dossier", crowd.officer)).json()
    assert whole["whole"]
    assert digest(whole["dossier"]) == whole["digest"]
    told = (await at_door.get(f"{CASE}/dossier", crowd.applicant)).json()
    assert not told["whole"]
    assert told["digest"] == whole["digest"]
    assert told["dossier"].keys() == {"acn", "submitted_by", "submission", "parties", "inquiries", "denials"}
    assert {"screening", "referrals", "recommendation"} <= whole["dossier"].keys()
    events = (await at_door.get(f"{GRANTED}/history", crowd.officer)).json()["events"]
    types = [event["type"] for event in events]
    own = (await at_door.get(f"{GRANTED}/history", crowd.applicant)).json()["events"]
    assert [event["type"] for event in own] == ["ApplicationSubmitted", "ApplicationGranted"]
    assert {"RecommendationMade", "PartiesScreened"} <= set(types)


async def test_history_comes_in_pages_and_as_it_was(crowd: Crowd, at_door: Door) -> None:
    found = (await at_door.get(f"{GRANTED}/history", crowd.officer)).json()
    numbers = [event["version"] for event in found["events"]]
    paged: list[int] = []
    after: int | None = 0
    while after is not None:
        page = (await at_door.get(f"{GRANTED}/history?limit=2&after={after}", crowd.officer)).json()
        paged += [event["version"] for event in page["events"]]
        after = page["after"]
    assert paged == numbers
    first = found["events"][0]
    early = await at_door.get(f"{GRANTED}?as_of={first['at'].replace('+', '%2B')}", crowd.officer)
    assert early.json()["status"]["stage"] in {"triage", "granted"}
    before = await at_door.get(f"{GRANTED}?known_at=2020-01-01T00:00:00Z", crowd.officer)
    assert before.status_code == 404


async def test_who_has_the_version_already_is_told_so_and_nothing_is_noted(
    dsn: str, crowd: Crowd, at_door: Door
) -> None:
    tag = (await at_door.get(CASE, crowd.officer)).headers["etag"]
    count = len(await noted(dsn))
    again = await at_door.get(CASE, crowd.officer, if_none_match=f'"7", W/{tag}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert len(await noted(dsn)) == count
    assert (await at_door.get(CASE, crowd.officer, if_none_match='"1"')).status_code == 200
    then = datetime.now(UTC).isoformat().replace("+", "%2B")
    for past in ("as_of", "known_at"):
        assert (
            await at_door.get(f"{CASE}?{past}={then}", crowd.officer, if_none_match=tag)
        ).status_code == 200
    # Of an applicant the same version has another content.
    assert (await at_door.get(CASE, crowd.applicant, if_none_match=tag)).status_code == 200
    assert (await at_door.get(CASE, crowd.other_applicant, if_none_match=tag)).status_code == 404


async def test_a_reading_waits_for_a_position_and_not_for_ever(
    crowd: Crowd, recorder: Recorder, at_door: Door
) -> None:
    head = (await at_door.within.reader.head()).position
    found = await at_door.get(f"{CASE}?position={head}", crowd.officer)
    assert (found.status_code, found.headers["greenlight-position"]) == (200, str(head))
    late = await at_door.get(f"{CASE}?position={head + 1}", crowd.officer, prefer="respond-async, wait=0")
    assert (late.status_code, late.json()["code"]) == (412, "position_not_reached")
    assert late.json()["position"] == head
    assert late.headers["retry-after"]


@pytest.mark.parametrize("path", ["docket", "licenses", "tasks"])
async def test_lists_have_what_is_open_to_whoever_asks(
    dsn: str, crowd: Crowd, at_door: Door, path: str
) -> None:
    key = {"docket": "cases", "licenses": "licenses", "tasks": "tasks"}[path]
    for by, how_many in (
        (crowd.officer, {"docket": 2, "licenses": 1}),
        (crowd.applicant, {"docket": 2, "licenses": 1}),
        (crowd.other_applicant, {"docket": 0, "licenses": 0, "tasks": 0}),
    ):
        found = await at_door.get(f"/{path}", by)
        assert found.status_code == 200, found.text
        if path in how_many:
            assert len(found.json()[key]) == how_many[path], by.actor.officer
    assert all(what == path for _, _, what in await noted(dsn))
    registrar = await at_door.get(f"/{path}", crowd.registrar)
    assert registrar.status_code == (200 if path == "tasks" else 403)


async def test_the_docket_comes_page_by_page_and_by_filters(crowd: Crowd, at_door: Door) -> None:
    whole = (await at_door.get("/docket", crowd.officer)).json()
    assert whole["cursor"] is None
    first = (await at_door.get("/docket?limit=1", crowd.officer)).json()
    second = (await at_door.get(f"/docket?limit=1&cursor={first['cursor']}", crowd.officer)).json()
    assert first["cases"] + second["cases"] == whole["cases"]
    assert second["cursor"] is None
    granted = (await at_door.get("/docket?outcome=granted", crowd.officer)).json()["cases"]
    assert [case["acn"] for case in granted] == ["Z000002"]
    for query in (
        "stage=nowhere",
        "limit=0",
        "limit=201",
        "cursor=eA",
        "cursor=%00",
        "nothing=1",
        "limit=1&limit=2",
    ):
        found = await at_door.get(f"/docket?{query}", crowd.officer)
        assert (found.status_code, found.json()["code"]) == (400, "malformed"), query


async def test_the_typed_client_turns_the_pages(
    crowd: Crowd, at_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (await at_door.get("/docket", crowd.officer)).json()["cases"]
    monkeypatch.setattr(pages, "PAGE", 1)
    asked = at_door.url, lambda: reading(crowd.officer).removeprefix("Bearer ")
    rows = [row async for row in docket(*asked)]
    assert [row.model_dump(mode="json") for row in rows] == whole
    assert [row.acn async for row in docket(*asked, outcome="granted")] == ["Z000002"]
    assert [row.acn async for row in docket(*asked, stage=Stage.INTERAGENCY, open_only=True)] == ["Z000001"]
    assert [row.acn async for row in docket(*asked, due_before=datetime(2001, 1, 1, tzinfo=UTC))] == []
    assert [row.acn async for row in licenses(*asked)] == ["Z000002"]
    with pytest.raises(Refused) as refused:
        await anext(docket(at_door.url, lambda: "nobody's"))
    assert refused.value.code == "proof_invalid"


async def test_counts_are_for_whom_every_case_is_open_to(
    crowd: Crowd, recorder: Recorder, at_door: Door
) -> None:
    """The difference between two instants is what one case is worth."""
    found = (await at_door.get("/statistics?as_of=2999-01-01T00:00:00Z", crowd.officer)).json()
    assert found["classes"][0]["received"] == 2
    await crowd.add(recorder, defense := Signer(REVIEWERS["defense"]))
    for caller in (crowd.applicant, defense):
        assert (await at_door.get("/statistics", caller)).status_code == 403
