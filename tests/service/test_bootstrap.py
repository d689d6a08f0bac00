"""From an empty database of one's own to the first decision, as docs/deployment.md tells it."""

import asyncio
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from greenlight.eventlog.read import Reader
from greenlight.eventlog.verify import verify
from tests.service.processes import ROOT, Said, run
from tests.service.site import Site, addressed

EXAMPLE = str(ROOT / "examples" / "application.json")


async def _starter(settings: Mapping[str, str], *words: str) -> Said:
    return await run(settings, "starter.py", *words)


async def _card(settings: Mapping[str, str], officer: str, role: str, folder: Path) -> str:
    """The file of the card that an officer hands in, whose key is made before."""
    person = ("--person", f"p-{officer}", "--organisation", f"org-{officer}")
    made, again = [await _starter(settings, "officer", "key", officer, *person, "--json") for _ in range(2)]
    assert (made.document["made"], again.document["made"]) == (True, False), made.err
    assert made.document["kid"] == again.document["kid"]
    assert stat.S_IMODE(os.stat(str(made.document["file"])).st_mode) == 0o600
    said = await _starter(settings, "officer", "prove", officer, *person, "--role", role)
    assert said.code == 0, said.err
    file = folder / f"{officer}-card.json"
    file.write_text(said.out)
    return str(file)


async def _registered(settings: Mapping[str, str], officer: str, role: str, folder: Path) -> None:
    """Proposed by one registrar and confirmed by the other."""
    card = await _card(settings, officer, role, folder)
    proposed = await _starter(settings, "officer", "add", card, "--as", "rita", "--json")
    assert proposed.code == 0, proposed.err
    change = str(proposed.document["change"])
    confirmed = await _starter(settings, "officer", "confirm", officer, change, "--as", "eve")
    assert confirmed.code == 0, confirmed.err


async def test_from_an_empty_database_to_a_decision(site: Site, tmp_path: Path) -> None:
    namespace = await site.new_namespace("first")
    database = await site.new_database("first")
    settings = site.environment(
        **addressed(database), TEMPORAL_NAMESPACE=namespace.namespace, GREENLIGHT_DATA=str(tmp_path)
    )
    migrated = await run(settings, "-m", "greenlight.eventlog.migrate")
    assert (migrated.code, migrated.err) == (0, "")
    assert migrated.out.startswith("applied: 0001_record.sql, ")

    founders = [await _card(settings, officer, "registrar", tmp_path) for officer in ("rita", "eve")]
    reading = await _starter({**settings, "GREENLIGHT_WRITER_URL": ""}, "officer", "found", *founders)
    assert (reading.code, reading.out) == (3, "")
    assert "needs a writer's address (GREENLIGHT_WRITER_URL)" in reading.err
    alone = await _starter(settings, "officer", "found", founders[0])
    assert (alone.code, "two registrars" in alone.err) == (1, True)
    first = await _starter(settings, "officer", "found", *founders)
    second = await _starter(settings, "officer", "found", *founders)
    assert (first.code, second.code) == (0, 1), first.err
    assert second.err.startswith("refused: officer_exists: ")
    officers = [("olga", "licensing_officer"), ("acme", "applicant")]
    await asyncio.gather(*(_registered(settings, *officer, tmp_path) for officer in officers))

    async with site.worker(tmp_path, **settings) as worker:
        submitted = await _starter(settings, "submit", EXAMPLE, "--as", "acme", "--json")
        assert submitted.code == 0, submitted.err
        acn = str(submitted.document["stream"]).removeprefix("application-")
        returned = ("return-without-action", acn, "license_not_required", "--reasons", "EAR99")
        unseen = await _starter(settings, *returned, "--as", "olga")
        assert (unseen.code, "nobody signs unseen" in unseen.err) == (2, True)
        shown = await _starter(settings, "show", acn, "--json")
        read = ("--dossier", str(shown.document["dossier"]))
        decided = await _starter(settings, *returned, "--as", "olga", *read)
        assert decided.code == 0, decided.err
        assert await worker.stop() == 0

    async with Reader(database.database_url) as reader:
        (case,) = await reader.docket(limit=2)
    assert (case.acn, case.outcome) == (acn, "returned")
    assert (await verify(database.database_url)).fault is None
