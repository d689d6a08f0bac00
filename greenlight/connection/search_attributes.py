"""The search attributes that the service's workflows set must exist first, with their types."""

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from greenlight.law.contract import SearchAttribute


class SearchAttributeError(Exception):
    """An attribute is missing and cannot be added, or has another type. The message says what to do."""


async def ensure_search_attributes(client: Client) -> None:
    """Add what is missing, and hold every type against the contract.

    Temporal answers OK to adding an attribute that exists with another type, and changes nothing; an upsert
    would then block the case. So the types are read back.

    :raises SearchAttributeError: where the namespace cannot be brought in line.
    """
    wanted = {a.value: IndexedValueType.Value(_enum_name(a.indexed_as)) for a in SearchAttribute}
    present = await _present(client)
    missing = {name: kind for name, kind in wanted.items() if name not in present}
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        try:
            await client.operator_service.add_search_attributes(request)
        except RPCError as error:
            names = ", ".join(f"{a.value}={a.indexed_as}" for a in SearchAttribute if a.value in missing)
            raise SearchAttributeError(
                f"namespace {client.namespace} lacks search attributes; add them: {names} ({error})"
            ) from error
        present = await _present(client)
    for attribute in SearchAttribute:
        if present.get(attribute.value) not in (None, wanted[attribute.value]):
            raise SearchAttributeError(
                f"search attribute {attribute.value} of namespace {client.namespace} is not of type "
                f"{attribute.indexed_as}: remove it there, then start again"
            )


async def _present(client: Client) -> dict[str, int]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        answer = await client.operator_service.list_search_attributes(request)
    except RPCError as error:
        raise SearchAttributeError(
            f"the search attributes of namespace {client.namespace} cannot be listed ({error.message}): "
            "create the namespace, or correct TEMPORAL_NAMESPACE and what its credentials may do"
        ) from error
    return dict(answer.custom_attributes)


def _enum_name(indexed_as: str) -> str:
    return f"INDEXED_VALUE_TYPE_{indexed_as.upper()}"
