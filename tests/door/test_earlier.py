"""Earlier cases with a party: who is told of them, how much, and that each is noted."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.embedded.users import READER
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.law.application.commands import (
    Answer,
    RecordScreening,
    Refer,
    RequestInformation,
    Submit,
    Withdraw,
)
from greenlight.law.application.dossier import Parties, Party, PartyRole
from greenlight.law.application.interagency.agency import Agency
from tests.addresses import as_user
from tests.door.doors import Door, door, nowhere
from tests.door.test_reading import noted
from tests.eventlog.crowd import NOW, Crowd, Signer
from tests.eventlog.decided import SIGNED
from tests.eventlog.histories import Story
from tests.law import actors
from tests.law.application.cases import GRANT, screening, submission

ITSELF = "/cases/application-Z000050/earlier"
DEFENSE = Signer(actors.REVIEWERS["defense"])
ENERGY = Signer(actors.REVIEWERS["energy"])


def party(name: str, country: str = "NO") -> Parties:
    return (Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country=country),)


async def lived(
    recorder: Recorder, crowd: Crowd, acn: str, day: int, parties: Parties, *more: tuple[str, Body]
) -> Story:
    """A case that is filed so many days after the first, and screened, and what comes then."""
    story = replace(Story(acn), now=NOW + timedelta(days=day))
    found = RecordScreening(screening=screening("no_match"), parties=parties)
    filed = ("submit", Submit(application=submission(parties=parties)))
    for name, body in (filed, ("record_screening", found), *more):
        story = await story.sent(recorder, crowd, name, body)
    return story


@pytest_asyncio.fixture
async def at_door(dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path) -> AsyncGenerator[Door]:
    await lived(
        recorder, crowd, "Z000010", 0, party("Lighthouse Telecom AS"), ("recommend", GRANT), *SIGNED[:1]
    )
    await lived(
        recorder,
        crowd,
        "Z000020",
        1,
        party("LIGHTHOUSE  TELECOM Ltd.", "SE"),
        ("refer", Refer(agencies=(Agency.DEFENSE,))),
    )
    await lived(recorder, crowd, "Z000030", 2, party("Skerry Mobile AS"), ("withdraw", Withdraw()))
    await lived(
        recorder,
        crowd,
        "Z000040",
        3,
        party("Lighthouse Telecom AS"),
        ("request_information", RequestInformation(request="Who?")),
        ("answer", Answer(answer="Another.", parties=party("Skerry Mobile AS"))),
    )
    agencies = (Agency.DEFENSE, Agency.STATE)
    await lived(
        recorder, crowd, "Z000050", 4, party("Lighthouse Telecom AS"), ("refer", Refer(agencies=agencies))
    )
    await lived(recorder, crowd, "Z000060", 5, party("Lighthouse Telecom AS"), ("withdraw", Withdraw()))
    for signer in (crowd.other_applicant, DEFENSE, ENERGY):
        await crowd.add(recorder, signer)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path) as opened:
        yield opened


async def test_a_department_is_told_what_became_of_earlier_cases_and_no_more(dsn: str, at_door: Door) -> None:
    said = await at_door.get(ITSELF, DEFENSE)
    assert said.status_code == 200, said.text
    other_country = {"party": 0, "name": "Lighthouse Telecom AS", "same_country": False}
    assert said.json() == {
        "acn": "Z000050",
        "cases": [
            {
                "acn": "Z000020",
                "filed_at": "2026-09-02T14:00:00Z",
                "outcome": None,
                "decided_at": None,
                "parties": [other_country],
                "open_to_you": True,
            },
            {
                "acn": "Z000010",
                "filed_at": "2026-09-01T14:00:00Z",
                "outcome": "granted",
                "decided_at": "2026-09-01T14:00:00Z",
                "parties": [{**other_country, "same_country": True}],
                "open_to_you": False,
            },
        ],
        "more": 0,
    }
    assert (await at_door.get("/cases/application-Z000010", DEFENSE)).status_code == 404
    streams = ("application-Z000050", "application-Z000020", "application-Z000010")
    assert await noted(dsn) == [("defense1", stream, "earlier") for stream in streams]


async def test_officers_are_told_and_may_open_each(crowd: Crowd, at_door: Door) -> None:
    cases = (await at_door.get(ITSELF, crowd.officer)).json()["cases"]
    assert [(each["acn"], each["open_to_you"]) for each in cases] == [("Z000020", True), ("Z000010", True)]
    first = (await at_door.get("/cases/application-Z000010/earlier", crowd.officer)).json()
    assert first == {"acn": "Z000010", "cases": [], "more": 0}


async def test_a_case_that_is_not_theirs_tells_nobody_anything(dsn: str, crowd: Crowd, at_door: Door) -> None:
    assert (await at_door.get(ITSELF, ENERGY)).status_code == 404
    assert (await at_door.get("/cases/application-Z000060/earlier", DEFENSE)).status_code == 404
    assert (await at_door.get(ITSELF, crowd.applicant)).json()["code"] == "wrong_role"
    assert (await at_door.get(ITSELF, crowd.other_applicant)).json()["code"] == "wrong_role"
    assert await noted(dsn) == []


async def test_what_comes_later_is_known_at_the_next_look(
    recorder: Recorder, crowd: Crowd, at_door: Door
) -> None:
    path = "/cases/application-Z000060/earlier"
    before = (await at_door.get(path, crowd.officer)).json()["cases"]
    assert [each["acn"] for each in before] == ["Z000050", "Z000020", "Z000010"]
    story = await lived(recorder, crowd, "Z000070", 4, party("Lighthouse Telecom"))
    after = (await at_door.get(path, crowd.officer)).json()["cases"]
    assert [each["acn"] for each in after] == ["Z000070", "Z000050", "Z000020", "Z000010"]
    assert story.state is not None


async def test_the_latest_are_told_and_how_many_are_not(
    crowd: Crowd, at_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenlight.answers.earlier.MOST", 1)
    found = (await at_door.get(ITSELF, crowd.officer)).json()
    assert ([each["acn"] for each in found["cases"]], found["more"]) == (["Z000020"], 1)
