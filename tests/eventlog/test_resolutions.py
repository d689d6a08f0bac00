"""What officers said of matches is found again, in other cases, for the same pair and no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from greenlight.eventlog.database import Connection
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import ConfirmMatch, RecordScreening, ResolveMatch, Submit
from greenlight.law.application.screening.language import Confirmation, Resolution, Verdict
from greenlight.law.application.screening.resolution import MatchConfirmed, ResolutionRemembered
from greenlight.law.reprieve.gathering import Counted
from tests.eventlog.crowd import NOW, Crowd, Signer
from tests.eventlog.histories import Story
from tests.eventlog.test_verify import tamper
from tests.law.application.cases import ALIKE, MATCH, PARTIES, screening, submission

FOUND = RecordScreening(screening=screening("listed", "possible_match"), parties=PARTIES)
ALIKE_PAIR = ALIKE.pair or ""
A_YEAR_LATER = datetime(2027, 9, 2, 4, 0, tzinfo=UTC)
PAIRS = frozenset({ALIKE_PAIR, MATCH.pair or ""})
FALSE = ResolveMatch(
    party=1, listing=ALIKE.listing, verdict=Verdict.FALSE_MATCH, reason="Lighthouse is in Oslo."
)
TRUE = FALSE.model_copy(update={"verdict": Verdict.TRUE_MATCH})
NOT_LISTED = ResolveMatch(party=0, listing=MATCH.listing, verdict=Verdict.FALSE_MATCH, reason="Another one.")


@pytest_asyncio.fixture(autouse=True)
async def everybody(recorder: Recorder, crowd: Crowd) -> None:
    await crowd.enlist(recorder)


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


async def confirmed(recorder: Recorder, crowd: Crowd, acn: str, *bodies: ResolveMatch) -> Story:
    """With a second officer's word on what was said false."""
    story = await resolved(recorder, crowd, acn, *bodies)
    for party in {body.party for body in bodies if body.verdict is Verdict.FALSE_MATCH}:
        body = ConfirmMatch(party=party)
        story = await story.sent(recorder, crowd, "confirm_match", body, by=crowd.other_officer)
    return story


async def test_a_pair_of_which_nothing_was_said_is_not_remembered(recorder: Recorder, crowd: Crowd) -> None:
    await resolved(recorder, crowd, "Z000001", NOT_LISTED)
    assert await recorder.remembered(frozenset({ALIKE_PAIR}), NOW) == ()
    assert await recorder.remembered(frozenset(), NOW) == ()


async def test_the_last_word_is_remembered_from_the_case_in_which_it_was_said(
    recorder: Recorder, crowd: Crowd
) -> None:
    await confirmed(recorder, crowd, "Z000001", TRUE, NOT_LISTED)
    story = await confirmed(recorder, crowd, "Z000002", TRUE, TRUE, FALSE)
    said = {each.pair: each for each in await recorder.remembered(PAIRS, NOW)}
    assert said[ALIKE_PAIR] == Resolution(
        pair=ALIKE_PAIR,
        verdict=Verdict.FALSE_MATCH,
        resolved_by=crowd.officer.actor,
        resolved_at=story.now,
        remembered_from="Z000002",
        confirmation=Confirmation(by=crowd.other_officer.actor, at=story.now, until=A_YEAR_LATER),
    )
    assert {each.remembered_from for each in said.values()} == {"Z000001", "Z000002"}


async def test_what_is_remembered_goes_on_record_and_is_remembered_from_its_source_alone(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    await confirmed(recorder, crowd, "Z000001", FALSE)
    remembered = await recorder.remembered(PAIRS, NOW)
    later = await screened(recorder, crowd, "Z000002", remembered)
    assert later.state is not None
    assert (later.state.stage, later.state.resolutions) == ("review", remembered)
    assert await recorder.remembered(PAIRS, NOW) == remembered
    assert (await verify(dsn)).fault is None
    assert (await rebuild(dsn)).differences == ()


async def test_no_name_and_no_reason_is_kept_beside_the_log(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await confirmed(recorder, crowd, "Z000001", FALSE, NOT_LISTED)
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
    told = await confirmed(recorder, crowd, "Z000001", FALSE)
    remembered = await recorder.remembered(PAIRS, NOW)
    story = await screened(recorder, crowd, "Z000002", remembered)
    (said,) = remembered
    if "resolved_at" in change:
        change = {"resolved_at": told.now + timedelta(minutes=1)}
    if "resolved_by" in change:
        change = {"resolved_by": crowd.countersigner.actor}
    good = heard(story, said)
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


def heard(story: Story, said: Resolution) -> ResolutionRemembered:
    """What another case records of a word."""
    return ResolutionRemembered(
        at=story.now,
        listing=ALIKE.listing,
        pair=said.pair,
        verdict=said.verdict,
        resolved_by=said.resolved_by,
        resolved_at=said.resolved_at,
        remembered_from=said.remembered_from or "",
        license=said.license,
        confirmation=said.confirmation,
    )


def remembering(story: Story, said: Resolution, **changes: object) -> Append:
    event = heard(story, said).model_copy(update=changes)
    return Append(
        stream=application_stream(story.acn),
        expected_version=story.version,
        events=(event.record(),),
        view=None,
    )


async def test_what_nobody_confirmed_is_remembered_nowhere(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    told = await resolved(recorder, crowd, "Z000001", FALSE)
    assert await recorder.remembered(PAIRS, NOW) == ()
    # One who made the service say it is not heard either.
    assert told.state is not None
    (word,) = told.state.resolutions
    story = await screened(recorder, crowd, "Z000002")
    append = remembering(story, word.model_copy(update={"remembered_from": "Z000001"}))
    said = await recorder.record(Commit(proof=None, appends=(append,)))
    assert (said.code, "no second officer" in str(said.message)) == (RefusalCode.UNSIGNED, True)


async def test_what_counts_no_more_is_remembered_no_more(recorder: Recorder, crowd: Crowd) -> None:
    await confirmed(recorder, crowd, "Z000001", FALSE)
    last = A_YEAR_LATER - timedelta(microseconds=1)
    (word,) = await recorder.remembered(PAIRS, last)
    assert await recorder.remembered(PAIRS, A_YEAR_LATER) == ()
    story = await screened(recorder, crowd, "Z000002")
    for at, status in ((A_YEAR_LATER, "refused"), (last, "recorded")):
        said = await recorder.record(Commit(proof=None, appends=(remembering(story, word, at=at),)))
        assert said.status == status


async def test_an_earlier_true_match_is_not_hidden_by_what_nobody_confirmed(
    recorder: Recorder, crowd: Crowd
) -> None:
    await resolved(recorder, crowd, "Z000001", TRUE)
    await resolved(recorder, crowd, "Z000002", TRUE, FALSE)
    (word,) = await recorder.remembered(PAIRS, NOW)
    assert (word.verdict, word.remembered_from) == (Verdict.TRUE_MATCH, "Z000001")


@pytest.mark.parametrize(
    "change",
    ["another time", "another officer", "who resolved it", "nobody"],
)
async def test_a_confirmation_that_nobody_gave_is_none(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, change: str
) -> None:
    """Neither does the database take it, nor does it stand in a log that somebody made to hold it."""
    await confirmed(recorder, crowd, "Z000001", FALSE)
    (word,) = await recorder.remembered(PAIRS, NOW)
    assert word.confirmation is not None
    said = {
        "another time": word.confirmation.model_copy(update={"until": A_YEAR_LATER + timedelta(days=365)}),
        "another officer": word.confirmation.model_copy(update={"by": crowd.countersigner.actor}),
        "who resolved it": word.confirmation.model_copy(update={"by": crowd.officer.actor}),
        "nobody": None,
    }[change]
    first = await screened(recorder, crowd, "Z000002")
    forged = remembering(first, word, confirmation=said)
    assert (await recorder.record(Commit(proof=None, appends=(forged,)))).code is RefusalCode.UNSIGNED
    good = remembering(first, word)
    assert (await recorder.record(Commit(proof=None, appends=(good,)))).status == "recorded"
    assert (await verify(dsn)).fault is None
    await tamper(
        database,
        f"UPDATE greenlight.event SET record = '{forged.events[0]}' WHERE type = 'ResolutionRemembered'",
    )
    fault = (await verify(dsn)).fault
    assert fault is not None
    assert fault.reason == "no second officer confirmed that in Z000001"


async def test_who_resolved_a_match_does_not_confirm_it_whatever_the_service_says(
    recorder: Recorder, crowd: Crowd
) -> None:
    """The condition is the log's own: it holds for whoever reaches the function that records."""
    story = await resolved(recorder, crowd, "Z000001", FALSE)
    assert story.state is not None
    (word,) = story.state.resolutions
    twin = Signer(crowd.other_officer.actor, crowd.other_officer.key)
    for resolver, status in ((word.resolved_by, "recorded"), (twin.actor, "refused")):
        event = MatchConfirmed(
            at=story.now,
            by=crowd.other_officer.actor,
            party=1,
            listing=ALIKE.listing,
            pair=word.pair,
            resolved_by=resolver,
            resolved_at=word.resolved_at,
            until=A_YEAR_LATER,
        )
        body = ConfirmMatch(party=1)
        claims = crowd.other_officer.claims(
            application_stream(story.acn), "confirm_match", body.model_dump(mode="json")
        )
        append = Append(
            stream=application_stream(story.acn),
            expected_version=story.version,
            events=(event.record(),),
            view=None,
        )
        proof = crowd.other_officer.proof(claims)
        assert (await recorder.record(Commit(proof=proof, appends=(append,)))).status == status
        story = replace(story, version=story.version + 1)


async def test_a_row_that_does_not_follow_is_mended(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await confirmed(recorder, crowd, "Z000001", FALSE)
    before = await recorder.remembered(PAIRS, NOW)
    await database.execute("UPDATE greenlight.resolution SET verdict = 'true_match'")
    assert await recorder.remembered(PAIRS, NOW) != before
    assert {difference.table for difference in (await rebuild(dsn)).differences} == {"resolution"}
    assert await recorder.remembered(PAIRS, NOW) == before


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
