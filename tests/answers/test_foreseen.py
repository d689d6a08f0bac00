"""What a person is told that will follow, before they sign; and who proposed what, in whose words."""

import pytest

from greenlight.answers.foreseen import Known, foreseen, open_at, possible
from greenlight.kernel.body import Body
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import SignOff
from greenlight.law.application.review.proposal import proposed_by
from greenlight.law.directive.scope import Posture
from greenlight.law.license.aggregate import LICENSE
from tests.law.actors import EXECUTIVE, OFFICER, OTHER_OFFICER
from tests.law.application.cases import DENY, GRANT, Case, in_review, submitted
from tests.law.application.directives import AUTHOR, PENDING, directive, held_against
from tests.law.application.stories import EXISTING as APPLICATIONS
from tests.law.license.cases import EXISTING as LICENSES


def told(case: Case, body: Body, by: Actor, beside: Known | None = None) -> str:
    return foreseen(APPLICATION, "application-A000001", case.opened, body, by, case.now, beside)


@pytest.mark.parametrize("posture", PENDING)
@pytest.mark.parametrize("body", [GRANT, DENY], ids=["grant", "deny"])
def test_a_directive_in_force_is_part_of_what_is_foreseen(posture: Posture, body: Body) -> None:
    order = directive(posture)
    then = held_against(in_review().after(body), order).opened.stage
    said = told(in_review(), body, OFFICER, Known((order,)))
    assert said.endswith(f"is then at {then.replace('_', ' ')}")


def test_without_the_directive_it_would_be_another_stage() -> None:
    order = directive(Posture.PRESUMPTION_OF_DENIAL)
    assert "directive applied" in told(in_review(), DENY, OFFICER, Known((order,)))
    assert told(in_review(), DENY, OFFICER).endswith("is then at countersignature")


def test_whoever_does_not_hold_the_role_is_told_before_they_sign() -> None:
    case = in_review().recommended(DENY).countersigned()
    lee = EXECUTIVE.model_copy(update={"officer": "lee"})
    said = told(case, SignOff(approves=True), lee, Known(roles=frozenset({Role.LICENSING_OFFICER})))
    assert said == "it will be refused: role_not_held: lee does not hold the role executive"
    holds = told(case, SignOff(approves=True), lee, Known(roles=frozenset({Role.EXECUTIVE})))
    assert "refused" not in holds


def test_it_is_said_who_proposes_and_whose_words_the_reasons_are() -> None:
    recommended = in_review().recommended(DENY)
    assert proposed_by(recommended.opened) == "recommended by lee"
    order = directive(Posture.PRESUMPTION_OF_DENIAL)
    directed = held_against(recommended, order)
    assert directed.opened.proposed is not None
    assert proposed_by(directed.opened) == "by the directive order-1 of under, in the words of lee"
    granted = held_against(in_review().recommended(GRANT), order)
    if granted.opened.proposed is not None:
        assert proposed_by(granted.opened) == "by the directive order-1 of under"


def test_who_is_barred_is_told_what_they_did() -> None:
    case = held_against(in_review().recommended(DENY), directive(Posture.PRESUMPTION_OF_DENIAL))
    for by, did in (
        (AUTHOR, "under issued the directive order-1, which proposes it"),
        (OFFICER, "lee made the recommendation"),
    ):
        sender = by.model_copy(update={"role": Role.EXECUTIVE})
        refused = APPLICATION.barred(case.opened, "sign_off", sender)
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.message) == (RefusalCode.OWN_RECOMMENDATION, did)


def offered(case: Case, by: Actor) -> set[str]:
    return {each.body.declared.name for each in possible(APPLICATION, case.opened, by)}


def test_what_is_about_nothing_there_is_is_not_offered() -> None:
    plain = in_review()
    assert not {"lift_hold", "resolve_match", "confirm_match"} & offered(plain, OFFICER)
    assert "lift_hold" in offered(plain.held(), OFFICER)
    assert "lift_hold" not in offered(plain.held().lifted(), OFFICER)
    # The hold of an open question ends with its answer, and is not lifted.
    assert "lift_hold" not in offered(plain.inquired(), OFFICER)
    doubtful = submitted().screened("no_match", "possible_match")
    assert "resolve_match" in offered(doubtful, OFFICER)
    assert "confirm_match" not in offered(doubtful, OFFICER)
    assert "confirm_match" in offered(doubtful.resolved(), OTHER_OFFICER)


COMMANDS = [
    (kind, state, body)
    for kind, stories in ((APPLICATION, APPLICATIONS), (LICENSE, LICENSES))
    for state in (story().opened for story in stories.values())
    for body in kind.messages.values()
]


def test_what_a_command_is_about_can_be_asked_of_every_state() -> None:
    assert {body.declared.name for _, _, body in COMMANDS} >= {"lift_hold", "approve_transfer"}
    for _, state, body in COMMANDS:
        body.declared.about(state)


def test_what_is_about_something_is_left_out_where_there_is_none() -> None:
    left_out = {
        body.declared.name
        for kind, state, body in COMMANDS
        for role in body.declared.by
        if body in {each.body for each in open_at(kind, state.stage, role)} and not body.declared.about(state)
    }
    assert {"lift_hold", "resolve_match", "approve_transfer", "grant_expedite"} <= left_out
