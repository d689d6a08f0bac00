"""Disputes among agencies: when there is one, who decides it, what its end is (15 CFR 750.4(f))."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Advise, DelegateBack, Escalate, Outcome, Recommend, Vote
from greenlight.law.application.deadlines import AGENCY_RECOMMENDATION, INITIAL_ACTION, RESOLUTION
from greenlight.law.application.dispute.language import LADDER, Forum
from greenlight.law.application.events import (
    ApplicationGranted,
    DeadlinePassed,
    DisputeDecided,
    DisputeOpened,
    DisputeSettled,
    ExecutiveSignedOff,
    VotesCounted,
)
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import Stage
from tests.kernel.time.samples import washington
from tests.law import actors
from tests.law.application.cases import (
    APPROVE,
    APPROVE_IF,
    CONDITION,
    DECIDED_DENY,
    DECIDED_GRANT,
    DENY,
    GRANT,
    GRANT_IN_PART,
    OBJECT,
    Case,
    before_acep,
    before_earb,
    before_president,
    disputed,
    in_review,
    submitted,
)
from tests.law.decisions import accepted, code_of

GRANT_IF = GRANT.model_copy(update={"conditions": (CONDITION,)})
ESCALATE = Escalate(grounds="Not to us.")
FOR, AGAINST = Outcome.GRANT, Outcome.DENY


def due(case: Case, kind: str) -> datetime | None:
    return {deadline.kind: deadline.due for deadline in APPLICATION.deadlines(case.opened)}[kind]


def decisions(case: Case) -> list[DisputeDecided | VotesCounted]:
    return [event for event in case.events if isinstance(event, DisputeDecided | VotesCounted)]


def test_the_steps_add_up_to_ninety_days() -> None:
    forums = [LADDER[forum] for forum in (Forum.OPERATING_COMMITTEE, Forum.ACEP, Forum.EARB)]
    steps = [step.days for rung in forums for step in (rung.period, rung.window) if step is not None]
    assert steps == [14, 5, 11, 5, 11, 5]
    assert INITIAL_ACTION.days + AGENCY_RECOMMENDATION.days + sum(steps) == RESOLUTION.days == 90


def test_used_to_the_last_minute_the_whole_ladder_takes_ninety_days() -> None:
    """Registered on 1 September; each step at 23:59 of its last day, or by itself when that day is over."""

    def at_the_end_of(case: Case, days: int) -> Case:
        return case.at(washington(2026, 9, 1, 23, 59) + timedelta(days=days))

    case = at_the_end_of(submitted(at=washington(2026, 9, 1)).screened(), 9).referred(Agency.DEFENSE)
    case = at_the_end_of(case, 39).advised(OBJECT).recommended().countersigned()
    case = at_the_end_of(case, 53).decided()
    case = at_the_end_of(case, 58).escalated()
    case = at_the_end_of(case, 74).escalated()
    assert case.opened.stage is Stage.EARB
    case = at_the_end_of(case, 90)
    assert due(case, "resolution") == washington(2026, 12, 1, 0)
    case = case.escalated()
    assert case.opened.stage is Stage.PRESIDENT
    passed = [e.deadline for e in case.later(days=400).advanced().events if isinstance(e, DeadlinePassed)]
    assert passed == ["agency_information"]


@pytest.mark.parametrize(
    ("advice", "proposal", "agencies"),
    [
        (OBJECT, GRANT, {"defense"}),
        (OBJECT, DENY, set[str]()),
        (APPROVE, GRANT, set[str]()),
        (APPROVE, GRANT_IF, set[str]()),
        (APPROVE, DENY, {"defense"}),
        (APPROVE_IF, GRANT, {"defense"}),
        (APPROVE_IF, GRANT_IF, set[str]()),
    ],
    ids=[
        "objects to a grant",
        "agrees to a denial",
        "agrees to a grant",
        "does not mind conditions",
        "wants a grant",
        "misses its condition",
        "gets its condition",
    ],
)
def test_a_dispute_is_opened_where_an_agency_does_not_agree(
    advice: Advise, proposal: Recommend, agencies: set[str]
) -> None:
    case = in_review().referred(Agency.DEFENSE).advised(advice).recommended(proposal).countersigned()
    opened = [set(event.agencies) for event in case.events if isinstance(event, DisputeOpened)]
    assert opened == ([agencies] if agencies else [])
    assert (case.opened.stage is Stage.OPERATING_COMMITTEE) == bool(agencies)


@pytest.mark.parametrize("proposal", [GRANT, DENY], ids=["grant", "denial"])
def test_who_left_it_to_the_officer_objects_to_nothing(proposal: Recommend) -> None:
    left = in_review().referred(Agency.DEFENSE, Agency.STATE).after(DelegateBack())
    left = left.later(days=40).advanced()
    assert left.recommended(proposal).countersigned().opened.stage is not Stage.OPERATING_COMMITTEE


def test_the_committee_has_fourteen_days_from_the_day_the_last_advice_was_due() -> None:
    case = submitted(at=washington(2026, 9, 1)).screened().referred(Agency.DEFENSE)
    case = case.later(days=5).advised(OBJECT).recommended().countersigned()
    assert due(case, "operating_committee") == washington(2026, 10, 16, 0)
    late = case.at(washington(2026, 10, 16, 0)).advanced()
    assert [e.deadline for e in late.events if isinstance(e, DeadlinePassed)][-1:] == ["operating_committee"]
    assert late.decided().opened.stage is Stage.ESCALATION


def test_a_decision_nobody_takes_on_is_final_after_five_days() -> None:
    decided = disputed().decided(DECIDED_DENY)
    end = due(decided, "escalation")
    assert end is not None
    settled = decided.at(end).advanced()
    assert [(e.forum, e.at) for e in settled.events if isinstance(e, DisputeSettled)] == [
        ("operating_committee", end)
    ]
    assert settled.opened.stage is Stage.SIGN_OFF
    assert code_of(decided.at(end).asked(ESCALATE)) is RefusalCode.WRONG_STAGE
    assert accepted(decided.at(end - timedelta(microseconds=1)).asked(ESCALATE))


def test_the_executive_signs_what_the_committee_decided() -> None:
    signed = disputed(DENY).decided(DECIDED_GRANT).later(days=10).signed_off()
    (granted,) = [event for event in signed.events if isinstance(event, ApplicationGranted)]
    assert granted.conditions == DECIDED_GRANT.conditions
    assert granted.lines == (1, 2)


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ((FOR, FOR, FOR, FOR), FOR),
        ((AGAINST, AGAINST, AGAINST, FOR), AGAINST),
        ((FOR, FOR, AGAINST, AGAINST), FOR),
        ((FOR, AGAINST, AGAINST), AGAINST),
        ((AGAINST,), AGAINST),
        ((FOR, AGAINST), FOR),
        ((), FOR),
    ],
    ids=["all for", "three against", "a tie", "two to one", "one vote", "a tie of two", "no vote"],
)
def test_a_majority_decides_and_a_tie_leaves_the_decision_before_it(
    votes: tuple[Outcome, ...], outcome: Outcome
) -> None:
    case = before_acep().voted(*votes)
    end = case if len(votes) == 4 else case.later(days=12).advanced()
    chair, acep = decisions(end)
    assert (chair.forum, chair.outcome) == ("operating_committee", FOR)
    assert isinstance(acep, VotesCounted)
    assert (acep.forum, acep.outcome) == ("acep", outcome)
    assert (acep.for_it, acep.cast) == (votes.count(outcome), len(votes))


def test_the_votes_are_counted_when_the_time_is_over() -> None:
    case = before_acep().voted(AGAINST)
    end = due(case, "acep")
    assert end is not None
    decided = decisions(case.at(end).advanced())[-1]
    assert decided.at == end
    # The window counts from the last day of the vote, and not from the one on which it was noticed.
    assert due(case.at(end).advanced(), "escalation") == end + timedelta(days=5)


def test_a_vote_that_turns_a_denial_round_takes_up_the_recommendation() -> None:
    case = disputed(GRANT_IN_PART).decided(DECIDED_DENY).escalated().voted(*[FOR] * 4)
    turned = decisions(case)[-1]
    assert (turned.lines, turned.conditions, turned.riders) == (
        GRANT_IN_PART.lines,
        GRANT_IN_PART.conditions,
        GRANT_IN_PART.riders,
    )


def test_a_vote_for_what_nobody_proposed_grants_everything() -> None:
    case = disputed(DENY).decided(DECIDED_DENY).escalated().voted(*[FOR] * 4)
    turned = decisions(case)[-1]
    assert (turned.outcome, turned.lines, turned.conditions) == (FOR, (1, 2), ())


def test_a_denial_by_vote_grants_nothing() -> None:
    turned = decisions(before_acep().voted(*[AGAINST] * 4))[-1]
    assert (turned.outcome, turned.lines, turned.conditions) == (AGAINST, (), ())


@pytest.mark.parametrize(
    ("story", "voters"), [(before_acep, actors.ACEP), (before_earb, actors.EARB)], ids=["ACEP", "EARB"]
)
def test_each_department_votes_once(story: Callable[[], Case], voters: dict[str, actors.Actor]) -> None:
    voted = story().after(Vote(outcome=FOR), voters["state"])
    assert code_of(voted.asked(Vote(outcome=AGAINST), voters["state"])) is RefusalCode.ALREADY_VOTED


def test_only_departments_with_a_seat_vote() -> None:
    assert code_of(before_acep().asked(Vote(outcome=FOR), actors.NOBODYS_MEMBER)) is RefusalCode.NOT_A_MEMBER


def test_only_an_agency_that_reviewed_the_case_takes_it_on() -> None:
    decided = disputed().decided()
    assert code_of(decided.asked(ESCALATE, actors.REVIEWERS["justice"])) is ApplicationRefusal.NOT_REFERRED
    assert accepted(decided.asked(ESCALATE, actors.REVIEWERS["energy"]))


def test_only_the_head_of_an_agency_goes_to_the_president() -> None:
    decided = before_earb().voted(*[FOR] * 4)
    assert code_of(decided.asked(ESCALATE, actors.REVIEWERS["defense"])) is RefusalCode.WRONG_ROLE
    assert accepted(decided.asked(ESCALATE, actors.HEADS["defense"]))


def test_nobody_signs_off_the_presidents_decision() -> None:
    granted = before_president().decided()
    assert granted.opened.stage is Stage.GRANTED
    assert not [event for event in granted.events if isinstance(event, ExecutiveSignedOff)]
    assert before_president().decided(DECIDED_DENY).opened.stage is Stage.INTENT_TO_DENY


def test_referred_to_the_president_a_case_is_in_time() -> None:
    assert "resolution" in before_president().opened.acted


def test_a_hold_stops_the_clock_of_a_forum_too() -> None:
    case = before_acep()
    before = due(case, "acep")
    held = case.held()
    assert due(held, "acep") is None
    assert before is not None
    assert due(held.later(days=3).lifted(), "acep") == before + timedelta(days=3)


def test_sent_back_by_the_executive_a_dispute_can_be_had_again() -> None:
    again = disputed().decided().later(days=10).advanced().sent_back().recommended().countersigned()
    assert again.opened.stage is Stage.OPERATING_COMMITTEE
    assert again.opened.decision is None


def test_a_dispute_that_comes_after_the_committees_days_is_late_at_once_and_not_before() -> None:
    case = submitted(at=washington(2026, 9, 1)).screened().referred(Agency.DEFENSE).advised(OBJECT)
    late = case.at(washington(2026, 11, 6)).recommended().countersigned().advanced()
    assert [event.at for event in late.events if isinstance(event, DeadlinePassed)][-1] == late.now
    assert [event.at for event in late.events] == sorted(event.at for event in late.events)
