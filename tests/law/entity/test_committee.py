"""The End-User Review Committee decides by votes that each department signs; a count alone does not."""

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import COMMANDS, AmendListing, CastVote, ListEntity, RemoveListing
from greenlight.law.entity.committee import NEEDED, Vote, Votes
from greenlight.law.entity.events import (
    CommitteeVoteCast,
    EntityListed,
    ListingAmended,
    ListingRemoved,
    MotionLost,
    MotionWithdrawn,
)
from greenlight.law.entity.history import versions
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.entity.state import Stage
from greenlight.law.entity.view import status
from tests.law.actors import ERC, EVERYONE, EXECUTIVE
from tests.law.decisions import code_of
from tests.law.entity.cases import (
    APPROVE,
    BEGIN,
    DAY,
    LIST,
    OPPOSE,
    SOFTER,
    TO_COME,
    WITHDRAW,
    Entity,
    amending,
    listed,
    moved,
    removing,
    votes,
)

ORDERS = (EntityListed, ListingAmended, ListingRemoved)
MOTIONS: dict[str, tuple[Body, Entity]] = {
    "list_entity": (LIST, Entity()),
    "amend_listing": (amending(), listed()),
    "remove_listing": (removing(BEGIN + DAY), listed()),
}


def asked(entity: Entity, by: Actor, body: Body = APPROVE) -> object:
    return code_of(ENTITY.decide(entity.state, entity.command(body, by), entity.now))


@pytest.mark.parametrize("name", MOTIONS)
def test_it_carries_by_so_many_votes_and_without_them_it_does_not(name: str) -> None:
    """An addition and an amendment by a majority of four, which a tie is not; a removal by all."""
    assert set(NEEDED) == set(MOTIONS) < set(COMMANDS)
    body, before = MOTIONS[name]
    carried = {"remove_listing": 4}.get(name, 3)
    entity = moved(before, body, carried - 1)
    assert entity.events[-1].declared.by_service is False
    assert not isinstance(entity.events[-1], ORDERS)
    assert entity.opened.motion is not None
    for_it = entity.said(APPROVE)
    order = for_it.events[-1]
    assert isinstance(order, ORDERS)
    assert order.votes == votes(carried)
    assert [cast.seat for cast in for_it.of(CommitteeVoteCast)][-carried:] == list(
        votes(carried).model_dump()
    )
    against = entity
    while against.opened.motion is not None:
        against = against.said(OPPOSE)
    lost = against.events[-1]
    assert isinstance(lost, MotionLost)
    assert not any(isinstance(event, ORDERS) for event in against.events[len(before.events) :])


def test_nothing_counts_while_the_committee_votes() -> None:
    proposed = moved(Entity(), LIST, 2)
    assert (proposed.stage, versions(proposed.events)) == (Stage.PROPOSED, ())
    assert (proposed.opened.sweeps, proposed.opened.decided) == (0, 0)
    assert status(proposed.opened).waiting_for == "erc_member"
    later = proposed.at(BEGIN + DAY).said(APPROVE)
    assert [each.begins for each in versions(later.events)] == [BEGIN + DAY]
    before = moved(listed(), amending(SOFTER), 2)
    assert before.opened.listing == listed().opened.listing


@pytest.mark.parametrize("by", [each for each in EVERYONE if each.role is not Role.ERC_MEMBER])
def test_only_a_department_votes(by: Actor) -> None:
    assert asked(moved(Entity(), LIST), by) is RefusalCode.WRONG_ROLE


def test_a_department_votes_once_and_a_person_for_one() -> None:
    entity = moved(Entity(), LIST, 1)
    assert asked(entity, ERC["commerce"]) is RefusalCode.ALREADY_VOTED
    colleague = ERC["commerce"].model_copy(update={"officer": "another", "person": "p-another"})
    assert asked(entity, colleague, OPPOSE) is RefusalCode.ALREADY_VOTED
    twin = ERC["state"].model_copy(update={"person": ERC["commerce"].person})
    assert asked(entity, twin) is RefusalCode.ALREADY_VOTED
    assert asked(entity, ERC["state"]) is None


def test_who_has_no_seat_does_not_vote() -> None:
    guest = ERC["state"].model_copy(update={"organisation": "treasury"})
    assert asked(moved(Entity(), LIST), guest) is RefusalCode.NOT_A_MEMBER


def test_who_moved_it_does_not_vote_on_it() -> None:
    twin = ERC["state"].model_copy(update={"person": EXECUTIVE.person})
    assert asked(moved(Entity(), LIST), twin) is RefusalCode.OWN_RECOMMENDATION


def test_a_vote_is_on_the_motion_as_it_was_read() -> None:
    first = moved(listed(), amending(SOFTER))
    vote = first.command(APPROVE)
    assert (
        code_of(ENTITY.decide(first.said(APPROVE).state, first.command(APPROVE, ERC["state"]), BEGIN)) is None
    )
    other = first.said(WITHDRAW).said(amending())
    assert code_of(ENTITY.decide(other.state, vote, other.now)) is RefusalCode.DOSSIER_CHANGED


def test_one_motion_at_a_time() -> None:
    entity = moved(listed(), amending())
    for body in (amending(SOFTER), removing(TO_COME)):
        assert code_of(entity.asked(body)) is EntityRefusal.MOTION_OPEN
    assert code_of(listed().asked(APPROVE)) is EntityRefusal.NO_OPEN_MOTION
    assert code_of(listed().asked(WITHDRAW)) is EntityRefusal.NO_OPEN_MOTION
    # The votes on the one are none on the next.
    again = moved(entity.said(APPROVE).said(WITHDRAW), amending(SOFTER))
    assert isinstance(entity.said(WITHDRAW).events[-1], MotionWithdrawn)
    assert again.opened.cast == ()


def test_what_came_too_late_by_the_time_of_the_vote_is_lost() -> None:
    entity = moved(listed(), removing(BEGIN + DAY), 3)
    # An amendment cannot come between; time does.
    to_come = moved(Entity().after(LIST), amending(effective=BEGIN), 2)
    assert isinstance(to_come.said(APPROVE).events[-1], ListingAmended)
    assert isinstance(entity.at(BEGIN + 2 * DAY).said(APPROVE).events[-1], ListingRemoved)


def test_an_entity_that_did_not_carry_is_not_listed_and_stays_so() -> None:
    lost = Entity().said(LIST).said(OPPOSE).said(OPPOSE)
    assert (lost.stage, status(lost.opened).closed) == (Stage.NOT_LISTED, True)
    assert code_of(lost.asked(LIST)) is RefusalCode.CASE_CLOSED


def test_what_was_decided_before_departments_signed_is_read_as_it_was() -> None:
    """An executive told of the votes then, all four of them."""
    by_executive = EntityListed(
        at=BEGIN,
        by=EXECUTIVE,
        key="sample",
        listing=listed().opened.listing,
        effective=BEGIN,
        votes=Votes(commerce=Vote.APPROVE, defense=Vote.APPROVE, state=Vote.APPROVE, energy=Vote.OPPOSE),
    )
    old = Entity().with_events(by_executive)
    assert old.opened == listed().opened.model_copy(update={"motions": 0})
    assert '"energy":"oppose"' in by_executive.record()


def test_no_order_has_votes_in_its_body() -> None:
    for body in (ListEntity, AmendListing, RemoveListing):
        assert "votes" not in body.model_fields
    assert set(CastVote.model_fields) == {"vote"}
