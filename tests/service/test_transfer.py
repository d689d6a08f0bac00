"""An operator carries a log from one database to another by two commands."""

import json
import os
from pathlib import Path

from greenlight.eventlog.migrate import migrate
from tests.service.processes import run
from tests.service.site import Site, addressed


async def test_a_log_is_carried_by_two_commands(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    here = site.environment()
    exported = await run(here, "starter.py", "log", "export", str(file), "--json")
    assert exported.code == 0, exported.err
    assert file.stat().st_mode & 0o077 == 0, "it is confidential"
    target = await site.new_database("carried")
    there = site.environment(**addressed(target))
    early = await run(there, "starter.py", "log", "import", str(file))
    assert (early.code, early.out) == (1, "")
    assert "lacks 0001_record.sql: run `python -m greenlight.eventlog.migrate`" in early.err
    await migrate(target.owner_url)
    imported = await run(there, "starter.py", "log", "import", str(file), "--json")
    assert (imported.code, imported.document) == (0, exported.document)
    verified = [await run(each, "starter.py", "verify", "--json") for each in (here, there)]
    # What other tests did to the log, a clock a day ahead among it, is carried as well.
    assert verified[0].document == verified[1].document
    again = await run(there, "starter.py", "log", "import", str(file))
    assert (again.code, again.out) == (1, "")
    assert "the database holds the log greenlight/production/" in again.err
    assert os.listdir(tmp_path) == [file.name], "no draft is left"


async def test_a_log_goes_to_a_pipe_and_over_no_file(site: Site, tmp_path: Path) -> None:
    piped = await run(site.environment(), "starter.py", "log", "export", "-")
    assert piped.code == 0
    assert json.loads(piped.out.splitlines()[0])["greenlight_log"] == 1
    assert json.loads(piped.out.splitlines()[-1])["sha256"] in piped.err
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"something else")
    taken = await run(site.environment(), "starter.py", "log", "export", str(file))
    assert (taken.code, taken.err) == (2, f"{file} is there already\n")
    lost = await run(site.environment(), "starter.py", "log", "export", str(tmp_path / "no" / "folder"))
    assert lost.code == 2
    assert "cannot be written" in lost.err
    missing = await run(site.environment(), "starter.py", "log", "import", str(tmp_path / "missing"))
    words = f"{tmp_path / 'missing'} cannot be read: No such file or directory\n"
    assert (missing.code, missing.err) == (2, words)
