"""Proposals to return an application are determined once more."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from greenlight.audit.__main__ import run
from greenlight.audit.follow import PLACE
from greenlight.audit.place import read
from greenlight.audit.walk import audit
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import RecordScreening, Submit
from greenlight.law.application.dossier import Submission
from greenlight.law.application.needs import RememberedOf, WhyNotRequired
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.authorisation.filing import asked_parties, determined, not_required
from greenlight.law.determination.tables import Tables
from greenlight.reference.controls import load_tables
from greenlight.reference.kept_controls import KeptTables
from greenlight.reference.rules import load_rules
from tests.activities.test_determination import CERTIFIED, EAR99
from tests.eventlog.attesting import Attesting
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.histories import Story
from tests.law.application.cases import screening, submission
from tests.law.decisions import Told
from tests.reference.test_kept_controls import as_shipped

SCREENED = screening("no_match", "no_match")
ANOTHER = "a return was proposed for another reason than the one that there is"
NONE = "a return was proposed where a license is required, or it cannot be told whether one is"
PLAIN = submission().model_copy(update={"items": EAR99, "circumstances": CERTIFIED})


def why(tables: Tables) -> Proposed:
    parties = asked_parties(PLAIN, Screened(screening=SCREENED), lambda hit: None)
    assert parties is not None
    proposed = not_required(PLAIN, determined(PLAIN, parties, NOW, tables, load_rules()))
    assert proposed is not None, "EAR99, and nobody is met"
    return proposed


@pytest.mark.parametrize(
    ("certified", "otherwise", "reason"),
    [
        (True, {}, None),
        (
            True,
            {"citation": "15 CFR 0"},
            ANOTHER,
        ),
        (False, {}, NONE),
        (False, {"reason": "No license is required by the tables of 2019-01-01 at all."}, None),
    ],
    ids=["as it is", "for another reason", "without any", "by tables that are not at hand"],
)
async def test_a_return_is_proposed_for_the_reason_that_there_is(
    dsn: str, recorder: Recorder, crowd: Crowd, certified: bool, otherwise: dict[str, str], reason: str | None
) -> None:
    filed = PLAIN if certified else PLAIN.model_copy(update={"circumstances": None})
    await proposed_in(recorder, crowd, why(load_tables()).model_copy(update=otherwise), filed)
    assert [fault.reason for fault in (await audit(dsn, processes=1)).faults] == ([reason] if reason else [])


async def proposed_in(
    recorder: Recorder, crowd: Crowd, proposed: Proposed, filed: Submission = PLAIN
) -> None:
    """A case in which a return is on record as proposed so."""
    story = await Story("Z000001").sent(recorder, crowd, "submit", Submit(application=filed))
    command: Command[Body] = Command(
        key="Z000001",
        body=RecordScreening(screening=SCREENED, parties=filed.parties),
        by=None,
        facts=Told(by_type={RememberedOf: (), WhyNotRequired: proposed}),
    )
    events = APPLICATION.decide(story.state, command, NOW)
    assert not isinstance(events, Refusal | Need)
    await story.told(recorder, events, None)


@pytest.mark.parametrize(("wrong", "at_hand"), [(False, True), (True, True), (True, False)])
async def test_a_return_is_determined_again_by_the_tables_that_the_log_names(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path, wrong: bool, at_hand: bool
) -> None:
    """Where they are not at hand, that is said, and nothing of the proposal."""
    kept = KeptTables(tmp_path / "controls")
    issue, _ = kept.keep(as_shipped("2026-08-15"), NOW - timedelta(days=1))
    await crowd.add(recorder, crowd.other_officer)
    attesting = Attesting.tables(recorder, crowd, issue.issued, issue.version)
    await attesting.opened(NOW - timedelta(hours=2))
    await attesting.confirmed(now=NOW - timedelta(hours=1))
    proposed = why(kept.tables(issue))
    assert "by the tables of 2026-08-15 " in proposed.reason
    if wrong:
        proposed = proposed.model_copy(update={"reason": f"{proposed.reason} Surely."})
    await proposed_in(recorder, crowd, proposed)
    for processes in (1, 2):
        found = await audit(dsn, processes=processes, tables=kept.folder if at_hand else tmp_path / "none")
        assert [fault.reason for fault in found.faults] == ([ANOTHER] if wrong and at_hand else [])
        told = [each.told for each in found.unexamined]
        assert told == ([] if at_hand else [UNEXAMINED])


UNEXAMINED = "not examined: 1 proposal to return an application, tables of 2026-08-15 missing"


async def test_what_was_not_examined_is_said_and_is_no_fault(
    dsn: str,
    recorder: Recorder,
    crowd: Crowd,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = KeptTables(tmp_path / "controls")
    issue, _ = kept.keep(as_shipped("2026-08-15"), NOW - timedelta(days=1))
    await crowd.add(recorder, crowd.other_officer)
    attesting = Attesting.tables(recorder, crowd, issue.issued, issue.version)
    await attesting.opened(NOW - timedelta(hours=2))
    await attesting.confirmed(now=NOW - timedelta(hours=1))
    await proposed_in(recorder, crowd, why(kept.tables(issue)))
    monkeypatch.setenv("GREENLIGHT_AUDITOR_URL", dsn)
    monkeypatch.setenv("GREENLIGHT_AUDITOR_FOLDER", str(tmp_path / "auditor"))
    monkeypatch.setenv("GREENLIGHT_TILE_FOLDER", str(tmp_path / "tiles"))
    monkeypatch.setenv("GREENLIGHT_TABLES_FOLDER", str(tmp_path / "none"))
    # Said again each time: what was passed over once is not looked at again.
    for words, code in ((["once"], 0), (["once"], 0), (["once", "--strict"], 1)):
        assert await asyncio.to_thread(run, words) == code
        said = capsys.readouterr()
        assert UNEXAMINED in said.err
        assert "signatures and law hold" in said.out
    place = read(tmp_path / "auditor" / PLACE)
    assert place is not None
    assert [each.told for each in place.unexamined] == [UNEXAMINED]
    # With the bytes at hand there is nothing to say; the file is then as a release of before has it.
    monkeypatch.setenv("GREENLIGHT_AUDITOR_FOLDER", str(tmp_path / "another"))
    monkeypatch.setenv("GREENLIGHT_TABLES_FOLDER", str(kept.folder))
    assert await asyncio.to_thread(run, ["once", "--strict"]) == 0
    assert "not examined" not in capsys.readouterr().err
    assert "unexamined" not in (tmp_path / "another" / PLACE).read_text()


async def test_no_return_was_to_be_proposed_by_tables_older_than_an_amendment_on_record(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    await crowd.add(recorder, crowd.other_officer)
    attesting = Attesting.amendment(recorder, crowd, "NO", NOW - timedelta(days=2))
    await attesting.opened(NOW - timedelta(hours=2))
    await attesting.confirmed(now=NOW - timedelta(hours=1))
    await proposed_in(recorder, crowd, why(load_tables()))
    for processes in (1, 2):
        found = await audit(dsn, processes=processes)
        assert [fault.reason for fault in found.faults] == [NONE]
