"""Referrals to agencies: each one's own clock, what it may say, and what its silence means."""

from datetime import datetime, timedelta

import pytest

from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Advise, Answer, AskApplicant, DelegateBack, Refer
from greenlight.law.application.events import AgencyAdvised, AgencyDeemedNoObjection, DeadlinePassed
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import Stage
from tests.kernel.time.samples import washington
from tests.law.actors import REVIEWERS
from tests.law.application.cases import (
    APPROVE,
    APPROVE_IF,
    CHECK,
    GRANT,
    OBJECT,
    OTHER_PARTIES,
    Case,
    in_review,
    submitted,
)
from tests.law.decisions import accepted, code_of

BEGIN = washington(2026, 9, 1)
INFORMATION_DUE = washington(2026, 9, 12, 0)
RECOMMENDATION_DUE = washington(2026, 10, 2, 0)
DEFENSE, ENERGY, STATE = REVIEWERS["defense"], REVIEWERS["energy"], REVIEWERS["state"]
ASK = AskApplicant(request="Which radios?")
TOLD = Answer(answer="Five.", agency=Agency.DEFENSE)


def referred(*agencies: Agency) -> Case:
    return submitted(at=BEGIN).screened().referred(*(agencies or (Agency.DEFENSE, Agency.STATE)))


def due(case: Case, kind: str) -> datetime | None:
    return _deadlines(case)[kind].due


def _deadlines(case: Case) -> dict[str, Deadline]:
    return {deadline.kind: deadline for deadline in APPLICATION.deadlines(case.opened)}


def test_each_agency_has_ten_days_to_ask_and_thirty_to_recommend() -> None:
    case = referred()
    for agency in ("defense", "state"):
        assert due(case, f"agency_information.{agency}") == INFORMATION_DUE
        assert due(case, f"agency_recommendation.{agency}") == RECOMMENDATION_DUE
    assert _deadlines(case)["agency_recommendation.state"].explanation == (
        "Recommendation of State due 1 Oct 2026: referred 1 Sep 2026, 30 days (15 CFR 750.4(d)(2))"
    )


def test_an_agency_referred_later_has_its_own_thirty_days() -> None:
    case = referred(Agency.DEFENSE).later(days=3).referred(Agency.STATE)
    assert due(case, "agency_recommendation.defense") == RECOMMENDATION_DUE
    assert due(case, "agency_recommendation.state") == RECOMMENDATION_DUE + timedelta(days=3)


def test_a_referral_is_an_initial_action() -> None:
    assert "initial_action" not in _deadlines(referred())
    assert referred().opened.acted == {"initial_action"}


def test_silence_is_no_objection_at_the_instant_of_the_deadline() -> None:
    silent = referred().at(RECOMMENDATION_DUE).advanced()
    deemed = [event for event in silent.events if isinstance(event, AgencyDeemedNoObjection)]
    assert [(event.agency, event.at) for event in deemed] == [
        ("defense", RECOMMENDATION_DUE),
        ("state", RECOMMENDATION_DUE),
    ]
    assert silent.opened.stage is Stage.REVIEW
    assert referred().at(RECOMMENDATION_DUE - timedelta(microseconds=1)).advanced().opened.stage is (
        Stage.INTERAGENCY
    )


def test_advice_at_the_instant_of_the_deadline_comes_too_late() -> None:
    assert code_of(referred().at(RECOMMENDATION_DUE).asked(OBJECT)) is RefusalCode.WRONG_STAGE


def test_the_case_goes_on_once_the_last_agency_has_spoken() -> None:
    one = referred().advised(APPROVE)
    assert one.opened.stage is Stage.INTERAGENCY
    assert code_of(one.asked(GRANT)) is ApplicationRefusal.AGENCIES_PENDING
    assert one.after(DelegateBack(), STATE).opened.stage is Stage.REVIEW


@pytest.mark.parametrize("missing", ["reasons", "statutory_basis", "regulatory_basis"])
def test_an_objection_without_reasons_or_a_basis_is_refused(missing: str) -> None:
    without = OBJECT.model_copy(update={missing: None})
    assert code_of(referred().asked(without)) is ApplicationRefusal.BASIS_MISSING


def test_what_an_agency_says_is_on_record_whole() -> None:
    (advised,) = accepted(referred().asked(OBJECT, DEFENSE))
    assert isinstance(advised, AgencyAdvised)
    assert (advised.agency, advised.advice) == ("defense", "deny")
    assert (advised.reasons, advised.statutory_basis, advised.regulatory_basis) == (
        OBJECT.reasons,
        OBJECT.statutory_basis,
        OBJECT.regulatory_basis,
    )


@pytest.mark.parametrize("body", [APPROVE, ASK, DelegateBack()], ids=lambda body: type(body).__name__)
@pytest.mark.parametrize("actor", [ENERGY, REVIEWERS["justice"]], ids=lambda actor: actor.officer)
def test_an_agency_that_was_not_asked_has_no_say(body: Advise, actor: Actor) -> None:
    assert code_of(referred().asked(body, actor)) is ApplicationRefusal.NOT_REFERRED


def test_an_agency_speaks_once() -> None:
    assert (
        code_of(referred().after(APPROVE, DEFENSE).asked(OBJECT, DEFENSE)) is ApplicationRefusal.NOT_REFERRED
    )


def test_a_case_is_referred_to_an_agency_once() -> None:
    case = referred(Agency.DEFENSE)
    assert (
        code_of(case.asked(Refer(agencies=(Agency.STATE, Agency.DEFENSE))))
        is ApplicationRefusal.ALREADY_REFERRED
    )
    assert len(case.after(Refer(agencies=(Agency.STATE, Agency.STATE))).opened.referrals) == 2


def test_a_question_stops_the_clock_of_its_agency_alone() -> None:
    asked = referred().later(days=4).after(ASK, DEFENSE)
    assert due(asked, "agency_recommendation.defense") is None
    assert due(asked, "agency_recommendation.state") == RECOMMENDATION_DUE
    assert due(asked, "resolution") == washington(2026, 12, 1, 0)
    answered = asked.later(days=6).after(TOLD)
    assert due(answered, "agency_recommendation.defense") == RECOMMENDATION_DUE + timedelta(days=6)
    assert answered.opened.stage is Stage.INTERAGENCY


def test_a_hold_of_the_case_holds_every_agency_and_counts_once_beside_a_question() -> None:
    asked = referred().later(days=4).after(ASK, DEFENSE)
    held = asked.later(days=2).after(CHECK).later(days=10).after(TOLD)
    lifted = held.later(days=5).lifted()
    assert due(lifted, "agency_recommendation.state") == RECOMMENDATION_DUE + timedelta(days=15)
    assert due(lifted, "agency_recommendation.defense") == RECOMMENDATION_DUE + timedelta(days=17)


def test_what_is_missing_must_be_said_within_ten_days() -> None:
    late = referred().at(INFORMATION_DUE)
    assert code_of(late.asked(ASK, DEFENSE)) is RefusalCode.TOO_LATE
    passed = [event for event in late.advanced().events if isinstance(event, DeadlinePassed)]
    assert [(event.deadline, event.agency) for event in passed] == [
        ("agency_information", "defense"),
        ("agency_information", "state"),
    ]
    assert accepted(referred().at(INFORMATION_DUE - timedelta(microseconds=1)).asked(ASK, DEFENSE))


def test_an_agency_waits_for_one_answer_at_a_time() -> None:
    asked = referred().after(ASK, DEFENSE)
    assert code_of(asked.asked(ASK, DEFENSE)) is ApplicationRefusal.CLOCK_STOPPED
    assert (
        code_of(asked.asked(Answer(answer="Five.", agency=Agency.STATE)))
        is ApplicationRefusal.NO_OPEN_REQUEST
    )
    assert code_of(asked.after(TOLD).asked(TOLD)) is ApplicationRefusal.NO_OPEN_REQUEST


def test_an_agency_that_speaks_needs_no_answer_any_more() -> None:
    spoken = referred().after(ASK, DEFENSE).later(days=2).after(APPROVE_IF, DEFENSE)
    assert code_of(spoken.asked(TOLD)) is ApplicationRefusal.NO_OPEN_REQUEST
    (own,) = [referral for referral in spoken.opened.referrals if referral.agency == "defense"]
    assert [hold.lifted_at for hold in own.holds] == [spoken.now]


def test_what_agencies_said_is_part_of_the_dossier() -> None:
    case = referred(Agency.DEFENSE)
    assert case.digest != in_review().digest
    assert case.after(APPROVE).digest != case.digest


def test_other_parties_bring_the_case_back_to_screening_and_then_to_the_agencies() -> None:
    replaced = referred().inquired().answered(OTHER_PARTIES)
    assert replaced.opened.stage is Stage.TRIAGE
    assert replaced.screened().opened.stage is Stage.INTERAGENCY
