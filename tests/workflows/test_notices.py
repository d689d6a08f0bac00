"""Notices on a reprieve that lives on the real server, and the publication that follows them."""

from datetime import UTC, datetime
from pathlib import Path

from greenlight.connection.target import Target
from greenlight.eventlog.letters import LetterBox
from greenlight.eventlog.rows import TaskFilter
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.reprieve.commands import RecordPublication, ReplaceOutcome
from greenlight.letters.courier import FolderCourier
from greenlight.service.letters import check, drain
from tests.workflows.office import Office, eventually
from tests.workflows.reprieves import opening, term


async def referred(office: Office) -> str:
    """A reprieve of so few days that what follows is due at once, and is referred."""
    stream = await office.reprieved(opening(5))
    assert (await office.status(stream)).status.stage == "referred"
    return stream


async def test_every_step_has_its_notice(office: Office, target: Target, tmp_path: Path) -> None:
    stream = await referred(office)
    await office.send("vera", stream, ReplaceOutcome(term=term(90), reasons="Longer."))
    async with LetterBox(target.writer_url) as box:

        async def sent() -> list[str] | None:
            # The worker sends letters, too, and other tests' letters may come first.
            await drain(target.writer_url, FolderCourier(tmp_path))
            letters = await box.of(stream)
            return [letter.kind for letter in letters] if all(letter.sent_at for letter in letters) else None

        assert await eventually(sent, "the letters") == ["notice_of_term", "memorandum", "notice_of_term"]
    checked = await check(target.database_url, stream)
    assert (checked.letters, checked.different) == (3, ())


async def test_a_term_is_on_the_worklist_until_its_publication_is_recorded(office: Office) -> None:
    stream = await referred(office)
    key = stream_key(stream)

    async def owed() -> list[str | None]:
        tasks = await office.reader.tasks(TaskFilter((Role.LICENSING_OFFICER,)))
        return [task.deadline for task in tasks if task.case == key]

    (row,) = await office.reader.reprieves(key)
    assert row.unpublished == 1
    assert row.unpublished_since is not None
    assert await owed() == ["publication"]
    await office.send(
        "olga", stream, RecordPublication(term=1, citation="91 FR 1", published=datetime.now(UTC))
    )
    assert await owed() == []
    (row,) = await office.reader.reprieves(key)
    assert (row.unpublished, row.unpublished_since) == (0, None)
