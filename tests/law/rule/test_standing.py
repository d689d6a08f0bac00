"""Rules through time: attested late, wrongly, against each other; extended after the end; and not known."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from greenlight.law.rule.acts import ENDING, ActKind, Attestation, Certainty
from greenlight.law.rule.deadlines import deadlines
from greenlight.law.rule.standing import Force, Timeline, segments
from greenlight.law.rule.worlds import MOST_WORLDS, contradictions
from tests.law.rule.aggregates import OF_NOBODY, Kept, opening_of
from tests.law.rule.cases import ADOPTED, SUSPENDED, act, at, attested, on

OPEN = "in_force or suspended"
KNOWN = Timeline([ADOPTED, SUSPENDED])


@pytest.mark.parametrize(
    ("day", "known", "expected"),
    [
        # (day asked about, day of knowledge, readings): 90 FR 47201; 90 FR 50857, through 9 November 2026.
        ("09-28", None, "not_adopted"),
        ("09-29", None, "in_force"),
        ("11-09", None, "in_force"),
        ("11-10", None, "suspended"),
        ("2026-11-09", None, "suspended"),
        ("2026-11-10", None, OPEN),
        ("2030-01-01", None, OPEN),
        # Before a filing nobody could know.
        ("10-15", "09-28", "not_adopted"),
        ("12-01", "11-09", "in_force"),
        ("12-01", "11-10", "suspended"),
        ("2026-11-10", "11-09", "in_force"),
        ("2026-11-10", "11-10", OPEN),
    ],
)
def test_the_rule_of_2025_as_it_was_attested(day: str, known: str | None, expected: str) -> None:
    assert on(KNOWN, day, known) == expected


def test_an_open_answer_says_what_would_settle_it_and_on_what_it_rests() -> None:
    found = KNOWN.at(at("2026-12-01"))
    assert found.open
    assert found.in_force is None
    assert found.settled_by is not None
    assert "90 FR 50857 past 9 Nov 2026" in found.settled_by
    assert found.citation == "90 FR 47201, 90 FR 50857 (unverified)"
    assert "in force again" in found.said
    assert "still suspended" in found.said


def test_an_extension_published_after_the_end_counts_from_before_and_was_not_known_before() -> None:
    late = attested(3, "2026-12-01", act("suspended", "2026-11-10", through="2027-11-09"))
    timeline = Timeline([ADOPTED, SUSPENDED, late])
    assert on(timeline, "2026-11-20", "2026-11-20") == OPEN
    assert on(timeline, "2026-11-20", "2026-12-01") == "suspended"
    assert on(timeline, "2027-11-10") == OPEN


def test_it_is_extended_again_and_again() -> None:
    years = range(2026, 2031)
    extended = [
        attested(n, f"{year}-11-01", act("suspended", f"{year}-11-10", through=f"{year + 1}-11-09"))
        for n, year in enumerate(years, 3)
    ]
    timeline = Timeline([ADOPTED, SUSPENDED, *extended])
    assert {on(timeline, f"{year}-11-10") for year in years} == {"suspended"}
    assert on(timeline, "2031-11-10") == OPEN


def test_after_a_gap_it_is_open_in_the_gap_alone() -> None:
    later = attested(3, "2026-12-01", act("suspended", "2026-12-01", through="2027-01-10"))
    timeline = Timeline([ADOPTED, SUSPENDED, later])
    assert [on(timeline, day) for day in ("2026-11-20", "2026-12-01", "2027-01-11")] == [
        OPEN,
        "suspended",
        OPEN,
    ]


def test_attested_to_be_in_force_again_it_is_open_no_more() -> None:
    again = attested(3, "2026-12-01", act("reinstated", "2026-11-10"))
    timeline = Timeline([ADOPTED, SUSPENDED, again])
    assert on(timeline, "2026-11-20", "2026-11-30") == OPEN
    assert on(timeline, "2026-11-20", "2026-12-01") == "in_force"


def test_attested_wrongly_and_corrected_it_was_known_wrongly_until_then() -> None:
    wrong = attested(2, "11-10", act("suspended", "11-10", through="2025-12-09", citation="90 FR 50857"))
    right = attested(3, "11-20", SUSPENDED.act, corrects=2)
    timeline = Timeline([ADOPTED, wrong, right])
    assert on(timeline, "2026-01-15", "11-15") == OPEN
    assert on(timeline, "2026-01-15", "11-20") == "suspended"


def test_what_never_was_is_taken_back() -> None:
    rumour = attested(2, "10-15", act("withdrawn", "10-15"))
    back = attested(3, "10-20", None, corrects=2)
    timeline = Timeline([ADOPTED, rumour, back])
    assert on(timeline, "11-01", "10-16") == "withdrawn"
    assert on(timeline, "11-01", "10-20") == "in_force"


def test_two_attestations_that_contradict_each_other_are_two_readings_where_they_differ() -> None:
    license_ = "90 FR 47201, general license"
    one = attested(1, "09-29", act("adopted", "09-29", through="11-28", citation=license_))
    other = attested(2, "10-05", act("adopted", "09-29", through="12-01", citation=license_))
    timeline = Timeline([one, other])
    assert [on(timeline, day) for day in ("11-28", "11-29", "12-02")] == [
        "in_force",
        "in_force or ended",
        "ended",
    ]
    found = timeline.at(at("11-29"))
    assert found.settled_by == f"reading the last day in {license_}"
    assert (
        found.recorded == f"a correction of attestations 1 and 2, which contradict each other on {license_}"
    )
    assert [timeline.at(at(day)).said for day in ("11-28", "12-02")] == [
        "it is in force through 28 Nov 2025 or 1 Dec 2025",
        "it ended with 28 Nov 2025 or 1 Dec 2025",
    ]
    assert on(timeline, "11-29", "10-01") == "ended"
    assert contradictions([one, other]) == 2
    settled = attested(3, "11-01", one.act, corrects=2)
    assert on(Timeline([one, other, settled]), "11-29") == "ended"


def test_a_standing_is_as_certain_as_the_least_certain_act_that_it_rests_on() -> None:
    """And what two attestations of one act agree on is as certain as the better of them."""
    primary, unverified = Certainty.PRIMARY, Certainty.UNVERIFIED
    stayed = act("suspended", "11-10", through="2026-11-09", citation="91 FR 70001")
    timeline = Timeline([ADOPTED, attested(2, "11-10", stayed.model_copy(update={"certainty": primary}))])
    suspended = timeline.at(at("11-10"))
    assert suspended.certainty is Certainty.SECOND_HAND
    assert suspended.citation == "90 FR 47201, 91 FR 70001 (second-hand)"
    amendment = act("amended", "10-15", citation="91 FR 1").model_copy(update={"certainty": unverified})
    amended = Timeline([ADOPTED, attested(2, "10-15", amendment), SUSPENDED]).at(at("11-10"))
    assert amended.citation == "90 FR 47201, 91 FR 1, 90 FR 50857 (unverified)"
    rumour = act("adopted", "09-30", citation="90 FR 47201").model_copy(update={"certainty": unverified})
    both = Timeline([attested(1, "09-29", rumour), attested(2, "09-29", ADOPTED.act)])
    assert both.at(at("10-15")).certainty is Certainty.SECOND_HAND


def test_readings_that_agree_on_the_force_alone_are_told_both() -> None:
    one = attested(1, "09-29", act("adopted", "09-29", through="11-28", citation="x"))
    other = attested(2, "09-29", act("adopted", "09-29", citation="x"))
    assert (
        Timeline([one, other]).at(at("10-01")).said == "it is in force through 28 Nov 2025, or it is in force"
    )
    later = attested(2, "09-29", act("adopted", "10-05", through="11-28", citation="x"))
    assert Timeline([one, later]).at(at("10-01")).settled_by == "reading the day from which it counts in x"
    words = act("adopted", "09-29", citation="x").model_copy(update={"text": "Otherwise."})
    assert not Timeline([other, attested(1, "09-29", words)]).at(at("10-01")).settled_by


def test_the_same_attested_twice_contradicts_nothing() -> None:
    again = SUSPENDED.model_copy(update={"number": 3})
    assert on(Timeline([ADOPTED, SUSPENDED, again]), "2026-01-01") == "suspended"
    assert contradictions([ADOPTED, SUSPENDED, again]) == 1


def test_attested_late_it_was_not_known_before() -> None:
    late = attested(2, "2026-02-01", SUSPENDED.act)
    timeline = Timeline([ADOPTED, late])
    assert on(timeline, "12-01", "12-01") == "in_force"
    assert on(timeline, "12-01", "2026-02-01") == "suspended"


def test_an_amendment_neither_ends_a_suspension_nor_tells_what_came_after_it() -> None:
    amended = attested(3, "2026-01-01", act("amended", "2026-01-01", citation="91 FR 1"))
    late = attested(4, "2026-12-01", act("amended", "2026-12-01", citation="91 FR 2"))
    timeline = Timeline([ADOPTED, SUSPENDED, amended, late])
    assert [on(timeline, day) for day in ("2026-02-01", "2026-11-20", "2027-01-01")] == [
        "suspended",
        OPEN,
        OPEN,
    ]
    assert "91 FR 1" in timeline.at(at("2026-11-20")).citation


def test_a_general_license_ends_with_its_last_day_and_an_amendment_extends_it() -> None:
    first = attested(1, "09-29", act("adopted", "09-29", through="11-28"))
    more = attested(2, "11-20", act("amended", "11-20", through="2026-01-31"))
    timeline = Timeline([first, more])
    assert on(timeline, "11-29", "11-19") == "ended"
    assert on(timeline, "11-29", "11-20") == "in_force"
    assert on(timeline, "2026-02-01") == "ended"


def test_a_text_that_is_not_enforced_is_open_and_a_withdrawn_one_stays_so() -> None:
    told = attested(2, "10-01", act("not_enforced", "10-01"))
    gone = attested(3, "10-10", act("withdrawn", "10-10"))
    timeline = Timeline([ADOPTED, told, gone, attested(4, "10-20", act("reinstated", "10-20"))])
    assert on(timeline, "10-05") == "not_enforced"
    assert timeline.at(at("10-05")).in_force is None
    assert on(timeline, "2026-01-01") == "withdrawn"


def test_a_last_day_belongs_to_what_may_have_one_and_lies_after_the_first() -> None:
    with pytest.raises(ValidationError, match="has no last day"):
        act("withdrawn", "10-01", through="11-01")
    with pytest.raises(ValidationError, match="over before it begins"):
        act("suspended", "10-01", through="09-30")
    assert act("suspended", "10-01", through="10-01").end == at("10-02")


DAYS = st.integers(0, 120).map(lambda days: at("09-29") + timedelta(days=days))


@st.composite
def told(draw: st.DrawFn) -> list[Attestation]:
    """An adoption and whatever came: in any order of knowledge, corrected, contradicted, taken back."""
    license_ = draw(st.booleans())
    found = [attested(1, "09-29", act("adopted", "09-29", through="11-28")) if license_ else ADOPTED]
    for number in range(2, draw(st.integers(2, 6)) + 1):
        kind = draw(st.sampled_from([ActKind.SUSPENDED, *ActKind]))
        begins = draw(DAYS)
        corrects = draw(st.none() | st.integers(1, number - 1))
        ends = begins + timedelta(days=draw(st.integers(1, 60)))
        through = kind is ActKind.SUSPENDED or (kind in ENDING and draw(st.booleans()))
        said = act(kind.value, "09-29", citation=draw(st.sampled_from(["one", "two", "three"]))).model_copy(
            update={
                "effective": begins,
                "published": draw(st.none() | DAYS),
                "valid_through": ends.date() if through else None,
            }
        )
        taken_back = corrects is not None and draw(st.booleans())
        found.append(
            Attestation(number=number, act=None if taken_back else said, known=draw(DAYS), corrects=corrects)
        )
    return found


@given(told(), DAYS, DAYS)
def test_no_answer_depends_on_what_became_known_later(
    attestations: list[Attestation], instant: datetime, known: datetime
) -> None:
    by_then = [each for each in attestations if each.known <= known]
    assert Timeline(attestations).at(instant, known) == Timeline(by_then).at(instant)


@given(told(), DAYS)
def test_an_open_standing_has_two_readings_and_says_what_settles_it(
    attestations: list[Attestation], instant: datetime
) -> None:
    found = Timeline(attestations).at(instant)
    assert found.readings
    assert found.open == (len(found.readings) > 1)
    assert not found.open or found.settled_by
    assert found.in_force is None or not found.open or Force.IN_FORCE not in found.forces


@given(told(), DAYS, st.booleans())
def test_open_by_the_end_of_a_suspension_becomes_whichever_is_attested(
    attestations: list[Attestation], instant: datetime, extended: bool
) -> None:
    """An extension or a return from that day on settles it, one way or the other, for that instant."""
    if contradictions(attestations) > 1 or not Timeline(attestations).at(instant).open:
        return
    kind, force = ("suspended", Force.SUSPENDED) if extended else ("reinstated", Force.IN_FORCE)
    said = act(kind, "09-29", citation="settles it").model_copy(update={"effective": instant})
    later = max(each.known for each in attestations) + timedelta(days=1)
    known = Timeline([*attestations, Attestation(number=99, act=said, known=later)])
    assert known.at(instant).forces == {force}
    assert known.at(instant, later - timedelta(days=1)).open


def test_the_most_that_one_opening_may_contradict_is_worked_out_once() -> None:
    """A workflow asks for deadlines all the time, and must not think for longer than a second or two."""
    stays = [
        act("suspended", "11-10", through=f"2026-{month:02}-09", citation=f"{month} FR 1")
        for month in range(1, 13)
    ]
    contradicted = [each.model_copy(update={"text": text}) for each in stays[:6] for text in ("One", "Two")]
    acts = (act("adopted", "09-29"), *stays[6:], *contradicted)
    state = (
        Kept(at("11-20"), key="contradicted").after(opening_of(*acts, governs=OF_NOBODY)).confirmed().state
    )
    assert state is not None
    assert contradictions(state.attestations) == MOST_WORLDS
    segments.cache_clear()
    for _ in range(3):
        assert deadlines(state)
        assert state.stage
    assert segments.cache_info().misses == 1
