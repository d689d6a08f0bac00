"""Whose the days of a case were; counted by hand, from a registration on 1 September 2026."""

from datetime import timedelta

import pytest

from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.clock.days import Days, days, shown_stays
from greenlight.law.application.clock.language import Holder, Stay
from greenlight.law.application.commands import AskApplicant, DelegateBack, Outcome
from greenlight.law.application.interagency.agency import Agency
from tests.law.application.cases import (
    APPROVE,
    OBJECT,
    Case,
    before_president,
    disputed,
    in_review,
    possibly_listed,
    submitted,
    to_be_denied,
    with_countersigner,
    with_executive,
)
from tests.law.application.whose import check_days

BOTH = (Agency.DEFENSE, Agency.STATE)


def told(case: Case) -> Days:
    check_days(case.events, case.now)
    return days(case.opened, case.now)


def shares(case: Case) -> dict[str, int]:
    return {share.label: share.days for share in told(case).shares}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (in_review(), {}),
        (in_review().later(days=5), {"officer": 5}),
        (submitted().later(days=2), {"service": 2}),
        (possibly_listed().later(days=3), {"officer": 3}),
        (with_countersigner().later(days=4), {"countersigner": 4}),
        (with_executive().later(days=4), {"executive": 4}),
        (in_review().later(days=1).inquired().later(days=7).answered().later(days=2),
         {"applicant": 7, "officer": 3}),
        (in_review().held().later(days=6).lifted(), {"hold: pre license check": 6}),
        # The one that came first has the day.
        (in_review().held().later(days=2).inquired().later(days=3).answered().later(days=4).lifted(),
         {"hold: pre license check": 9}),
        (in_review().inquired().later(days=2).held().later(days=3).answered().later(days=4).lifted(2),
         {"applicant": 5, "hold: pre license check": 4}),
        (in_review().referred(*BOTH).later(days=10).advised(APPROVE).later(days=5).advised(APPROVE),
         {"Defense and State": 10, "State": 5}),
        # Who asks the applicant does not have the case, while another agency has.
        (in_review().referred(*BOTH).after(AskApplicant(request="Which?")).later(days=3)
         .advised(APPROVE).later(days=4), {"State": 7}),
        (in_review().referred(Agency.STATE).after(AskApplicant(request="Which?")).later(days=3),
         {"applicant": 3}),
        (in_review().referred(Agency.STATE).later(days=40).advanced(), {"State": 31, "officer": 9}),
        (in_review().referred(*BOTH).later(days=2).after(DelegateBack()).later(days=1),
         {"Defense and State": 2, "State": 1}),
        (disputed().later(days=3), {"Operating Committee": 3}),
        (disputed().decided().later(days=4), {"Operating Committee": 4}),
        (disputed().decided().later(days=6).advanced(), {"Operating Committee": 6}),
        (before_president().later(days=30), {"the President": 30}),
        # What follows the decision to deny runs on, whatever is held.
        (to_be_denied().later(days=60).advanced(), {"applicant": 35, "officer": 25}),
        (to_be_denied().denied().appealed().later(days=10),
         {"applicant": 21, "officer": 25, "executive": 10}),
    ],
)  # fmt: skip
def test_each_day_is_given_to_whoever_had_the_case_as_it_ended(case: Case, expected: dict[str, int]) -> None:
    assert shares(case) == expected


def test_an_account_ends_when_the_case_is_closed() -> None:
    closed = with_executive().later(days=4).signed_off().later(days=100)
    account = told(closed)
    assert (account.age, account.closed, shares(closed)) == (4, True, {"executive": 4})
    assert account.through == account.registered_on + timedelta(days=4)


def test_a_spell_names_the_ground_by_which_the_clock_stands_still() -> None:
    account = told(in_review().held().later(days=3))
    assert [(s.holder, s.ground, s.citation, s.days) for s in account.spells if s.days] == [
        (Holder.HOLD, HoldKind.PRE_LICENSE_CHECK, "15 CFR 750.4(b)(2)", 3)
    ]
    asked = told(in_review().inquired().later(days=1)).spells[-1]
    assert (asked.holder, asked.citation) == (Holder.APPLICANT, "15 CFR 750.4(b)(1)")


def test_the_docket_names_each_agency_for_itself() -> None:
    case = in_review().referred(*BOTH).later(days=1).advised(OBJECT, APPROVE)
    assert [stay.names for stay in shown_stays(case.opened.stays)][-3:] == [
        ("agency defense", "agency state"),
        ("agency state",),
        ("officer",),
    ]
    hold = Stay(since=case.now, holder=Holder.HOLD, ground=HoldKind.GOVERNMENT_ASSURANCES)
    assert hold.names == ("hold government_assurances",)


def test_a_forum_has_the_case_until_its_window_is_over() -> None:
    case = disputed().later(days=1).decided().escalated().later(days=2).voted(*[Outcome.GRANT] * 4)
    assert shares(case.later(days=3)) == {
        "Operating Committee": 1,
        "Advisory Committee on Export Policy": 5,
    }
