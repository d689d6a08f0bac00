"""Attachments on the command line: described for the filing, brought once it is on record, and read."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import cast

from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done
from tests.law.application.cases import new_submission

EXAMPLE = json.loads(Path("examples/application.json").read_text(encoding="utf-8"))
PLAN = b"%PDF-1.7 The network plan"


async def test_documents_are_described_brought_listed_and_read(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    plan, other = tmp_path / "plan.pdf", tmp_path / "other.pdf"
    plan.write_bytes(PLAN)
    other.write_bytes(PLAN + b"!")
    named = json.loads((await done(terminal, "attachments", "describe", str(plan))).out)
    order = tmp_path / "order.json"
    reference = f"{new_submission().reference}, with a plan"
    order.write_text(json.dumps({**EXAMPLE, "reference": reference, "attachments": named}), encoding="utf-8")
    said = await done(terminal, "submit", str(order), "--as", "acme", "--json")
    assert isinstance(said.json, dict)
    acn = str(said.json["stream"]).removeprefix("application-")
    assert "1. plan.pdf, application/pdf" in (await done(terminal, "show", acn, "--items")).out

    early = await terminal.starter(
        "attachments", "get", acn, "1", "--as", "olga", "--out", str(tmp_path / "1")
    )
    assert (early.code, "no_such_attachment" in early.err) == (1, True)
    wrong = await terminal.starter("attachments", "bring", acn, str(other), "--as", "acme")
    assert (wrong.code, "other_bytes" in wrong.err) == (1, True)
    for told in ("Brought: attachment 1", "There already: attachment 1"):
        assert told in (await done(terminal, "attachments", "bring", acn, str(plan), "--as", "acme")).out
    listed = (await done(terminal, "attachments", "list", acn, "--as", "olga", "--json")).json
    assert isinstance(listed, dict)
    assert listed["attachments"] == [{**named[0], "number": 1, "there": True}]
    as_csv = (await done(terminal, "attachments", "list", acn, "--as", "olga", "--csv")).out
    row = {
        "number": "1",
        "title": "plan.pdf",
        "type": "application/pdf",
        "bytes": str(len(PLAN)),
        "brought": "yes",
    }
    assert list(csv.DictReader(StringIO(as_csv))) == [row]
    out = tmp_path / "read.pdf"
    await done(terminal, "attachments", "get", acn, "1", "--as", "olga", "--out", str(out))
    assert out.read_bytes() == PLAN
    again = await terminal.starter("attachments", "get", acn, "1", "--as", "olga", "--out", str(out))
    assert again.code == 2
    nowhere = tmp_path / "missing" / "read.pdf"
    lost = await terminal.starter("attachments", "get", acn, "1", "--as", "olga", "--out", str(nowhere))
    assert (lost.code, f"{nowhere} cannot be written: No such file or directory" in lost.err) == (2, True)
    # At rest they are encrypted, as payloads are.
    (kept,) = (terminal.data / "attachments").glob(f"application-{acn}/*")
    assert b"network plan" not in kept.read_bytes()
    assert "0 documents" in (await done(terminal, "attachments", "clean")).out

    # Others file here, too: of what is checked only this case is looked at.
    listed = tmp_path / "attachments.list"
    listed.write_text(f"./\n./log\n./{kept.parent.name}/\n./{kept.parent.name}/{kept.name}\n")
    assert f"{acn}: attachment" not in (await terminal.starter("attachments", "check")).err
    kept.write_bytes(kept.read_bytes()[:-1])
    damaged = await terminal.starter("attachments", "check", "--json")
    assert damaged.code == 1
    faults = cast("dict[str, list[object]]", damaged.json)["faults"]
    assert {"stream": f"application-{acn}", "number": 1, "state": "damaged"} in faults
    assert f"{acn}: attachment 1 is damaged" in damaged.err
    kept.unlink()
    assert f"{acn}: attachment" not in (await terminal.starter("attachments", "check")).err
    gone = await terminal.starter("attachments", "check", "--had", str(listed))
    assert (gone.code, f"{acn}: attachment 1 is missing" in gone.err) == (1, True)

    page = await terminal.starter("attachments", "describe", str(tmp_path / "page.html"))
    assert (page.code, "of no type that is taken" in page.err) == (2, True)
