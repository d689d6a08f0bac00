"""What the log tells for the decision on a reprieve."""

from greenlight.eventlog.recorder import Recorder
from greenlight.law.application.commands import RecordScreening, Submit, Withdraw
from greenlight.law.reprieve.gathering import Counted
from tests.eventlog.crowd import Crowd
from tests.eventlog.decided import decided
from tests.eventlog.histories import Story
from tests.law.application.cases import PARTIES, screening, submission

LISTED = frozenset({"entity-list/1", "of-no-party"})
NONE = Counted(received=0, pending=0, decided=0, licenses_in_use=0, decision_days=None)


async def filed(recorder: Recorder, crowd: Crowd, acn: str, *, listed: bool) -> Story:
    story = await Story(acn).sent(recorder, crowd, "submit", Submit(application=submission()))
    found = screening("no_match", "listed" if listed else "no_match")
    body = RecordScreening(screening=found, parties=PARTIES)
    return await story.sent(recorder, crowd, "record_screening", body)


async def test_an_empty_log_has_nothing_to_count(recorder: Recorder, crowd: Crowd) -> None:
    counts = await recorder.counts(LISTED)
    assert (counts.covered, counts.in_all, counts.position) == (NONE, NONE, crowd.events)


async def test_applications_of_covered_entities_are_counted_apart(recorder: Recorder, crowd: Crowd) -> None:
    await filed(recorder, crowd, "Z000001", listed=True)
    gone = await filed(recorder, crowd, "Z000002", listed=True)
    await filed(recorder, crowd, "Z000003", listed=False)
    await gone.sent(recorder, crowd, "withdraw", Withdraw(reason="Called off."))
    await Story("Z000004").sent(recorder, crowd, "submit", Submit(application=submission()))
    counts = await recorder.counts(LISTED)
    assert counts.covered == Counted(received=2, pending=1, decided=1, licenses_in_use=0, decision_days=0)
    assert counts.in_all == Counted(received=4, pending=3, decided=1, licenses_in_use=0, decision_days=0)
    assert (await recorder.counts(frozenset({"of-no-party"}))).covered == NONE


async def test_licenses_in_use_are_counted(recorder: Recorder, crowd: Crowd) -> None:
    await decided(recorder, crowd, "Z000001", "granted")
    await decided(recorder, crowd, "Z000002", "granted_with_conditions")
    counts = await recorder.counts(LISTED)
    # Conditions that nobody accepted yet let nothing be shipped.
    assert (counts.covered.licenses_in_use, counts.in_all.licenses_in_use) == (1, 1)
    assert (await recorder.counts(frozenset())).covered.licenses_in_use == 0
