"""Policies at the command line. No service runs: nothing is asked of one."""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.cli.conftest import Said, Terminal
from tests.cli.test_procedure import done

POLICY = Path(__file__).resolve().parents[2] / "greenlight" / "reference" / "policies" / "huawei-2019.json"

KNOWN = (
    *("--fact", "directive=some_approvals", "--fact", "rules_tightened=false"),
    *("--fact", "applications_received=200", "--fact", "applications_pending=200"),
    *("--fact", "comments=not_sought", "--fact", "rural_dependence=true"),
)


def draft(folder: Path, *changes: tuple[str, str]) -> str:
    """The policy of 2019 with some of its text changed."""
    text = POLICY.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "draft.json").write_text(text, encoding="utf-8")
    return str(folder / "draft.json")


def document(said: Said) -> dict[str, JsonValue]:
    assert isinstance(said.json, dict)
    return said.json


async def test_the_policy_that_comes_with_the_service_is_sound(terminal: Terminal) -> None:
    said = await done(terminal, "policy", "check", "huawei-2019")
    assert "every combination of facts has one outcome" in said.out
    assert document(await done(terminal, "policy", "check", str(POLICY), "--json"))["problems"] == []


CLOSED = '"comments": {"test": "is", "value": "closed"}'


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        ((CLOSED, CLOSED.replace("closed", "open")), "unreachable", "comments-closed"),
        ((CLOSED, CLOSED.replace("closed", "over")), "type", "comments-closed"),
        (('"id": "nobody-depends", "when": {}', f'"id": "x", "when": {{{CLOSED}}}'), "gap", "no row"),
        (('"objection_days": 30', '"objection_days": 31'), "policy", "31 days to object"),
        (('"hit_policy": "FIRST"', '"hit_policy": "UNIQUE"'), "overlap", "both fire"),
    ],
)
async def test_each_fault_is_told_with_facts_that_show_it(
    terminal: Terminal, tmp_path: Path, change: tuple[str, str], kind: str, told: str
) -> None:
    name = draft(tmp_path, change)
    said = await terminal.starter("policy", "check", name, "--json")
    assert said.code == 1
    problems = document(said)["problems"]
    assert isinstance(problems, list)
    found = [each for each in problems if isinstance(each, dict) and each["kind"] == kind]
    assert any(told in str(each["message"]) for each in found)
    assert all((each["witness"] is not None) == (kind not in {"type", "policy"}) for each in found)
    for_people = await terminal.starter("policy", "check", name)
    assert (for_people.code, told in for_people.out) == (1, True)
    refused = await terminal.starter("policy", "explain", name, "--fact", "terms_issued=1")
    assert (refused.code, "policy check" in refused.err) == (1, True)


async def test_a_file_that_is_no_policy_is_a_fault_and_one_that_is_not_there_is_usage(
    terminal: Terminal, tmp_path: Path
) -> None:
    said = await terminal.starter("policy", "check", draft(tmp_path, ("greenlight-policy/1", "policy/2")))
    assert (said.code, "format" in said.err) == (1, True)
    said = await terminal.starter("policy", "show", "nothing")
    assert (said.code, "huawei-2019" in said.err) == (2, True)


async def test_it_is_shown_as_a_person_reads_it(terminal: Terminal) -> None:
    shown = await done(terminal, "policy", "show", "huawei-2019")
    version = str(document(await done(terminal, "policy", "show", "huawei-2019", "--json"))["version"])
    for words in (
        "FIRST",
        "2019-05-20",
        version,
        "terms_issued at least 3",
        "extend by 45 days",
        "85 FR 8722",
    ):
        assert words in shown.out


async def test_two_policies_differ_in_cells_and_in_what_they_decide(
    terminal: Terminal, tmp_path: Path
) -> None:
    changes = (('"days": 45', '"days": 60'), ('"lead_days": 30', '"lead_days": 40'))
    name = draft(tmp_path, *changes)
    said = await done(terminal, "policy", "diff", "huawei-2019", name)
    for words in ("lead days", "row rural-again", "by 45 days", "by 60 days", "rural_dependence=true"):
        assert words in said.out
    found = document(await done(terminal, "policy", "diff", "huawei-2019", name, "--json"))
    (only,) = found["decided"] if isinstance(found["decided"], list) else []
    assert isinstance(only, dict)
    assert (only["before"], only["after"]) == ("rural-again", "rural-again")
    same = await done(terminal, "policy", "diff", "huawei-2019", str(POLICY))
    assert "the same" in same.out


async def test_an_outcome_is_explained_row_by_row(terminal: Terminal) -> None:
    explain = ("policy", "explain", "huawei-2019", *KNOWN)
    said = await done(terminal, *explain, "--fact", "terms_issued=2")
    assert "extend by 90 days, by row rural-first" in said.out
    assert "terms_issued is 2, not at least 3" in said.out
    found = document(await done(terminal, *explain, "--fact", "terms_issued=2", "--json"))
    trace = found["trace"]
    assert isinstance(trace, list)
    assert (found["outcome"], len(trace)) == (
        "extend",
        len(json.loads(POLICY.read_text())["policy"]["table"]["rows"]),
    )
    silent = await done(terminal, "policy", "explain", "huawei-2019", "--fact", "terms_issued=2")
    assert "refer, by row directive-unknown" in silent.out


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ("directive=perhaps", "one of presumption_of_denial"),
        ("weather=fine", "one of directive, "),
        ("terms_issued", "NAME=VALUE"),
        ("comments=open", "terms_issued=… is missing"),
    ],
)
async def test_facts_that_the_policy_does_not_take_are_usage(
    terminal: Terminal, fact: str, told: str
) -> None:
    said = await terminal.starter("policy", "explain", "huawei-2019", "--fact", fact)
    assert (said.code, told in said.err) == (2, True)
