"""Control tables that the log names: they alone are asked, by their digest, from their confirmation on."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty, Printed
from greenlight.law.rule.rules import Rule, Rules
from greenlight.reference.controls import FOLDER, load_tables
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import MANIFEST, KeptTables, kept_tables
from tests.reference.test_kept_controls import NOW, SHIPPED, made, on

DAY = timedelta(days=1)
CONFIRMED = NOW + DAY


@pytest.fixture
def kept(tmp_path: Path) -> KeptTables:
    return KeptTables(tmp_path / "kept")


def named(issued: date, version: str, *later: Attestation) -> Rules:
    """One version on record, as a rule says it."""
    act = Act(
        kind=ActKind.ADOPTED,
        citation="eCFR",
        effective=end_of_day(issued - DAY),
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )
    first = Attestation(number=1, act=act, known=CONFIRMED)
    return Rules(
        [Rule("controls", "Control tables", Printed(issued=issued, version=version), (first, *later))]
    )


def test_what_nobody_attested_answers_nothing(kept: KeptTables, tmp_path: Path) -> None:
    kept.keep(made(tmp_path, "2025-03-01"), NOW)
    assert str(on(kept, "2025-04-01").issued) == "2025-03-01"
    record = kept.on_record(())
    assert on(record, "2025-04-01").issued == SHIPPED
    chosen = record.chosen(datetime(2025, 4, 1, tzinfo=UTC), None)
    assert "No control tables of 2025-03-31 are kept" in chosen.missing[0]


def test_what_two_attested_answers_from_the_confirmation_on(kept: KeptTables, tmp_path: Path) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    record = kept.on_record(named(issue.issued, issue.version).tables)
    assert on(record, "2025-04-01").issued == issue.issued
    assert on(record, "2025-04-01", CONFIRMED).issued == issue.issued
    assert on(record, "2025-04-01", CONFIRMED - DAY / 2).issued == SHIPPED
    assert on(record, "2025-02-28").issued == issue.issued, "the earliest that there is"


def test_what_was_taken_back_answers_no_more(kept: KeptTables, tmp_path: Path) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    back = Attestation(number=2, act=None, corrects=1, known=CONFIRMED + 2 * DAY)
    record = kept.on_record(named(issue.issued, issue.version, back).tables)
    assert on(record, "2025-04-01").issued == SHIPPED
    assert on(record, "2025-04-01", CONFIRMED + DAY).issued == issue.issued, "as it was known then"


@pytest.mark.parametrize("how", ["none", "another"])
def test_what_is_on_record_and_not_at_hand_stops_the_questions_that_need_it(
    kept: KeptTables, tmp_path: Path, how: str
) -> None:
    """By other tables of that day nobody is answered in its place."""
    issue, _ = KeptTables(tmp_path / "elsewhere").keep(made(tmp_path / "a", "2025-03-01"), NOW)
    if how == "another":
        kept.keep(made(tmp_path / "b", "2025-03-01", '"AT 1", "NS 1"'), NOW)
    record = kept.on_record(named(issue.issued, issue.version).tables)
    with pytest.raises(ReferenceDataError, match=f"{issue.version}.*import the three official files"):
        on(record, "2025-04-01")
    assert on(record, "2026-08-01").issued == SHIPPED


def test_what_nobody_attested_and_cannot_be_read_stops_nothing(
    kept: KeptTables, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that somebody put there ends no service; it is told once."""
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    stray = tmp_path / "kept" / "2099-01-01.1"
    stray.mkdir()
    serving = kept_tables(tmp_path / "kept")
    record = serving.on_record(named(issue.issued, issue.version).tables)
    for _ in range(2):
        assert on(record, "2025-04-01").issued == issue.issued
    [told] = [each for each in caplog.messages if "passed over" in each]
    assert str(stray) in told


def test_one_on_record_that_cannot_be_read_is_not_at_hand(kept: KeptTables, tmp_path: Path) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    (issue.folder / MANIFEST).unlink()
    record = kept_tables(tmp_path / "kept").on_record(named(issue.issued, issue.version).tables)
    assert on(record, "2026-08-01").issued == SHIPPED
    with pytest.raises(ReferenceDataError, match="are not kept here"):
        on(record, "2025-04-01")


def test_one_of_a_day_to_come_that_is_not_at_hand_stops_no_question_of_today(
    kept: KeptTables, tmp_path: Path
) -> None:
    issue, _ = KeptTables(tmp_path / "elsewhere").keep(made(tmp_path, "2027-03-01"), NOW)
    record = kept.on_record(named(issue.issued, issue.version).tables)
    chosen = record.chosen(datetime(2026, 12, 1, tzinfo=UTC), None)
    assert chosen.tables.issued == SHIPPED
    assert chosen.following is None
    assert chosen.missing == (
        "The next tables on record, of 2027-03-01, are not at hand here: whether they answer otherwise is not"
        " known",
    )


def test_a_digest_under_another_day_is_none_of_that_day(kept: KeptTables, tmp_path: Path) -> None:
    issue, _ = kept.keep(made(tmp_path, "2025-03-01"), NOW)
    record = kept.on_record(named(date(2025, 2, 1), issue.version).tables)
    with pytest.raises(ReferenceDataError, match="are not kept here"):
        on(record, "2025-02-10")


def test_what_comes_with_the_service_is_asked_anyway(kept: KeptTables) -> None:
    (shipped,) = kept.issues
    record = kept.on_record(named(shipped.issued, shipped.version).tables)
    assert on(record, "2026-08-01") is load_tables(FOLDER)
    assert [(each.issued, each.shipped) for each in record.issues] == [(SHIPPED, True)]


def test_a_folder_that_somebody_names_is_asked_as_it_is(tmp_path: Path) -> None:
    KeptTables(tmp_path / "kept").keep(made(tmp_path, "2025-03-01"), NOW)
    alone = KeptTables(tmp_path / "kept", shipped=None)
    assert str(on(alone.on_record(()), "2025-04-01").issued) == "2025-03-01"
