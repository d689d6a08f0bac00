"""Names that other programs hold on to. A red test here is a broken promise: change the promise first."""

import re

import pytest

from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import (
    application_stream,
    batch_stream,
    directive_stream,
    entity_stream,
    license_stream,
    officer_stream,
    reprieve_stream,
    stream_key,
)
from greenlight.law import contract
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import COMMANDS as APPLICATION_COMMANDS
from greenlight.law.application.commands import INTERNAL as APPLICATION_INTERNAL
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.commands import COMMANDS as BATCH_COMMANDS
from greenlight.law.batch.commands import INTERNAL as BATCH_INTERNAL
from greenlight.law.contract import SearchAttribute, permitted
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import COMMANDS as DIRECTIVE_COMMANDS
from greenlight.law.directive.commands import INTERNAL as DIRECTIVE_INTERNAL
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import COMMANDS as ENTITY_COMMANDS
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import COMMANDS as LICENSE_COMMANDS
from greenlight.law.license.commands import INTERNAL as LICENSE_INTERNAL
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import COMMANDS as REPRIEVE_COMMANDS
from greenlight.law.reprieve.commands import INTERNAL as REPRIEVE_INTERNAL
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import COMMANDS as LIST_COMMANDS
from greenlight.law.screening_list.commands import INTERNAL as LIST_INTERNAL


def test_names_are_these() -> None:
    assert contract.TASK_QUEUE == "licensing"
    assert ("LicenseApplication", "License", "Reprieve") == (
        "LicenseApplication",
        "License",
        "Reprieve",
    )
    assert tuple(APPLICATION.messages) == (
        "assign",
        "request_information",
        "answer",
        "recommend",
        "countersign",
        "sign_off",
        "return_without_action",
        "withdraw",
        "resolve_match",
        "place_hold",
        "lift_hold",
        "refer",
        "advise",
        "ask_applicant",
        "delegate_back",
        "decide_dispute",
        "vote",
        "escalate",
        "respond",
        "reconsider",
        "appeal",
        "decide_appeal",
    )
    assert tuple(LICENSE.messages) == (
        "accept_conditions",
        "report_shipment",
        "correct_shipment",
        "request_transfer",
        "approve_transfer",
        "refuse_transfer",
        "suspend",
        "reinstate",
        "revoke",
        "void",
        "replace",
        "resolve_listing",
    )
    assert tuple(REPRIEVE.messages) == (
        "submit_evidence",
        "confirm_outcome",
        "replace_outcome",
        "stop_outcome",
        "issue_term",
        "correct_term",
        "record_publication",
        "terminate_term",
        "add_entities",
        "remove_entities",
        "adopt_policy",
        "end_reprieve",
    )
    assert "ListedEntity" == "ListedEntity"
    assert tuple(ENTITY.messages) == ("amend_listing", "remove_listing")
    assert "Batch" == "Batch"
    assert tuple(BATCH.messages) == ("sign_batch", "discard_batch")
    assert "Directive" == "Directive"
    assert tuple(DIRECTIVE.messages) == (
        "attest_event",
        "withdraw_attestation",
        "rescind_directive",
        "stop_fan_out",
        "resume_fan_out",
        "retry_fan_out",
    )
    assert "ScreeningList" == "ScreeningList"
    assert tuple(LIST.messages) == ("load_list", "confirm_list", "discard_list")
    assert contract.LOOK == "look"
    assert set(contract.QUERIES) == {"status", "dossier", "deadlines"}
    assert set(contract.REPRIEVE_QUERIES) == {"covered"}


def test_search_attributes_are_these() -> None:
    assert {attribute.value: attribute.indexed_as for attribute in SearchAttribute} == {
        "Stage": "Keyword",
        "WaitingFor": "Keyword",
        "Due": "Datetime",
        "Outcome": "Keyword",
        "Officer": "Keyword",
        "ListedParty": "Bool",
    }


REFUSAL_CODES = """
    malformed too_large unknown_command
    unsigned proof_invalid proof_expired proof_not_yet_valid key_not_valid identity_mismatch role_not_held
    wrong_role wrong_command wrong_stream body_mismatch command_id_reused dossier_missing dossier_changed
    wrong_stage case_closed no_such_case already_submitted screening_incomplete clock_stopped no_open_request
    assigned_to_another own_recommendation own_application not_the_applicant unknown_item all_or_nothing
    no_such_hold agencies_pending already_referred not_referred basis_missing too_late not_a_member
    already_voted conditions_not_accepted suspended not_suspended exhausted already_reported unknown_shipment
    not_shipped_yet not_valid_then other_currency quantity_exceeded value_exceeded too_many_shipments
    already_transferred transfer_pending no_transfer_requested
    root_differs not_in_batch batch_not_signed outcome_changed
    already_current version_held nothing_held own_version digest_differs list_unreadable list_too_old
    no_conditions unknown_officer officer_exists nothing_to_revoke
""".split()


@pytest.mark.parametrize("code", REFUSAL_CODES)
def test_a_refusal_code_once_given_stays(code: str) -> None:
    assert code in set(RefusalCode)


def test_every_message_has_a_sender_and_none_is_internal() -> None:
    messages = {
        *tuple(APPLICATION.messages),
        *tuple(LICENSE.messages),
        *tuple(REPRIEVE.messages),
        *tuple(ENTITY.messages),
        *tuple(BATCH.messages),
        *tuple(DIRECTIVE.messages),
        *tuple(LIST.messages),
    }
    assert messages <= set(permitted())
    internal = {*BATCH_INTERNAL, *DIRECTIVE_INTERNAL, *LICENSE_INTERNAL, *LIST_INTERNAL}
    assert not messages & {*APPLICATION_INTERNAL, *REPRIEVE_INTERNAL, *internal}
    starts = {"submit", "open_reprieve", "list_entity", "open_batch", "issue_directive", "open_list"}
    assert messages | starts == set(contract.commands())
    every = (APPLICATION_COMMANDS, LICENSE_COMMANDS, REPRIEVE_COMMANDS, ENTITY_COMMANDS, BATCH_COMMANDS)
    every = (*every, DIRECTIVE_COMMANDS, LIST_COMMANDS)
    assert sum(map(len, every)) == len(contract.commands()), "one name, one command"


def test_streams_are_named_after_what_they_are_about() -> None:
    assert application_stream("Z000001") == "application-Z000001"
    assert license_stream("D000001") == "license-D000001"
    assert officer_stream("lee-2") == "officer-lee-2"
    assert reprieve_stream("huawei-2019") == "reprieve-huawei-2019"
    assert entity_stream("huawei") == "entity-huawei"
    for stream in (
        "application-Z000001",
        "license-D000001",
        "reprieve-huawei-2019",
        "entity-huawei",
        "officer-lee-2",
    ):
        assert re.fullmatch(r"[a-z]+-[A-Za-z0-9._-]{1,80}", stream)
    assert stream_key("officer-lee-2") == "lee-2"


def test_a_stream_tells_the_type_of_its_workflow() -> None:
    for stream, name in (
        (application_stream("Z000001"), "LicenseApplication"),
        (license_stream("D000001"), "License"),
        (reprieve_stream("huawei-2019"), "Reprieve"),
        (entity_stream("huawei"), "ListedEntity"),
        (batch_stream("spring-1"), "Batch"),
        (directive_stream("order-1"), "Directive"),
    ):
        assert contract.workflow_type(stream) == name
    with pytest.raises(ValueError, match="no workflow"):
        contract.workflow_type(officer_stream("lee"))
