"""How the names hang together that other programs hold on to; ``tests/contract`` has them all."""

import re

import pytest

from greenlight.kernel.body import Body
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
from greenlight.law.registry import aggregates, with_workflow


def _declared(base: type[Body]) -> set[type[Body]]:
    """Every command below a class, whichever aggregate it is of."""
    below = {each for each in base.__subclasses__() if each.__module__.startswith("greenlight.")}
    own = {each for each in below if "declared" in vars(each)}
    return own.union(*map(_declared, below))


def test_every_command_belongs_to_one_aggregate() -> None:
    known = [body for each in aggregates() for body in (*each.commands.values(), *each.internal.values())]
    assert set(known) == _declared(Body)
    names = [body.declared.name for body in known]
    assert sorted(set(names)) == sorted(names), "one name, one command"


def test_what_comes_from_outside_has_a_sender_and_nothing_else_has() -> None:
    for each in aggregates():
        assert all(body.declared.by for body in each.commands.values())
        assert not any(body.declared.by for body in each.internal.values())


def test_a_workflow_starts_with_one_command_at_most() -> None:
    starts = {
        each.kind: [name for name in each.commands if name not in each.messages] for each in with_workflow()
    }
    assert starts == {each.kind: [each.starts_with] if each.starts_with else [] for each in with_workflow()}
    assert starts["license"] == []


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
