"""What a batch's commands mean, and the table of transitions, cell by cell."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from greenlight.kernel.authority import MAX_BODY_BYTES
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import MAX_DEPTH, canonical, digest
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.batch.commands import COMMANDS, INTERNAL, DiscardBatch, OpenBatch, SettleCases
from greenlight.law.batch.events import BatchCaseDecided, BatchCaseFellOut, BatchDelivered, BatchSigned
from greenlight.law.batch.refusals import BatchRefusal
from greenlight.law.batch.state import Stage
from greenlight.law.batch.transitions import TRANSITIONS
from greenlight.law.batch.view import progress, status, view
from greenlight.law.contract import permitted
from tests.law.actors import COUNTERSIGNER, EXECUTIVE, OFFICER
from tests.law.batch.cases import (
    NAMES,
    Batch,
    delivered,
    delivering,
    delivery,
    discarded,
    leaf,
    leaves,
    opening,
    prepared,
    signing,
)

PERMITTED = permitted()

AT = {
    None: Batch,
    Stage.PREPARED: prepared,
    Stage.DELIVERING: delivering,
    Stage.DELIVERED: delivered,
    Stage.DISCARDED: discarded,
}
EVERY = (*COMMANDS, *sorted(INTERNAL))


def bodies(name: str) -> tuple[Body, ...]:
    samples: tuple[Body, ...] = (
        opening(),
        signing(leaves(3)),
        DiscardBatch(reasons="No."),
        SettleCases(deliveries=(delivery(1),)),
        SettleCases(deliveries=(delivery(1), delivery(2, "dossier_changed"), delivery(3))),
    )
    return tuple(body for body in samples if NAMES[type(body)] == name)


def refused(decision: object) -> Code:
    assert isinstance(decision, Refusal), decision
    return decision.code


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("stage", AT, ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reached: set[Stage] = set()
    for body in bodies(name):
        batch = AT[stage]()
        if isinstance(cell, Code):
            assert refused(batch.asked(body)) is cell
        else:
            state = batch.after(body).state
            assert state is not None
            reached.add(state.stage)
    assert isinstance(cell, Code) or reached == cell


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == {None, *Stage}
    assert all(set(row) == set(EVERY) for row in TRANSITIONS.values())


def test_only_the_executive_signs_and_on_what_was_read() -> None:
    batch, body = prepared(), signing(leaves(3))
    assert {Role.EXECUTIVE} == PERMITTED["sign_batch"]
    for by in (OFFICER, COUNTERSIGNER):
        assert refused(batch.asked(body, by=by)) is RefusalCode.WRONG_ROLE
    unread = replace(batch.command(body), dossier=None)
    assert refused(batch.decides(unread)) is RefusalCode.DOSSIER_MISSING
    other = replace(unread, dossier=digest({}))
    assert refused(batch.decides(other)) is RefusalCode.DOSSIER_CHANGED


@pytest.mark.parametrize("count", [2, 4])
def test_another_root_or_size_is_refused(count: int) -> None:
    assert refused(prepared().asked(signing(leaves(count)))) is BatchRefusal.ROOT_DIFFERS
    other = signing(leaves(3)).model_copy(update={"size": count})
    assert refused(prepared().asked(other)) is BatchRefusal.ROOT_DIFFERS


def test_leaves_have_one_order_and_each_case_once() -> None:
    first, second = leaf(1), leaf(2)
    for wrong in ((second, first), (first, first), (first, leaf(1, "deny")), ()):
        with pytest.raises(ValidationError):
            OpenBatch(title="Wrong", leaves=wrong)
    with pytest.raises(ValidationError):
        opening(401)


def test_the_largest_batch_fits_into_one_message() -> None:
    content = canonical(opening(400).model_dump(mode="json"))
    assert len(content) < MAX_BODY_BYTES
    assert MAX_DEPTH > 3


def test_a_key_that_cannot_name_a_workflow_is_refused() -> None:
    loud = replace(Batch().command(opening()), key="Spring!")
    assert refused(Batch().decides(loud)) is RefusalCode.MALFORMED


def test_what_fell_out_is_named_and_the_last_word_ends_it() -> None:
    batch = delivering(3).after(
        SettleCases(deliveries=(delivery(2), delivery(1, "dossier_changed"))),
        # The service was cut off and tells the same once more, with something new.
        SettleCases(deliveries=(delivery(1), delivery(2, "wrong_stage"), delivery(3))),
    )
    told = [(type(event), getattr(event, "case", None)) for event in batch.events[2:]]
    assert told == [
        (BatchCaseDecided, "application-A000002"),
        (BatchCaseFellOut, "application-A000001"),
        (BatchCaseDecided, "application-A000003"),
        (BatchDelivered, None),
    ]
    last = batch.events[-1]
    assert isinstance(last, BatchDelivered)
    assert (last.decided, last.fell_out) == (2, 1)
    assert batch.state is not None
    assert batch.state.left == ()
    row = view(batch.state, 6).row
    assert (row["cases"], row["decided"], row["fell_out"]) == (
        3,
        2,
        {"application-A000001": "dossier_changed"},
    )
    assert progress(batch.state) == (
        "2 decided, 1 fell out, 0 left of 3 cases",
        "fell out: application-A000001 (dossier_changed)",
    )


def test_nothing_new_is_nothing_to_record() -> None:
    batch = delivering().after(SettleCases(deliveries=(delivery(1),)))
    assert isinstance(batch.asked(SettleCases(deliveries=(delivery(1),))), Refusal)
    assert isinstance(batch.asked(SettleCases(deliveries=(delivery(9),))), Refusal)


def test_who_signed_and_whom_it_waits_for_is_shown() -> None:
    waits: dict[Stage, str] = {}
    for stage, story in AT.items():
        state = story().state
        if stage and state:
            waits[stage] = status(state).waiting_for
    assert waits == {
        Stage.PREPARED: "executive",
        Stage.DELIVERING: "service",
        Stage.DELIVERED: "nobody",
        Stage.DISCARDED: "nobody",
    }
    signed = delivering().events[-1]
    assert isinstance(signed, BatchSigned)
    assert signed.by == EXECUTIVE
