"""Reprieves from the command line alone: opened, decided, changed, asked what they cover."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from greenlight.law.reprieve.policy import Policy
from tests.cli.conftest import Said, Terminal
from tests.cli.test_procedure import done
from tests.workflows.reprieves import POLICY, term, today

DAYS = 30
VERA = ("--as", "vera")
BECAUSE = ("--reasons", "Because")


def policy_file(folder: Path, policy: Policy = POLICY) -> str:
    file = folder / f"policy-{policy.lead_days}.json"
    content = {"format": "greenlight-policy/1", "note": "A test.", "policy": policy.model_dump(mode="json")}
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


def opening_file(folder: Path, *entities: str, days: int = DAYS) -> str:
    order = term(days, *entities).model_dump(mode="json", exclude_unset=True)
    file = folder / "opening.json"
    content = {"title": "Rural [networks]", "policy": policy_file(folder), "term": order}
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


def through(days: int) -> tuple[str, str]:
    return "--valid-through", (today() + timedelta(days=days)).isoformat()


def document(said: Said) -> dict[str, JsonValue]:
    assert isinstance(said.json, dict)
    return said.json


async def refused(terminal: Terminal, code: str, *words: str) -> None:
    said = await terminal.starter("reprieve", *words)
    assert (said.code, f"refused: {code}: " in said.err) == (1, True), (words, said)


async def covers(terminal: Terminal, entity: str, day: int, *words: str) -> dict[str, JsonValue]:
    on = (today() + timedelta(days=day)).isoformat()
    asked = ("covered", "--entity", entity, "--activity", "networks", "--date", on, "--json", *words)
    return document(await done(terminal, *asked))


async def at_stage(terminal: Terminal, key: str, stage: str) -> dict[str, JsonValue]:
    """The row of a reprieve, once the service has brought it to a stage."""
    for _ in range(20):
        rows = (await done(terminal, "reprieve", "list", "--stage", stage, "--json")).json
        assert isinstance(rows, list)
        for row in rows:
            if isinstance(row, dict) and row["key"] == key:
                return row
    raise AssertionError(f"{key} never came to {stage}")


async def proposed(terminal: Terminal, folder: Path, key: str, entity: str) -> None:
    """Opened with a term of thirty days, and by a policy of longer sight decided at once."""
    file = opening_file(folder, entity)
    said = await done(terminal, "reprieve", "open", key, "--file", file, *VERA)
    assert f"on record: reprieve-{key} is at running" in said.out
    told = ("--source", "rural carriers", "--statement", "Forty [of them] depend on it")
    await done(terminal, "reprieve", "evidence", key, "dependence", "true", *told, "--as", "defense")
    sighted = policy_file(folder, POLICY.model_copy(update={"lead_days": 40}))
    await done(terminal, "reprieve", "adopt-policy", key, sighted, *BECAUSE, *VERA)
    row = await at_stage(terminal, key, "proposed")
    assert (row["waiting_for"], row["decision"]) == ("executive", 1)


async def test_a_reprieve_is_opened_decided_and_confirmed(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    key, entity = "cli-confirmed", "cli-confirmed-entity"
    await proposed(terminal, tmp_path, key, entity)
    shown = (await done(terminal, "reprieve", "show", key)).out
    for told in (
        "Rural [networks]",
        "an executive, who may confirm, replace or stop",
        "extend by 90 days",
        "row dependence",
        "rural carriers",
        "Forty [of them] depend on it",
        "and decides",
        "event log",
        "unless an executive objects before",
        "in 14 days",
        "term 2, through",
        "not yet",
    ):
        assert told in shown, told
    assert shown == (await done(terminal, "show", f"reprieve-{key}")).out
    assert "1 term" in shown
    told = (await done(terminal, "history", f"reprieve-{key}")).out
    assert "(on-the-server)" in told
    assert "facts: applications pending 0; " in told
    assert "extend, by row dependence" in told
    state = document(await done(terminal, "reprieve", "show", key, "--json"))["state"]
    assert isinstance(state, dict)
    assert state["stage"] == "proposed"
    assert not (await covers(terminal, entity, DAYS + 1))["covered"]
    twice = ("confirm", key, *VERA, "--command-id", "confirm-once", "--comment", "Yes")
    said = [(await done(terminal, "reprieve", *twice)).out for _ in range(2)]
    assert said[0] == said[1]
    assert (await covers(terminal, entity, DAYS + 1))["covered"]
    await refused(terminal, "wrong_stage", "confirm", key, *VERA)
    await refused(terminal, "role_not_held", "end", key, *BECAUSE, "--as", "olga")


async def test_terms_are_replaced_published_corrected_and_ended(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    key, entity, other = "cli-replaced", "cli-replaced-entity", "cli-replaced-other"
    await proposed(terminal, tmp_path, key, entity)
    short = (*through(DAYS - 1), *BECAUSE, *VERA)
    await refused(terminal, "malformed", "replace", key, *short)
    dossier = document(await done(terminal, "reprieve", "show", key, "--json"))["dossier"]
    longer = (*through(DAYS + 100), *BECAUSE, *VERA)
    await done(terminal, "reprieve", "replace", key, *longer, "--dossier", str(dossier))
    await refused(terminal, "dossier_changed", "end", key, *BECAUSE, *VERA, "--dossier", str(dossier))
    unknown = await covers(terminal, entity, 1, "--known-at", today().isoformat())
    assert unknown["covered"] is False
    assert "not published by then" in str(unknown["reason"])
    printed = ("--citation", "91 FR 7", "--published", today().isoformat())
    await done(terminal, "reprieve", "publish", key, "2", *printed, "--as", "olga")
    await refused(terminal, "already_published", "publish", key, "2", *printed, "--as", "olga")
    known = await covers(terminal, entity, 1, "--known-at", today().isoformat())
    assert (known["covered"], known["citation"], known["certifier"]) == (True, "91 FR 7", "exporter")
    await done(terminal, "reprieve", "correct", key, "2", *through(DAYS + 50), *BECAUSE, *VERA)
    assert not (await covers(terminal, entity, DAYS + 60))["covered"]
    tomorrow = ("--effective", (today() + timedelta(days=1)).isoformat())
    await done(
        terminal, "reprieve", "add-entities", key, other, *tomorrow, "--running-terms", *BECAUSE, *VERA
    )
    assert [(await covers(terminal, other, day))["covered"] for day in (0, 1)] == [False, True]
    later = ("--effective", (today() + timedelta(days=3)).isoformat())
    await done(terminal, "reprieve", "remove-entities", key, other, *later, *BECAUSE, *VERA)
    assert not (await covers(terminal, other, 3))["covered"]
    ends = ("--ends", (today() + timedelta(days=10)).isoformat())
    await done(terminal, "reprieve", "terminate", key, "2", *ends, *BECAUSE, *VERA)
    await refused(terminal, "no_such_term", "terminate", key, "7", *ends, *BECAUSE, *VERA)
    assert not (await covers(terminal, entity, DAYS + 20))["covered"]
    drawn = document(await done(terminal, "reprieve", "timeline", key, "--json"))["terms"]
    assert isinstance(drawn, list)
    assert len(drawn) == 2
    await done(terminal, "reprieve", "end", key, *BECAUSE, *VERA)
    assert not (await covers(terminal, entity, 1))["covered"]
    await refused(terminal, "case_closed", "end", key, *BECAUSE, *VERA)


async def test_what_is_stopped_lapses_unless_a_term_is_issued(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    key, entity = "cli-stopped", "cli-stopped-entity"
    await proposed(terminal, tmp_path, key, entity)
    await done(terminal, "reprieve", "stop", key, *BECAUSE, *VERA)
    assert "unless another is issued" in (await done(terminal, "reprieve", "show", key)).out
    missing = await terminal.starter("reprieve", "issue", key, *BECAUSE, *VERA)
    assert (missing.code, "--valid-through" in missing.err) == (2, True)
    order = tmp_path / "order.json"
    order.write_text(json.dumps({"citation": "91 FR 9", "reason": "A gap."}), encoding="utf-8")
    begins = ("--effective", (today() + timedelta(days=DAYS + 5)).isoformat())
    issue = ("issue", key, "--file", str(order), *begins, *through(DAYS + 20), *BECAUSE, *VERA)
    await done(terminal, "reprieve", *issue)
    found = [(await covers(terminal, entity, DAYS + days))["covered"] for days in (0, 1, 5, 21)]
    assert found == [True, False, True, False]
    said = await done(
        terminal,
        *("covered", "--entity", entity, "--activity", "devices"),
        *("--date", (today() + timedelta(days=DAYS + 6)).isoformat()),
    )
    for told in ("Covered", key, "91 FR 9", "the recipient", "May need a license nevertheless"):
        assert told in said.out, told
    assert "No cover" in (await done(terminal, "reprieve", "timeline", key)).out


async def test_one_is_opened_like_a_recorded_one(served: str, terminal: Terminal) -> None:
    key = "cli-like-huawei"
    opening = ("open", key, "--reference", "huawei", *VERA, "--command-id", "open-like-huawei")
    case = document(await done(terminal, "reprieve", *opening, "--json"))
    assert case["stream"] == f"reprieve-{key}"
    assert document(await done(terminal, "reprieve", *opening, "--json"))["version"] == case["version"]
    name = "Centre for Integrated Photonics Ltd."
    answer = await covers(terminal, "huawei-technologies", 60)
    assert (answer["covered"], answer["reprieve"]) == (True, key)
    assert not (await covers(terminal, "huawei-technologies", 95))["covered"]
    past = ("--entity", "huawei-technologies", "--activity", "networks", "--date", "2020-02-17")
    hinted = await done(terminal, "covered", *past)
    assert "covered --reference huawei" in " ".join(hinted.out.split())
    # That one was listed later, and the first term did not cover it.
    assert (await terminal.starter("covered", "--entity", name, "--activity", "x", "--date", "x")).code == 2
    await refused(terminal, "already_submitted", "open", key, "--reference", "huawei", *VERA)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("show", "nowhere"), 1, "no_such_case"),
        (("confirm", "nowhere", *VERA), 1, "no_such_case"),
        (("show", "No Where"), 2, "at most 64 of"),
        (("open", "cli-none", *VERA), 2, "either --file or --reference"),
        (("open", "cli-none", "--file", "/nowhere", *VERA), 2, "cannot be read"),
        (("open", "cli-none", "--file", "pyproject.toml", *VERA), 2, "is not JSON"),
        (("open", "cli-none", "--reference", "zte", *VERA), 2, "one of huawei"),
        (("open", "cli-none", "--reference", "huawei", "--policy", "none", *VERA), 2, "no such policy"),
        (("replace", "nowhere", *through(3), *BECAUSE, *VERA), 1, "no_such_case"),
        (("correct", "nowhere", "1", *BECAUSE, *VERA), 2, "say what is wrong"),
        (("timeline",), 2, "reprieve list"),
        (("timeline", "nowhere", "--policy", "huawei-2019"), 2, "goes with --reference"),
        (("timeline", "nowhere"), 1, "no_such_case"),
    ],
)
async def test_what_cannot_be_done_says_what_to_do(
    served: str, terminal: Terminal, words: tuple[str, ...], code: int, told: str
) -> None:
    said = await terminal.starter("reprieve", *words)
    assert (said.code, told in said.err) == (code, True), said


async def test_evidence_is_taken_from_who_may_give_it(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    key = "cli-evidence"
    await done(terminal, "reprieve", "open", key, "--file", opening_file(tmp_path, "cli-evidence"), *VERA)
    told = ("--source", "them", "--statement", "So they say")
    for value, officer in (("true", "olga"), ("unknown", "state")):
        await done(terminal, "reprieve", "evidence", key, "dependence", value, *told, "--as", officer)
    assert "dependence=unknown" in (await done(terminal, "reprieve", "show", key)).out
    await refused(terminal, "unknown_fact", "evidence", key, "weather", "true", *told, "--as", "olga")
    await refused(terminal, "unknown_fact", "evidence", key, "dependence", "9", *told, "--as", "olga")
    await refused(terminal, "role_not_held", "evidence", key, "dependence", "true", *told, *VERA)
    agency = ("--role", "agency_reviewer", "--as", "olga")
    await refused(terminal, "role_not_held", "evidence", key, "dependence", "true", *told, *agency)
