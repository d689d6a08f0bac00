"""Rehearsals: the past comes out as it was, futures the same again, and the lean way as the long one."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlight.kernel.tables.domain import Fact
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.reprieve.coverage import Terms, covered, covered_all_day
from greenlight.law.reprieve.policy import Policy
from greenlight.law.reprieve.simulation.account import Ending, account, days
from greenlight.law.reprieve.simulation.fast import Futures
from greenlight.law.reprieve.simulation.futures import Chances, Imagination
from greenlight.law.reprieve.simulation.rehearsal import (
    Answer,
    Known,
    Life,
    Speech,
    UnsoundLifeError,
    Word,
    rehearse,
)
from greenlight.law.terms.spans import gaps
from greenlight.reference.histories import life, recorded
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import load_reprieve
from tests.law.reprieve.cases import BEGIN, DECISION_DUE, KEY, POLICY, WINDOW_CLOSES, order
from tests.law.reprieve.decisions import reevaluated

PAST = life(load_reprieve(), load_listings())
HUAWEI = load_policy()
KNOWN = {"pending": 50, "directive": "soon", "dependence": True}


def sample(**facts: Fact) -> Life:
    """Three years of the sample reprieve, with facts that are known from its beginning on."""
    known = tuple(Known(BEGIN, name, value, "test") for name, value in (KNOWN | facts).items())
    until = BEGIN + timedelta(days=1_095)
    return Life(key=KEY, title="A sample", begins=BEGIN, until=until, term=order(), known=known)


def test_the_policy_in_force_reproduces_the_past() -> None:
    happened = account(recorded(load_reprieve(), HUAWEI, load_listings()), PAST.until)
    events = rehearse(HUAWEI, PAST)
    found = account(events, PAST.until)
    assert (found.terms, found.ending) == (happened.terms, Ending.ENDED)
    assert len(found.decisions) == reevaluated(events) == 6
    assert [day.isoformat() for day in days(found.uncovered(PAST.begins, PAST.until))] == [
        *("2020-08-14", "2020-08-15", "2020-08-16")
    ]


POLICIES = st.sampled_from([HUAWEI, POLICY, POLICY.model_copy(update={"evidence_days": 40})])


@settings(max_examples=120, deadline=None)
@given(POLICIES, st.integers(0, 2**32))
def test_the_lean_way_and_the_long_way_agree(policy: Policy, seed: int) -> None:
    past = PAST if policy is HUAWEI else sample()
    future = Imagination(policy, past).draw(random.Random(seed))
    assert Futures(policy).live(future) == account(rehearse(policy, future), future.until)


SPOKEN = Chances(confirm=0.3, replace=0.3, stop=0.3)


@settings(max_examples=120, deadline=None)
@given(POLICIES, st.integers(0, 2**32))
def test_they_agree_where_the_executive_speaks_often(policy: Policy, seed: int) -> None:
    past = PAST if policy is HUAWEI else sample()
    future = Imagination(policy, past, chances=SPOKEN).draw(random.Random(seed))
    assert Futures(policy).live(future) == account(rehearse(policy, future), future.until)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_days_without_cover_are_those_that_coverage_finds(seed: int) -> None:
    future = Imagination(POLICY, sample(), chances=Chances(stop=0)).draw(random.Random(seed))
    events = rehearse(POLICY, future)
    found, terms = Futures(POLICY).live(future), Terms.of([events])
    without = found.uncovered(future.begins, future.until)
    for at in (future.begins, *terms.changes(future.begins, future.until)):
        answer = covered(terms, "one", "devices", at)
        assert answer.covered is not any(begin <= at < end for begin, end in without)
    gone = days(without)
    for day in (future.begins.date() + timedelta(days=n) for n in range(1, 400, 9)):
        assert covered_all_day(terms, "one", "devices", day).covered is (day not in gone)


def test_a_word_counts_before_the_time_to_object_is_over() -> None:
    window, replaced = timedelta(days=14), order().valid_through + timedelta(days=45)
    for speech, terms, ending in (
        (Speech.CONFIRM, 2, None),
        (Speech.REPLACE, 2, None),
        (Speech.STOP, 1, Ending.STOPPED),
    ):
        for early, counts in ((timedelta(microseconds=1), True), (timedelta(0), False)):
            it = replace(sample(directive=None), words=(Word(window - early, speech, 45),))
            it = replace(it, until=BEGIN + timedelta(days=95))
            found = account(rehearse(POLICY, it), it.until)
            assert found == Futures(POLICY).live(it)
            assert (len(found.terms), found.ending) == ((terms, ending) if counts else (2, None))
            begins = WINDOW_CLOSES - early if counts else WINDOW_CLOSES
            if len(found.terms) == 2:
                assert found.terms[1][0] == begins
                replaces = counts and speech is Speech.REPLACE
                assert (found.terms[1][1] == end_of_day(replaced)) is replaces


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_the_same_seed_draws_the_same_future(seed: int) -> None:
    one, other = (Imagination(HUAWEI, PAST).draw(random.Random(seed)) for _ in range(2))
    assert one == other
    assert list(one.known) == sorted(one.known, key=lambda known: known.at)


def test_an_outage_over_decision_and_expiry_leaves_a_gap() -> None:
    expiry = order().valid_through
    down = (BEGIN + timedelta(days=60), BEGIN + timedelta(days=100))
    broken = replace(sample(), down=(down,))
    found = account(rehearse(POLICY, broken), broken.until)
    assert found == Futures(POLICY).live(broken)
    assert found.decisions[0].at == down[1]
    (gap, *_) = found.uncovered(BEGIN, found.over)
    assert days([gap])[0] == expiry + timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "ending"),
    [
        ({"directive": "end"}, Ending.LAPSED),
        ({"directive": None, "pending": None}, Ending.UNANSWERED),
        ({"directive": "until_july"}, Ending.MOOT),
        ({"directive": None}, None),
    ],
)
def test_a_life_ends_as_its_facts_have_it(facts: dict[str, Fact], ending: Ending | None) -> None:
    it, policy = sample(**facts), POLICY.model_copy(update={"evidence_days": 2_000})
    assert account(rehearse(policy, it), it.until).ending is ending
    assert Futures(policy).live(it).ending is ending


def test_an_answer_after_the_end_is_none() -> None:
    referred = sample(directive=None, pending=None)
    for after, terms in ((13, 2), (14, 2), (15, 1), (20, 1)):
        it = replace(referred, answers=(Answer(timedelta(days=after), 90),))
        found = account(rehearse(POLICY, it), it.until)
        assert found == Futures(POLICY).live(it)
        assert (len(found.terms), found.ending) == (terms, Ending.UNANSWERED)


def test_evidence_is_too_old_at_the_instant_at_which_its_time_is_over() -> None:
    policy = POLICY.model_copy(update={"evidence_days": 40})
    for early, row in ((timedelta(0), "silence"), (timedelta(microseconds=1), "no-directive")):
        submitted = DECISION_DUE - timedelta(days=40) + early
        it = sample(directive=None, dependence=None)
        it = replace(it, known=(*it.known, Known(submitted, "dependence", True, "test")))
        found = account(rehearse(policy, it), it.until)
        assert found == Futures(policy).live(it)
        assert found.decisions[0].row == row


def test_gaps_are_what_no_term_runs_in() -> None:
    at = [BEGIN + timedelta(days=n) for n in range(8)]
    terms = [(at[4], at[5]), (at[1], at[3]), (at[2], at[3])]
    assert gaps(terms, at[0], at[7]) == ((at[0], at[1]), (at[3], at[4]), (at[5], at[7]))
    assert gaps(terms, at[1], at[3]) == ()


def test_a_policy_that_may_not_decide_is_not_rehearsed() -> None:
    with pytest.raises(UnsoundLifeError, match="days to object"):
        rehearse(POLICY.model_copy(update={"lead_days": 3}), sample())
