"""A case decided by a batch: everything that is asked of a signature of its own is asked of this one."""

from dataclasses import replace

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.inclusion import Inclusion, Leaf, inclusion
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import SignOff
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.events import ApplicationGranted, ExecutiveSignedOff
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import Stage
from greenlight.law.batch.prepare import leaf
from tests.law.actors import EXECUTIVE, OFFICER_AS_EXECUTIVE
from tests.law.application.cases import DENY, Case, in_review, with_executive
from tests.law.decisions import accepted


def leaf_of(case: Case) -> Leaf:
    found = leaf(case.opened)
    assert found is not None
    return found


def included(of: Leaf) -> Inclusion:
    return inclusion("batch-spring", (of,), 0)


def by_batch(case: Case, of: Leaf, by: Actor = EXECUTIVE) -> Command[Body]:
    command = case.command(SignOff(approves=True), by)
    return replace(command, dossier=of.dossier, inclusion=included(of))


def refused(decision: object) -> Code:
    assert isinstance(decision, Refusal), decision
    return decision.code


def test_a_grant_and_a_denial_by_batch_store_their_proof() -> None:
    for case, end in ((with_executive(), ApplicationGranted), (with_executive(DENY), IntentToDenyIssued)):
        of = leaf_of(case)
        signed, then = accepted(case.decides(by_batch(case, of)))
        assert isinstance(signed, ExecutiveSignedOff)
        assert signed.inclusion == included(of)
        assert isinstance(then, end)


def test_a_signature_of_its_own_stores_none() -> None:
    case = with_executive()
    signed, _ = accepted(case.asked(SignOff(approves=True)))
    assert isinstance(signed, ExecutiveSignedOff)
    assert signed.inclusion is None


def test_another_dossier_than_the_signed_one_is_refused() -> None:
    case = with_executive()
    of = leaf_of(case)
    # The same recommendation, made a second time.
    again = case.sent_back().recommended().countersigned()
    assert again.opened.stage is Stage.SIGN_OFF
    assert refused(again.decides(by_batch(again, of))) is RefusalCode.DOSSIER_CHANGED


def test_an_outcome_that_is_not_the_proposed_one_is_refused() -> None:
    """Whoever prepared the batch wrote a wrong outcome to the right dossier."""
    case = with_executive(DENY)
    of = leaf_of(case).model_copy(update={"outcome": "grant"})
    assert refused(case.decides(by_batch(case, of))) is ApplicationRefusal.OUTCOME_CHANGED


def test_nobody_signs_off_their_own_recommendation_in_a_batch_either() -> None:
    case = with_executive()
    command = by_batch(case, leaf_of(case), OFFICER_AS_EXECUTIVE)
    assert refused(case.decides(command)) is RefusalCode.OWN_RECOMMENDATION


def test_a_case_that_does_not_wait_for_the_executive_has_no_leaf() -> None:
    assert leaf(in_review().opened) is None
    case = with_executive()
    of = leaf_of(case)
    decided = case.after(SignOff(approves=True))
    assert leaf(decided.opened) is None
    assert refused(decided.decides(by_batch(decided, of))) is RefusalCode.CASE_CLOSED
