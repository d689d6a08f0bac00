"""Filings of a size that nobody foresees: a clear answer, and a case that goes on."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from pydantic import JsonValue

from greenlight.client import Refused
from greenlight.kernel.problems import MAX_PROBLEMS
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.commands import Assign
from greenlight.law.application.dossier import MAX_ITEMS, MAX_PARTIES, Parties, Party, PartyRole
from tests.activities.screeners import long_listings
from tests.law.application.cases import item, new_submission
from tests.service.processes import ROOT, Said, run
from tests.service.site import Site, insist

USAGE = 2
EXAMPLE: Mapping[str, JsonValue] = json.loads((ROOT / "examples/application.json").read_text())
ITEM = {"description": "Line cards", "classification": "EAR99", "quantity": 1, "unit": "pieces"}
PRICE = {"minor_units": 100, "currency": "USD"}


async def _submitted(site: Site, folder: Path, text: str, *words: str) -> Said:
    file = folder / "application.json"
    file.write_text(text)
    return await run(site.environment(), "starter.py", "submit", str(file), "--as", "acme", *words)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"end_use": "x" * 3_000_000}, "end_use: String should have at most 4000 characters"),
        (
            {"items": [{**ITEM, "line": line, "value": PRICE} for line in range(1, 10_001)]},
            f"items {MAX_ITEMS + 1}, line: Input should be less than or equal to {MAX_ITEMS}",
        ),
        ({f"member-{number}": "x" * 100 for number in range(25_000)}, "and 24980 more"),
        ({"items": [{"line": "one"}] * 10_000}, "and 59980 more"),
        ({"parties": [{"role": "end_user"}] * 51}, "and 82 more"),
    ],
    ids=["3 MB of text", "10,000 items", "3 MB of members", "10,000 faults", "51 parties"],
)
async def test_a_file_that_is_too_large_is_told_on_a_page(
    site: Site, tmp_path: Path, more: Mapping[str, JsonValue], told: str
) -> None:
    """Before anybody is asked: no server is reached."""
    said = await _submitted(site, tmp_path, json.dumps({**EXAMPLE, **more}))
    assert (said.code, said.out) == (USAGE, "")
    assert told in said.err
    assert len(said.err.splitlines()) <= MAX_PROBLEMS + 2
    assert len(said.err) < 4_000


async def test_a_filing_of_the_largest_size_is_registered_and_one_beyond_it_refused(
    site: Site, tmp_path: Path
) -> None:
    """As many items as there may be, by every way in; and then with so long words that it is too large."""
    acme = await site.officer("acme")
    async with site.worker(tmp_path / "worker"):
        items = [item(line) for line in range(1, MAX_ITEMS + 1)]
        case = await insist(partial(acme.submit, new_submission(*items), acn="B100000"))
        assert case.status.stage == "review"
        longer = [each.model_copy(update={"description": "é" * 300}) for each in items]
        with pytest.raises(Refused) as refused:
            await acme.submit(new_submission(*longer), acn="B100001")
        assert refused.value.code == RefusalCode.TOO_LARGE
        submission = new_submission(*longer).model_dump_json()
        said = await _submitted(site, tmp_path, submission, "--acn", "B100001")
        assert (said.code, "nothing was sent" in said.err) == (1, True), said.err
        submission = new_submission(*items).model_dump_json()
        said = await _submitted(site, tmp_path, submission, "--acn", "B100001")
        assert said.code == 0, said.err


async def test_fifty_equal_parties_that_each_meet_fifty_long_entries_are_decided_upon(
    site: Site, tmp_path: Path
) -> None:
    """All of it would be more than Temporal takes: it would end the workflow, and each that follows it."""
    file, name = long_listings(tmp_path)
    party = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="CN")
    parties: Parties = (party,) * MAX_PARTIES
    acme, olga = await site.officer("acme"), await site.officer("olga")
    async with site.worker(tmp_path / "worker", GREENLIGHT_LISTINGS=str(file)) as worker:
        case = await insist(partial(acme.submit, new_submission(parties=parties), acn="B100002"))
        assert (case.status.stage, case.status.listed) == ("review", True)
        assert (await insist(partial(olga.decide, case.stream, Assign(officer="olga")))).version == 3
        assert len((await olga.dossier(case.stream)).dossier) > 1
        await acme.temporal.get_workflow_handle(case.stream).terminate()
        resumed = await run(site.environment(), "starter.py", "resume", "B100002")
        assert resumed.code == 0, resumed.err
        assert (await insist(partial(olga.decide, case.stream, Assign(officer="olga")))).version == 4
        shown = await run(site.environment(), "starter.py", "show", "B100002", "--json")
        assert shown.code == 0, shown.err
        assert not [line for line in worker.lines if line["level"] == "error"]
