"""The last day of an act on a rule: officers are told ahead, it ends on record, and a policy decides."""

from datetime import date, datetime, timedelta

import pytest

from greenlight.kernel.commit import Event
from greenlight.kernel.tables.check import check
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.rule.acts import Act, ActKind, Certainty
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import AttestAct, TakeBackAttestation
from greenlight.law.rule.deadlines import deadlines
from greenlight.law.rule.events import (
    ActEnded,
    AttestationConfirmed,
    EndDecided,
    EndNeared,
    StandingChanged,
)
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.policy import CURRENT, POLICIES, PolicyName
from greenlight.law.rule.standing import Force
from greenlight.law.rule.view import view
from greenlight.law.terms.deciding import evaluate
from tests.law.rule.aggregates import LAST_DAY, NOW, Kept, adoption, of_2025, opening_of, suspension

DAY = timedelta(days=1)
NEAR = start_of_day(LAST_DAY - 14 * DAY)
END = start_of_day(LAST_DAY + DAY)
NEXT = date(2027, 11, 9)


PINNED = {
    "ends-1": ("sha256:9c95c93f52513151382b4a92271ce21c018ea463535b771e0d66a49987932fed", 14, False),
    "ends-2": ("sha256:69065e6164cce0a55166a7f71a79494f9d18d6bf27028d245e4a8e38a6076ce1", 14, True),
}


def extension(through: date = NEXT, citation: str = "91 FR 2") -> AttestAct:
    return AttestAct(act=suspension(effective=LAST_DAY + DAY, through=through, citation=citation))


def by_time(kept: Kept) -> list[tuple[str, datetime]]:
    kinds = EndNeared | ActEnded | EndDecided | StandingChanged
    return [(type(each).__name__, each.at) for each in kept.events if isinstance(each, kinds)]


def decided(kept: Kept) -> list[tuple[int, str, str | None]]:
    """Every decision, evaluated again from its record."""
    made = [each for each in kept.events if isinstance(each, EndDecided)]
    for each in made:
        again = evaluate(POLICIES[each.policy].table, each.facts)
        assert again == each.evaluation
        assert len(again.trace) == len(POLICIES[each.policy].table.rows)
    return [(each.number, each.evaluation.outcome, each.evaluation.row) for each in made]


def near() -> Kept:
    return of_2025().confirmed().at(NEAR)


def row(kept: Kept) -> tuple[object, object]:
    assert kept.state is not None
    shown = view(kept.state, 1).row
    return shown["nearing"], shown["ends"]


def test_it_is_told_ahead_ends_and_lapses_each_once_at_its_own_instant() -> None:
    kept = of_2025().confirmed()
    assert kept.at(NEAR - timedelta(microseconds=1)).events == kept.events
    late = kept.at(END + 1_000 * DAY)
    assert by_time(late) == [
        ("EndNeared", NEAR),
        ("ActEnded", END),
        ("EndDecided", END),
        ("StandingChanged", END),
    ]
    assert by_time(kept.at(NEAR).at(NEAR + DAY).at(END).at(END + DAY)) == by_time(late)
    assert decided(late) == [(2, "lapse", "nothing-published")]
    (ended,) = [each for each in late.events if isinstance(each, ActEnded)]
    assert (ended.number, ended.lapses) == (2, True)


def test_the_decision_changes_no_answer() -> None:
    rule = rule_of(of_2025().confirmed().at(END + DAY).events)
    assert rule is not None
    assert rule.at(END).forces == {Force.IN_FORCE, Force.SUSPENDED}


def test_while_it_is_near_officers_have_a_task_until_an_act_that_follows_is_confirmed() -> None:
    assert row(of_2025().confirmed()) == (None, None)
    assert row(near()) == (2, "2026-11-10T05:00:00Z")
    attested = near().after(extension())
    assert row(attested) == (2, "2026-11-10T05:00:00Z")
    assert row(attested.confirmed()) == (None, None)
    assert row(near().at(END)) == (None, None)


def test_extended_in_time_it_ends_by_itself_and_the_extension_is_told_ahead_in_its_turn() -> None:
    kept = of_2025().confirmed().after(extension()).confirmed().at(start_of_day(NEXT + DAY))
    assert by_time(kept) == [
        ("ActEnded", END),
        ("EndDecided", END),
        ("EndNeared", start_of_day(NEXT - 14 * DAY)),
        ("ActEnded", start_of_day(NEXT + DAY)),
        ("EndDecided", start_of_day(NEXT + DAY)),
        ("StandingChanged", start_of_day(NEXT + DAY)),
    ]
    assert decided(kept) == [(2, "extended", "extended"), (3, "lapse", "nothing-published")]
    # The extension takes effect in the instant in which what it extends ends: there is no gap.
    assert [each.lapses for each in kept.events if isinstance(each, ActEnded)] == [False, True]


def test_what_is_attested_and_not_confirmed_by_the_end_is_referred() -> None:
    assert decided(near().after(extension()).at(END)) == [(2, "refer", "attested-not-confirmed")]


def test_a_return_on_record_settles_it_and_nobody_is_told_ahead() -> None:
    again = Act(
        kind=ActKind.REINSTATED,
        citation="91 FR 3",
        effective=END,
        certainty=Certainty.PRIMARY,
        text="In force again.",
    )
    kept = of_2025().confirmed().after(AttestAct(act=again)).confirmed().at(END + DAY)
    assert [name for name, _ in by_time(kept)] == ["ActEnded", "EndDecided", "StandingChanged"]
    assert decided(kept) == [(2, "settled", "replaced")]


def test_attestations_that_contradict_each_other_are_referred_and_each_ends_on_its_day() -> None:
    other = suspension(effective=date(2025, 11, 10), through=LAST_DAY - 10 * DAY)
    kept = of_2025().confirmed().after(AttestAct(act=other)).confirmed().at(END)
    assert decided(kept) == [(3, "refer", "contradicted"), (2, "refer", "contradicted")]
    assert [each.number for each in kept.events if isinstance(each, EndNeared)] == [2]


def test_corrected_before_its_end_what_it_should_have_said_is_told_ahead_instead() -> None:
    right = LAST_DAY + 60 * DAY
    corrected = AttestAct(act=suspension(effective=date(2025, 11, 10), through=right), corrects=2)
    kept = near().after(corrected).confirmed().at(start_of_day(right + DAY))
    told = [(each.number, each.at) for each in kept.events if isinstance(each, EndNeared)]
    assert told == [(2, NEAR), (3, start_of_day(right - 14 * DAY))]
    assert decided(kept) == [(3, "lapse", "nothing-published")]
    back = near().after(TakeBackAttestation(corrects=2, reasons="A rumour.")).confirmed()
    assert by_time(back.at(END + DAY)) == [("EndNeared", NEAR)]


def test_confirmed_when_its_last_day_is_near_it_is_told_at_once_and_when_over_not_at_all() -> None:
    first = of_2025().at(NEAR + 3 * DAY).confirmed()
    assert by_time(first.at(first.now)) == [("EndNeared", NEAR + 3 * DAY)]
    over = of_2025().at(END + DAY).confirmed().at(END + 2 * DAY)
    assert by_time(over) == []


def test_an_extension_published_after_the_end_is_told_ahead_of_its_own_end_alone() -> None:
    kept = near().at(END + 20 * DAY).after(extension()).confirmed().at(start_of_day(NEXT))
    assert [(name, at) for name, at in by_time(kept) if name == "EndNeared"] == [
        ("EndNeared", NEAR),
        ("EndNeared", start_of_day(NEXT - 14 * DAY)),
    ]
    assert decided(kept) == [(2, "lapse", "nothing-published")]


def test_two_acts_that_end_together_lapse_once() -> None:
    """Of several the last one says that nothing runs."""
    more = suspension(effective=date(2026, 1, 1), through=LAST_DAY, citation="91 FR 9")
    kept = of_2025().confirmed().after(AttestAct(act=more)).confirmed().at(END)
    ended = [(each.number, each.lapses) for each in kept.events if isinstance(each, ActEnded)]
    assert ended == [(2, False), (3, True)]


def test_a_general_license_nears_its_last_day_as_well() -> None:
    act = adoption().model_copy(
        update={"effective": start_of_day(date(2025, 12, 1)), "valid_through": LAST_DAY}
    )
    kept = Kept(NOW).after(opening_of(act)).confirmed().at(END)
    assert decided(kept) == [(1, "lapse", "nothing-published")]
    assert [name for name, _ in by_time(kept)] == ["EndNeared", "ActEnded", "EndDecided", "StandingChanged"]


AGAIN = Act(
    kind=ActKind.REINSTATED,
    citation="91 FR 3",
    effective=NEAR - 60 * DAY,
    certainty=Certainty.PRIMARY,
    text="In force again.",
)


def ended(kept: Kept) -> list[tuple[int, datetime, datetime | None, int | None]]:
    found = (each for each in kept.events if isinstance(each, ActEnded))
    return [(each.number, each.at, each.ends, each.ended_by) for each in found]


def test_ended_by_an_act_that_is_confirmed_after_its_effect_its_end_is_on_record_once_with_that_act() -> None:
    late = NEAR - 20 * DAY
    kept = of_2025().confirmed().at(late).after(AttestAct(act=AGAIN)).confirmed()
    told = kept.at(late).at(late + DAY).at(END + DAY)
    assert ended(told) == [(2, late, AGAIN.effective, 3)]
    assert decided(told) == [(2, "settled", "replaced")]
    assert [name for name, _ in by_time(told)] == ["ActEnded", "EndDecided"]
    assert told.state is not None
    assert (told.state.awaited, row(told)) == ((), (None, None))


def test_when_the_last_day_is_over_already_its_end_is_on_record_and_no_other_comes() -> None:
    kept = of_2025().confirmed().at(END + DAY).after(AttestAct(act=AGAIN)).confirmed().at(END + 9 * DAY)
    assert ended(kept) == [(2, END, None, None)]


def test_a_last_day_that_was_misread_and_is_over_ends_when_it_is_put_right() -> None:
    right = AttestAct(act=suspension(effective=date(2025, 11, 10), through=LAST_DAY - 60 * DAY), corrects=2)
    kept = near().after(right).confirmed().at(NEAR)
    assert ended(kept) == [(3, NEAR, start_of_day(LAST_DAY - 59 * DAY), None)]
    assert decided(kept) == [(3, "lapse", "nothing-published")]


def test_what_ended_it_was_none_and_it_runs_to_its_last_day() -> None:
    late = NEAR - 20 * DAY
    kept = of_2025().confirmed().at(late).after(AttestAct(act=AGAIN)).confirmed().at(late)
    back = kept.at(late + DAY).after(TakeBackAttestation(corrects=3, reasons="A rumour.")).confirmed()
    assert ended(back.at(END)) == [(2, late, AGAIN.effective, 3), (2, END, None, None)]


def test_several_that_are_learned_to_be_over_end_in_their_order_and_lapse_once() -> None:
    more = suspension(effective=date(2026, 1, 1), through=LAST_DAY, citation="91 FR 9")
    kept = of_2025().confirmed().after(AttestAct(act=more)).confirmed().at(NEAR - 20 * DAY)
    late = kept.after(AttestAct(act=AGAIN)).confirmed().at(NEAR)
    found = [(each.number, each.lapses) for each in late.events if isinstance(each, ActEnded)]
    assert found == [(2, False), (3, True)]


def test_the_end_passes_while_no_worker_runs_and_the_first_thing_that_comes_finds_it_on_record() -> None:
    """Nobody was there at the instant: it is on record at its own instant all the same, and before."""
    reinstated = AGAIN.model_copy(update={"effective": NEAR + DAY})
    ahead = of_2025().confirmed().after(AttestAct(act=reinstated)).confirmed()
    for kept in (ahead.at(END + 30 * DAY), ahead.at(END + 30 * DAY).after(extension()).confirmed()):
        assert ended(kept.at(kept.now)) == [(2, NEAR + DAY, None, 3)]


def test_an_act_confirmed_under_the_policy_of_before_has_no_late_end() -> None:
    """Its log could not have it, and none is asked of it."""
    before: list[Event] = [
        each.model_copy(update={"ends_by": "ends-1"}) if isinstance(each, AttestationConfirmed) else each
        for each in of_2025().confirmed().events
    ]
    kept = Kept(NOW).with_events(*before)
    late = kept.at(NEAR - 20 * DAY).after(AttestAct(act=AGAIN)).confirmed()
    assert ended(late.at(END + DAY)) == []
    timely = AGAIN.model_copy(update={"effective": NEAR})
    assert ended(kept.after(AttestAct(act=timely)).confirmed().at(END)) == [(2, NEAR, None, None)]


def test_a_log_of_before_knows_nothing_of_it_and_is_as_lawful_as_it_was() -> None:
    before = [
        each.model_copy(update={"ends_by": None}) if isinstance(each, AttestationConfirmed) else each
        for each in of_2025().confirmed().events
    ]
    state = RULE.folded(None, before)
    assert [type(each) for each in RULE.advance(state, END + DAY)] == [StandingChanged]


def test_a_deadline_says_what_is_decided_when_as_that_of_a_term_does() -> None:
    state = of_2025().confirmed().state
    assert state is not None
    assert [(each.kind, each.due) for each in deadlines(state)] == [
        ("decision-2", NEAR),
        ("change", END),
        ("expiry-2", END),
    ]
    first, _, last = deadlines(state)
    assert (
        first.explanation
        == "What follows act 2, whose last day is 9 Nov 2026, is looked for from 26 Oct 2026"
    )
    assert last.explanation == "Act 2 ends at the end of 9 Nov 2026: it is valid through that day"
    assert first.citation == "90 FR 50857"


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_has_one_row_for_whatever_there_is(name: PolicyName) -> None:
    assert check(POLICIES[name].table) == ()
    assert name == POLICIES[name].table.id


def test_the_policy_of_today_says_what_it_said() -> None:
    """A log holds what was decided by it. One that is to say something else has another name."""
    assert CURRENT == "ends-2"
    said = {name: (each.table.version, each.lead_days, each.late) for name, each in POLICIES.items()}
    assert said == PINNED
