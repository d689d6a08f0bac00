"""Files that people hand in: what is told of them, and what of it takes an officer's word."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Terminal

EXAMPLE = ROOT / "examples" / "application.json"


def faulty() -> str:
    filed = json.loads(EXAMPLE.read_text())
    filed["parties"][1]["country"] = "UK"
    filed["items"][0]["unit"] = "boxes of tea"
    filed["items"][1]["value"]["currency"] = "usd"
    return json.dumps(filed, indent=2)


async def test_all_faults_are_told_at_once_with_what_to_write(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "application.json"
    file.write_text(faulty())
    said = await terminal.starter("submit", str(file), "--as", "acme")
    assert said.code == 2
    assert said.err.splitlines() == [
        f"{file}:",
        "  parties 2, country: is no country code of ISO 3166-1: write GB (United Kingdom)",
        "  items 1, unit: is no unit of measure of AES: write one, such as NO, PCS, KG, L, M or X",
        "  items 2, value, currency: is no currency code of ISO 4217: write USD",
    ]


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf"], ids=["without a mark", "with a byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
async def test_a_byte_order_mark_and_line_breaks_of_windows_are_forgiven(
    tmp_path: Path, lead: bytes, end: bytes
) -> None:
    """The file is read to its end: what stops the command is that no service runs."""
    terminal = Terminal(tmp_path / "data")
    file = tmp_path / "application.json"
    file.write_bytes(lead + EXAMPLE.read_bytes().replace(b"\n", end))
    said = await terminal.starter("submit", str(file), "--as", "acme")
    assert said.code == 3, said.err
    policy = tmp_path / "policy.json"
    shipped = ROOT / "greenlight" / "reference" / "policies" / "huawei-2019.json"
    policy.write_bytes(lead + shipped.read_bytes().replace(b"\n", end))
    assert (await terminal.starter("policy", "check", str(policy))).code == 0


def of_no_table() -> str:
    """An application of which one ECCN is on no entry of the tables."""
    filed = json.loads(EXAMPLE.read_text())
    filed["reference"] = "An ECCN of no table"
    filed["items"][0]["classification"] = "5A899"
    return json.dumps(filed)


async def test_an_eccn_that_is_in_no_table_takes_an_officers_word(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "application.json"
    file.write_text(of_no_table())
    refused = await terminal.starter("submit", "-", "--as", "acme", stdin=of_no_table())
    assert refused.code == 1
    assert "unknown_eccn: application.items.0.classification: is on no entry" in refused.err
    assert "write 5A" in refused.err
    assert "line 1 in confirmed_eccns" in refused.err
    # Whoever is at a terminal is asked.
    said = await terminal.starter("submit", str(file), "--as", "acme", "--json")
    assert "line 1: 5A899 is on no entry of the tables of 2026-07-23" in said.err
    assert "did you mean 5A991 or 5A992?" in said.err
    assert said.code == 0, said.err
    assert isinstance(said.json, dict)
    acn = str(said.json["stream"]).removeprefix("application-")
    shown = "the ECCN of line 1: on no entry of the tables of 2026-07-23"
    assert shown in (await terminal.starter("show", acn)).out
    recommend = ("recommend", acn, "grant", "--as", "olga", "--reasons", "Civil use")
    refused = await terminal.starter(*recommend)
    assert (refused.code, "refused: eccn_unconfirmed: line 1" in refused.err) == (1, True)
    accepted = await terminal.starter(*recommend, "--confirm-eccn", "1")
    assert accepted.code == 0, accepted.err
    assert shown not in (await terminal.starter("show", acn)).out


async def test_an_applicant_files_under_the_name_of_the_register(served: str, terminal: Terminal) -> None:
    filed = json.loads(EXAMPLE.read_text()) | {"reference": "A name of somebody else"}
    filed["items"][0]["classification"] = "5A899"
    for name in ("Acme Trading LLC", "Globex Inc."):
        other = json.dumps(filed | {"applicant": name})
        refused = await terminal.starter("submit", "-", "--as", "acme", stdin=other)
        assert refused.code == 1
        # Both faults at once, each with what would be right.
        assert (
            "other_name: application.applicant: acme-networks is registered as Acme Networks LLC"
            in refused.err
        )
        assert "application.items.0.classification: is on no entry of the control tables" in refused.err


async def test_what_is_no_json_is_told_where(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "application.json"
    file.write_text('{\n"applicant" "x"}')
    said = await terminal.starter("submit", str(file), "--as", "acme")
    assert said.code == 2
    assert "is not JSON" in said.err
    assert "line 2" in said.err
