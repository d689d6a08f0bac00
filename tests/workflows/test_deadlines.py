"""Deadlines come by themselves: the server's own time skipping lets cases live through months and years."""

from datetime import datetime, timedelta

from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.commands import Answer, Assign, RequestInformation, Withdraw
from greenlight.law.application.deadlines import INITIAL_ACTION, RESOLUTION
from greenlight.law.application.events import DeadlinePassed
from greenlight.law.application.validity import valid_through
from greenlight.law.license.commands import AcceptConditions
from tests.law.application.cases import GRANT, GRANT_IN_PART
from tests.workflows.histories import Timer, timers
from tests.workflows.office import Office

QUESTION = RequestInformation(request="Who operates the network?")
SOON = timedelta(seconds=5)


async def registered(office: Office, stream: str) -> datetime:
    return (await office.events(stream))[0].at


async def day_after_registration(office: Office, stream: str, days: int) -> datetime:
    """The first instant after that many calendar days in Washington."""
    return end_of_day(agency_date(await registered(office, stream)) + timedelta(days=days))


async def passed(office: Office, stream: str) -> list[tuple[str, datetime]]:
    """Deadlines on record as passed, each with its legal time."""
    events = [event for event in await office.events(stream) if event.type == "DeadlinePassed"]
    return [(DeadlinePassed.model_validate_json(event.record).deadline, event.at) for event in events]


async def until(office: Office, stream: str, instant: datetime) -> None:
    """Live on to an instant of the case's own time."""
    await office.fast_forward(stream, instant - await office.now(stream))


async def deadlines(office: Office, stream: str) -> dict[str, Deadline]:
    return {found.kind: found for found in (await office["acme"].deadlines(stream)).deadlines}


async def last_timer(office: Office, stream: str) -> Timer:
    *_, last = timers(await office.history(stream))
    return last


async def test_the_initial_action_comes_due_on_the_ninth_day(office: Office) -> None:
    stream = await office.submitted()
    ninth = await day_after_registration(office, stream, 9)
    await until(office, stream, ninth - timedelta(hours=1))
    assert await passed(office, stream) == []
    await office.fast_forward(stream, timedelta(hours=2))
    assert await passed(office, stream) == [("initial_action", ninth)]
    row = await office.docket(stream)
    assert row is not None
    assert (row.overdue, row.due) == ("initial_action", await day_after_registration(office, stream, 90))
    assert (await office.status(stream)).status.stage == "review"


async def test_both_deadlines_pass_where_nobody_acts(office: Office) -> None:
    stream = await office.submitted()
    await office.fast_forward(stream, timedelta(days=95))
    assert await passed(office, stream) == [
        ("initial_action", await day_after_registration(office, stream, 9)),
        ("resolution", await day_after_registration(office, stream, 90)),
    ]
    assert (await office.status(stream)).status.due is None
    assert "### Due\n- nothing" in await office.details(stream)
    # An overdue case still takes its decisions.
    await office.send("olga", stream, GRANT)


async def test_a_question_stops_the_clock_for_as_many_days_as_the_answer_takes(office: Office) -> None:
    stream = await office.submitted()
    await office.send("olga", stream, QUESTION)
    assert (await office.status(stream)).status.due is None
    stopped = (await deadlines(office, stream))["resolution"]
    assert stopped.due is None
    assert "clock stopped (applicant information)" in stopped.explanation

    await office.fast_forward(stream, timedelta(days=30))
    assert await passed(office, stream) == []
    await office.send("acme", stream, Answer(answer="The municipality."))
    asked, answered = [agency_date(event.at) for event in (await office.events(stream))[2:]]
    held = (answered - asked).days
    assert held in (29, 30, 31), "thirty days of 24 hours each, between which clocks may change"

    moved = await day_after_registration(office, stream, 90 + held)
    # Asking is the initial action, so that only the resolution is left.
    running = await deadlines(office, stream)
    assert {kind: found.due for kind, found in running.items()} == {"resolution": moved}
    assert f"90 days, {held} days held for applicant information" in running["resolution"].explanation
    await until(office, stream, moved - timedelta(hours=1))
    assert await passed(office, stream) == []
    await office.fast_forward(stream, timedelta(hours=2))
    assert await passed(office, stream) == [("resolution", moved)]


async def test_a_license_expires_after_four_years(office: Office) -> None:
    stream = await office.granted(GRANT_IN_PART)
    await office.send("acme", stream, AcceptConditions())
    issued = (await office.events(stream))[0].at
    last_day = valid_through(issued)
    assert (last_day.year, last_day.month) == (agency_date(issued).year + 4, agency_date(issued).month)

    await until(office, stream, end_of_day(last_day) - timedelta(hours=1))
    assert (await office.status(stream)).status.stage == "active"
    await office.fast_forward(stream, timedelta(hours=2))
    ended = await office.result(stream)
    assert (ended.status.stage, ended.status.outcome) == ("expired", "expired")
    events = await office.events(stream)
    assert [event.type for event in events] == ["LicenseIssued", "ConditionsAccepted", "LicenseExpired"]
    assert events[-1].at == end_of_day(last_day)
    (row,) = await office.reader.licenses(number=stream.removeprefix("license-"))
    assert row.stage == "expired"


async def test_timers_run_until_the_deadline_and_say_which(office: Office) -> None:
    """A changed duration breaks no replay, so durations have a test of their own."""
    stream = await office.submitted()
    first = (await deadlines(office, stream))["initial_action"]
    await office.fast_forward(stream, timedelta(days=10))
    second = (await deadlines(office, stream))["resolution"]
    found = list(timers(await office.history(stream)))
    assert [timer.summary for timer in found] == [first.explanation, second.explanation]
    for timer, deadline, period in zip(found, (first, second), (INITIAL_ACTION, RESOLUTION), strict=True):
        assert deadline.due is not None
        assert deadline.due <= timer.fires_at <= deadline.due + SOON
        assert timer.summary.startswith(f"{period.label} due ")
        assert f"{period.days} days ({period.citation})" in timer.summary


async def test_the_timer_of_a_license_says_when_and_why(office: Office) -> None:
    stream = await office.granted()
    expiry = (await deadlines(office, stream))["expiry"]
    timer = await last_timer(office, stream)
    assert expiry.due is not None
    assert expiry.due <= timer.fires_at <= expiry.due + SOON
    assert timer.summary == expiry.explanation


async def test_a_timer_follows_its_deadline(office: Office) -> None:
    """It goes on through what changes nothing of it, stands still with the clock, and begins anew with it."""
    stream = await office.submitted()
    await office.send("olga", stream, Assign(officer="olga"))
    assert await _started_and_cancelled(office, stream) == (1, 0)
    await office.send("olga", stream, QUESTION)
    assert await _started_and_cancelled(office, stream) == (1, 1)
    await office.send("acme", stream, Answer(answer="The municipality."))
    assert await _started_and_cancelled(office, stream) == (2, 1)
    resolution = (await deadlines(office, stream))["resolution"]
    assert (await last_timer(office, stream)).summary == resolution.explanation
    await office.send("acme", stream, Withdraw())
    await office.result(stream)
    assert await _started_and_cancelled(office, stream) == (2, 2)


async def _started_and_cancelled(office: Office, stream: str) -> tuple[int, int]:
    kinds = [event.WhichOneof("attributes") for event in (await office.history(stream)).events]
    return (
        kinds.count("timer_started_event_attributes"),
        kinds.count("timer_canceled_event_attributes"),
    )
