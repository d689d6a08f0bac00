"""The acts on a rule as terms, and its picture."""

from datetime import datetime

import pytest
from hypothesis import given

from greenlight.law.rule.acts import Attestation
from greenlight.law.rule.runs import runs
from greenlight.law.rule.standing import segments
from greenlight.law.rule.timeline import timeline
from greenlight.law.terms.spans import NEVER
from tests.law.rule.cases import ADOPTED, SUSPENDED, act, at, attested
from tests.law.rule.test_standing import DAYS, told

LATE = attested(3, "2026-12-01", act("suspended", "2026-12-01", through="2027-01-10"))


def ends(*attestations: Attestation) -> list[tuple[int, datetime]]:
    return [(run.number, run.end) for run in runs(attestations)]


def test_an_act_runs_through_its_last_day_or_for_good() -> None:
    assert ends(ADOPTED, SUSPENDED) == [(1, NEVER), (2, at("2026-11-10"))]


@pytest.mark.parametrize(
    ("later", "suspended"),
    [
        (act("reinstated", "2026-03-01"), at("2026-03-01")),
        (act("withdrawn", "2026-03-01"), at("2026-03-01")),
        (act("not_enforced", "2026-03-01"), at("2026-03-01")),
        # It was to end sooner; and one more that goes on beyond it ends by itself.
        (act("suspended", "2026-03-01", through="2026-04-01"), at("2026-04-02")),
        (act("suspended", "2026-03-01", through="2027-04-01"), at("2026-11-10")),
        # What came to nothing before it, and what says nothing of it.
        (act("reinstated", "10-15"), at("2026-11-10")),
        (act("amended", "2026-03-01"), at("2026-11-10")),
        # A contradiction ends nothing.
        (act("suspended", "11-10", through="2026-01-09", citation="90 FR 50857"), at("2026-11-10")),
    ],
)
def test_another_act_ends_it_before_where_it_says_so(later: object, suspended: datetime) -> None:
    assert isinstance(later, type(SUSPENDED.act))
    assert (2, suspended) in ends(ADOPTED, SUSPENDED, attested(3, "2026-03-01", later))


def test_the_picture_has_what_nobody_knows_as_a_gap_and_each_change_as_a_mark() -> None:
    shown = timeline("Affiliates Rule", [ADOPTED, SUSPENDED, LATE])
    assert shown is not None
    assert shown.gaps == ((at("2026-11-10"), at("2026-12-01")), (at("2027-01-11"), NEVER))
    assert [(mark.at, mark.told) for mark in shown.marks] == [
        (at("09-29"), "in force"),
        (at("11-10"), "suspended"),
        (at("2026-11-10"), "in force or suspended"),
        (at("2026-12-01"), "suspended"),
        (at("2027-01-11"), "in force or suspended"),
    ]
    assert shown.overlaps == ()


def test_of_nothing_there_is_no_picture() -> None:
    assert timeline("Nothing", []) is None
    assert timeline("Taken back", [ADOPTED, attested(2, "10-01", None, corrects=1)]) is None


@given(told(), DAYS)
def test_the_gaps_of_the_picture_are_where_the_standing_is_open(
    attestations: list[Attestation], instant: datetime
) -> None:
    shown = timeline("Any", attestations)
    if shown is None:
        return
    *_, standing = [each for start, each in segments(tuple(attestations)) if start <= instant]
    assert any(begin <= instant < end for begin, end in shown.gaps) == standing.open
