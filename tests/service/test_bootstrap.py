"""From an empty database of one's own to the first decision, as docs/deployment.md tells it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from greenlight.eventlog.read import Reader
from greenlight.eventlog.verify import verify
from tests.service.processes import ROOT, Said, run
from tests.service.site import Site, addressed

EXAMPLE = str(ROOT / "examples" / "application.json")


async def _starter(settings: Mapping[str, str], *words: str) -> Said:
    return await run(settings, "starter.py", *words)


async def _add(settings: Mapping[str, str], officer: str, role: str, *signed: str) -> Said:
    person = ("--person", f"p-{officer}", "--organisation", f"org-{officer}")
    return await _starter(settings, "officer", "add", officer, *person, "--role", role, *signed)


async def test_from_an_empty_database_to_a_decision(site: Site, tmp_path: Path) -> None:
    namespace = await site.new_namespace("first")
    database = await site.new_database("first")
    settings = site.environment(
        **addressed(database), TEMPORAL_NAMESPACE=namespace.namespace, GREENLIGHT_DATA=str(tmp_path)
    )
    migrated = await run(settings, "-m", "greenlight.eventlog.migrate")
    assert (migrated.code, migrated.err) == (0, "")
    assert migrated.out.startswith("applied: 0001_record.sql, ")

    reading = await _add({**settings, "GREENLIGHT_WRITER_URL": ""}, "rita", "registrar")
    assert (reading.code, reading.out) == (3, "")
    assert "needs a writer's address (GREENLIGHT_WRITER_URL)" in reading.err

    first = await _add(settings, "rita", "registrar")
    second = await _add(settings, "eve", "registrar")
    assert (first.code, second.code) == (0, 1), first.err
    assert second.err.startswith("refused: unsigned: ")
    officers = [("olga", "licensing_officer"), ("acme", "applicant")]
    added = await asyncio.gather(*(_add(settings, *officer, "--as", "rita") for officer in officers))
    assert [said.code for said in added] == [0, 0], added

    async with site.worker(tmp_path, **settings) as worker:
        submitted = await _starter(settings, "submit", EXAMPLE, "--as", "acme", "--json")
        assert submitted.code == 0, submitted.err
        acn = str(submitted.document["stream"]).removeprefix("application-")
        returned = ("return-without-action", acn, "license_not_required", "--reasons", "EAR99")
        decided = await _starter(settings, *returned, "--as", "olga")
        assert decided.code == 0, decided.err
        assert await worker.stop() == 0

    async with Reader(database.database_url) as reader:
        (case,) = await reader.docket(limit=2)
    assert (case.acn, case.outcome) == (acn, "returned")
    assert (await verify(database.database_url)).fault is None
