"""A rule on record: attested by one officer, confirmed by another, and what time brings about."""

from datetime import date, datetime, timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import Code, Refusal
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.rule.acts import KEY_OF_AFFILIATES, Act, Affiliates, Attestation, Governed
from greenlight.law.rule.commands import (
    COMMANDS,
    AttestAct,
    ConfirmAttestation,
    DiscardAttestation,
    OpenRule,
    TakeBackAttestation,
)
from greenlight.law.rule.decide import MOST_ATTESTED
from greenlight.law.rule.events import StandingChanged
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.refusals import RuleRefusal
from greenlight.law.rule.rules import Rule, Rules
from greenlight.law.rule.standing import Force, segments
from greenlight.law.rule.state import Stage
from greenlight.law.rule.transitions import BY_TIME, TRANSITIONS
from greenlight.reference.rules import load_rules
from tests.law.decisions import accepted, code_of
from tests.law.rule.aggregates import (
    LAST_DAY,
    NAMES,
    NOW,
    OF_NOBODY,
    Kept,
    adoption,
    of_2025,
    opening_of,
    suspension,
)

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
AFTER = start_of_day(LAST_DAY + 10 * DAY)


def unsettled() -> Kept:
    return of_2025().confirmed().at(AFTER)


STAGES: dict[Stage | None, Kept] = {
    None: Kept(NOW),
    Stage.ATTESTED: of_2025(),
    Stage.SETTLED: of_2025().confirmed(),
    Stage.UNSETTLED: unsettled(),
}


def body(name: str) -> Body:
    more = suspension(effective=LAST_DAY + DAY, through=date(2027, 11, 9))
    return {
        "open_rule": opening_of(adoption()),
        "attest_act": AttestAct(act=more),
        "take_back_attestation": TakeBackAttestation(corrects=2, reasons="A rumour."),
        "confirm_attestation": ConfirmAttestation(number=2),
        "discard_attestation": DiscardAttestation(number=2, reasons="Misread."),
    }[name]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    kept, cell = STAGES[stage], TRANSITIONS[stage][name]
    assert kept.stage is stage
    found = kept.asked(body(name), second=True)
    if isinstance(cell, Code):
        assert code_of(found) is cell
    else:
        assert isinstance(found, tuple)
        assert kept.with_events(*found).stage in cell


def test_every_stage_has_a_cell_for_every_command_and_for_time() -> None:
    assert set(TRANSITIONS) == {None, *Stage}
    assert all(set(row) == set(COMMANDS) == set(NAMES.values()) for row in TRANSITIONS.values())
    assert set(BY_TIME) == set(Stage)


@pytest.mark.parametrize(
    ("key", "governs"), [("affiliates-2026", Affiliates()), (KEY_OF_AFFILIATES, OF_NOBODY)]
)
def test_the_rule_about_affiliates_and_no_other_has_its_key(key: str, governs: Governed) -> None:
    """A second one would be confirmed and never asked; and one about something else would take its place."""
    refused = Kept(NOW, key=key).asked(opening_of(adoption(), governs=governs))
    assert code_of(refused) is RuleRefusal.AFFILIATES_OTHERWISE
    assert isinstance(refused, Refusal)
    assert "`affiliates`" in refused.message


def test_what_comes_with_the_service_about_affiliates_has_that_key() -> None:
    of_affiliates = {rule.key for rule in load_rules().by_key.values() if rule.governs == Affiliates()}
    assert of_affiliates == {KEY_OF_AFFILIATES}


def test_nobody_confirms_what_they_attested_and_nothing_counts_until_another_does() -> None:
    kept = of_2025()
    assert rule_of(kept.events) is None
    assert code_of(kept.asked(ConfirmAttestation(number=2))) is RuleRefusal.OWN_ATTESTATION
    assert code_of(kept.asked(ConfirmAttestation(number=1), second=True)) is RuleRefusal.UNKNOWN_ATTESTATION
    rule = rule_of(kept.confirmed().events)
    assert rule is not None
    assert rule.at(NOW).forces == {Force.SUSPENDED}


def test_a_suspension_that_runs_out_is_noticed_and_waits_for_an_officer_until_somebody_attests() -> None:
    kept = unsettled()
    assert kept.events[-1] == StandingChanged(
        at=start_of_day(LAST_DAY + DAY),
        forces=(Force.IN_FORCE, Force.SUSPENDED),
        settled_by="a notice that extends 90 FR 50857 past 9 Nov 2026, or the attestation that there is none",
    )
    more = suspension(effective=LAST_DAY + DAY, through=date(2027, 11, 9), citation="91 FR 2")
    settled = kept.after(AttestAct(act=more)).confirmed()
    assert settled.stage is Stage.SETTLED
    again = settled.at(start_of_day(date(2027, 11, 10)))
    assert again.stage is Stage.UNSETTLED
    assert isinstance(again.events[-1], StandingChanged)


def test_it_is_noticed_once_and_nothing_else_is_to_come() -> None:
    kept = unsettled()
    assert kept.at(AFTER + 1_000 * DAY).events == kept.events


def test_what_is_given_up_or_taken_back_counts_no_more() -> None:
    wrong = AttestAct(act=suspension(effective=LAST_DAY, through=date(2027, 1, 1), citation="rumour"))
    given_up = of_2025().confirmed().after(wrong).after(DiscardAttestation(number=3, reasons="Misread."))
    assert given_up.state is not None
    assert len(given_up.state.attestations) == 2
    back = of_2025().confirmed().after(wrong).confirmed()
    back = back.after(TakeBackAttestation(corrects=3, reasons="A rumour.")).confirmed()
    assert back.state is not None
    assert segments(back.state.attestations) == segments(given_up.state.attestations)
    twice = back.asked(TakeBackAttestation(corrects=3, reasons="Again."))
    assert code_of(twice) is RuleRefusal.UNKNOWN_ATTESTATION


def public(*, filed: datetime | None = None, published: datetime | None = None) -> Act:
    act = suspension(effective=LAST_DAY + DAY, through=date(2027, 11, 9), citation="91 FR 2")
    return act.model_copy(update={"filed": filed, "published": published})


@pytest.mark.parametrize(
    "act",
    [
        public(filed=NOW + MOMENT),
        public(published=NOW + MOMENT),
        public(filed=NOW + MOMENT, published=NOW + 2 * DAY),
    ],
    ids=["filed", "published", "both"],
)
def test_nobody_attests_an_act_before_it_is_public(act: Act) -> None:
    """It has no effect on anybody before it is filed (44 U.S.C. 1507), and nobody can have read it."""
    kept = of_2025().confirmed()
    for body in (AttestAct(act=act), AttestAct(act=act, corrects=2)):
        refused = kept.asked(body)
        assert code_of(refused) is RuleRefusal.NOT_PUBLIC_YET
        assert isinstance(refused, Refusal)
        assert refused.message.startswith("91 FR 2 is public only from 2025-12-01 10:00:00 EST on")
    opening = Kept(NOW).asked(opening_of(adoption(), act))
    assert code_of(opening) is RuleRefusal.NOT_PUBLIC_YET
    then = kept.at(NOW + MOMENT)
    assert not isinstance(then.asked(AttestAct(act=act)), Refusal)


@pytest.mark.parametrize(
    "act",
    [
        public(),
        public(filed=NOW),
        public(published=NOW),
        public(filed=NOW - DAY, published=NOW + 2 * DAY),
        public(filed=NOW + DAY, published=NOW),
    ],
    ids=["nobody says", "filed", "published", "filed and still to be printed", "printed first"],
)
def test_what_is_public_is_attested_from_when_it_counts_or_not(act: Act) -> None:
    kept = of_2025().confirmed()
    assert not isinstance(kept.asked(AttestAct(act=act)), Refusal)
    assert not isinstance(Kept(NOW).asked(opening_of(adoption(), act)), Refusal)


def test_more_contradictions_than_can_be_told_apart_are_refused() -> None:
    kept = of_2025().confirmed()
    for number in range(1, 80):
        act = suspension(effective=LAST_DAY, through=LAST_DAY + number * DAY, citation="91 FR 2")
        found = kept.asked(AttestAct(act=act))
        if isinstance(found, Refusal):
            assert found.code is RuleRefusal.TOO_CONTRADICTORY
            assert number == 65
            return
        kept = kept.with_events(*accepted(found)).confirmed()
    pytest.fail("nothing was refused")


def test_a_rule_takes_so_many_attestations_and_no_more() -> None:
    kept = of_2025().confirmed()
    corrected = 2
    for number in range(3, MOST_ATTESTED + 1):
        act = suspension(effective=LAST_DAY, through=LAST_DAY + number * DAY, citation="91 FR 2")
        kept = kept.after(AttestAct(act=act, corrects=corrected)).confirmed()
        corrected = number
    one_more = (
        AttestAct(act=suspension(effective=LAST_DAY, through=LAST_DAY + DAY), corrects=corrected),
        TakeBackAttestation(corrects=1, reasons="A slip."),
    )
    assert [code_of(kept.asked(each)) for each in one_more] == [RuleRefusal.TOO_MANY_ATTESTED] * 2


def test_an_opening_that_contradicts_itself_too_much_is_refused() -> None:
    acts = [suspension(effective=LAST_DAY, through=LAST_DAY + n * DAY) for n in range(50)]
    more = [suspension(effective=LAST_DAY, through=LAST_DAY + n * DAY, citation="other") for n in range(2)]
    opening: OpenRule = opening_of(*acts[:48], *more)
    assert code_of(Kept(NOW).asked(opening)) is RuleRefusal.TOO_CONTRADICTORY


def test_what_is_on_record_takes_the_place_of_what_is_shipped_from_its_confirmation_on() -> None:
    recorded = rule_of(of_2025().confirmed().events)
    assert recorded is not None
    extended = suspension(effective=LAST_DAY + DAY, through=date(2027, 1, 10), citation="91 FR 2")
    known = start_of_day(date(2026, 12, 1))
    more = Attestation(number=3, act=extended, known=known)
    rules = load_rules().replaced(
        [Rule(recorded.key, recorded.title, recorded.governs, (*recorded.attestations, more))]
    )
    then = start_of_day(date(2026, 11, 20))

    def forces(rules: Rules, known: datetime) -> frozenset[Force]:
        return rules.at(then, known).affiliates.forces

    assert forces(rules, known) == {Force.SUSPENDED}
    assert forces(rules, known - DAY) == {Force.IN_FORCE, Force.SUSPENDED}
    # Before anything was on record, as it is shipped: in October 2025 no suspension was known.
    assert forces(rules, start_of_day(date(2025, 10, 15))) == {Force.IN_FORCE}
    assert rules.by_key["tgl-7"] is load_rules().by_key["tgl-7"]
