"""The table of transitions, cell by cell, against what the law does."""

import pytest

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.license.commands import COMMANDS, INTERNAL
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.state import CLOSED, LicenseState, Stage
from greenlight.law.license.transitions import LATE, TRANSITIONS
from tests.law.decisions import accepted, code_of
from tests.law.license.cases import CASES, EXISTING, bodies

STAGES = (None, *Stage)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reached: set[Stage] = set()
    for title, story in CASES[stage].items():
        license_ = story().later(days=1)
        assert (license_.state.stage if license_.state else None) is stage, f"{title!r} is elsewhere"
        for body in bodies(name, license_):
            decision = license_.asked(body)
            if isinstance(cell, Code):
                assert code_of(decision) is cell, f"{title}: {body!r}"
            elif (code := _out_of_place(name, license_.opened)) is not None:
                assert code_of(decision) is code, f"{title}: {body!r}"
            else:
                end = license_.with_events(*accepted(decision)).opened.stage
                assert end in cell, f"{title}: {body!r} leads to {end}"
                reached.add(end)
    if not isinstance(cell, Code):
        assert reached == cell, f"no sample reaches {cell - reached}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_log_takes_from_a_command_all_that_it_leads_to(name: str) -> None:
    for title, story in EXISTING.items():
        license_ = story().later(days=1)
        for body in bodies(name, license_):
            decision = license_.asked(body)
            for event in decision if isinstance(decision, tuple) else ():
                assert name in event.declared.of, f"{title}: {body!r} leads to {type(event).__name__}"


def _out_of_place(name: str, state: LicenseState) -> Code | None:
    """Why a command has nothing to do with a license, whatever its stage."""
    decided = state.transfer is not None and state.transfer.approved
    pending = state.transfer is not None and state.transfer.approved is None
    if name in {"accept_transfer", "approve_transfer", "refuse_transfer"} and not pending:
        return LicenseRefusal.NO_TRANSFER_REQUESTED
    if name == "approve_transfer" and state.transfer and not state.transfer.party:
        return LicenseRefusal.TRANSFER_NOT_ACCEPTED
    if name == "request_transfer" and (decided or pending):
        return LicenseRefusal.ALREADY_TRANSFERRED if decided else LicenseRefusal.TRANSFER_PENDING
    if name == "correct_shipment" and not state.shipments:
        return LicenseRefusal.UNKNOWN_SHIPMENT
    if name == "note_license_flip" and not state.flips:
        return ApplicationRefusal.NOTHING_FLIPPED
    if name == "resolve_listing" and not state.listed:
        return ApplicationRefusal.NO_SUCH_MATCH
    if name == "confirm_listing" and not any(hit.resolution for hit in state.found.hits):
        return ApplicationRefusal.NOTHING_TO_CONFIRM
    if name == "report_shipment" and state.conditions and state.accepted_at is None:
        return LicenseRefusal.CONDITIONS_NOT_ACCEPTED
    return None


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == set(STAGES)
    assert [stage for stage, row in TRANSITIONS.items() if set(row) != {*COMMANDS, *INTERNAL}] == []


def test_every_stage_but_the_expiry_can_be_reached_by_commands() -> None:
    """The expiry comes by time alone."""
    found = {Stage.AWAITING_ACCEPTANCE, Stage.ACTIVE}
    ahead = list(found)
    while ahead:
        for cell in TRANSITIONS[ahead.pop()].values():
            if not isinstance(cell, Code):
                ahead.extend(cell - found)
                found |= cell
    assert found == set(Stage) - {Stage.EXPIRED}


def test_what_a_license_takes_after_its_end() -> None:
    assert sorted(LATE) == ["correct_shipment", "report_shipment", "void"]


@pytest.mark.parametrize("stage", sorted(set(Stage) - CLOSED))
def test_an_open_license_can_be_revoked_at_any_time(stage: Stage) -> None:
    assert TRANSITIONS[stage]["revoke"] == {Stage.REVOKED}


@pytest.mark.parametrize("stage", sorted(CLOSED))
def test_an_ended_license_does_not_come_back(stage: Stage) -> None:
    for name, cell in TRANSITIONS[stage].items():
        if name == "void" and stage is not Stage.VOID:
            assert cell == {Stage.VOID}
        elif name in {"report_shipment", "correct_shipment"} and stage is not Stage.VOID:
            assert cell == {stage}
        else:
            assert cell is RefusalCode.CASE_CLOSED
