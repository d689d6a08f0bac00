"""A rule about the review of applications at the command line: opened, confirmed, told, withdrawn."""

import json
from pathlib import Path

from pydantic import JsonValue

from greenlight.kernel.model import JsonObject
from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done

KEY, ENTRY = "marine-review", "8A001"
"""An entry of no other test's goods: what is attested here stays on the service of all tests."""

GOVERNS: JsonObject = {
    "kind": "review_policy",
    "entries": [ENTRY],
    "countries": ["CN"],
    "policy": {"text": "Presumption of denial", "posture": "presumption_of_denial"},
    "certify": "That it stays afloat",
}
ACT: JsonObject = {
    "kind": "adopted",
    "citation": "91 FR 77777",
    "effective": "2026-02-01T05:00:00Z",
    "certainty": "primary",
    "text": "Applications are reviewed under a presumption of denial.",
}
POLICY = "Presumption of denial (91 FR 77777)"
GOODS = ("--to", "CN", "--party", "Some Company", "--end-use", "none", "--date", "2026-03-01")


def written(folder: Path, name: str, content: JsonValue) -> str:
    file = folder / name
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


async def policies(terminal: Terminal) -> list[JsonValue]:
    said = await terminal.starter("determine", "--item", ENTRY, *GOODS, "--json")
    assert isinstance(said.json, dict), said.err
    review = said.json["review"]
    assert isinstance(review, list)
    return review


async def test_it_is_opened_confirmed_told_by_answers_and_withdrawn(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    acts = written(tmp_path, "acts.json", [ACT])
    opening = ("rule", "open", KEY, "Vessels to China", "--acts", acts, "--as", "olga", "--yes")
    nothing = written(tmp_path, "nothing.json", {**GOVERNS, "entries": ["8A1"]})
    refused = await terminal.starter(*opening, "--governs", nothing)
    assert (refused.code, "is no classification" in refused.err) == (2, True), refused.err
    await done(terminal, *opening, "--governs", written(tmp_path, "governs.json", GOVERNS))
    assert await policies(terminal) == [], "no second officer confirmed it"

    told = await done(terminal, "rule", "confirm", KEY, "1", "--as", "oscar", "--yes")
    seen = " ".join(told.err.split())
    for part in ("governs entries 8A001", "posture presumption_of_denial", "That it stays afloat"):
        assert part in seen, "who confirms it sees what it is about"
    (policy,) = await policies(terminal)
    assert isinstance(policy, dict)
    assert (policy["rule"], policy["certainty"], policy["certify"]) == (KEY, "primary", GOVERNS["certify"])

    shipped = ("authorised", "--exporter", "acme-networks", "--item", f"{ENTRY}:1:pieces:1USD", *GOODS)
    said = await terminal.starter(*shipped)
    assert said.code == 1
    for part in ("Reviewed under:", POLICY, "to be certified: That it stays afloat"):
        assert part in said.out
    before = await terminal.starter(*shipped, "--known-at", "2026-02-15")
    assert POLICY not in before.out, "it was confirmed later"

    ended = ("--kind", "not_enforced", "--citation", "a press release", "--effective", "2026-02-20")
    attested = ("--certainty", "second_hand", "--text", "It is not enforced.", "--as", "olga", "--yes")
    await done(terminal, "rule", "attest", KEY, *ended, *attested)
    await done(terminal, "rule", "confirm", KEY, "2", "--as", "oscar", "--yes")
    either = await terminal.starter("determine", "--item", ENTRY, *GOODS)
    for part in (
        "open: either it is reviewed so, by a text that stands",
        "or it is not reviewed so",
        "settled by",
    ):
        assert part in either.out
    await done(terminal, "rule", "attest", KEY, "--kind", "withdrawn", *ended[2:], *attested)
    await done(terminal, "rule", "confirm", KEY, "3", "--as", "oscar", "--yes")
    assert await policies(terminal) == []
    letters = await done(terminal, "letters", f"rule-{KEY}")
    assert "notice_of_attestation" in letters.out.replace(" ", "_")
