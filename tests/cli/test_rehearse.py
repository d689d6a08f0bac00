"""Drafts tried against the past and against futures, at the command line. No service runs."""

from pathlib import Path

from tests.cli.conftest import Terminal
from tests.cli.test_policy import document, draft
from tests.cli.test_procedure import done

TRY = ("policy", "try")


async def test_the_policy_of_2019_comes_to_the_same_terms(terminal: Terminal) -> None:
    said = await done(terminal, *TRY, "huawei-2019", "--against", "huawei")
    assert "The draft comes to the same terms" in said.out
    assert "14 Aug 2020 – 16 Aug 2020" in said.out


async def test_a_draft_is_shown_beside_what_happened(terminal: Terminal, tmp_path: Path) -> None:
    name = draft(tmp_path, ('"days": 45, "objection_days": 27', '"days": 60'))
    found = document(await done(terminal, *TRY, name, "--json"))
    happened, drafted = found["happened"], found["draft"]
    assert isinstance(happened, dict)
    assert isinstance(drafted, dict)
    assert found["same"] is False
    assert happened["uncovered"] == ["2020-08-14", "2020-08-15", "2020-08-16"]
    assert drafted["terms"] != happened["terms"]


async def test_futures_are_the_same_on_one_processor_and_on_all(terminal: Terminal) -> None:
    many = await done(terminal, *TRY, "huawei-2019", "--futures", "500", "--seed", "7", "--json")
    again = await done(terminal, *TRY, "huawei-2019", "--futures", "500", "--seed", "7", "--json")
    assert many.json == again.json
    tried = document(many)["futures"]
    assert isinstance(tried, dict)
    worst = tried["worst"]
    assert isinstance(worst, dict)
    words = ("--seed", "7", "--future", str(worst["number"]))
    assert "no cover on" in (await done(terminal, *TRY, "huawei-2019", *words)).out


async def test_two_policies_are_shown_beside_the_past(terminal: Terminal, tmp_path: Path) -> None:
    name = draft(tmp_path, ('"days": 45, "objection_days": 27', '"days": 60'))
    said = await done(terminal, *TRY, name, "--beside", "huawei-2019")
    assert "The draft comes to other terms" in said.out
    assert "The one beside it comes to the same terms" in said.out
    found = document(await done(terminal, *TRY, name, "--beside", "huawei-2019", "--json"))
    happened, beside = found["happened"], found["beside"]
    assert isinstance(happened, dict)
    assert isinstance(beside, dict)
    lived = beside["lived"]
    assert isinstance(lived, dict)
    assert (lived["terms"], lived["uncovered"]) == (happened["terms"], happened["uncovered"])


async def test_executives_speak_as_often_as_is_said(terminal: Terminal) -> None:
    async def endings(*chances: str) -> dict[str, object]:
        said = await done(terminal, *TRY, "huawei-2019", "--futures", "100", *chances, "--json")
        tried = document(said)["futures"]
        assert isinstance(tried, dict)
        found = tried["endings"]
        assert isinstance(found, dict)
        return dict(found)

    silent = ("--confirmed", "0", "--replaced", "0", "--stopped", "0")
    assert "stopped" not in await endings(*silent)
    assert "stopped" in await endings("--stopped", "0.8")
    said = await terminal.starter(*TRY, "huawei-2019", "--stopped", "0.9")
    assert (said.code, "together at most 1" in said.err) == (2, True)


async def test_a_policy_that_may_not_decide_is_not_tried(terminal: Terminal, tmp_path: Path) -> None:
    said = await terminal.starter(*TRY, draft(tmp_path, ('"lead_days": 30', '"lead_days": 3')))
    assert (said.code, "policy check" in said.err) == (1, True)
