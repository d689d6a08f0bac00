"""The control tables of a day: which of those that are kept, and what is said where none is of that day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.time.calendar import agency_date, start_of_day
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.issues import Issue, in_force
from greenlight.law.determination.question import Classified, Question
from greenlight.law.determination.reason import Outcome
from greenlight.law.determination.tables import Chosen, Entry, Tables, control_of
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty, Entries, Places
from greenlight.law.rule.rules import OnRecord, Rule, Rules
from tests.law.determination.cases import COLUMNS, NO, TABLES, party
from tests.law.determination.test_laws import QUICK

FIRST, SECOND = date(2025, 3, 1), date(2026, 2, 1)
ONCE = datetime(2026, 11, 1, tzinfo=UTC)
"""When both were kept."""


def issue(issued: date, known: datetime = ONCE) -> Issue:
    return Issue(issued, known)


KEPT = (issue(FIRST), issue(SECOND))


@pytest.mark.parametrize(
    ("day", "issued", "of_the_day", "following"),
    [
        (date(2025, 2, 28), FIRST, False, None),
        (date(1999, 1, 1), FIRST, False, None),
        (FIRST, FIRST, True, None),
        (date(2025, 3, 2), FIRST, True, SECOND),
        (date(2026, 1, 31), FIRST, True, SECOND),
        (SECOND, SECOND, True, None),
        (date(2030, 1, 1), SECOND, True, None),
    ],
)
def test_the_issue_of_a_day(day: date, issued: date, of_the_day: bool, following: date | None) -> None:
    for kept in (KEPT, tuple(reversed(KEPT))):
        found = in_force(kept, day, None)
        assert (found.issue.issued, found.of_the_day) == (issued, of_the_day)
        assert (found.following and found.following.issued) == following
        assert bool(found.missing) is not of_the_day


def test_where_none_of_the_day_is_kept_it_is_said_which_one_was_asked() -> None:
    (said,) = in_force(KEPT, date(2020, 5, 4), None).missing
    assert said == (
        "No control tables of 2020-05-04 are kept: asked were the earliest that are, of 2025-03-01, and what"
        " was printed on that day may be another thing"
    )


def test_an_issue_counts_from_when_it_is_known() -> None:
    late = issue(FIRST, ONCE + timedelta(days=5))
    kept = (late, issue(SECOND))
    assert in_force(kept, date(2025, 6, 1), None).issue == late
    assert in_force(kept, date(2025, 6, 1), late.known).issue == late
    before = in_force(kept, date(2025, 6, 1), late.known - timedelta(microseconds=1))
    assert before.issue.issued == SECOND
    assert not before.of_the_day


def test_a_corrected_issue_takes_the_place_of_the_one_before_from_when_it_is_known() -> None:
    corrected = issue(FIRST, ONCE + timedelta(days=5))
    kept = (issue(FIRST), corrected, issue(SECOND))
    assert in_force(kept, FIRST, None).issue == corrected
    assert in_force(kept, FIRST, ONCE).issue == kept[0]


def test_of_a_time_when_none_was_known_the_first_one_tells_and_says_so() -> None:
    found = in_force(KEPT, date(2026, 3, 1), datetime(2025, 1, 1, 12, tzinfo=UTC))
    (said,) = found.missing
    assert "No control tables were known here on 2025-01-01" in said
    assert str(found.issue.issued) in said


issues = st.lists(
    st.builds(
        issue,
        st.dates(date(2025, 1, 1), date(2025, 1, 9)),
        st.integers(0, 9).map(lambda days: ONCE + timedelta(days=days)),
    ),
    min_size=1,
    unique=True,
)


@QUICK
@given(issues, issues, st.dates(date(2024, 12, 30), date(2025, 1, 12)), st.integers(0, 9))
def test_nothing_that_was_kept_later_changes_what_was_known(
    kept: Sequence[Issue], later: Sequence[Issue], day: date, days: int
) -> None:
    known = ONCE + timedelta(days=days)
    before = [each for each in kept if each.known <= known] or [issue(FIRST, known)]
    after = [replace(each, known=each.known + timedelta(days=10)) for each in later]
    assert in_force([*before, *after], day, known) == in_force(before, day, known)


# What is answered.


class Kept:
    """Tables of two days in memory."""

    def __init__(self, *tables: Tables) -> None:
        self._tables = {each.issued: each for each in tables}

    def chosen(self, at: datetime, known_at: datetime | None) -> Chosen:
        found = in_force([issue(day) for day in self._tables], agency_date(at), known_at)
        following = found.following and self._tables[found.following.issued]
        return Chosen(self._tables[found.issue.issued], found.missing, found.of_the_day, following)

    def on_record(self, named: Sequence[OnRecord]) -> "Kept":
        return self


def printing(issued: date, refers: str) -> Tables:
    control = control_of("5A991", "AT applies to entire entry", refers, COLUMNS)
    entry = Entry("5A991", "Entry 5A991", frozenset({"AT"}), (control,))
    return replace(TABLES, issued=issued, entries={**TABLES.entries, "5A991": entry})


ALL = "A license is required for ALL destinations, except Canada, regardless of end use."
BOTH = Kept(printing(FIRST, "AT Column 1"), printing(SECOND, ALL))
NONE = Rules(())


def asked(day: date, tables: Kept | Tables = BOTH, rules: Rules = NONE, item: str = "5A991") -> Determination:
    at = start_of_day(day) + timedelta(hours=12)
    question = Question(
        items=(Classified(classification=item),),
        destination="CN",
        parties=(party(),),
        circumstances=NO,
        at=at,
    )
    return determine(question, tables, rules)


def test_each_day_is_answered_by_its_own_issue() -> None:
    first, second = asked(FIRST), asked(SECOND)
    assert (first.tables_of, first.outcome, first.warnings) == (FIRST, Outcome.NOT_REQUIRED, ())
    assert (second.tables_of, second.outcome, second.warnings) == (SECOND, Outcome.REQUIRED, ())


def test_between_two_that_answer_otherwise_it_is_said_that_the_change_may_have_come_before() -> None:
    found = asked(date(2025, 9, 1))
    assert (found.tables_of, found.outcome) == (FIRST, Outcome.NOT_REQUIRED)
    (said,) = found.warnings
    assert "The next tables that are kept, of 2026-02-01, answer otherwise (required)" in said
    assert asked(date(2025, 9, 1), item="EAR99").warnings == ()


def test_of_a_day_before_them_all_it_is_said_that_none_is_kept() -> None:
    found = asked(date(2019, 6, 1))
    assert found.tables_of == FIRST
    assert "No control tables of 2019-06-01 are kept" in found.warnings[0]


def amended(governs: Entries | Places, effective: date) -> Rules:
    act = Act(
        kind=ActKind.ADOPTED,
        citation="90 FR 1",
        effective=start_of_day(effective),
        certainty=Certainty.PRIMARY,
        text="It changes.",
    )
    known = Attestation(number=1, act=act, known=start_of_day(date(2024, 1, 1)))
    return Rules([Rule("change", "A change", governs, (known,))])


@pytest.mark.parametrize("governs", [Entries(entries=("5A991",)), Places(countries=frozenset({"CN"}))])
def test_what_is_known_to_have_changed_since_is_open_where_none_of_the_day_is_kept(
    governs: Entries | Places,
) -> None:
    rules = amended(governs, date(2025, 2, 1))
    found = asked(date(2025, 1, 31), rules=rules)
    assert found.outcome is Outcome.CANNOT_DETERMINE
    (reason,) = found.of("open")
    assert "print an amendment that counts only from 2025-02-01" in reason.text
    assert reason.settled_by == "the control tables of 2025-01-31"
    # From the day of the amendment on it is what the tables print, as far as is known.
    assert asked(date(2025, 2, 1), rules=rules).outcome is Outcome.NOT_REQUIRED
    # Nor does it matter where tables of the day are there, or to what the amendment does not touch.
    assert asked(FIRST, rules=rules).outcome is Outcome.NOT_REQUIRED
    assert asked(date(2025, 1, 31), TABLES, rules).outcome is Outcome.NOT_REQUIRED


def test_what_is_on_no_entry_is_not_opened_by_an_amendment_of_its_destination() -> None:
    rules = amended(Places(countries=frozenset({"CN"})), date(2025, 2, 1))
    assert asked(date(2025, 1, 31), rules=rules, item="EAR99").outcome is Outcome.NOT_REQUIRED
