"""Search attributes: what is missing is added, and what is of another type is not worked with."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest, RemoveSearchAttributesRequest
from temporalio.client import Client

from greenlight.codec.sealing import Sealing
from greenlight.connection.search_attributes import SearchAttributeError, ensure_search_attributes
from greenlight.connection.target import Target, connect, embedded_target
from greenlight.embedded import TemporalServer
from greenlight.embedded.temporal import NAMESPACE
from greenlight.law.contract import SearchAttribute

CONTRACT = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
NUMBERS = {"Keyword": 2, "Double": 4, "Bool": 5, "Datetime": 6}
"""Types as Temporal's API numbers them."""


@asynccontextmanager
async def server(folder: Path, attributes: Mapping[str, str] | None = None) -> AsyncGenerator[Client]:
    """A Temporal that has some attributes."""
    temporal = TemporalServer(folder, port=0, ui_port=0, search_attributes=attributes)
    await temporal.start()
    try:
        yield await connect(embedded_target(temporal.address, NAMESPACE, None, "", sealing=Sealing.off()))
    finally:
        await temporal.stop()


async def present(client: Client) -> dict[str, int]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    return dict((await client.operator_service.list_search_attributes(request)).custom_attributes)


def numbered(attributes: Mapping[str, str]) -> dict[str, int]:
    return {name: NUMBERS[kind] for name, kind in attributes.items()}


async def complaint(client: Client) -> str:
    with pytest.raises(SearchAttributeError) as raised:
        await ensure_search_attributes(client)
    said = str(raised.value)
    assert len(said.splitlines()) == 1
    return said


async def test_all_are_there_once_the_advice_was_followed(tmp_path: Path) -> None:
    others = {"SomebodyElses": "Double"}
    async with server(tmp_path, {"Due": "Keyword", **others}) as client:
        assert await complaint(client) == (
            "search attribute Due of namespace default is not of type Datetime: "
            "remove it there, then start again"
        )
        assert (await present(client))["Due"] == NUMBERS["Keyword"]

        await client.operator_service.remove_search_attributes(
            RemoveSearchAttributesRequest(namespace=client.namespace, search_attributes=["Due"])
        )
        for _ in range(2):
            await ensure_search_attributes(client)
            assert await present(client) == numbered({**CONTRACT, **others})


async def test_what_cannot_be_added_is_listed(tmp_path: Path) -> None:
    """A namespace on SQL has room for ten of a type."""
    full = {f"Other{number}": "Keyword" for number in range(9)}
    async with server(tmp_path, {**full, "Due": "Datetime"}) as client:
        said = await complaint(client)
    assert "namespace default lacks search attributes; add them: Stage=Keyword, WaitingFor=Keyword, " in said
    assert "Due=" not in said


async def test_a_namespace_that_does_not_exist_is_named(target: Target) -> None:
    client = await connect(embedded_target(target.address, "nowhere", None, "", sealing=Sealing.off()))
    said = await complaint(client)
    assert said.startswith("the search attributes of namespace nowhere cannot be listed (")
    assert "create the namespace" in said
