"""Coverage that nobody knows yet: neither yes nor no while it is not decided what follows the last term."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.time.calendar import end_of_day, last_day
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    IssueTerm,
    RecordPublication,
    RemoveEntities,
    TakeEffect,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import Coverage, Terms, covered, covered_all_day
from greenlight.law.reprieve.events import DecisionFellDue, TermIssued
from greenlight.law.reprieve.questions import CoverageQuestion, answer
from greenlight.law.reprieve.state import Stage
from greenlight.law.reprieve.terms import Correction
from greenlight.reference.histories import recorded
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import load_reprieve
from tests.law.properties import QUICK
from tests.law.reprieve.cases import (
    BEGIN,
    CASES,
    CONFIRM,
    DECISION_DUE,
    END,
    EVIDENCE,
    EXPIRY,
    KEY,
    LAST_DAY,
    LATER,
    PUBLISHED,
    STOP,
    Reprieved,
    Story,
    asked,
    gathered,
    gathering,
    lapsing,
    order,
    published,
    referred,
    running,
)

DAY = timedelta(days=1)
UNDECIDED = {Stage.RUNNING, Stage.GATHERING, Stage.PROPOSED, Stage.TAKING_EFFECT, Stage.REFERRED}
AFTER = EXPIRY + 30 * DAY
LATER_DUE = end_of_day(date(2026, 6, 16))
"""When it is to be decided what follows ``LATER``."""

STORIES = [
    pytest.param(stage, story, id=f"{stage}-{name}")
    for stage, stories in CASES.items()
    if stage is not None
    for name, story in stories.items()
]


def test_beyond_the_last_day_it_is_open_with_both_readings_and_what_would_settle_it() -> None:
    found = asked(running(), EXPIRY, activity="devices")
    assert (found.covered, found.open) == (False, True)
    assert [(each.covered, each.text) for each in found.readings] == [
        (
            False,
            f"it is not covered, as the record stands: term 1 of reprieve {KEY} runs through 5 Apr 2026",
        ),
        (
            True,
            f"it is covered, (c)(2), if term 1 of reprieve {KEY} is extended as it stands beyond"
            " 5 Apr 2026, and long enough",
        ),
    ]
    assert found.settled_by == f"what is decided to follow term 1 of reprieve {KEY}"
    assert found.reason == f"It is not decided yet what follows term 1 of reprieve {KEY}"
    assert (found.reprieve, found.term.number if found.term else 0) == (KEY, 1)
    assert asked(running(), EXPIRY - DAY).open is False


@pytest.mark.parametrize(
    ("entity", "activity", "destination"),
    [("three", "devices", None), ("one", "standards", None), ("one", "devices", "IR")],
)
def test_what_an_extension_as_it_stands_would_not_cover_is_a_no(
    entity: str, activity: str, destination: str | None
) -> None:
    found = asked(running(), AFTER, entity, activity, destination)
    assert (found.covered, found.open, found.readings) == (False, False, ())


@pytest.mark.parametrize(("stage", "story"), STORIES)
def test_it_is_open_at_the_stages_at_which_it_is_not_decided(stage: Stage, story: Story) -> None:
    it = story()
    base = it.opened.horizon or it.opened.last
    assert base is not None
    found = asked(it, max(it.now, base.end) + 30 * DAY)
    gone = any("one" in change.entities and not change.added for change in it.opened.changes)
    assert found.covered is False
    assert found.open is (stage in UNDECIDED and not gone)


def test_a_day_gone_by_is_open_while_a_late_decision_is_pending() -> None:
    late = gathering().at(EXPIRY + 3 * DAY).after(gathered())
    assert late.stage is Stage.PROPOSED
    assert [asked(late, EXPIRY + n * DAY).open for n in (0, 1, 4)] == [True, True, True]
    stopped = late.after(STOP)
    assert [asked(stopped, EXPIRY + n * DAY).open for n in (0, 1, 4)] == [False, False, False]


def test_an_end_decides_nothing_until_it_is_said_what_follows() -> None:
    """The term of 13 February 2020 was printed on the 18th, two days after the one before it had ended."""
    reference = Terms.of([recorded(load_reprieve(), load_policy(), load_listings())])

    def found(day: date, known: date) -> str:
        known_at = end_of_day(known) - timedelta(seconds=1)
        it = covered_all_day(reference, "huawei-technologies", "networks", day, known_at=known_at)
        return "covered" if it.covered else "open" if it.open else "no"

    def told(day: date, *known: date) -> list[str]:
        return [found(day, each) for each in known]

    feb = [date(2020, 2, day) for day in range(15, 19)]
    assert told(date(2020, 2, 17), *feb) == ["open", "open", "open", "covered"]
    assert told(date(2019, 8, 20), *(date(2019, 8, n) for n in (18, 20, 21))) == ["open", "open", "covered"]
    assert told(date(2020, 5, 17), *(date(2020, 5, n) for n in (16, 17, 20))) == ["open", "open", "covered"]
    assert told(date(2019, 11, 19), date(2019, 11, 19), date(2019, 11, 20)) == ["open", "covered"]
    gap = date(2020, 8, 15)
    assert told(gap, date(2020, 8, 14), date(2020, 8, 19), date(2020, 8, 20)) == ["open", "open", "no"]
    assert covered_all_day(reference, "huawei-technologies", "networks", gap).open is False


def test_after_the_end_of_a_reprieve_it_says_what_was_said_of_that() -> None:
    reference = Terms.of([recorded(load_reprieve(), load_policy(), load_listings())])

    def said(entity: str, known: date | None = None) -> str:
        known_at = known and end_of_day(known)
        day = date(2020, 8, 18)
        return covered_all_day(reference, entity, "vulnerability-disclosure", day, known_at=known_at).reason

    assert said("huawei-technologies") == (
        "No term runs at that instant: the reprieve was ended on 17 Aug 2020 (85 FR 51596): National"
        " security. A narrow permanent authorisation for cybersecurity remains, in the footnotes of the"
        " Entity List; it is no term"
    )
    assert said("huawei-technologies", date(2020, 8, 20)) == said("huawei-technologies")
    assert "ended" not in said("huawei-technologies", date(2020, 8, 18)), "it was not printed"
    assert said("somebody") == (
        "No term runs at that instant: no reprieve on record has one for somebody then"
    )


def test_what_is_decided_of_a_term_not_printed_does_not_settle_it_for_who_does_not_know_that_term() -> None:
    it = published().after(IssueTerm(term=LATER)).at(LATER_DUE).after(gathered(directive="until_july"), STOP)
    assert it.stage is Stage.LAPSING
    assert asked(it, EXPIRY, known_at=it.now).open
    assert asked(it, EXPIRY).covered


def test_as_it_was_known_it_was_open_and_later_it_is_what_was_decided() -> None:
    extended = published().after(EVIDENCE).at(DECISION_DUE).after(gathered(), CONFIRM)
    printed = extended.now + DAY
    extended = extended.at(printed).after(RecordPublication(term=2, citation="2 FR 2", published=printed))
    before = asked(extended, EXPIRY, known_at=DECISION_DUE)
    assert (before.covered, before.open) == (False, True)
    between = asked(extended, EXPIRY, known_at=printed - timedelta(seconds=1))
    assert (between.covered, between.open) == (False, True), "what is not printed is not known"
    assert asked(extended, EXPIRY, known_at=printed).covered
    assert asked(extended, EXPIRY).covered
    far = asked(extended, EXPIRY + 400 * DAY)
    assert (far.open, far.term.number if far.term else 0) == (True, 2)


def test_as_it_was_known_before_the_first_was_printed_nothing_was_open() -> None:
    found = asked(published(), EXPIRY, known_at=PUBLISHED - timedelta(seconds=1))
    assert (found.covered, found.open) == (False, False)


def test_a_stop_settles_it_from_the_instant_at_which_it_was_said() -> None:
    it = published().after(EVIDENCE).at(DECISION_DUE).after(gathered())
    stopped = it.later(days=1).after(STOP)
    assert asked(stopped, EXPIRY, known_at=stopped.now - timedelta(seconds=1)).open
    for known_at in (stopped.now, None):
        found = asked(stopped, EXPIRY, known_at=known_at)
        assert (found.covered, found.open) == (False, False)
        assert found.reason.startswith("No term runs at that instant")
    again = stopped.later(days=1).after(IssueTerm(term=LATER))
    assert asked(again, EXPIRY).covered
    assert asked(again, again.opened.terms[-1].end).open


def test_a_term_that_was_ended_early_is_followed_by_nothing() -> None:
    ends = BEGIN + 20 * DAY
    it = published().after(TerminateTerm(term=1, ends=ends, reasons="Diversion.", published=None))
    assert asked(it, ends).open is False
    assert asked(it, ends, known_at=it.now).covered, "it was not printed that it ends"
    ended = published().after(END)
    assert asked(ended, AFTER).open is False


def test_after_a_lapse_nothing_is_open() -> None:
    for lapsed in (lapsing().at(AFTER), referred().at(AFTER)):
        assert asked(lapsed, AFTER + DAY).open is False


def test_whoever_a_term_to_come_takes_in_may_be_covered_by_it() -> None:
    listed = AddEntities(
        entities=frozenset({"three"}), effective=BEGIN + 40 * DAY, running_terms=False, reasons="Listed."
    )
    gone = RemoveEntities(entities=frozenset({"one"}), effective=BEGIN + 40 * DAY, reasons="Delisted.")
    it = running().after(listed, gone)
    assert asked(it, BEGIN + 50 * DAY, "three").covered is False
    assert [asked(it, AFTER, entity).open for entity in ("one", "two", "three")] == [False, True, True]


def test_of_several_that_may_be_extended_each_is_a_reading() -> None:
    other = running().events
    first = other[0].model_copy(update={"key": "other"})
    found = covered(Terms.of([running().events, (first, *other[1:])]), "one", "devices", AFTER)
    assert [each.covered for each in found.readings] == [False, True, True]
    assert found.settled_by == (
        "what is decided to follow term 1 of reprieve other; what is decided to follow term 1 of reprieve"
        f" {KEY}"
    )


def test_a_day_is_open_if_a_part_of_it_is_and_none_is_a_no() -> None:
    terms = Terms.of([running().events])
    found = [covered_all_day(terms, "one", "devices", LAST_DAY + n * DAY) for n in (0, 1, 400)]
    assert [(each.covered, each.open) for each in found] == [(True, False), (False, True), (False, True)]
    known = covered_all_day(
        Terms.of([published().events]), "one", "devices", LAST_DAY + DAY, known_at=EXPIRY + DAY / 2
    )
    assert known.open, "the morning of it is past, and nobody knows yet what follows"


def test_the_answer_on_the_wire_says_it_beside_what_it_always_said() -> None:
    question = CoverageQuestion(entity="one", activity="devices", at=EXPIRY)
    said = answer(Terms.of([running().events]), question)
    old = {name: value for name, value in said.model_dump(mode="json").items() if name != "readings"}
    assert (old["covered"], old["activity"], old["term"]["number"]) == (False, None, 1)
    assert said.still_required
    assert (said.open, len(said.readings)) == (True, 2)
    plain = answer(Terms.of([running().events]), question.model_copy(update={"at": BEGIN}))
    assert (plain.open, plain.readings, plain.settled_by) == (False, (), None)


# Lived at random


@st.composite
def lives(draw: st.DrawFn) -> Reprieved:
    """Whatever anybody sends whenever; each term is printed the instant it is issued, or later, or never."""
    it = running()
    for _ in range(draw(st.integers(1, 12))):
        it = it.later(days=draw(st.sampled_from([0, 1, 5, 14, 30, 60])))
        day = last_day(it.now) + draw(st.sampled_from([10, 40, 90])) * DAY
        term = draw(st.integers(1, 4))
        for body in draw(
            st.sampled_from(
                [
                    (EVIDENCE,),
                    (gathered(),),
                    (gathered(directive="end"),),
                    (gathered(directive="narrow"),),
                    (TakeEffect(),),
                    (CONFIRM,),
                    (STOP,),
                    (END,),
                    (RecordPublication(term=term, citation="1 FR 1", published=it.now),),
                    (IssueTerm(term=order(day)),),
                    (TerminateTerm(term=term, reasons="x", citation="1 FR 1", published=it.now),),
                    (CorrectTerm(term=term, correction=Correction(valid_through=day), reasons="x"),),
                ]
            )
        ):
            if not isinstance(it.asked(body), Refusal):
                it = it.after(body)
    return it


def said(found: Coverage) -> tuple[object, ...]:
    return found.covered, found.open, found.readings, found.settled_by


@QUICK
@given(
    it=lives(),
    known=st.integers(0, 300),
    ahead=st.integers(-50, 300),
    activity=st.sampled_from(["networks", "devices"]),
)
def test_no_answer_depends_on_what_was_recorded_later(
    it: Reprieved, known: int, ahead: int, activity: str
) -> None:
    known_at = BEGIN + known * DAY
    at = known_at + ahead * DAY
    then: list[Event] = [event for event in it.events if event.at <= known_at]
    found = asked(it, at, activity=activity, known_at=known_at)
    assert said(found) == said(covered(Terms.of([then]), "one", activity, at, None, known_at))


@QUICK
@given(it=lives(), ahead=st.integers(-50, 300))
def test_open_is_what_is_not_decided_and_nothing_else(it: Reprieved, ahead: int) -> None:
    """Held against the state, which is folded from the same events by another law."""
    at = it.now + ahead * DAY
    found = asked(it, at, activity="devices")
    base = it.opened.horizon or it.opened.last
    assert base is not None
    pending = it.stage in UNDECIDED and base.ends is None
    assert found.open is (pending and at >= base.end and not found.covered)
    assert not (found.open and found.covered)
    if found.open:
        assert {each.covered for each in found.readings} == {True, False}


@QUICK
@given(it=lives(), ahead=st.integers(0, 300))
def test_while_a_decision_is_pending_no_answer_denies_what_the_extension_came_to_cover(
    it: Reprieved, ahead: int
) -> None:
    """Open never turned into the wrong one of its readings, of days gone by neither."""
    at = BEGIN + ahead * DAY
    due = {event.number: event.at for event in it.of(DecisionFellDue)}
    for issued in it.of(TermIssued):
        alone = Terms.of([[each for each in it.events if each.at <= issued.at]])
        if issued.decision is None or not covered(alone, "one", "devices", at).covered:
            continue
        for event in it.events:
            if due[issued.decision] <= event.at < issued.at:
                then = Terms.of([[each for each in it.events if each.at <= event.at]])
                found = covered(then, "one", "devices", at)
                assert found.covered or found.open
