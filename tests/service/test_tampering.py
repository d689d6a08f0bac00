"""Whoever owns the database can change it, triggers or not; ``starter.py`` finds where."""

import asyncio
import itertools
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.published import REWRITTEN
from greenlight.eventlog.rebuild import rebuild
from greenlight.kernel.streams import stream_key
from greenlight.tlog.note import Note
from tests.addresses import as_administrator
from tests.audit.forging import LACKING, Forger, unreadable
from tests.service.cases import STORIES, Lived, live
from tests.service.processes import Said, run
from tests.service.site import Site, addressed

RETURNED, RECOMMENDED = STORIES[2], STORIES[5]

EDIT = (
    "UPDATE greenlight.event SET record = replace(record, 'Civil end use', 'Military') WHERE position = {at}"
)

_copies = itertools.count(1)


@pytest_asyncio.fixture(scope="module")
async def cases(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lived, Lived]:
    """At the end of the log: one case up to its recommendation, then another from submission to return."""
    async with site.worker(tmp_path_factory.mktemp("worker")) as worker:
        lived = await live(site, RECOMMENDED), await live(site, RETURNED)
        assert await worker.stop() == 0
    return lived


def _position(lived: Lived) -> int:
    """Of the last event that its last command led to."""
    position = lived.receipts[-1].position
    assert position is not None
    return position


async def _copy(site: Site, *statements: str) -> dict[str, str]:
    """A copy of the database in which its owner has had their way; what leads a program there."""
    copy = await site.new_database(f"copy_{next(_copies)}", template="greenlight")
    async with connection(copy.owner_url, application="owner") as owner:
        for table in ("event", "command", "log"):
            await owner.execute(f"ALTER TABLE greenlight.{table} DISABLE TRIGGER append_only")
        for statement in statements:
            await owner.execute(statement)
    return site.environment(**addressed(copy))


async def _verified(site: Site, at: int, *statements: str) -> Said:
    return await run(await _copy(site, *(text.format(at=at) for text in statements)), "starter.py", "verify")


async def test_what_nobody_touched_is_sound(site: Site, cases: tuple[Lived, Lived]) -> None:
    commands = (("verify",), ("rebuild", "--dry-run"))
    verified, compared = await asyncio.gather(
        *(run(site.environment(), "starter.py", *words) for words in commands)
    )
    assert (verified.code, verified.err) == (0, "")
    last = _position(cases[1])
    assert (
        f"{last} events: signatures, law and order hold, and its first {last} are those published in "
        in verified.out
    )
    assert (compared.code, compared.err) == (0, "")


def _leave_out_cosignatures(of: Path, into: Path) -> None:
    note = Note.parse(of.read_bytes())
    into.write_bytes(bytes(Note(note.text, note.signatures[:1])))


@pytest_asyncio.fixture(scope="module")
async def checkpoint(site: Site, cases: tuple[Lived, Lived]) -> Path:
    """The newest checkpoint, which the auditor has cosigned."""
    audited = await run(site.environment(), "-m", "greenlight.audit", "once")
    assert (audited.code, audited.err) == (0, ""), cases
    return site.folder / "tiles" / "checkpoint"


async def test_a_person_begins_at_a_checkpoint_that_the_auditor_cosigned(
    site: Site, cases: tuple[Lived, Lived], checkpoint: Path
) -> None:
    said = await run(site.environment(), "starter.py", "verify", "--after", str(checkpoint))
    last = _position(cases[1])
    assert f"{last} events: signatures (those after {last}), law and order hold" in said.out, said.err


async def test_what_was_cosigned_is_held_against_the_events(
    site: Site, cases: tuple[Lived, Lived], checkpoint: Path
) -> None:
    copy = await _copy(site, EDIT.format(at=_position(cases[0])))
    said = await run(copy, "starter.py", "verify", "--after", str(checkpoint))
    assert said.code == 1
    assert REWRITTEN in said.err


async def test_nobody_begins_at_a_checkpoint_that_was_not_cosigned(
    site: Site, checkpoint: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "checkpoint"
    await asyncio.to_thread(_leave_out_cosignatures, checkpoint, alone)
    said = await run(site.environment(), "starter.py", "verify", "--after", str(alone))
    assert (said.code, said.out) == (2, "")
    assert "not signed by" in said.err


async def test_without_the_key_the_folders_own_is_taken_and_that_is_said(
    site: Site, cases: tuple[Lived, Lived], tmp_path: Path
) -> None:
    settings = site.environment(
        GREENLIGHT_DATA=str(tmp_path), GREENLIGHT_TILE_FOLDER=str(site.settings.tile_path)
    )
    verified = await run(settings, "starter.py", "verify")
    assert verified.code == 0, verified.err
    assert f"are those published in {site.settings.tile_path}" in verified.out
    assert verified.err.endswith("keys.txt is taken, worth no more than that folder\n")


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        ((EDIT,), REWRITTEN),
        (("DELETE FROM greenlight.event WHERE position = {at}",), "missing"),
        (
            (
                "UPDATE greenlight.event SET position = 0 WHERE position = {at}",
                "UPDATE greenlight.event SET position = {at} WHERE position = {at} + 1",
                "UPDATE greenlight.event SET position = {at} + 1 WHERE position = 0",
            ),
            "its command was recorded at another time",
        ),
        (
            ("UPDATE greenlight.command SET body = 'sha256:' || repeat('0', 64) WHERE position = {at}",),
            "the command on file is not the one that was signed",
        ),
    ],
    ids=["changed", "deleted", "reordered", "command edited"],
)
async def test_the_bad_position_is_named(
    site: Site, cases: tuple[Lived, Lived], statements: tuple[str, ...], says: str
) -> None:
    at = _position(cases[0])
    said = await _verified(site, at, *statements)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"position {at}: {says}")


async def test_a_log_whose_end_was_cut_off_contradicts_what_was_published(
    site: Site, cases: tuple[Lived, Lived]
) -> None:
    last = _position(cases[1])
    said = await _verified(
        site,
        last,
        "DELETE FROM greenlight.event WHERE position = {at}",
        "DELETE FROM greenlight.command WHERE position = {at}",
        "UPDATE greenlight.log SET position = {at} - 1",
    )
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"position {last}: the log ends at position {last - 1}; {last} events were")
    assert "its end was cut off" in said.err


async def test_read_models_that_were_edited_are_reported_and_mended(
    site: Site, cases: tuple[Lived, Lived]
) -> None:
    acn = stream_key(cases[0].stream)
    settings = await _copy(
        site,
        f"UPDATE greenlight.docket SET assigned_to = 'mallory' WHERE acn = '{acn}'",
        "INSERT INTO greenlight.officer_role VALUES ('acme', 'executive', '2020-01-01')",
    )
    compared = await run(settings, "starter.py", "rebuild", "--dry-run")
    mended = await run(settings, "starter.py", "rebuild")
    assert (compared.code, mended.code) == (1, 0)
    for said in (compared, mended):
        assert f"docket {acn}: " in said.out
        assert "mallory" in said.out
        assert "officer_role acme executive" in said.out
    assert "run starter.py rebuild" in compared.err
    assert not (await rebuild(settings["GREENLIGHT_OWNER_URL"], swap=False)).differences


async def test_a_stream_that_cannot_be_read_is_named_and_holds_nothing_up(
    site: Site, cases: tuple[Lived, Lived], tmp_path: Path
) -> None:
    settings = await _copy(site)
    administrator = as_administrator(settings["GREENLIGHT_OWNER_URL"])
    async with connection(administrator, application="test") as database:
        at = await Forger(database).commit(None, unreadable("application-Z000999", 0))
    named = f"application-Z000999, position {at}: {LACKING}\n"
    rebuilt = await run(settings, "starter.py", "rebuild")
    assert rebuilt.code == 1
    assert rebuilt.err.startswith(f"left as it is shown: {named}1 stream cannot be read")
    file = str(tmp_path / "log.jsonl")
    assert (await run(settings, "starter.py", "log", "export", file)).code == 0
    new = await site.new_database("carried_unreadable")
    await migrate(new.owner_url)
    into = site.environment(**addressed(new))
    imported = await run(into, "starter.py", "log", "import", file)
    assert imported.code == 1
    assert f"carried, but not shown: {named}the log is imported whole" in imported.err
    assert ": 1000 were left out." in imported.out
    assert (await run(into, "starter.py", "rebuild", "--dry-run")).code == 1
