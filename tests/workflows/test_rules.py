"""Rules on the real server, where time runs on: the suspension of 2025 in its own length, extended."""

from datetime import datetime
from uuid import uuid4

from greenlight.eventlog.read import Reader
from greenlight.eventlog.rows import TaskFilter
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import rule_stream, stream_key
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import AttestAct, ConfirmAttestation
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.refusals import RuleRefusal
from greenlight.law.rule.standing import Force
from tests.law.rule.aggregates import DAY, OF_NOBODY, adoption, opening_of, suspension, today
from tests.workflows.office import Office, eventually, refusal

YEAR = 364 * DAY
"""10 November 2025 through 9 November 2026: its last day is that many days after its first."""


async def on_record(office: Office, stream: str, event: str, times: int) -> None:
    async def found() -> bool:
        return (await office.types(stream)).count(event) >= times

    await eventually(found, f"{event}, {times} times")


async def owed(office: Office, stream: str) -> list[tuple[str | None, datetime | None]]:
    """What the worklist of licensing officers has of a rule, and until when."""
    tasks = await office.reader.tasks(TaskFilter((Role.LICENSING_OFFICER,)))
    return [(task.deadline, task.due) for task in tasks if task.case == stream_key(stream)]


async def test_a_suspension_runs_out_is_extended_with_effect_from_before_and_runs_out_again(
    office: Office,
) -> None:
    stream = rule_stream(f"kept-{uuid4().hex[:8]}")
    last = today() + YEAR
    suspended = suspension(through=last)
    await office["olga"].begin(stream, opening_of(adoption(), suspended, governs=OF_NOBODY))
    own = await refusal(office["olga"].decide(stream, ConfirmAttestation(number=2)))
    assert own.code == RuleRefusal.OWN_ATTESTATION
    assert (await office.status(stream)).status.waiting_for == "licensing_officer"
    await office["oscar"].decide(stream, ConfirmAttestation(number=2))
    status = (await office.status(stream)).status
    # Officers are told two weeks ahead of the last day.
    assert (status.stage, status.due) == ("settled", start_of_day(last - 14 * DAY))

    assert await owed(office, stream) == []
    await office.fast_forward(stream, YEAR - 13 * DAY)
    await on_record(office, stream, "EndNeared", 1)
    assert await owed(office, stream) == [("end", start_of_day(last + DAY))]

    await office.fast_forward(stream, 16 * DAY)
    await on_record(office, stream, "StandingChanged", 1)
    assert (await office.status(stream)).status.stage == "unsettled"

    extended = suspension(effective=last + DAY, through=last + YEAR, citation="91 FR 50000")
    await office["olga"].decide(stream, AttestAct(act=extended))
    await office["oscar"].decide(stream, ConfirmAttestation(number=3))
    assert (await office.status(stream)).status.stage == "settled"
    await office.fast_forward(stream, YEAR)
    await on_record(office, stream, "StandingChanged", 2)
    await office.caught_up(stream)

    events = [RULE.read(event.record) for event in await office.events(stream)]
    changes = [event.at for event in events if type(event).__name__ == "StandingChanged"]
    ends = [start_of_day(last + DAY), start_of_day(last + YEAR + DAY)]
    assert changes == ends
    for kind, expected in (
        ("EndNeared", [start_of_day(last - 14 * DAY), start_of_day(last + (YEAR - 14 * DAY))]),
        ("ActEnded", ends),
        ("EndDecided", ends),
    ):
        assert [event.at for event in events if type(event).__name__ == kind] == expected, kind
    rule = rule_of(events)
    assert rule is not None
    confirmed = [event.at for event in events if type(event).__name__ == "AttestationConfirmed"]
    then = start_of_day(last + 2 * DAY)
    assert rule.at(then, confirmed[0]).forces == {Force.IN_FORCE, Force.SUSPENDED}
    assert rule.at(then, confirmed[1]).forces == {Force.SUSPENDED}
    async with Reader(office.service.target.database_url) as reader:
        known = {each.key: each for each in await reader.rules()}
    assert known[stream_key(stream)].attestations == rule.attestations
