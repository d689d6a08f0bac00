"""A case that comes before others, as worklists and Temporal have it."""

from greenlight.eventlog.rows import TaskFilter
from greenlight.kernel.messages import Resume
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.service.priorities import EXPEDITED, Priorities
from tests.law.application.cases import LET, URGENT, WAIT
from tests.workflows.office import Office, refusal

OFFICERS = TaskFilter((Role.LICENSING_OFFICER,))


async def priority(office: Office, stream: str) -> int:
    """The workflow's, as Temporal has it; 0: it was never given one."""
    return (await office.described(stream)).raw_description.workflow_execution_info.priority.priority_key


async def test_what_is_expedited_comes_first(office: Office) -> None:
    # Due on one day, they come in the order of their numbers.
    first, second = sorted([await office.submitted(), await office.submitted()])
    ours = [stream_key(first), stream_key(second)]

    async def listed() -> list[tuple[str, str | None]]:
        rows = await office.reader.tasks(OFFICERS)
        return [(row.case, row.deadline) for row in rows if row.case in ours]

    await office.send("acme", second, URGENT)
    assert (ours[1], "expedite") in await listed()
    await office.send("olga", second, WAIT)
    assert [case for case, _ in await listed()] == ours
    assert await priority(office, second) == 0
    await office.send("acme", second, URGENT)
    await office.send("olga", second, LET)
    assert [case for case, _ in await listed()] == ours[::-1]
    assert await priority(office, second) == EXPEDITED
    assert await priority(office, first) == 0
    refused = await refusal(office["olga"].decide(second, WAIT))
    assert refused.code == ApplicationRefusal.NO_EXPEDITE_REQUESTED
    row = await office.docket(second)
    assert row is not None
    assert row.expedited


async def test_a_workflow_that_is_started_anew_comes_before_others_again(office: Office) -> None:
    stream = await office.submitted()
    await office.send("acme", stream, URGENT)
    await office.send("olga", stream, LET)
    await office.handle(stream).terminate("lost")
    await office.start("LicenseApplication", stream, Resume())
    await office.caught_up(stream)
    assert await priority(office, stream) == EXPEDITED


async def test_a_case_goes_on_where_temporal_has_no_place_for_it(office: Office) -> None:
    stream = await office.submitted()
    await office.send("acme", stream, URGENT)
    await office.send("olga", stream, LET)
    records = [event.record for event in await office.events(stream)]
    await Priorities(office.temporal).show("application-W999999", records)
    assert await priority(office, stream) == EXPEDITED
