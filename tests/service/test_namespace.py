"""A namespace belongs to one log in one database: neither another log nor a restored copy acts in it."""

import asyncio
from pathlib import Path

from temporalio.client import Client

from greenlight.connection.target import connect
from greenlight.eventlog.migrate import migrate
from tests.service.processes import Said, run
from tests.service.site import Site, addressed


async def _starter(settings: dict[str, str], *words: str) -> Said:
    return await run(settings, "starter.py", *words)


async def _ids(temporal: Client) -> set[str]:
    return {each.id async for each in temporal.list_workflows()}


async def test_a_copy_of_the_log_acts_in_no_namespace_of_the_log_it_was_copied_from(
    site: Site, tmp_path: Path
) -> None:
    namespace = await site.new_namespace("held")
    held = namespace.namespace
    original = await site.new_database("original")
    await migrate(original.owner_url)
    copy, other = await site.new_database("copied", template="original"), await site.new_database("other_log")
    await migrate(other.owner_url)
    here, there, strange = (
        # With folders of its own: what is published is of one log.
        site.environment(
            **addressed(database), TEMPORAL_NAMESPACE=namespace.namespace, GREENLIGHT_DATA=str(tmp_path)
        )
        for database in (original, copy, other)
    )

    shown = await _starter(here, "namespace", "show")
    assert shown.out == f"namespace {held} is nobody's yet\n", shown.err
    async with site.worker(tmp_path / "first", **here):
        shown = await _starter(here, "namespace", "show", "--json")
        assert shown.document["ours"] is True
        log = str(shown.document["log"])
        assert log.startswith("production:")

        refused = await asyncio.gather(*(run(each, "worker.py") for each in (there, strange)))
        for said, what in zip(refused, ("a copy of that log", "another log"), strict=True):
            assert (said.code, said.out) == (3, "")
            assert said.err.startswith(f"greenlight: namespace {held} is that of {log} in database ")
            assert f"DATABASE_URL leads to {what}" in said.err
            assert said.err.endswith(f"run: starter.py namespace adopt {held}\n")
        for settings in (there, strange):
            resumed = await _starter(settings, "resume", "--all")
            assert (resumed.code, resumed.out) == (1, "")
            assert resumed.err.startswith(f"refused: namespace {held} is that of ")
        assert await _ids(await connect(namespace)) == set()

        adopted = await _starter(there, "namespace", "adopt", held)
        assert (adopted.code, adopted.out) == (1, "")
        assert f"workers run in namespace {held} (" in adopted.err
    wrong = await _starter(there, "namespace", "adopt", "helt")
    assert (wrong.code, wrong.err) == (2, f"TEMPORAL_NAMESPACE names {held}, not helt\n")

    adopted = await _starter(there, "namespace", "adopt", held, "--force")
    assert adopted.code == 0, adopted.err
    assert adopted.out.startswith(f"namespace {held} was that of {log} in database ")
    again = await _starter(there, "namespace", "adopt", held)
    assert (again.code, again.out.endswith(" already\n")) == (0, True)
    async with site.worker(tmp_path / "second", **there):
        said = await run(here, "worker.py")
        assert said.code == 3
        assert "DATABASE_URL leads to a copy of that log" in said.err
