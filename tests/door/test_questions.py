"""Questions about shipments: answered from memory that stands where the log does, or says where it stands."""

import threading
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from pydantic import JsonValue

from greenlight.answers.coverage import Reprieved
from greenlight.answers.standing import SMALL
from greenlight.embedded.users import AUDITOR, READER
from greenlight.eventlog.access import AccessReader
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.model import JsonObject
from greenlight.law.authorisation.authorities import Authorities
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.determine import determine
from greenlight.law.determination.named import NamedParty
from greenlight.law.determination.question import Circumstances
from greenlight.law.rule.rules import Rules
from greenlight.reference.kept_controls import KeptTables
from greenlight.reference.names import ListedNames
from tests.addresses import as_user
from tests.door.doors import Door, door, nowhere
from tests.eventlog.attesting import Attesting
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.decided import decided
from tests.letters.samples import ITEMS, PARTIES
from tests.reference.test_kept_controls import made


@pytest_asyncio.fixture
async def at_door(dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path) -> AsyncGenerator[Door]:
    await crowd.add(recorder, crowd.other_applicant)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path) as opened:
        yield opened


def shipment(exporter: str) -> JsonObject:
    """One piece of the first line of what the sample cases are about."""
    item = ITEMS[0]
    question = AuthorisationQuestion(
        exporter=exporter,
        parties=tuple(NamedParty(**party.model_dump()) for party in PARTIES),
        items=(
            ShippedItem(
                classification=item.classification,
                subparagraph=item.subparagraph,
                quantity=1,
                unit=item.unit,
                value=item.value,
            ),
        ),
        destination=PARTIES[0].country,
        at=NOW,
    )
    return question.model_dump(mode="json")


async def test_an_applicant_asks_of_its_own_shipments_and_an_officer_of_all(
    crowd: Crowd, at_door: Door
) -> None:
    own = shipment(crowd.applicant.actor.organisation)
    for by in (crowd.applicant, crowd.officer):
        said = await at_door.ask("/authorised", by, own)
        assert said.status_code == 200, said.text
        assert said.json()["verdict"] == "not_authorised"
        assert said.headers["greenlight-position"] == str((await at_door.within.reader.head()).position)
    said = await at_door.ask("/authorised", crowd.other_applicant, own)
    assert (said.status_code, said.json()["code"]) == (403, "not_the_applicant")
    assert (await at_door.ask("/authorised", crowd.registrar, own)).status_code == 403


async def test_the_service_holds_owners_against_the_lists_and_nobody_states_what_they_meet(
    crowd: Crowd, at_door: Door
) -> None:
    huawei = {"name": "Huawei Technologies Co., Ltd.", "share": 10_000}
    own = shipment(crowd.applicant.actor.organisation)
    (item,) = cast("list[dict[str, Any]]", own["items"])

    def asking(*owners: dict[str, Any]) -> dict[str, Any]:
        party = {"role": "end_user", "name": "Some Company", "country": "CN", "owners": [*owners]}
        return {
            **own,
            "items": [{**item, "classification": "EAR99", "subparagraph": None}],
            "parties": [party],
            "destination": "CN",
            "at": "2025-10-15T12:00:00Z",
            "circumstances": Circumstances.none_applies().model_dump(),
        }

    stated = await at_door.ask("/authorised", crowd.applicant, asking({**huawei, "listings": []}))
    assert (stated.status_code, "listings" in stated.json()["detail"]) == (400, True), stated.text
    through = {"name": "Nobody Holding", "share": 6_000}
    for owners in ((huawei,), (through, {**huawei, "through": 1})):
        said = await at_door.ask("/authorised", crowd.applicant, asking(*owners))
        assert (said.status_code, said.json()["verdict"]) == (200, "not_authorised"), said.text
        assert said.json()["determination"]["outcome"] == "required"
    fifty = [{"name": f"Owner {place} Holding"} for place in range(50)]
    many = await at_door.ask("/authorised", crowd.applicant, asking(*fifty))
    assert (many.status_code, "at most 50" in many.json()["detail"]) == (400, True), many.text


async def test_an_answer_stands_where_it_is_asked_to_stand(
    dsn: str, recorder: Recorder, crowd: Crowd, at_door: Door
) -> None:
    own = shipment(crowd.applicant.actor.organisation)
    before = await at_door.ask("/authorised", crowd.applicant, own)
    await decided(recorder, crowd, "Z000001", "granted")
    head = (await at_door.within.reader.head()).position
    assert int(before.headers["greenlight-position"]) < head
    after = await at_door.ask(f"/authorised?position={head}", crowd.applicant, own)
    assert after.headers["greenlight-position"] == str(head)
    assert after.json() != before.json()
    told = str(after.json())
    assert "D000001" in told, told
    async with AccessReader(as_user(dsn, AUDITOR)) as reader:
        times = datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
        noted = [each async for each in reader.readings(since=times[0], until=times[1])]
    assert {(each.officer, each.stream, each.what) for each in noted} == {
        ("rivera", "license-D000001", "authorised")
    }


async def test_a_past_day_is_answered_by_the_tables_of_that_day_once_they_are_on_record(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    kept = KeptTables(tmp_path / "controls")
    question = {
        "items": [{"classification": "5A991"}],
        "destination": "FR",
        "parties": [{"role": "end_user", "name": "Some Company", "country": "FR"}],
        "at": "2025-04-01T12:00:00Z",
        "circumstances": Circumstances.none_applies().model_dump(),
    }
    async with door(as_user(dsn, READER), await nowhere(), tmp_path / "tiles", kept=kept) as opened:
        before = (await opened.ask("/determine", crowd.officer, question)).json()
        assert before["tables_of"] == "2026-07-23"
        assert "No control tables of 2025-04-01 are kept" in before["warnings"][0]
        # As another process does it.
        now = datetime(2026, 9, 1, tzinfo=UTC)
        issue, _ = KeptTables(kept.folder).keep(made(tmp_path, "2025-03-01"), now)
        alone = (await opened.ask("/determine", crowd.officer, question)).json()
        assert alone["tables_of"] == "2026-07-23", "nobody attested them"
        await crowd.add(recorder, crowd.other_officer)
        attesting = Attesting.tables(recorder, crowd, issue.issued, issue.version)
        await attesting.opened()
        await attesting.confirmed()
        at = f"/determine?position={(await opened.within.reader.head()).position}"
        after = (await opened.ask(at, crowd.officer, question)).json()
        assert (after["tables_of"], after["outcome"]) == ("2025-03-01", "required")
        for file in issue.folder.iterdir():
            file.unlink()
        issue.folder.rmdir()
        gone = await opened.ask(at, crowd.officer, question)
        assert (gone.status_code, gone.json()["code"]) == (503, "unavailable")
        assert "control tables that are on record" in gone.json()["detail"]


@pytest.mark.parametrize("by", ["applicant", "officer", "registrar"])
async def test_whoever_is_registered_asks_what_the_law_requires(crowd: Crowd, at_door: Door, by: str) -> None:
    signer = getattr(crowd, by)
    question = {
        "items": [{"classification": "5A991", "subparagraph": ".b"}],
        "destination": "CN",
        "parties": [
            {
                "role": "end_user",
                "name": "Huawei Technologies Co., Ltd.",
                "country": "CN",
                "owners": [{"name": "Nobody Holding", "share": 5_000}],
            }
        ],
    }
    said = await at_door.ask("/determine", signer, question)
    assert (said.status_code, said.json()["outcome"]) == (200, "required"), said.text
    owners = [{"name": "Huawei Technologies Co., Ltd.", "share": 5_000}]
    affiliate = {"role": "end_user", "name": "Some Company", "country": "CN", "owners": owners}
    answers = {"circumstances": Circumstances.none_applies().model_dump()}
    question |= {"parties": [affiliate], "at": "2025-12-15T12:00:00Z", **answers}
    said = await at_door.ask("/determine", signer, question)
    assert said.json()["outcome"] == "not_required", said.text
    said = await at_door.ask("/determine", signer, question | {"known_at": "2025-11-08T12:00:00Z"})
    assert said.json()["outcome"] == "required", said.text
    venture = affiliate | {"joint_venture": True, "headquarters": "DE"}
    within = {"at": "2025-10-15T12:00:00Z", "known_at": "2025-11-08T12:00:00Z"}
    said = await at_door.ask("/determine", signer, question | within | {"parties": [venture]})
    reasons = [each for each in said.json()["reasons"] if each["kind"] == "affiliate"]
    assert reasons
    assert all("for a joint venture, headquartered in DE" in each["waived_by"] for each in reasons)
    said = await at_door.ask("/determine", signer, question | within)
    reasons = [each for each in said.json()["reasons"] if each["kind"] == "affiliate"]
    assert all("if the end user Some Company is a" in each["waived_if"] for each in reasons)
    assert not any(each["waived_by"] for each in reasons)
    unsaid = affiliate | {"headquarters": "DE"}
    said = await at_door.ask("/determine", signer, question | {"parties": [unsaid]})
    assert (said.status_code, "headquarters" in said.json()["detail"]) == (400, True)
    covered = {"entity": "huawei-technologies", "activity": "devices", "day": "2026-09-01"}
    said = await at_door.ask("/covered", signer, covered)
    assert (said.status_code, said.json()["covered"]) == (200, False), said.text
    wrong = await at_door.ask("/covered", signer, covered | {"day": "yesterday"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "malformed")


def _of(parties: int, owners: int) -> JsonObject:
    named: list[JsonValue] = [{"name": f"Owner {place} Holding"} for place in range(owners)]
    party: JsonValue = {"role": "end_user", "name": "Some Company", "country": "CN", "owners": named}
    return {
        "items": [{"classification": "5A991", "subparagraph": ".b"}],
        "destination": "CN",
        "parties": [party for _ in range(parties)],
    }


async def test_a_question_is_of_a_size_by_all_the_names_in_it(crowd: Crowd, at_door: Door) -> None:
    for question in (_of(1, 49), _of(25, 1), _of(50, 0)):
        assert (await at_door.ask("/determine", crowd.applicant, question)).status_code == 200
    for question in (_of(1, 50), _of(26, 1), _of(50, 10)):
        said = await at_door.ask("/determine", crowd.applicant, question)
        assert (said.status_code, said.json()["code"]) == (400, "malformed"), said.text
        assert "at most 50" in said.json()["detail"]


UNMEANT: dict[str, tuple[JsonObject, str]] = {
    "no country": ({"destination": "ZZ"}, "destination"),
    "a name of nothing": ({"parties": [{"role": "end_user", "name": " ", "country": "CN"}]}, "name"),
    "a number for an instant": ({"at": 1}, "at"),
}


@pytest.mark.parametrize("case", UNMEANT)
async def test_what_is_asked_is_held_against_the_tables_as_what_is_filed_is(
    crowd: Crowd, at_door: Door, case: str
) -> None:
    wrong, where = UNMEANT[case]
    said = await at_door.ask("/determine", crowd.applicant, _of(1, 0) | wrong)
    assert (said.status_code, said.json()["code"]) == (400, "malformed"), said.text
    assert where in said.json()["detail"]


async def test_what_a_question_asks_for_is_worked_out_beside_all_others(
    crowd: Crowd, at_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the event loop everybody would wait for it, and the probes with them: but for the smallest."""
    worked: list[tuple[str, bool]] = []

    def noting(what: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **kwargs: Any) -> Any:
            worked.append((what.__name__, threading.current_thread() is threading.main_thread()))
            return what(*args, **kwargs)

        return noted

    monkeypatch.setattr(ListedNames, "__call__", noting(ListedNames.__call__))
    monkeypatch.setattr(ListedNames, "prepare", noting(ListedNames.prepare))
    monkeypatch.setattr("greenlight.door.questions.determine", noting(determine))
    monkeypatch.setattr(Authorities, "authorise", noting(Authorities.authorise))
    monkeypatch.setattr(Reprieved, "covered", noting(Reprieved.covered))
    monkeypatch.setattr(Rules, "replaced", noting(Rules.replaced))
    assert (await at_door.ask("/determine", crowd.officer, _of(1, 1))).status_code == 200
    own = shipment(crowd.applicant.actor.organisation)
    assert isinstance(own["items"], list)
    large = own | {"items": own["items"] * (SMALL + 1)}
    assert (await at_door.ask("/authorised", crowd.officer, large)).status_code == 200
    covered = {"entity": "huawei-technologies", "activity": "devices", "day": "2026-09-01"}
    assert (await at_door.ask("/covered", crowd.officer, covered)).status_code == 200
    expected = {"__call__", "prepare", "determine", "authorise", "covered", "replaced"}
    assert {what for what, _ in worked} == expected
    assert not [what for what, on_the_loop in worked if on_the_loop]
