"""Who may ask a listed entity for what, with which votes, on what basis, and in what order refusals come."""

from dataclasses import replace
from datetime import datetime

import pytest
from pydantic import ValidationError

from greenlight.kernel.body import Body, decisions
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.contract import permitted
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import COMMANDS
from greenlight.law.entity.listing import MAX_AFFILIATES, Affiliate, Amendment
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.entity.state import EntityState, Stage, dossier_digest
from greenlight.law.entity.transitions import TRANSITIONS
from greenlight.law.entity.view import status, view
from tests.law.actors import EVERYONE
from tests.law.decisions import code_of
from tests.law.entity.cases import (
    BEFORE,
    BEGIN,
    CASES,
    DAY,
    KEY,
    LIST,
    MORE,
    SOFTER,
    TO_COME,
    WITHDRAW,
    Entity,
    Story,
    affiliate,
    amending,
    bodies,
    listed,
    listing,
    removing,
    swept,
    to_be_listed,
)

PERMITTED = permitted()
DECISIONS = decisions(COMMANDS)

STORIES = [
    pytest.param(stage, story, id=f"{stage}: {title}")
    for stage, stories in CASES.items()
    for title, story in stories.items()
]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("stage", [None, *Stage], ids=str)
def test_a_command_is_for_its_role_alone(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    entity = next(iter(CASES[stage].values()))()
    command = entity.command(bodies(name, entity)[0])
    for by in (*EVERYONE, None):
        decision = ENTITY.decide(entity.state, replace(command, by=by), entity.now)
        permitted = by is not None and by.role in PERMITTED[name]
        if isinstance(cell, Code):
            assert code_of(decision) is cell, "the stage is asked first"
        else:
            assert (code_of(decision) is RefusalCode.WRONG_ROLE) is not permitted


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_a_decision_rests_on_the_dossier_as_it_is(name: str) -> None:
    for stage in (Stage.TO_BE_LISTED, Stage.LISTED):
        stories = CASES[stage]
        entity = (stories["amendment moved"] if name == "cast_vote" else next(iter(stories.values())))()
        command = entity.command(bodies(name, entity)[0])
        without = ENTITY.decide(entity.state, replace(command, dossier=None), entity.now)
        assert code_of(without) is RefusalCode.DOSSIER_MISSING
        after = entity.said(WITHDRAW) if name == "cast_vote" else entity.after(amending(SOFTER))
        assert code_of(ENTITY.decide(after.state, command, after.now)) is RefusalCode.DOSSIER_CHANGED


def test_what_takes_effect_while_an_executive_reads_asks_for_another_look() -> None:
    signed = to_be_listed().command(amending(effective=TO_COME + DAY))
    after = to_be_listed().at(TO_COME)
    assert code_of(ENTITY.decide(after.state, signed, after.now)) is RefusalCode.DOSSIER_CHANGED


REFUSED: dict[str, tuple[Entity, Body, Code]] = {
    "before the entry as it stands": (listed(), amending(effective=BEFORE), RefusalCode.TOO_LATE),
    "before the listing to come": (
        to_be_listed(),
        amending(effective=TO_COME - DAY),
        RefusalCode.TOO_LATE,
    ),
    "after the removal": (
        listed().after(removing(TO_COME)),
        amending(effective=TO_COME),
        RefusalCode.TOO_LATE,
    ),
    "who is no affiliate": (
        listed(),
        amending(Amendment(removed=frozenset({"three"}))),
        EntityRefusal.UNKNOWN_AFFILIATE,
    ),
    "who is no affiliate yet": (
        listed().after(amending(effective=TO_COME)),
        amending(Amendment(removed=frozenset({"three"})), TO_COME - DAY),
        EntityRefusal.UNKNOWN_AFFILIATE,
    ),
    "who is no affiliate any more": (
        listed().after(
            amending(Amendment(removed=frozenset({"two"})), TO_COME + DAY),
            amending(Amendment(added=(affiliate("two", "Sample two, again"),)), TO_COME),
        ),
        amending(Amendment(removed=frozenset({"two"})), TO_COME + 2 * DAY),
        EntityRefusal.UNKNOWN_AFFILIATE,
    ),
    "before what an amendment made of it": (
        listed().at(BEGIN + 2 * DAY).after(amending()),
        amending(SOFTER, BEGIN + DAY),
        RefusalCode.TOO_LATE,
    ),
    "itself as its affiliate": (
        listed(),
        amending(Amendment(added=(affiliate(KEY),))),
        RefusalCode.MALFORMED,
    ),
    "listed as its own affiliate": (
        Entity(),
        LIST.model_copy(update={"affiliates": (affiliate(KEY),)}),
        RefusalCode.MALFORMED,
    ),
    "removed before it was listed": (listed(), removing(BEFORE), RefusalCode.MALFORMED),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused(name: str) -> None:
    entity, body, code = REFUSED[name]
    assert code_of(entity.asked(body)) is code


def many(first: int, count: int) -> tuple[Affiliate, ...]:
    return tuple(affiliate(f"many-{number}") for number in range(first, first + count))


def test_an_entry_has_room_for_so_many_affiliates_and_those_to_come() -> None:
    """The state has to read back, whatever takes effect in which order."""
    half = MAX_AFFILIATES // 2
    full = (
        Entity()
        .after(LIST.model_copy(update={"affiliates": many(0, half)}))
        .after(amending(Amendment(added=many(half, half)), TO_COME))
    )
    assert code_of(full.asked(amending())) is RefusalCode.TOO_LARGE
    after = full.at(TO_COME).opened
    assert len(after.listing.affiliates) == MAX_AFFILIATES
    assert EntityState.model_validate_json(after.model_dump_json(), strict=True) == after


def test_an_affiliate_that_is_to_come_can_be_removed_after_it_came() -> None:
    entity = listed().after(amending(effective=TO_COME))
    removal = amending(Amendment(removed=frozenset({"three"})), TO_COME + DAY)
    assert entity.after(removal).at(TO_COME + DAY).opened.listing.keys == {"one", "two"}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"added": [affiliate("one").model_dump(mode="json")] * 2},
        {"added": [affiliate("one").model_dump(mode="json")], "removed": ["one"]},
    ],
    ids=["nothing", "one twice", "one added and removed"],
)
def test_an_amendment_says_something_and_once(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Amendment.model_validate(said)


def test_an_amendment_changes_what_it_says_and_nothing_else() -> None:
    before = listed().opened.listing
    renamed = Amendment(aliases=(), added=(affiliate("one", "Sample Renamed"), *MORE.added))
    after = listed().after(amending(renamed)).opened.listing
    assert [each.name for each in after.affiliates] == ["Sample Renamed", "Sample two", "Sample three"]
    assert (after.aliases, after.citation) == ((), "84 FR 2")
    unchanged = {"name", "countries", "license_requirement", "review_policy"}
    assert after.model_dump(include=unchanged) == before.model_dump(include=unchanged)


def test_without_an_instant_it_counts_from_now_or_with_the_listing() -> None:
    assert listed().opened.effective == BEGIN
    entity = to_be_listed().after(amending())
    assert [each.effective for each in entity.opened.pending] == [TO_COME]


@pytest.mark.parametrize(("stage", "story"), STORIES)
def test_a_state_reads_back_and_shows_no_name(stage: Stage | None, story: Story) -> None:
    entity = story()
    if entity.state is None:
        return
    state = entity.opened
    assert EntityState.model_validate_json(state.model_dump_json(), strict=True) == state
    shown = status(state)
    over = stage in {Stage.REMOVED, Stage.NOT_LISTED} and not state.rescreening_due
    waits_for = "service" if state.rescreening_due else "nobody"
    if state.motion is not None:
        waits_for = "erc_member"
    assert (shown.stage, shown.closed, shown.waiting_for) == (stage, over, waits_for)
    assert shown.listed is (stage is Stage.LISTED)
    row = view(state, len(entity.events)).model_dump_json()
    assert "Sample" not in row


def _wire(instant: datetime) -> str:
    """An instant as a row has it."""
    return instant.isoformat().replace("+00:00", "Z")


def test_a_row_says_what_the_entry_is_now() -> None:
    entity = Entity().after(listing(BEFORE), amending(SOFTER, TO_COME), removing(TO_COME + DAY))
    row = view(entity.opened, 3).row
    assert row == {
        "key": KEY,
        "stage": "listed",
        "waiting_for": "service",
        "closed": False,
        "effective": _wire(BEFORE),
        "removal": _wire(TO_COME + DAY),
        "citation": "84 FR 1",
        "posture": "presumption_of_denial",
        "affiliates": 2,
        "due": _wire(TO_COME),
        "decided": 3,
        "version": 3,
    }
    later = view(entity.at(TO_COME).opened, 4).row
    assert (later["citation"], later["posture"]) == ("84 FR 2", "case_by_case")


def test_everything_is_held_against_an_entry_whenever_something_else_counts() -> None:
    entity = to_be_listed().after(amending(effective=TO_COME + DAY), removing(TO_COME + 2 * DAY))
    # What is only decided changes nothing for anybody yet.
    assert (entity.opened.decided, entity.opened.sweeps, entity.opened.rescreening_due) == (3, 0, False)
    for days in range(3):
        entity = entity.at(TO_COME + days * DAY)
        assert (entity.opened.sweeps, entity.opened.rescreening_due) == (days + 1, True)
        entity = entity.after(swept(days + 1))
        assert not entity.opened.rescreening_due
    assert status(entity.opened).closed


def test_one_rescreening_does_for_several_changes_and_counts_once() -> None:
    entity = listed().after(amending(), amending(SOFTER))
    assert entity.opened.sweeps == 3
    assert not entity.after(swept(3)).opened.rescreening_due
    for again in (swept(3), swept(2), swept(4)):
        assert code_of(entity.after(swept(3)).asked(again)) is RefusalCode.WRONG_STAGE
    # What changed while it went on is held against in its turn.
    assert entity.after(swept(2)).opened.rescreening_due


def test_an_entity_that_never_counted_changes_nothing() -> None:
    entity = to_be_listed().after(removing())
    assert status(entity.opened).closed


def test_how_far_a_rescreening_is_changes_no_dossier() -> None:
    entity = listed()
    assert dossier_digest(entity.opened) == dossier_digest(entity.after(swept()).opened)
