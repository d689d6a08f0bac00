"""What officers said of matches is found again, in other cases, for the same pair and no other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import RecordScreening, ResolveMatch, Submit
from greenlight.law.application.screening.language import Resolution, Verdict
from greenlight.law.application.screening.resolution import ResolutionRemembered
from greenlight.law.reprieve.gathering import Counted
from tests.eventlog.crowd import Crowd
from tests.eventlog.histories import Story
from tests.eventlog.test_verify import tamper
from tests.law.application.cases import ALIKE, MATCH, PARTIES, screening, submission

FOUND = RecordScreening(screening=screening("listed", "possible_match"), parties=PARTIES)
ALIKE_PAIR = ALIKE.pair or ""
PAIRS = frozenset({ALIKE_PAIR, MATCH.pair or ""})
FALSE = ResolveMatch(
    party=1, listing=ALIKE.listing, verdict=Verdict.FALSE_MATCH, reason="Lighthouse is in Oslo."
)
TRUE = FALSE.model_copy(update={"verdict": Verdict.TRUE_MATCH})
NOT_LISTED = ResolveMatch(party=0, listing=MATCH.listing, verdict=Verdict.FALSE_MATCH, reason="Another one.")


async def screened(
    recorder: Recorder, crowd: Crowd, acn: str, remembered: tuple[Resolution, ...] = ()
) -> Story:
    story = await Story(acn).sent(recorder, crowd, "submit", Submit(application=submission()))
    return await story.sent(recorder, crowd, "record_screening", FOUND, remembered)


async def resolved(recorder: Recorder, crowd: Crowd, acn: str, *bodies: ResolveMatch) -> Story:
    story = await screened(recorder, crowd, acn)
    for body in bodies:
        story = replace(story, now=story.now + timedelta(hours=1))
        story = await story.sent(recorder, crowd, "resolve_match", body)
    return story


async def test_a_pair_of_which_nothing_was_said_is_not_remembered(recorder: Recorder, crowd: Crowd) -> None:
    await resolved(recorder, crowd, "Z000001", NOT_LISTED)
    assert await recorder.remembered(frozenset({ALIKE_PAIR})) == ()
    assert await recorder.remembered(frozenset()) == ()


async def test_the_last_word_is_remembered_from_the_case_in_which_it_was_said(
    recorder: Recorder, crowd: Crowd
) -> None:
    await resolved(recorder, crowd, "Z000001", TRUE, NOT_LISTED)
    story = await resolved(recorder, crowd, "Z000002", TRUE, TRUE, FALSE)
    said = {each.pair: each for each in await recorder.remembered(PAIRS)}
    assert said[ALIKE_PAIR] == Resolution(
        pair=ALIKE_PAIR,
        verdict=Verdict.FALSE_MATCH,
        resolved_by=crowd.officer.actor,
        resolved_at=story.now,
        remembered_from="Z000002",
    )
    assert {each.remembered_from for each in said.values()} == {"Z000001", "Z000002"}


async def test_what_is_remembered_goes_on_record_and_is_remembered_from_its_source_alone(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    await resolved(recorder, crowd, "Z000001", FALSE)
    remembered = await recorder.remembered(PAIRS)
    later = await screened(recorder, crowd, "Z000002", remembered)
    assert later.state is not None
    assert (later.state.stage, later.state.resolutions) == ("review", remembered)
    assert await recorder.remembered(PAIRS) == remembered
    assert (await verify(dsn)).fault is None
    assert (await rebuild(dsn)).differences == ()


async def test_no_name_and_no_reason_is_kept_beside_the_log(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await resolved(recorder, crowd, "Z000001", FALSE, NOT_LISTED)
    rows = [str(dict(row)) for row in await database.fetch("SELECT * FROM greenlight.resolution")]
    assert len(rows) == 2
    secrets = (*(party.name for party in PARTIES), ALIKE.name, ALIKE.listing, MATCH.listing, "Oslo")
    assert [secret for secret in secrets for row in rows if secret in row] == []


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": Verdict.TRUE_MATCH},
        {"pair": "sha256:" + "7" * 64},
        {"remembered_from": "Z000003"},
        {"resolved_by": "countersigner"},
        {"license": "D000001"},
        {"resolved_at": timedelta(minutes=1)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_what_nobody_said_is_not_remembered(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, change: dict[str, object]
) -> None:
    """Neither does the database take it, nor does it stand in a log that somebody made to hold it."""
    told = await resolved(recorder, crowd, "Z000001", FALSE)
    remembered = await recorder.remembered(PAIRS)
    story = await screened(recorder, crowd, "Z000002", remembered)
    (said,) = remembered
    if "resolved_at" in change:
        change = {"resolved_at": told.now + timedelta(minutes=1)}
    if "resolved_by" in change:
        change = {"resolved_by": crowd.countersigner.actor}
    good = ResolutionRemembered(at=story.now, listing=ALIKE.listing, **said.model_dump(exclude={"reason"}))
    event = good.model_copy(update=change)
    append = Append(
        stream=application_stream("Z000002"),
        expected_version=story.version,
        events=(event.record(),),
        view=None,
    )
    assert (await recorder.record(Commit(proof=None, appends=(append,)))).code is RefusalCode.UNSIGNED
    await tamper(
        database,
        f"UPDATE greenlight.event SET record = replace(record, '{good.record()}', '{event.record()}')"
        " WHERE type = 'ResolutionRemembered'",
    )
    fault = (await verify(dsn)).fault
    assert fault is not None
    expected = f"nobody said that in {event.remembered_from}"
    if event.license is not None:
        expected = f"{event.license} was not granted in {event.remembered_from}"
    assert fault.reason == expected


async def test_a_row_that_does_not_follow_is_mended(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await resolved(recorder, crowd, "Z000001", FALSE)
    before = await recorder.remembered(PAIRS)
    await database.execute("UPDATE greenlight.resolution SET verdict = 'true_match'")
    assert await recorder.remembered(PAIRS) != before
    assert {difference.table for difference in (await rebuild(dsn)).differences} == {"resolution"}
    assert await recorder.remembered(PAIRS) == before


@pytest.mark.parametrize(
    ("said", "expected"),
    [((), 0), ((FALSE,), 0), ((TRUE,), 1), ((TRUE, FALSE), 0)],
    ids=["open", "false", "true", "false in the end"],
)
async def test_a_reprieve_counts_parties_that_are_listed_not_those_that_may_be(
    recorder: Recorder, crowd: Crowd, said: tuple[ResolveMatch, ...], expected: int
) -> None:
    await resolved(recorder, crowd, "Z000001", *said)
    covered: Counted = (await recorder.counts(frozenset({ALIKE.listing}))).covered
    assert covered.received == expected
    assert (await recorder.counts(frozenset({MATCH.listing}))).covered.received == 1


async def test_a_name_that_is_the_same_is_not_counted_once_it_is_denied(
    recorder: Recorder, crowd: Crowd
) -> None:
    await resolved(recorder, crowd, "Z000001", TRUE, NOT_LISTED)
    assert (await recorder.counts(frozenset({MATCH.listing}))).covered.received == 0
