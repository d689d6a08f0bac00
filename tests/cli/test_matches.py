"""A match from the command line alone: seen, resolved, remembered, undone."""

import json
import re

from greenlight.law.application.circumstances import Circumstances
from tests.cli.conftest import ROOT, Terminal
from tests.cli.test_procedure import done


async def filed(terminal: Terminal, order: str) -> str:
    """A case of a company in Iceland that has a listed one's name."""
    application = json.loads((ROOT / "examples" / "application.json").read_text())
    application["parties"][1] |= {"name": "Hua Ying Management Co. Limited", "country": "IS"}
    said = await terminal.starter(
        "submit", "-", "--reference", order, "--as", "acme", "--json", stdin=json.dumps(application)
    )
    assert said.code == 0, said.err
    assert isinstance(said.json, dict)
    return str(said.json["stream"]).removeprefix("application-")


def screening(shown: str) -> str:
    """The lines on the screening, each in one piece however wide the terminal is."""
    return " ".join(shown.partition("Screening")[2].partition("Items")[0].replace("│", " ").split())


async def screened(terminal: Terminal, acn: str) -> str:
    return screening((await done(terminal, "show", acn, "--parties")).out)


async def test_a_match_is_resolved_and_remembered(served: str, terminal: Terminal) -> None:
    first = await filed(terminal, "one")
    shown = await screened(terminal, first)
    assert "0 Prairie Telephone Cooperative: no match" in shown
    assert "1 Hua Ying Management Co. Limited: listed hua-ying-management: Hua Ying" in shown
    because = ("--as", "olga", "--reason", "Founded in 1952")
    said = await terminal.starter("resolve-match", first, "0", "hua-ying-management", "false_match", *because)
    assert (said.code, "refused: no_such_match: " in said.err) == (1, True)
    await done(terminal, "resolve-match", first, "1", "hua-ying-management", "false_match", *because)
    assert "false match by olga: Founded in 1952" in screening(
        (await done(terminal, "show", first, "--parties")).out
    )
    listed = await done(terminal, "list", "--json")
    assert isinstance(listed.json, list)
    assert [row["listed"] for row in listed.json if isinstance(row, dict) and row["acn"] == first] == [False]

    said = await terminal.starter("confirm-match", first, "1", "--as", "olga")
    assert (said.code, "refused: own_resolution: " in said.err) == (1, True)
    assert "Founded in 1952; in this case alone" in screening(
        (await done(terminal, "show", first, "--parties")).out
    )
    await done(terminal, "confirm-match", first, "1", "--days", "30", "--as", "oscar")
    shown = await screened(terminal, first)
    assert re.search(r"Founded in 1952; in other cases until \S+ .*, by oscar", shown)

    second = await filed(terminal, "two")
    shown = await screened(terminal, second)
    assert f"false match by olga in {first}" in shown
    history = (await done(terminal, "history", second)).out
    assert "resolution remembered" in history
    await done(terminal, "resolve-match", second, "1", "hua-ying-management", "true_match", *because)
    assert "true match by olga: Founded" in await screened(terminal, second)


async def test_a_false_match_makes_a_license_unnecessary_and_the_service_proposes_it(
    served: str, terminal: Terminal
) -> None:
    application = json.loads((ROOT / "examples" / "application.json").read_text())
    application["parties"][1] |= {"name": "Hua Ying Management Co. Ltd.", "country": "IS"}
    application["items"] = application["items"][1:]
    application["circumstances"] = Circumstances.none_applies().model_dump()
    words = ("--reference", "certified", "--as", "acme", "--json")
    said = await terminal.starter("submit", "-", *words, stdin=json.dumps(application))
    assert isinstance(said.json, dict), said.err
    acn = str(said.json["stream"]).removeprefix("application-")
    shown = (await done(terminal, "show", acn, "--items")).out
    assert "return without action" not in shown
    assert "knowledge of violation: no" in " ".join(shown.split())
    because = ("--as", "olga", "--reason", "Founded in 1952")
    await done(terminal, "resolve-match", acn, "1", "hua-ying-management", "false_match", *because)
    proposed = " ".join((await done(terminal, "show", acn)).out.split())
    assert "return without action: No license is required for EAR99 to IS" in proposed


async def test_a_party_without_a_name_that_can_be_compared_is_an_officers_task(
    served: str, terminal: Terminal
) -> None:
    application = json.loads((ROOT / "examples" / "application.json").read_text())
    application["parties"][1] |= {"name": "?!", "country": "IS"}
    words = ("--reference", "nameless", "--as", "acme", "--json")
    said = await terminal.starter("submit", "-", *words, stdin=json.dumps(application))
    assert isinstance(said.json, dict), said.err
    acn = str(said.json["stream"]).removeprefix("application-")
    listed = await done(terminal, "worklist", "--as", "olga", "--json")
    assert isinstance(listed.json, list)
    (task,) = [row for row in listed.json if isinstance(row, dict) and row["case"] == acn]
    assert (task["parties"], task["command"]) == (
        "could_not_screen",
        f'starter.py resolve-match {acn} PARTY none false_match --reason "WHY" --as olga',
    )
    shown = " ".join((await done(terminal, "worklist", "--as", "olga")).out.split())
    assert "look up by hand who the party is" in shown
    barred = " ".join((await done(terminal, "show", acn)).out.split())
    assert "nobody may decide before an officer has said who these are" in barred
    assert f"party 1: to be looked up by hand starter.py resolve-match {acn} 1 none false_match" in barred
    refused = await terminal.starter("recommend", acn, "grant", "--reasons", "Rural", "--as", "olga")
    assert (refused.code, "refused: screening_incomplete" in refused.err) == (1, True)
    assert f"What bars it, and how to resolve it:  starter.py show {acn}" in refused.err
    assert "to be looked up by hand" in await screened(terminal, acn)
    because = ("--as", "olga", "--reason", "Asked the embassy")
    await done(terminal, "resolve-match", acn, "1", "none", "false_match", *because)
    shown = await screened(terminal, acn)
    assert "on no list, looked up by olga: Asked the embassy" in shown
    await done(terminal, "resolve-match", acn, "1", "huawei-device", "true_match", *because)
    shown = await screened(terminal, acn)
    assert "huawei-device: Huawei Device Co., Ltd." in shown
    assert "true match by olga: Asked the embassy" in shown
    listed = await done(terminal, "worklist", "--as", "olga", "--json")
    assert isinstance(listed.json, list)
    (task,) = [row for row in listed.json if isinstance(row, dict) and row["case"] == acn]
    assert (task["parties"], task["why"]) == ("listed", "recommend, or refer, ask, return")


async def test_all_other_matches_of_a_party_are_denied_by_one_command(
    served: str, terminal: Terminal
) -> None:
    application = json.loads((ROOT / "examples" / "application.json").read_text())
    application["parties"][1] |= {"name": "HiSilikon", "country": "IS"}
    words = ("--reference", "crowd", "--as", "acme", "--json")
    said = await terminal.starter("submit", "-", *words, stdin=json.dumps(application))
    assert isinstance(said.json, dict), said.err
    acn = str(said.json["stream"]).removeprefix("application-")
    shown = await done(terminal, "show", acn, "--json")
    assert isinstance(shown.json, dict)
    assert "possible_match" in json.dumps(shown.json)
    keys = re.findall(r'"listing": "([a-z0-9-]+)"', json.dumps(shown.json))
    assert len(set(keys)) > 1
    barred = (await done(terminal, "show", acn)).out
    assert f"party 1: {len(set(keys))} possible matches" in barred
    typed = f"starter.py resolve-match {acn} 1 KEY true_match|false_match --all-others false_match"
    assert typed in barred
    because = ("--as", "olga", "--reason", "A bakery")
    said = ("resolve-match", acn, "1", keys[0], "false_match", "--all-others", "false_match", *because)
    # Whoever is about to sign reads each name that they deny.
    sheet = (await done(terminal, *said)).err
    assert "False match, too" in sheet
    denied = re.findall(r"^ +([a-z0-9-]+): \S|^False match, too +([a-z0-9-]+): \S", sheet, re.MULTILINE)
    assert {first or second for first, second in denied} == set(keys) - {keys[0]}, sheet
    after = await screened(terminal, acn)
    assert "to be resolved" not in after
    assert after.count("false match by olga: A bakery") == len(set(keys))
