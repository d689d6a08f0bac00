"""Three persons decide, none of them for the applicant: whatever comes first, and under whatever account."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.inclusion import Inclusion, SignedRoot
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import (
    Answer,
    Countersign,
    DecideAppeal,
    Outcome,
    SignOff,
    Submit,
    Vote,
    Withdraw,
)
from greenlight.law.application.events import ApplicationSubmitted, VotesCounted
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.screening.language import Verdict
from tests.law import actors
from tests.law.actors import (
    ACEP,
    APPLICANT,
    APPLICANTS_COLLEAGUE,
    COUNTERSIGNER,
    EARB,
    EXECUTIVE,
    OC_CHAIR,
    OFFICER,
    OTHER_APPLICANT,
    REVIEWERS,
)
from tests.law.application.cases import (
    GRANT,
    Case,
    before_acep,
    before_earb,
    disputed,
    in_review,
    possibly_listed,
    submission,
    submitted,
    to_be_denied,
    with_countersigner,
    with_executive,
)
from tests.law.application.test_acting import attempted
from tests.law.decisions import accepted, code_of, told

SIGN = SignOff(approves=True)
AGREE = Countersign(agrees=True)


def account(of: Actor, role: Actor) -> Actor:
    """Another account of a person, in the place of ``role``."""
    return role.model_copy(update={"officer": "double", "person": of.person})


def for_applicant(of: Actor) -> Actor:
    return account(of, APPLICANT)


def by_batch(case: Case, by: Actor) -> Decision:
    """The executive's word by a batch that the case is in."""
    root = "sha256:" + "0" * 64
    inclusion = Inclusion(
        batch="batch-b1",
        body=SignedRoot(root=root, size=1),
        dossier=case.digest,
        outcome="grant",
        index=0,
        path=(),
    )
    return case.decides(replace(case.command(SIGN, by), inclusion=inclusion))


@pytest.mark.parametrize("earlier", [OFFICER, COUNTERSIGNER], ids=["recommended", "countersigned"])
@pytest.mark.parametrize("batch", [False, True], ids=["alone", "in a batch"])
def test_the_executive_is_neither_who_recommended_nor_who_countersigned(earlier: Actor, batch: bool) -> None:
    case, by = with_executive(), account(earlier, EXECUTIVE)
    said = by_batch(case, by) if batch else case.asked(SIGN, by)
    assert code_of(said) is RefusalCode.OWN_RECOMMENDATION
    assert code_of(by_batch(case, EXECUTIVE) if batch else case.asked(SIGN)) is None


@pytest.mark.parametrize("batch", [False, True], ids=["alone", "in a batch"])
def test_the_executive_has_not_acted_for_the_applicant(batch: bool) -> None:
    case = attempted(with_executive(), Answer(answer="The municipality."))
    by = account(APPLICANTS_COLLEAGUE, EXECUTIVE)
    said = by_batch(case, by) if batch else case.asked(SIGN, by)
    assert code_of(said) is RefusalCode.OWN_APPLICATION


@pytest.mark.parametrize(
    ("case", "earlier", "body", "role"),
    [
        (with_countersigner, OFFICER, AGREE, COUNTERSIGNER),
        (before_acep, COUNTERSIGNER, Vote(outcome=Outcome.GRANT), ACEP["state"]),
        (before_acep, OC_CHAIR, Vote(outcome=Outcome.GRANT), ACEP["state"]),
        (before_earb, OC_CHAIR, Vote(outcome=Outcome.GRANT), EARB["state"]),
        (
            lambda: to_be_denied().denied().appealed(),
            COUNTERSIGNER,
            DecideAppeal(upholds=True, reasons="So."),
            EXECUTIVE,
        ),
        (lambda: before_acep().voted(*[Outcome.GRANT] * 4).later(days=6), OC_CHAIR, SIGN, EXECUTIVE),
    ],
    ids=[
        "recommended, and countersigns",
        "countersigned, and votes",
        "chaired, and votes",
        "chaired, and votes two rungs later",
        "countersigned, and judges the appeal",
        "chaired, and signs off what was voted on since",
    ],
)
def test_nobody_judges_what_they_signed(
    case: Callable[[], Case], earlier: Actor, body: Body, role: Actor
) -> None:
    assert code_of(case().asked(body, account(earlier, role))) is RefusalCode.OWN_RECOMMENDATION
    assert code_of(case().asked(body, role)) is None


def test_a_new_recommendation_is_judged_by_whoever_did_not_sign_this_one() -> None:
    again = with_executive().sent_back().recommended(by=actors.OTHER_OFFICER)
    assert code_of(again.asked(AGREE, account(OFFICER, COUNTERSIGNER))) is None
    assert code_of(again.countersigned().asked(SIGN, account(OFFICER, EXECUTIVE))) is None


def test_a_person_votes_for_one_department() -> None:
    case = before_acep().after(Vote(outcome=Outcome.GRANT), ACEP["commerce"])
    twice = account(ACEP["commerce"], ACEP["state"])
    assert code_of(case.asked(Vote(outcome=Outcome.GRANT), twice)) is RefusalCode.ALREADY_VOTED


@pytest.mark.parametrize(
    ("case", "official"),
    [
        (lambda: in_review().assigned(), OFFICER),
        (lambda: possibly_listed().resolved(), OFFICER),
        (with_countersigner, OFFICER),
        (with_executive, COUNTERSIGNER),
        (disputed, REVIEWERS["defense"]),
        (lambda: before_acep().voted(Outcome.GRANT), ACEP["commerce"]),
        (lambda: before_acep(), OC_CHAIR),
    ],
    ids=["assigned", "resolved", "recommended", "countersigned", "advised", "voted", "chaired"],
)
def test_who_took_part_for_an_authority_does_not_act_for_the_applicant(
    case: Callable[[], Case], official: Actor
) -> None:
    assert code_of(case().asked(Withdraw(), for_applicant(official))) is RefusalCode.BOTH_SIDES
    assert code_of(case().asked(Withdraw())) is None


def test_who_only_tried_to_decide_took_no_part() -> None:
    case = attempted(in_review(), SIGN, EXECUTIVE)
    assert code_of(case.asked(Withdraw(), for_applicant(EXECUTIVE))) is None


@pytest.mark.parametrize(
    ("case", "signer", "body"),
    [
        (with_countersigner, OFFICER, AGREE),
        (with_executive, OFFICER, SIGN),
        (with_executive, COUNTERSIGNER, SIGN),
        (
            lambda: possibly_listed().resolved(Verdict.TRUE_MATCH).recommended(by=actors.OTHER_OFFICER),
            OFFICER,
            AGREE,
        ),
    ],
    ids=["recommended", "recommended, countersigned since", "countersigned", "resolved a match"],
)
def test_what_was_signed_by_who_then_tries_to_act_for_the_applicant_can_only_go_back(
    case: Callable[[], Case], signer: Actor, body: Body
) -> None:
    told_on = attempted(case(), Withdraw(), for_applicant(signer))
    assert code_of(told_on.asked(body)) is RefusalCode.OWN_APPLICATION
    assert told_on.sent_back().opened.stage == "review"


def test_a_vote_of_who_then_tries_to_act_for_the_applicant_is_none() -> None:
    case = before_acep().voted(Outcome.DENY, Outcome.DENY, Outcome.GRANT)
    told_on = attempted(case, Withdraw(), for_applicant(ACEP["commerce"]))
    (counted,) = (e for e in told_on.voted(Outcome.GRANT).events if isinstance(e, VotesCounted))
    assert (counted.outcome, counted.for_it, counted.cast) == (Outcome.GRANT, 2, 3)


def resubmitted(previous: Case | None, by: Actor = APPLICANT) -> Case:
    case = Case(now=(previous or submitted()).now)
    command = case.command(Submit(application=submission(previous_acn="Z000009")), by)
    informed = told(command, {CaseOf: previous.opened if previous else None})
    return case.with_events(*accepted(case.decides(informed)))


def test_who_acted_for_the_applicant_decides_nothing_in_the_resubmission() -> None:
    """15 CFR 748.4(g)."""
    earlier = in_review().inquired().answered(by=APPLICANTS_COLLEAGUE)
    case = resubmitted(earlier).screened()
    by = account(APPLICANTS_COLLEAGUE, OFFICER)
    assert code_of(case.asked(GRANT, by)) is RefusalCode.OWN_APPLICATION
    assert code_of(case.asked(GRANT)) is None
    again = resubmitted(case).screened()
    assert code_of(again.asked(GRANT, by)) is RefusalCode.OWN_APPLICATION


@pytest.mark.parametrize("previous", [None, in_review().inquired().answered(by=APPLICANTS_COLLEAGUE)])
def test_a_case_of_somebody_else_or_of_nobody_says_nothing_of_who_acted(previous: Case | None) -> None:
    case = resubmitted(previous, OTHER_APPLICANT)
    first = case.events[0]
    assert isinstance(first, ApplicationSubmitted)
    assert first.acted_before == frozenset()
    assert case.opened.acted_for_applicant == {OTHER_APPLICANT.person}
    assert "acted_before" not in first.record()
