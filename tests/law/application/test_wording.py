"""Conditions of agencies in an officer's words: who is asked, for how long, and what each answer means."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from greenlight.audit.bodies import bodies
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Advise,
    AnswerWording,
    Countersign,
    Recommend,
)
from greenlight.law.application.deadlines import WORDING
from greenlight.law.application.events import ApplicationGranted, DisputeOpened, RecommendationMade
from greenlight.law.application.interagency.agency import Advice, Agency, Rewording
from greenlight.law.application.interagency.events import (
    OriginalWordingKept,
    WordingAnswered,
    WordingPutToAgencies,
)
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import Stage, dossier
from greenlight.law.application.tasks import tasks
from tests.kernel.time.samples import washington
from tests.law.actors import OFFICER, REVIEWERS
from tests.law.application.cases import (
    APPROVE_IF,
    CHECK,
    CONDITION,
    GRANT,
    OTHER_PARTIES,
    REWORDED,
    Case,
    in_review,
)
from tests.law.decisions import accepted, code_of

TEXT = REWORDED.rewordings[0].text
AGREED, DECLINED = AnswerWording(agrees=True), AnswerWording(agrees=False, comment="It is too narrow.")
DEFENSE, STATE, ENERGY = REVIEWERS["defense"], REVIEWERS["state"], REVIEWERS["energy"]
ASKED_AT = washington(2026, 9, 4, 15)
DUE = washington(2026, 9, 8, 0)
"""The midnight after the third day in Washington, a Monday and Labor Day: days are those of the calendar."""


def advised(*agencies: Agency) -> Case:
    """By these agencies, each of which asks for the condition."""
    named = agencies or (Agency.DEFENSE,)
    return in_review().referred(*named).advised(*[APPROVE_IF] * len(named)).at(ASKED_AT)


def asked(*agencies: Agency) -> Case:
    return advised(*agencies).recommended(REWORDED)


def due(case: Case) -> dict[str, datetime | None]:
    kinds = {each.kind: each.due for each in APPLICATION.deadlines(case.opened)}
    return {kind: at for kind, at in kinds.items() if kind.startswith(WORDING.kind)}


def waiting(case: Case) -> list[tuple[Role, str | None]]:
    return [(task.role, task.organisation) for task in tasks(case.opened)]


def test_the_agency_whose_condition_is_reworded_is_asked_before_anybody_countersigns() -> None:
    case = asked()
    made, put = case.events[-2:]
    assert isinstance(made, RecommendationMade)
    assert made.conditions == ("No resale.", TEXT)
    assert put == WordingPutToAgencies(at=ASKED_AT, agencies=(Agency.DEFENSE,))
    assert case.opened.stage is Stage.COUNTERSIGNATURE
    assert due(case) == {"wording.defense": DUE}
    (task,) = tasks(case.opened)
    assert (task.role, task.organisation, task.due, task.deadline) == (
        Role.AGENCY_REVIEWER,
        "defense",
        DUE,
        "wording",
    )
    assert APPLICATION.status(case.opened).waiting_for == "agency_reviewer"
    assert code_of(case.asked(Countersign(agrees=True))) is ApplicationRefusal.AGENCIES_PENDING


def test_the_deadline_explains_itself() -> None:
    (found,) = (each for each in APPLICATION.deadlines(asked().opened) if each.kind == "wording.defense")
    assert found.explanation == (
        "Answer on reworded conditions of Defense due 7 Sep 2026: asked 4 Sep 2026, 3 days (Service policy)"
    )


def test_who_agrees_opens_no_dispute() -> None:
    case = asked().after(AGREED, DEFENSE)
    assert waiting(case) == [(Role.COUNTERSIGNER, None)]
    assert due(case) == {}
    case = case.countersigned()
    (granted,) = (event for event in case.events if isinstance(event, ApplicationGranted))
    assert granted.conditions == ("No resale.", TEXT)


def test_who_does_not_agree_has_the_dispute_that_there_was_before() -> None:
    case = asked(Agency.DEFENSE, Agency.STATE).after(DECLINED, DEFENSE).after(AGREED, STATE).countersigned()
    (opened,) = (event for event in case.events if isinstance(event, DisputeOpened))
    assert opened.agencies == (Agency.DEFENSE,)


def test_silence_is_agreement_to_the_original_words() -> None:
    assert code_of(asked().at(DUE - timedelta(microseconds=1)).asked(AGREED, DEFENSE)) is None
    case = asked().at(DUE).advanced()
    assert case.events[-1] == OriginalWordingKept(at=DUE, agency=Agency.DEFENSE)
    assert case.opened.recommendation is not None
    assert case.opened.recommendation.conditions == ("No resale.", CONDITION)
    assert code_of(case.asked(AGREED, DEFENSE)) is ApplicationRefusal.NOT_REFERRED
    (granted,) = (e for e in case.countersigned().events if isinstance(e, ApplicationGranted))
    assert granted.conditions == ("No resale.", CONDITION)


def test_one_silent_agency_keeps_the_words_for_all_that_asked_for_them() -> None:
    case = asked(Agency.DEFENSE, Agency.STATE).after(DECLINED, STATE).at(DUE).advanced()
    assert case.opened.recommendation is not None
    assert case.opened.recommendation.conditions == ("No resale.", CONDITION)
    assert case.countersigned().opened.stage is Stage.GRANTED


def test_words_for_two_conditions_stay_for_the_one_on_which_nobody_is_silent() -> None:
    other = Advise(advice=Advice.APPROVE_WITH_CONDITIONS, conditions=("No armed forces.",))
    both = REWORDED.model_copy(
        update={
            "rewordings": (*REWORDED.rewordings, Rewording(original="No armed forces.", text=TEXT)),
        }
    )
    case = in_review().referred(Agency.DEFENSE, Agency.STATE).advised(APPROVE_IF, other).at(ASKED_AT)
    case = case.recommended(both).after(AGREED, STATE).at(DUE).advanced()
    assert case.opened.recommendation is not None
    assert case.opened.recommendation.conditions == ("No resale.", CONDITION, TEXT)
    assert case.countersigned().opened.stage is Stage.GRANTED


def test_words_stay_that_another_agency_asked_for_itself() -> None:
    other = Advise(advice=Advice.APPROVE_WITH_CONDITIONS, conditions=(TEXT,))
    case = in_review().referred(Agency.DEFENSE, Agency.STATE).advised(APPROVE_IF, other).at(ASKED_AT)
    case = case.recommended(REWORDED).at(DUE).advanced()
    assert case.opened.recommendation is not None
    assert case.opened.recommendation.conditions == ("No resale.", CONDITION, TEXT)
    assert case.countersigned().opened.stage is Stage.GRANTED


def test_a_hold_of_the_case_moves_the_time_to_answer() -> None:
    case = asked().after(CHECK)
    assert due(case) == {"wording.defense": None}
    assert due(case.later(days=2).lifted()) == {"wording.defense": DUE + timedelta(days=2)}


def test_without_a_rewording_an_officer_who_leaves_a_condition_out_has_the_dispute_at_once() -> None:
    """As cases of before have it on record."""
    case = advised().recommended(GRANT).countersigned()
    assert case.opened.stage is Stage.OPERATING_COMMITTEE
    assert "wordings" not in dossier(case.opened)
    assert '"rewordings"' not in "".join(str(event.record()) for event in case.events)


def test_what_was_agreed_to_is_not_asked_again() -> None:
    case = asked(Agency.DEFENSE, Agency.STATE).after(AGREED, DEFENSE).after(DECLINED, STATE).sent_back()
    case = case.recommended(REWORDED)
    assert case.events[-1] == WordingPutToAgencies(at=ASKED_AT, agencies=(Agency.STATE,))
    assert waiting(case) == [(Role.AGENCY_REVIEWER, "state")]
    settled = asked().after(AGREED, DEFENSE).sent_back().recommended(REWORDED)
    assert isinstance(settled.events[-1], RecommendationMade)
    assert settled.countersigned().opened.stage is Stage.GRANTED


def test_the_countersigner_need_not_wait_to_disagree_and_nothing_is_asked_any_more() -> None:
    case = asked().sent_back()
    assert due(case) == {}
    assert code_of(case.asked(AGREED, DEFENSE)) is RefusalCode.WRONG_STAGE
    assert due(case.recommended(GRANT)) == {}
    assert case.at(DUE).advanced().events == case.events


def test_parties_that_are_replaced_take_the_question_back() -> None:
    replaced = asked().screened("no_match", "possible_match")
    assert replaced.opened.stage is Stage.TRIAGE
    assert due(replaced) == {}
    assert replaced.opened.parties != OTHER_PARTIES


def test_only_the_agency_that_was_asked_answers_and_once() -> None:
    case = asked(Agency.DEFENSE, Agency.STATE)
    assert code_of(case.asked(AGREED, ENERGY)) is ApplicationRefusal.NOT_REFERRED
    (answered,) = accepted(case.asked(DECLINED, DEFENSE))
    assert answered == WordingAnswered(
        at=ASKED_AT, by=DEFENSE, agency=Agency.DEFENSE, agrees=False, comment="It is too narrow."
    )
    assert code_of(case.after(AGREED, DEFENSE).asked(DECLINED, DEFENSE)) is ApplicationRefusal.NOT_REFERRED


def test_nobody_agrees_for_an_agency_to_what_they_recommended_themselves() -> None:
    both = DEFENSE.model_copy(update={"person": OFFICER.person})
    assert code_of(asked().asked(AGREED, both)) is RefusalCode.OWN_RECOMMENDATION


def test_what_no_agency_asked_for_is_not_reworded() -> None:
    other = REWORDED.model_copy(update={"rewordings": (Rewording(original="No export.", text=TEXT),)})
    assert code_of(advised().asked(other)) is ApplicationRefusal.UNKNOWN_CONDITION
    assert code_of(in_review().asked(REWORDED)) is ApplicationRefusal.UNKNOWN_CONDITION


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"outcome": "deny", "conditions": ()}, "rewords no conditions"),
        ({"conditions": (CONDITION,)}, "as an agency asked for it"),
        ({"rewordings": (*REWORDED.rewordings, Rewording(original=CONDITION, text="Other."))}, "once"),
        ({"rewordings": (Rewording(original=CONDITION, text=CONDITION),)}, "as an agency asked for it"),
    ],
    ids=["denial", "asked for and named", "twice", "the same words"],
)
def test_a_rewording_that_says_nothing_is_no_command(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Recommend.model_validate({**REWORDED.model_dump(), **changes})


@pytest.mark.parametrize("conditions", [("No resale.",), ("No resale.", TEXT), (TEXT, "No resale."), ()])
def test_the_auditor_finds_what_was_signed(conditions: tuple[str, ...]) -> None:
    signed = REWORDED.model_copy(update={"conditions": conditions})
    case = advised()
    events = accepted(case.asked(signed))
    assert signed in list(bodies(Recommend, case.opened, events))


def test_the_positions_are_in_the_dossier() -> None:
    case = asked().after(DECLINED, DEFENSE)
    assert dossier(case.opened)["wordings"] == [
        {
            "agency": "defense",
            "original": CONDITION,
            "text": TEXT,
            "asked_at": "2026-09-04T19:00:00Z",
            "answer": "declined",
            "answered_at": "2026-09-04T19:00:00Z",
            "answered_by": DEFENSE.model_dump(mode="json"),
            "comment": "It is too narrow.",
        }
    ]
