"""Notices on a reprieve and on a rule that live on the real server, and the publication of a term."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from greenlight.connection.target import Target
from greenlight.eventlog.rows import TaskFilter
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import rule_stream, stream_key
from greenlight.law.reprieve.commands import RecordPublication, ReplaceOutcome
from greenlight.law.rule.commands import ConfirmAttestation
from greenlight.service.letters import check
from tests.law.rule.aggregates import DAY, OF_NOBODY, adoption, opening_of, suspension, today
from tests.workflows.office import Office, eventually
from tests.workflows.reprieves import opening, term
from tests.workflows.written import written


async def referred(office: Office) -> str:
    """A reprieve of so few days that what follows is due at once, and is referred."""
    stream = await office.reprieved(opening(5))
    assert (await office.status(stream)).status.stage == "referred"
    return stream


async def test_every_step_has_its_notice(office: Office, target: Target, tmp_path: Path) -> None:
    stream = await referred(office)
    await office.send("vera", stream, ReplaceOutcome(term=term(90), reasons="Longer."))
    expected = ["notice_of_term", "memorandum", "notice_of_term"]
    assert await written(target, stream, tmp_path) == expected
    checked = await check(target.database_url, stream)
    assert (checked.letters, checked.different) == (3, ())


async def test_a_rule_has_its_notices_as_a_reprieve_has(
    office: Office, target: Target, tmp_path: Path
) -> None:
    stream = rule_stream(f"kept-{uuid4().hex[:8]}")
    opening = opening_of(adoption(), suspension(through=today() + 30 * DAY), governs=OF_NOBODY)
    await office["olga"].begin(stream, opening)
    await office["oscar"].decide(stream, ConfirmAttestation(number=2))
    await office.fast_forward(stream, 32 * DAY)

    async def over() -> bool:
        return "StandingChanged" in await office.types(stream)

    await eventually(over, "the end of the suspension")
    expected = ["notice_of_attestation", "notice_before_end", "notice_of_end", "memorandum"]
    assert await written(target, stream, tmp_path) == expected
    checked = await check(target.database_url, stream)
    assert (checked.letters, checked.different) == (4, ())


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
