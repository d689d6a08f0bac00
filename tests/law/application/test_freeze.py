"""A case that stands by a directive: since when, until when, and what may be done meanwhile."""

from datetime import timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.clock.days import days
from greenlight.law.application.commands import LiftHold, SignOff, Withdraw
from greenlight.law.application.deadlines import deadlines
from greenlight.law.application.directed import FROZEN, route
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.application.freeze.events import CaseFrozen, FreezeLapsed, FreezeLifted
from greenlight.law.application.freeze.rules import waits
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import Stage
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.scope import Posture, Scope
from tests.law.application.cases import (
    BEGIN,
    DECIDED_DENY,
    DENY,
    GRANT,
    NAME_OF,
    RETURN,
    Case,
    before_president,
    disputed,
    in_review,
    submitted,
    to_be_denied,
    with_countersigner,
    with_executive,
)
from tests.law.application.directives import directive, held_against, meant_for
from tests.law.application.whose import check_days

DAY = timedelta(days=1)
FREEZE = directive(Posture.HOLD, key="freeze-2025", expires=87 * DAY)
WITH_GROUND = directive(
    Posture.HOLD, key="freeze-2025", expires=87 * DAY, ground=HoldKind.GOVERNMENT_CONSULTATION
)


def types(case: Case) -> list[type]:
    return [type(event) for event in case.events]


def refused(case: Case, body: Body) -> bool:
    found = case.asked(body)
    return isinstance(found, Refusal) and found.code is ApplicationRefusal.FROZEN


def shares(case: Case) -> dict[str, int]:
    check_days(case.events, case.now)
    return {share.label: share.days for share in days(case.opened, case.now).shares}


@pytest.mark.parametrize(
    ("case", "body"),
    [
        (in_review(), GRANT),
        (in_review(), DENY),
        (in_review(), RETURN),
        (with_countersigner(), None),
        (with_executive(), SignOff(approves=True)),
        (with_executive(), SignOff(approves=False)),
        (before_president(), DECIDED_DENY),
    ],
)
def test_nothing_is_decided_in_a_case_that_stands(case: Case, body: Body | None) -> None:
    frozen = held_against(case, FREEZE)
    assert types(frozen)[-1] is CaseFrozen
    if body is None:
        with pytest.raises(AssertionError, match="frozen"):
            frozen.countersigned()
        return
    assert refused(frozen, body)
    assert waits(NAME_OF[type(body)], frozen.opened.stage)
    assert frozen.after(Withdraw()).opened.stage is Stage.WITHDRAWN, "the applicant may give up"


def test_what_the_law_sets_a_time_for_goes_on() -> None:
    at_agency = held_against(in_review().referred(), FREEZE).later(days=40).advanced()
    assert all(referral.opinion for referral in at_agency.opened.referrals), "they are taken not to object"
    chair = held_against(disputed(), FREEZE).decided()
    assert chair.opened.stage is Stage.ESCALATION
    assert chair.later(days=6).advanced().opened.stage is Stage.SIGN_OFF
    assert held_against(in_review(), FREEZE).inquired().answered().opened.stage is Stage.REVIEW


def test_the_statutory_clock_goes_on_unless_a_ground_is_named() -> None:
    def due(case: Case) -> dict[str, object]:
        return {each.kind: each.due for each in deadlines(case.opened)}

    before = due(in_review())
    assert due(held_against(in_review(), FREEZE)) == before | {"freeze": BEGIN + 87 * DAY}
    stopped = held_against(in_review(), WITH_GROUND)
    assert due(stopped) == {"initial_action": None, "resolution": None, "freeze": BEGIN + 87 * DAY}
    refusal = stopped.asked(LiftHold(hold=1))
    assert isinstance(refusal, Refusal)
    assert refusal.code is ApplicationRefusal.NO_SUCH_HOLD
    over = held_against(stopped.later(days=10))
    assert over.opened.holds[0].lifted_at == over.now
    (resolution,) = [each for each in deadlines(over.opened) if each.kind == "resolution"]
    assert "10 days held for government consultation" in resolution.explanation


def test_it_is_told_since_when_and_by_which_directive_a_case_stands() -> None:
    (freeze,) = [
        each for each in deadlines(held_against(in_review(), FREEZE).opened) if each.kind == "freeze"
    ]
    assert freeze.explanation == (
        "The case stands since 1 Sep 2026 by directive freeze-2025, until 27 Nov 2026 at the latest;"
        " the clock goes on (84 FR 22961)"
    )
    stopped = held_against(in_review(), WITH_GROUND)
    assert "the clock stopped (15 CFR 750.4(b)(4))" in deadlines(stopped.opened)[0].explanation


def test_a_freeze_is_lifted_when_its_directive_stands_no_more() -> None:
    frozen = held_against(in_review(), FREEZE).later(days=30)
    assert meant_for(frozen, FREEZE) == ()
    assert route(frozen.opened, "freeze-2025") == FROZEN
    lifted = held_against(frozen)
    assert types(lifted)[-1] is FreezeLifted
    assert lifted.opened.freeze is None
    assert route(lifted.opened, "freeze-2025") is None
    assert lifted.recommended().opened.stage is Stage.COUNTERSIGNATURE


def test_a_freeze_lapses_by_itself_at_the_instant_that_was_ordered() -> None:
    lapsed = held_against(in_review(), FREEZE).later(days=100).advanced()
    (last,) = [event for event in lapsed.events if isinstance(event, FreezeLapsed)]
    assert last.at == BEGIN + 87 * DAY
    # That the directive is over may come on record later than the cases notice it.
    assert meant_for(lapsed, FREEZE) == ()


def test_other_directives_wait_until_a_case_stands_no_more() -> None:
    deny = directive(Posture.DENY, key="deny")
    referred = in_review().referred().later(days=31).advanced()
    frozen = held_against(referred, FREEZE, deny)
    assert DirectiveApplied not in types(frozen)
    going_on = held_against(held_against(frozen.later(days=1), deny), deny)
    assert going_on.opened.stage is Stage.INTENT_TO_DENY


def test_another_freeze_follows_at_once() -> None:
    second = directive(Posture.HOLD, key="freeze-2", expires=200 * DAY)
    frozen = held_against(in_review(), FREEZE)
    assert meant_for(frozen, FREEZE, second) == (), "the first is not over"
    after = held_against(frozen.later(days=9), second)
    assert types(after)[-2:] == [FreezeLifted, CaseFrozen]
    assert after.opened.freeze is not None
    assert after.opened.freeze.directive == "freeze-2"


@pytest.mark.parametrize("case", [to_be_denied(), to_be_denied().denied(), with_executive().signed_off()])
def test_what_is_decided_takes_its_course(case: Case) -> None:
    assert meant_for(case, FREEZE) == ()


def test_a_case_out_of_scope_goes_on() -> None:
    elsewhere = directive(Posture.HOLD, Scope(destinations=frozenset({"AQ"})), expires=9 * DAY)
    assert meant_for(in_review(), elsewhere) == ()


def test_the_days_are_those_of_the_freeze() -> None:
    case = held_against(in_review().later(days=2), FREEZE).later(days=30)
    assert shares(held_against(case).later(days=1)) == {"officer": 3, "freeze by freeze-2025": 30}
    held = held_against(in_review().later(days=2), WITH_GROUND).later(days=30)
    assert shares(held_against(held)) == {"officer": 2, "freeze by freeze-2025": 30}
    # What stops the clock comes first: the applicant's days are the applicant's.
    asked = held_against(in_review().inquired().later(days=2), FREEZE).later(days=5).answered().later(days=3)
    assert shares(asked) == {"applicant": 7, "freeze by freeze-2025": 3}


def test_a_case_that_is_not_screened_yet_stands_as_well() -> None:
    frozen = held_against(submitted(), FREEZE)
    assert frozen.screened().opened.stage is Stage.REVIEW
    assert APPLICATION.replay(None, tuple(each.record() for each in frozen.events)) == frozen.opened


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, "expires must be given"),
        ({"expires": BEGIN + DAY, "condition": "The talks fail"}, "condition does not go"),
        ({"posture": Posture.DENY, "ground": HoldKind.GOVERNMENT_CONSULTATION}, "ground goes with"),
    ],
)
def test_who_orders_a_freeze_says_until_when(given: dict[str, object], fault: str) -> None:
    order = {
        "title": "A freeze",
        "scope": Scope(),
        "posture": Posture.HOLD,
        "citation": "Order",
        "reasons": "By order.",
        **given,
    }
    with pytest.raises(ValueError, match=fault):
        IssueDirective.model_validate(order)
