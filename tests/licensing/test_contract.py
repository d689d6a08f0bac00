"""How the names hang together that other programs hold on to; ``tests/contract`` has them all."""

import re

import pytest

from licensing import contract
from licensing.application.commands import COMMANDS as APPLICATION_COMMANDS
from licensing.application.commands import INTERNAL as APPLICATION_INTERNAL
from licensing.authority import PERMITTED
from licensing.batch.commands import COMMANDS as BATCH_COMMANDS
from licensing.batch.commands import INTERNAL as BATCH_INTERNAL
from licensing.directive.commands import COMMANDS as DIRECTIVE_COMMANDS
from licensing.directive.commands import INTERNAL as DIRECTIVE_INTERNAL
from licensing.entity.commands import COMMANDS as ENTITY_COMMANDS
from licensing.license.commands import COMMANDS as LICENSE_COMMANDS
from licensing.license.commands import INTERNAL as LICENSE_INTERNAL
from licensing.list.commands import COMMANDS as LIST_COMMANDS
from licensing.list.commands import INTERNAL as LIST_INTERNAL
from licensing.reprieve.commands import COMMANDS as REPRIEVE_COMMANDS
from licensing.reprieve.commands import INTERNAL as REPRIEVE_INTERNAL


def test_every_message_has_a_sender_and_none_is_internal() -> None:
    messages = {
        *contract.APPLICATION_MESSAGES,
        *contract.LICENSE_MESSAGES,
        *contract.REPRIEVE_MESSAGES,
        *contract.ENTITY_MESSAGES,
        *contract.BATCH_MESSAGES,
        *contract.DIRECTIVE_MESSAGES,
        *contract.LIST_MESSAGES,
    }
    assert messages <= set(PERMITTED)
    internal = {*BATCH_INTERNAL, *DIRECTIVE_INTERNAL, *LICENSE_INTERNAL, *LIST_INTERNAL}
    assert not messages & (APPLICATION_INTERNAL | REPRIEVE_INTERNAL | internal)
    starts = {"submit", "open_reprieve", "list_entity", "open_batch", "issue_directive", "open_list"}
    assert messages | starts == set(contract.COMMANDS)
    every = (APPLICATION_COMMANDS, LICENSE_COMMANDS, REPRIEVE_COMMANDS, ENTITY_COMMANDS, BATCH_COMMANDS)
    every = (*every, DIRECTIVE_COMMANDS, LIST_COMMANDS)
    assert sum(map(len, every)) == len(contract.COMMANDS), "one name, one command"


def test_streams_are_named_after_what_they_are_about() -> None:
    assert contract.application_stream("Z000001") == "application-Z000001"
    assert contract.license_stream("D000001") == "license-D000001"
    assert contract.officer_stream("lee-2") == "officer-lee-2"
    assert contract.reprieve_stream("huawei-2019") == "reprieve-huawei-2019"
    assert contract.entity_stream("huawei") == "entity-huawei"
    for stream in (
        "application-Z000001",
        "license-D000001",
        "reprieve-huawei-2019",
        "entity-huawei",
        "officer-lee-2",
    ):
        assert re.fullmatch(r"[a-z]+-[A-Za-z0-9._-]{1,80}", stream)
    assert contract.stream_key("officer-lee-2") == "lee-2"


def test_a_stream_tells_the_type_of_its_workflow() -> None:
    for stream, name in (
        (contract.application_stream("Z000001"), contract.LICENSE_APPLICATION),
        (contract.license_stream("D000001"), contract.LICENSE),
        (contract.reprieve_stream("huawei-2019"), contract.REPRIEVE),
        (contract.entity_stream("huawei"), contract.LISTED_ENTITY),
        (contract.batch_stream("spring-1"), contract.BATCH),
        (contract.directive_stream("order-1"), contract.DIRECTIVE),
    ):
        assert contract.workflow_type(stream) == name
    with pytest.raises(ValueError, match="no workflow"):
        contract.workflow_type(contract.officer_stream("lee"))
