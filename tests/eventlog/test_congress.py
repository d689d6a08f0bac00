"""The report to Congress from the log: as known at an instant, and what lies between two instants."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from greenlight.eventlog.congress import congress, proven
from greenlight.eventlog.database import Connection
from greenlight.eventlog.prove import Prover, UnprovableError
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import read_head
from greenlight.kernel import merkle
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.streams import license_stream
from greenlight.law.application.commands import RecordScreening, ResolveMatch, Submit
from greenlight.law.application.dossier import Finding, Parties, Party, PartyRole
from greenlight.law.application.needs import RememberedOf
from greenlight.law.application.screening.language import Verdict
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import RecordListed
from greenlight.law.reported import Report, Row
from greenlight.reference.controls import load_tables
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import KeyType, VerifierKey
from greenlight.tlog.proof import Proof
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.decided import SIGNED
from tests.eventlog.histories import Story
from tests.eventlog.test_publish import KEY, publish
from tests.law.application.cases import ALIKE, GRANT, RETURN, item, screening, submission
from tests.law.decisions import Told, accepted

TABLES = load_tables()
YEAR = 2026
PARTIES: Parties = (
    Party(role=PartyRole.PURCHASER, name="Harbour Trading Oy", country="FI"),
    Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Lantern Telecom Co., Ltd.", country="CN"),
)
NEAR = ALIKE.model_copy(update={"source_list": "entity-list"})


def met() -> RecordScreening:
    found = screening("no_match", "possible_match")
    near = found.findings[1].model_copy(update={"matches": (NEAR,)})
    return RecordScreening(
        screening=found.model_copy(update={"findings": (found.findings[0], near)}), parties=PARTIES
    )


def resolved(verdict: Verdict) -> ResolveMatch:
    return ResolveMatch(party=1, listing=NEAR.listing, verdict=verdict, reason="As the register has it.")


FILED = Submit(application=submission(item(1, classification="5A992"), parties=PARTIES))
LISTED = RecordScreening(screening=screening("no_match", "listed"), parties=PARTIES)
CLEAR = RecordScreening(screening=screening("no_match", "no_match"), parties=PARTIES)

COURSES: Sequence[Sequence[tuple[str, Body]]] = (
    (("submit", FILED), ("record_screening", LISTED), ("recommend", GRANT), *SIGNED),
    (("submit", FILED), ("record_screening", met()), ("resolve_match", resolved(Verdict.TRUE_MATCH))),
    (("submit", FILED), ("record_screening", met()), ("resolve_match", resolved(Verdict.FALSE_MATCH))),
    (("submit", FILED), ("record_screening", CLEAR), ("return_without_action", RETURN)),
    (("submit", FILED), ("record_screening", LISTED), ("return_without_action", RETURN)),
)


async def lived(dsn: str, recorder: Recorder, crowd: Crowd) -> list[Report]:
    """Cases by turns, a step each; and the report as it was after each step, asked for right then."""
    stories = [Story(f"Z{number:06}") for number in range(len(COURSES))]
    then = [await now(dsn)]
    for turn in range(max(map(len, COURSES))):
        for place, course in enumerate(COURSES):
            if turn < len(course):
                name, body = course[turn]
                stories[place] = await stories[place].sent(recorder, crowd, name, body)
                then.append(await now(dsn))
    return then


async def now(dsn: str) -> Report:
    return await congress(dsn, YEAR, datetime.now(UTC), TABLES)


async def test_two_reports_differ_by_exactly_the_events_between(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    reports = await lived(dsn, recorder, crowd)
    assert reports[-1].aggregates.by_decision["approved"] == 1
    # What was known then is the same when it is asked for later, whatever was recorded since.
    for then in reports:
        assert await congress(dsn, YEAR, then.known_at, TABLES) == then
    for before, after in pairwise(reports):
        recorded = {
            str(row["stream"]): [int(str(row["position"]))]
            for row in await database.fetch(
                "SELECT stream, position FROM greenlight.event WHERE position > $1 AND position <= $2",
                before.position,
                after.position,
            )
        }
        assert recorded, "each step is on record"
        were, are = ({row.acn: row for row in each.rows or ()} for each in (before, after))
        changed = {acn for acn in were.keys() | are.keys() if were.get(acn) != are.get(acn)}
        assert {f"application-{acn}" for acn in changed} <= recorded.keys()
        assert {f"application-{acn}" for acn in {*(before.unsettled or ())} ^ {*(after.unsettled or ())}} <= (
            recorded.keys()
        )
        for acn in changed & are.keys():
            known = were[acn].evidence if acn in were else ()
            new = [each for each in are[acn].evidence if each not in known]
            assert acn not in were or all(before.position < each.position <= after.position for each in new)


LATER = (
    ("submit", FILED),
    ("record_screening", CLEAR),
    ("recommend", GRANT),
    *SIGNED,
)
"""A license whose parties are on no list when it is granted."""


async def found(dsn: str, recorder: Recorder, number: str, *findings: Finding) -> None:
    """Have a later list say something of a license's parties, as the service records it."""
    async with Reader(dsn) as reader:
        on_record = [each async for each in reader.stream(license_stream(number))]
    state = LICENSE.folded(None, [LICENSE.read(each.record) for each in on_record])
    assert state is not None
    known = on_record[-1].version
    body = RecordListed(list_version="sha256:" + "7" * 64, findings=findings)
    command: Command[Body] = Command(key=number, body=body, by=None, facts=Told(by_type={RememberedOf: ()}))
    events = accepted(LICENSE.decide(state, command, NOW + timedelta(days=1)))
    after = LICENSE.folded(state, events)
    assert after is not None
    append = Append(
        stream=license_stream(number),
        expected_version=known,
        events=tuple(event.record() for event in events),
        view=LICENSE.view(after, known + len(events)),
    )
    said = await recorder.record(Commit(proof=None, appends=(append,), refuses=False))
    assert said.status == "recorded", said


def the_one(report: Report) -> Row:
    """Its only authorisation."""
    found = report.authorisations
    assert found is not None
    assert len(found) == 1
    return found[0]


async def test_a_license_whose_party_is_listed_later_is_an_authorisation_of_the_report(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    story = Story("Z000009")
    for name, body in LATER:
        story = await story.sent(recorder, crowd, name, body)
    assert story.state is not None
    number = story.state.license_number
    assert number is not None
    granted = await now(dsn)
    assert (granted.rows, granted.authorisations, granted.aggregates.listed_after) == ((), (), 0)
    await found(dsn, recorder, number, screening("no_match", "listed").findings[1])
    listed = await now(dsn)
    await found(dsn, recorder, number)
    gone = await now(dsn)
    # What was known then is the same when it is asked for later, and they differ by the events between.
    assert await congress(dsn, YEAR, granted.known_at, TABLES) == granted
    assert await congress(dsn, YEAR, listed.known_at, TABLES) == listed
    row, after = the_one(listed), the_one(gone)
    assert (listed.rows, listed.aggregates.applications, listed.aggregates.listed_after) == ((), 0, 1)
    assert (row.acn, row.license_number) == ("Z000009", number)
    new = [each for each in after.evidence if each not in row.evidence]
    assert [(each.stream, each.type) for each in new] == [(license_stream(number), "PartyDelisted")]
    assert all(listed.position < each.position <= gone.position for each in new)
    shown = [each for each in row.evidence if each.type == "PartyListed"]
    assert [granted.position < each.position <= listed.position for each in shown] == [True]
    folder = TileFolder(tmp_path)
    prover = Prover(dsn, folder)
    try:
        await publish(dsn, folder)
        told = the_one(await proven(listed, prover))
    finally:
        await prover.close()
    for each in told.evidence:
        assert each.proof
        proof = Proof.parse(each.proof.encode())
        assert proof.index == each.position - 1
        assert str(each.stream).encode() in proof.entry


async def test_nothing_was_known_before_anything_was_recorded(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    begun = datetime.now(UTC)
    await lived(dsn, recorder, crowd)
    assert (await congress(dsn, YEAR, begun, TABLES)).aggregates.applications == 0
    nothing = await congress(dsn, YEAR, begun - timedelta(days=365), TABLES)
    assert (nothing.position, nothing.rows) == (0, ())


async def test_every_row_is_proven_by_the_published_log(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, tmp_path: Path
) -> None:
    *_, last = await lived(dsn, recorder, crowd)
    folder = TileFolder(tmp_path)
    prover = Prover(dsn, folder)
    try:
        with pytest.raises(UnprovableError):
            await proven(last, prover)
        await publish(dsn, folder)
        report = await proven(last, prover)
    finally:
        await prover.close()
    log = VerifierKey((await read_head(database)).origin, KeyType.NOTE, KEY.public.content)
    assert [row.acn for row in report.rows or ()] == ["Z000000", "Z000001", "Z000004"]
    assert last.unsettled == ()
    for row in report.rows or ():
        assert row.evidence
        for each in row.evidence:
            assert each.proof
            proof = Proof.parse(each.proof.encode())
            proof.check(log)
            assert proof.index == each.position - 1
            assert each.leaf == f"sha256:{merkle.leaf_hash(proof.entry).hex()}"
            assert f"application-{row.acn}".encode() in proof.entry
            assert each.type.encode() in proof.entry


async def test_a_case_that_fills_a_page_is_whole(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, last = await lived(dsn, recorder, crowd)
    for events in (1, 2, 3, 5):
        monkeypatch.setattr("greenlight.eventlog.congress.PAGE_EVENTS", events)
        assert await congress(dsn, YEAR, last.known_at, TABLES) == last
