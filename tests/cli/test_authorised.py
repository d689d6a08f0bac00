"""The authorisation answer at the command line: on the log of a running service."""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.cli.conftest import ROOT, Terminal
from tests.cli.test_procedure import done

LISTED = "HiSilicon Optoelectronics Co., Ltd."
"""A party of no other test's licenses."""

EXAMPLE = json.loads((ROOT / "examples" / "application.json").read_text(encoding="utf-8"))


def ask(
    *words: str, item: str = "5A991.b:4:pieces:1200USD", exporter: str = "acme-networks"
) -> tuple[str, ...]:
    return ("authorised", "--exporter", exporter, "--item", item, "--to", "CN", *words)


async def _verdict(terminal: Terminal, *words: str) -> dict[str, JsonValue]:
    said = await terminal.starter(*words, "--json")
    assert isinstance(said.json, dict), said.err
    assert said.code == (said.json["verdict"] == "not_authorised")
    return said.json


async def _filed(terminal: Terminal, folder: Path) -> str:
    application = EXAMPLE | {"parties": [{"role": "ultimate_consignee", "name": LISTED, "country": "CN"}]}
    file = folder / "application.json"
    file.write_text(json.dumps(application), encoding="utf-8")
    said = await done(terminal, "submit", str(file), "--as", "acme", "--json")
    assert isinstance(said.json, dict)
    return str(said.json["stream"]).removeprefix("application-")


async def test_from_no_license_to_one_that_is_used_and_revoked(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    consignee = ("--party", f"ultimate_consignee={LISTED}")
    to_listed = ask(*consignee, "--end-use", "none")
    assert (await _verdict(terminal, *to_listed))["verdict"] == "not_authorised"

    acn = await _filed(terminal, tmp_path)
    condition = ("--condition", "Report each use")
    await done(terminal, "recommend", acn, "grant", "--as", "olga", "--reasons", "Rural", *condition)
    await done(terminal, "countersign", acn, "--as", "carla")
    await done(terminal, "sign-off", acn, "--as", "vera")
    waiting = await terminal.starter(*to_listed)
    assert waiting.code == 1
    assert "conditions that are not accepted" in waiting.out, waiting.out

    shown = (await terminal.starter("show", acn, "--json")).json
    assert isinstance(shown, dict)
    assert isinstance(shown["state"], dict)
    number = str(shown["state"]["license_number"])
    await done(terminal, "accept-conditions", number, "--as", "acme")
    answer = await _verdict(terminal, *to_listed)
    assert answer["verdict"] == "license"
    under = answer["license"]
    assert isinstance(under, dict)
    assert (under["number"], under["conditions"]) == (number, ["Report each use"])
    told = await done(terminal, *to_listed)
    assert "line 1: 24 pieces, 198000.00 USD with the tolerance" in told.out

    too_many = await terminal.starter(*ask(*consignee, item="5A991.b:25:pieces:1USD"))
    assert too_many.code == 1
    assert "has 24 pieces of 5A991.b left, of 25" in too_many.out
    someone = await _verdict(terminal, *ask("--party", "Somebody", "--end-use", "none"))
    assert someone["verdict"] == "not_required"

    await done(terminal, "revoke", number, "--reasons", "Diversion", "--as", "vera")
    assert (await _verdict(terminal, *to_listed))["verdict"] == "not_authorised"
    # What was known before the log had any of it.
    unknown = await _verdict(terminal, *to_listed, "--known-at", "2019-05-16")
    assert unknown["verdict"] == "not_authorised"
    assert "was not issued, or not on record" in str(unknown["nearest"])


async def test_under_a_reprieve(served: str, terminal: Terminal) -> None:
    await done(terminal, "reprieve", "open", "tgl", "--reference", "huawei", "--as", "vera")
    party = ("--party", "ultimate_consignee=Huawei Device Co., Ltd.", "--end-use", "none")
    item = "5A992.c:1:pieces:1USD"
    assert "name the activity" in (await terminal.starter(*ask(*party, item=item))).out
    answer = await _verdict(terminal, *ask(*party, "--activity", "networks", item=item))
    assert answer["verdict"] == "reprieve", answer
    told = await done(terminal, *ask(*party, "--activity", "networks", item=item))
    assert "certified by the" in told.out


async def test_under_a_general_license_or_open_while_it_is_not_said_whether_the_party_is_a_joint_venture(
    served: str, terminal: Terminal
) -> None:
    item = "EAR99:1:pieces:1USD"
    owned = ("--party", "Anything Joint", "--owner", "Huawei Device Co., Ltd.=60", "--end-use", "none")
    # As it was known while the rule and the general license were in force: `rules.md` §8.
    asked = ask(*owned, "--date", "2025-10-15", item=item)
    answer = await _verdict(terminal, *asked)
    readings = answer["readings"]
    assert isinstance(readings, list)
    assert len(readings) == 2, answer
    told = await terminal.starter(*asked)
    assert (told.code, "Open: not authorised as it stands" in told.out) == (1, True), told.out
    assert "Settled by:\n  whether the end user Anything Joint is a joint venture" in told.out
    assert (await _verdict(terminal, *asked, "--joint-venture", "DE"))["verdict"] == "general_license"
    for venture in ("CN", "no"):
        refused = await _verdict(terminal, *asked, "--joint-venture", venture)
        assert (refused["verdict"], refused["readings"]) == ("not_authorised", [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (ask("--party", "x", item="5A991"), "give CLASSIFICATION:QUANTITY:UNIT:VALUE"),
        (ask("--party", "x", item="5A991:0:pieces:1"), "items 1, quantity"),
        (ask("--party", "x", item="5A991:1:kg:1"), "items 1, unit: is no unit of measure of AES: write KG"),
        (ask("--party", "x", item="5A991:1:KG:1ABC"), "items 1, value, currency: is no currency code"),
        (ask("--party", "x@UK"), "parties 1, country: is no country code of ISO 3166-1: write GB"),
        (ask("--party", "x", exporter="Acme!"), "exporter"),
        (ask("--party", "x", "--end-use", "no"), "--end-use no"),
        (ask("--party", "x", "--owner", "Somebody"), "give NAME=PERCENT"),
        (ask("--party", "x", "--party", "y", "--joint-venture", "DE"), "--joint-venture: give one party"),
        (ask("--party", "x", "--date", "soon"), "soon"),
    ],
)
async def test_what_cannot_be_asked(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    said = await terminal.starter(*words)
    assert said.code == 2, said.out
    assert told in said.err


async def test_it_goes_by_what_officers_said_of_possible_matches(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    maybe = "HiSilikon"
    asked = ask("--party", f"ultimate_consignee={maybe}@MT", "--end-use", "none")
    before = await _verdict(terminal, *asked)
    assert (before["verdict"], "may be hisilicon" in str(before["reason"])) == ("not_authorised", True)
    application = EXAMPLE | {
        "reference": "maybe",
        "parties": [{"role": "ultimate_consignee", "name": maybe, "country": "MT"}],
    }
    file = tmp_path / "application.json"
    file.write_text(json.dumps(application), encoding="utf-8")
    said = await done(terminal, "submit", str(file), "--as", "acme", "--json")
    assert isinstance(said.json, dict)
    acn = str(said.json["stream"]).removeprefix("application-")
    because = ("--as", "olga", "--reason", "A bakery")
    await done(
        terminal,
        *("resolve-match", acn, "0", "hisilicon-technologies", "false_match"),
        *("--all-others", "false_match", *because),
    )
    # One officer's word counts in that case alone.
    alone = await _verdict(terminal, *asked)
    assert (alone["verdict"], "may be hisilicon" in str(alone["reason"])) == ("not_authorised", True)
    await done(terminal, "confirm-match", acn, "0", "--as", "oscar")
    assert (await _verdict(terminal, *asked))["verdict"] == "not_required"
    # Nobody had said so then.
    then = await _verdict(terminal, *asked, "--known-at", "2019-05-16")
    assert then["verdict"] == "not_authorised"
    await done(terminal, "resolve-match", acn, "0", "hisilicon-technologies", "true_match", *because)
    after = await _verdict(terminal, *asked)
    assert (after["verdict"], "may be" in str(after["reason"])) == ("not_authorised", False)
    assert "hisilicon-technologies" in str(after["determination"])
