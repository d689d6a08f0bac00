"""Bad weather, line by line: what happens when something is late, or comes in the same instant.

The usual term ends with 5 April 2026. Its decision is due on 22 March and the time to object is over when
5 April begins, all at midnight in Washington.
"""

from datetime import date, datetime, timedelta

import pytest

from greenlight.kernel.refusal import RefusalCode
from greenlight.law.reprieve.commands import (
    AddEntities,
    AdoptPolicy,
    CorrectTerm,
    IssueTerm,
    RecordFacts,
    RemoveEntities,
    TakeEffect,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import Terms, covered
from greenlight.law.reprieve.events import (
    DecisionFellDue,
    DecisionMade,
    ObjectionWindowClosed,
    OutcomeMoot,
    OutcomeStopped,
    TermExpired,
    TermIssued,
    TermTerminated,
)
from greenlight.law.reprieve.refusals import ReprieveRefusal
from greenlight.law.reprieve.state import Stage
from greenlight.law.reprieve.terms import Correction
from tests.kernel.time.samples import washington
from tests.law.decisions import code_of
from tests.law.reprieve.cases import (
    BEGIN,
    CONFIRM,
    DECISION_DUE,
    EVIDENCE,
    EXPIRY,
    LAST_DAY,
    LATER,
    POLICY,
    REPLACE,
    STOP,
    WINDOW_CLOSES,
    Reprieved,
    gathered,
    gathering,
    lapsed,
    lapsing,
    order,
    proposed,
    referred,
    running,
    taking_effect,
)
from tests.law.reprieve.decisions import reevaluated

INSTANT = timedelta(microseconds=1)
NINETY_DAYS_ON = date(2026, 7, 4)


def is_covered(it: Reprieved, at: datetime, entity: str = "one") -> bool:
    return covered(Terms.of([it.events]), entity, "devices", at).covered


def test_in_good_weather_the_extension_begins_before_the_term_is_over() -> None:
    it = taking_effect().after(TakeEffect())
    assert it.spans == [(BEGIN, LAST_DAY), (WINDOW_CLOSES, NINETY_DAYS_ON)]
    (issued,) = it.of(TermIssued)[1:]
    assert (issued.by, issued.decision, issued.at) == (None, 1, WINDOW_CLOSES)
    assert all(is_covered(it, at) for at in (EXPIRY - INSTANT, EXPIRY))
    assert it.at(EXPIRY).stage is Stage.RUNNING


def test_the_decision_has_its_facts_with_source_and_position_and_every_rows_trace() -> None:
    (made,) = proposed().of(DecisionMade)
    assert (made.due, made.at, made.closes) == (DECISION_DUE, DECISION_DUE, WINDOW_CLOSES)
    assert [(f.name, f.value, f.source, f.position) for f in made.facts] == [
        ("pending", 50, "docket", 7),
        ("directive", None, "register", 7),
        ("dependence", True, "rural carriers", None),
        ("terms_issued", 1, "this reprieve", None),
    ]
    assert made.evaluation.version == POLICY.table.version
    assert made.policy == POLICY.version
    assert [trace.stopped_by for trace in made.evaluation.trace][:2] == [
        "directive is unknown, not end",
        "directive is unknown, not narrow",
    ]
    assert made.evaluation.trace[-1].fired
    assert reevaluated(proposed().events) == 1


def test_down_across_the_decision_it_is_recorded_with_the_due_and_the_real_time() -> None:
    late = washington(2026, 3, 23, 8)
    it = gathering().at(late).after(gathered())
    (made,) = it.of(DecisionMade)
    assert [event.at for event in it.of(DecisionFellDue)] == [DECISION_DUE]
    assert (made.due, made.at) == (DECISION_DUE, late)
    assert made.closes == EXPIRY, "the time to object is not shortened"
    assert it.at(EXPIRY).after(TakeEffect()).spans[1] == (EXPIRY, NINETY_DAYS_ON)


def test_down_across_the_expiry_the_term_lapsed_and_the_extension_starts_at_the_real_time() -> None:
    back = washington(2026, 4, 10, 9)
    it = proposed().at(back)
    assert [event.at for event in it.of(ObjectionWindowClosed)] == [WINDOW_CLOSES]
    assert [event.at for event in it.of(TermExpired)] == [EXPIRY]
    assert it.stage is Stage.TAKING_EFFECT
    it = it.after(TakeEffect())
    assert it.spans[1] == (back, date(2026, 7, 8)), "90 days from its own first day"
    gap = [EXPIRY, back - INSTANT]
    assert [is_covered(it, at) for at in (EXPIRY - INSTANT, *gap, back)] == [True, False, False, True]


def test_down_across_decision_and_expiry_both_are_recorded_at_their_instants() -> None:
    back = washington(2026, 4, 10, 9)
    it = running().after(EVIDENCE).at(back)
    assert [event.at for event in it.of(DecisionFellDue)] == [DECISION_DUE]
    assert [event.at for event in it.of(TermExpired)] == [EXPIRY]
    assert it.stage is Stage.GATHERING
    it = it.after(gathered())
    (made,) = it.of(DecisionMade)
    assert (made.due, made.at, made.closes) == (DECISION_DUE, back, washington(2026, 4, 24, 0))
    effect = it.at(washington(2026, 4, 24, 0)).after(TakeEffect())
    assert effect.spans[1][0] == washington(2026, 4, 24, 0)
    assert not is_covered(effect, washington(2026, 4, 23, 23))


def test_an_executive_may_close_the_gap_sooner_and_never_backwards() -> None:
    back = washington(2026, 4, 10, 9)
    it = running().after(EVIDENCE).at(back).after(gathered(), CONFIRM)
    assert it.spans[1][0] == back
    assert not is_covered(it, back - INSTANT)


def test_an_extension_to_a_day_that_is_past_comes_to_nothing_on_record() -> None:
    it = proposed("until_july").at(washington(2026, 7, 5)).after(TakeEffect())
    assert len(it.of(TermIssued)) == 1
    assert [event.decision for event in it.of(OutcomeMoot)] == [1]
    assert it.stage is Stage.LAPSED


def test_an_objection_in_the_last_instant_counts_and_one_in_the_same_as_the_timer_does_not() -> None:
    in_time = proposed().at(WINDOW_CLOSES - INSTANT).after(STOP)
    assert in_time.stage is Stage.LAPSING
    assert in_time.at(WINDOW_CLOSES).of(ObjectionWindowClosed) == ()
    for body in (STOP, REPLACE, CONFIRM):
        same = proposed().at(WINDOW_CLOSES)
        assert code_of(same.asked(body)) is RefusalCode.TOO_LATE


def test_an_objection_after_effect_is_refused_and_termination_is_left() -> None:
    it = taking_effect().after(TakeEffect())
    assert code_of(it.asked(STOP)) is RefusalCode.WRONG_STAGE
    it = it.after(TerminateTerm(term=2, reasons="It should not have been."))
    assert not is_covered(it, EXPIRY)
    assert is_covered(it, EXPIRY - INSTANT), "the first term goes on to its last day"


def test_an_executive_confirms_early_and_the_term_begins_then() -> None:
    early = DECISION_DUE + timedelta(days=3)
    it = proposed().at(early).after(CONFIRM)
    assert it.spans[1] == (early, NINETY_DAYS_ON)
    assert it.of(TermIssued)[1].by is not None
    assert it.at(WINDOW_CLOSES).of(ObjectionWindowClosed) == ()


def test_an_executive_replaces_the_outcome_with_a_term_of_their_own() -> None:
    it = proposed().after(REPLACE)
    assert it.spans[1] == (it.now, LATER.valid_through)
    assert it.of(TermIssued)[1].decision == 1
    shorter = proposed().asked(REPLACE.model_copy(update={"term": order()}))
    assert code_of(shorter) is RefusalCode.MALFORMED


def test_what_is_stopped_lapses_on_its_last_day_and_not_before() -> None:
    it = proposed().after(STOP)
    assert [event.decision for event in it.of(OutcomeStopped)] == [1]
    assert is_covered(it, EXPIRY - INSTANT)
    it = it.at(EXPIRY + timedelta(days=500))
    assert (it.stage, len(it.of(TermIssued))) == (Stage.LAPSED, 1)


def test_what_is_referred_lapses_without_an_answer() -> None:
    assert referred().of(DecisionMade)[0].closes is None
    it = referred().at(EXPIRY + timedelta(days=500))
    assert (it.stage, len(it.of(TermIssued))) == (Stage.LAPSED, 1)
    assert [event.at for event in it.of(TermExpired)] == [EXPIRY]


def test_what_is_referred_can_be_answered_to_the_last_instant() -> None:
    it = referred().at(EXPIRY - INSTANT).after(REPLACE)
    assert it.spans[1] == (EXPIRY - INSTANT, LATER.valid_through)
    assert code_of(referred().at(EXPIRY).asked(REPLACE)) is RefusalCode.WRONG_STAGE
    assert referred().at(EXPIRY).after(IssueTerm(term=LATER)).stage is Stage.RUNNING


def test_what_is_referred_when_the_term_is_over_has_lapsed_already() -> None:
    assert gathering().at(EXPIRY).after(gathered(pending=None)).stage is Stage.LAPSED


@pytest.mark.parametrize("missing", [("pending",), ("directive",), ("pending", "directive"), ()])
def test_facts_that_nobody_gathered_are_unknown_and_never_pass_for_something(
    missing: tuple[str, ...],
) -> None:
    body = gathered(directive="soon")
    kept = tuple(fact for fact in body.facts if fact.name not in missing)
    (made,) = gathering().after(RecordFacts(facts=kept)).of(DecisionMade)
    assert {fact.name for fact in made.facts if fact.value is None} == set(missing)
    assert {fact.source for fact in made.facts if fact.value is None} <= {"nobody"}


def test_without_evidence_the_policy_refers() -> None:
    (made,) = running().at(DECISION_DUE).after(gathered()).of(DecisionMade)
    assert (made.evaluation.row, made.evaluation.outcome) == ("silence", "refer")


def test_evidence_that_is_too_old_is_none() -> None:
    policy = POLICY.model_copy(update={"evidence_days": 30})
    it = running().after(EVIDENCE, AdoptPolicy(policy=policy, reasons="Fresh evidence."))
    (made,) = it.at(DECISION_DUE).after(gathered()).of(DecisionMade)
    assert made.evaluation.row == "silence"


def test_early_termination_takes_an_open_decision_with_it() -> None:
    it = proposed().after(TerminateTerm(term=1, reasons="Diversion."))
    (ended,) = it.of(TermTerminated)
    assert (ended.withdraws, ended.ends) == (1, DECISION_DUE)
    assert [event.at for event in it.of(TermExpired)] == [DECISION_DUE]
    assert (it.stage, is_covered(it, DECISION_DUE)) == (Stage.LAPSED, False)
    assert it.at(EXPIRY).of(ObjectionWindowClosed) == ()


def test_a_term_cannot_be_ended_in_the_past() -> None:
    ends = BEGIN + timedelta(days=1)
    late = running().later(days=2)
    body = TerminateTerm(term=1, ends=ends, reasons="Diversion.")
    assert code_of(late.asked(body)) is RefusalCode.TOO_LATE
    assert late.after(body.model_copy(update={"ends": late.now})).stage is Stage.LAPSED


def test_an_entity_added_during_a_term_is_covered_by_the_next_or_at_once_as_was_said() -> None:
    since = BEGIN + timedelta(days=10)
    for joins in (False, True):
        add = AddEntities(
            entities=frozenset({"three"}), effective=since, running_terms=joins, reasons="Listed."
        )
        it = running().after(EVIDENCE, add).at(DECISION_DUE).after(gathered()).at(WINDOW_CLOSES)
        it = it.after(TakeEffect())
        assert is_covered(it, since, "three") is joins
        assert is_covered(it, WINDOW_CLOSES, "three")


def test_an_entity_delisted_during_a_term_is_in_no_extension() -> None:
    gone = BEGIN + timedelta(days=10)
    remove = RemoveEntities(entities=frozenset({"one"}), effective=gone, reasons="Delisted.")
    it = running().after(EVIDENCE, remove).at(DECISION_DUE).after(gathered()).at(WINDOW_CLOSES)
    it = it.after(TakeEffect())
    assert it.of(TermIssued)[1].term.entities == {"two"}
    assert [is_covered(it, at) for at in (gone - INSTANT, gone, EXPIRY)] == [True, False, False]


def test_an_entity_that_is_delisted_later_leaves_the_extension_then() -> None:
    gone = EXPIRY + timedelta(days=10)
    remove = RemoveEntities(entities=frozenset({"one"}), effective=gone, reasons="Delisted.")
    it = running().after(EVIDENCE, remove).at(DECISION_DUE).after(gathered()).at(WINDOW_CLOSES)
    it = it.after(TakeEffect())
    assert [is_covered(it, at) for at in (gone - INSTANT, gone)] == [True, False]
    assert it.opened.changes[0].effective == gone


def test_where_nobody_is_left_nothing_is_extended() -> None:
    remove = RemoveEntities(entities=frozenset({"one", "two"}), effective=BEGIN, reasons="Delisted.")
    it = taking_effect().after(remove, TakeEffect())
    assert [event.decision for event in it.of(OutcomeMoot)] == [1]


def test_of_two_terms_at_once_the_one_that_ends_last_is_decided_on() -> None:
    it = running().after(EVIDENCE, IssueTerm(term=order(date(2026, 5, 1)))).at(EXPIRY + timedelta(days=1))
    assert it.of(DecisionFellDue) == ()
    assert [event.term for event in it.of(TermExpired)] == [1]
    it = it.at(washington(2026, 4, 17, 0))
    assert [event.term for event in it.of(DecisionFellDue)] == [2]


def test_a_term_after_a_gap_covers_from_its_own_beginning() -> None:
    it = lapsed().later(days=9).after(IssueTerm(term=LATER))
    assert it.stage is Stage.RUNNING
    assert [is_covered(it, at) for at in (it.now - INSTANT, it.now)] == [False, True]


def test_a_term_may_take_effect_before_it_was_issued_and_published_if_an_executive_signs_it() -> None:
    it = lapsed().later(days=9).after(IssueTerm(term=order(date(2026, 7, 1), EXPIRY)))
    assert is_covered(it, EXPIRY)
    known = covered(Terms.of([it.events]), "one", "devices", EXPIRY, known_at=it.now)
    assert not known.covered


def test_an_order_for_a_term_that_is_over_or_covers_nobody_is_refused() -> None:
    it = lapsing()
    assert code_of(it.asked(IssueTerm(term=order(date(2026, 3, 1))))) is RefusalCode.TOO_LATE
    backwards = order(date(2026, 4, 1), washington(2026, 4, 2))
    assert code_of(it.asked(IssueTerm(term=backwards))) is RefusalCode.MALFORMED
    assert code_of(it.asked(IssueTerm(term=order(entities=())))) is RefusalCode.MALFORMED


def test_a_correction_moves_the_last_day_of_a_term_that_runs_and_the_decision_with_it() -> None:
    body = CorrectTerm(term=1, correction=Correction(valid_through=date(2026, 4, 15)), reasons="A misprint.")
    it = running().after(EVIDENCE, body).at(EXPIRY)
    assert [event.at for event in it.of(DecisionFellDue)] == [washington(2026, 4, 1, 0)]
    assert is_covered(it, EXPIRY)


def test_a_late_decision_goes_on_where_a_correction_lets_another_term_end_after_its_own() -> None:
    longer = CorrectTerm(
        term=1, correction=Correction(valid_through=date(2026, 4, 20)), reasons="A misprint."
    )
    it = running().after(EVIDENCE, IssueTerm(term=order())).at(DECISION_DUE).after(longer)
    it = it.at(washington(2026, 4, 25))
    assert [event.term for event in it.of(TermExpired)] == [2, 1]
    assert [event.term for event in it.after(gathered()).of(DecisionMade)] == [2]


def test_a_correction_neither_ends_a_term_nor_revives_one() -> None:
    past = CorrectTerm(term=1, correction=Correction(valid_through=date(2026, 3, 1)), reasons="x")
    assert code_of(proposed().asked(past)) is RefusalCode.TOO_LATE
    revive = CorrectTerm(term=1, correction=Correction(valid_through=date(2027, 3, 1)), reasons="x")
    assert code_of(lapsed().asked(revive)) is RefusalCode.TOO_LATE
    unknown = CorrectTerm(term=2, correction=Correction(citation="1 FR 2"), reasons="x")
    assert code_of(running().asked(unknown)) is ReprieveRefusal.NO_SUCH_TERM


def test_a_policy_adopted_while_an_outcome_is_proposed_leaves_it_alone() -> None:
    policy = POLICY.model_copy(update={"objection_days": 1})
    it = proposed().after(AdoptPolicy(policy=policy, reasons="Faster.")).at(WINDOW_CLOSES)
    assert [event.at for event in it.of(ObjectionWindowClosed)] == [WINDOW_CLOSES]


def test_a_policy_with_a_later_date_decides_from_then_on() -> None:
    table = POLICY.table.model_copy(update={"effective": "2026-03-25"})
    later = POLICY.model_copy(update={"table": table, "lead_days": 60})
    it = running().after(EVIDENCE, AdoptPolicy(policy=later, reasons="Earlier."))
    assert it.at(DECISION_DUE).of(DecisionFellDue)[0].at == DECISION_DUE
    late = POLICY.model_copy(update={"table": table, "lead_days": 8, "objection_days": 8})
    short = POLICY.model_copy(update={"lead_days": 10, "objection_days": 10})
    it = running().after(EVIDENCE, AdoptPolicy(policy=short, reasons="Later."))
    it = it.after(AdoptPolicy(policy=late, reasons="Later still.")).at(washington(2026, 4, 2))
    assert [event.at for event in it.of(DecisionFellDue)] == [washington(2026, 3, 28, 0)]


def test_a_narrower_scope_narrows_what_is_covered_from_its_term_on() -> None:
    it = taking_effect("narrow").after(TakeEffect())
    assert it.of(TermIssued)[1].term.scope == POLICY.scopes["narrow"]
    for activity, after in (("networks", False), ("devices", True)):
        terms = Terms.of([it.events])
        assert covered(terms, "one", activity, EXPIRY - INSTANT).covered
        assert covered(terms, "one", activity, EXPIRY).covered is after


def test_a_row_can_give_a_shorter_time_to_object() -> None:
    assert proposed("soon").of(DecisionMade)[0].closes == washington(2026, 3, 24, 0)


def test_the_clocks_do_not_move_the_midnights() -> None:
    """Clocks go forward on 8 March 2026, between the issue and the decision."""
    it = running().at(EXPIRY)
    assert it.of(TermExpired)[0].at == datetime.fromisoformat("2026-04-06T04:00:00+00:00")
    assert it.of(DecisionFellDue)[0].at == datetime.fromisoformat("2026-03-22T04:00:00+00:00")


def test_the_state_stays_small_over_forty_terms() -> None:
    it = running()
    for _ in range(39):
        last = it.spans[-1][1]
        it = it.at(washington(last.year, last.month, last.day, 0) - timedelta(days=13))
        it = it.after(EVIDENCE, gathered(), CONFIRM)
    assert it.opened.issued == 40
    assert len(it.opened.terms) <= 2
    assert len(it.opened.model_dump_json()) < 30_000
    assert reevaluated(it.events) == 39
