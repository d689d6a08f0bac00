"""The report to Congress, on the command line."""

import asyncio
import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from pydantic import JsonValue

from greenlight.kernel.time.calendar import agency_date
from greenlight.tlog.proof import Proof
from tests.cli.conftest import Said, Terminal
from tests.cli.test_procedure import done, filed
from tests.letters.text import solid, texts_of

YEAR = ("report", "congress", "--year", str(agency_date(datetime.now(UTC)).year))


def row_of(said: Said, acn: str) -> dict[str, JsonValue] | None:
    """The case's own row: others file cases beside it."""
    assert isinstance(said.json, dict)
    rows = said.json["rows"]
    assert isinstance(rows, list)
    return next((row for row in rows if isinstance(row, dict) and row["acn"] == acn), None)


async def published(terminal: Terminal, *words: str) -> Said:
    """The report, as soon as all of it is published: every two seconds."""
    async with asyncio.timeout(60):
        while True:
            said = await terminal.starter(*words)
            if said.code == 0:
                return said
            assert "is not published yet" in said.err, said.err
            await asyncio.sleep(1)


async def test_rows_are_for_whom_every_case_is_open_to_and_each_reading_is_noted(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    before = datetime.now(UTC).isoformat()
    acn = await filed(terminal)
    said = await published(terminal, *YEAR, "--as", "olga", "--json")
    row = row_of(said, acn)
    assert row is not None
    assert (row["applicant"], row["decision"]) == ("Acme Networks LLC", None)
    assert isinstance(row["evidence"], list)
    for each in row["evidence"]:
        assert isinstance(each, dict)
        assert isinstance(each["position"], int)
        assert Proof.parse(str(each["proof"]).encode()).index == each["position"] - 1
    noted = await done(terminal, "readings", acn, "--json")
    assert isinstance(noted.json, list)
    assert [(n["officer"], n["what"]) for n in noted.json if isinstance(n, dict)] == [("olga", "report")]

    # By what was recorded before, the case is not in it, and nothing of it is read.
    early = await published(terminal, *YEAR, "--known-at", before, "--as", "olga", "--json")
    assert row_of(early, acn) is None

    refused = await terminal.starter(*YEAR, "--as", "acme")
    assert refused.code == 1
    assert "refused: wrong_role: " in refused.err
    assert "Huawei" not in refused.out + refused.err


async def test_what_is_public_has_no_rows_in_any_form(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    acn = await filed(terminal)
    file = tmp_path / "public.pdf"
    said = await done(terminal, *YEAR, "--json", "--pdf", str(file))
    assert isinstance(said.json, dict)
    assert (said.json["rows"], said.json["unsettled"]) == (None, None)
    shown = await done(terminal, *YEAR)
    table = await done(terminal, *YEAR, "--csv")
    assert "Applications" in shown.out
    for text in (said.out, shown.out, table.out, " ".join(texts_of(file.read_bytes()))):
        assert "Huawei" not in text
        assert acn not in text


async def test_the_rows_as_csv_and_pdf(served: str, terminal: Terminal, tmp_path: Path) -> None:
    acn = await filed(terminal)
    file = tmp_path / "report.pdf"
    said = await published(terminal, *YEAR, "--as", "vera", "--csv", "--pdf", str(file))
    (row,) = [each for each in csv.DictReader(StringIO(said.out)) if each["application"] == acn]
    assert row["listed party"] == "Huawei Technologies Co., Ltd. (CN)"
    assert row["value"] == "USD 183,200.00"
    assert row["items"] == "5A991.b Replacement line cards; EAR99 Mounting brackets"
    assert row["reasons"].endswith("; none")
    assert len(row["positions"].split()) == len(row["hashes"].split()) >= 2
    paper = solid(" ".join(texts_of(file.read_bytes())))
    assert acn in paper
    assert row["hashes"].split()[0] in paper
    assert file.stat().st_mode & 0o77 == 0
    assert acn in (await published(terminal, *YEAR, "--as", "vera")).out
