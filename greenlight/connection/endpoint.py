"""The Nexus endpoint by which workflows of other namespaces reach the service; there is one for a cluster."""

from temporalio.api.nexus.v1 import Endpoint, EndpointSpec, EndpointTarget
from temporalio.api.operatorservice.v1 import (
    CreateNexusEndpointRequest,
    ListNexusEndpointsRequest,
    UpdateNexusEndpointRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from greenlight.law.contract import TASK_QUEUE


class EndpointTakenError(Exception):
    """The endpoint leads to another namespace or task queue. The message says where."""


async def target_of(client: Client, name: str) -> EndpointTarget.Worker | None:
    """The namespace and the task queue that an endpoint leads to; None: there is none of that name.

    :raises RPCError: one may not ask here, or Temporal is away.
    """
    found = await _named(client, name)
    return found and found.spec.target.worker


async def ensure_endpoint(client: Client, name: str, *, move: bool = False) -> bool:
    """Have an endpoint of that name lead to the service in the client's namespace; whether it was missing.

    :param move: also where it leads elsewhere; who calls by it then reaches this service.
    :raises EndpointTakenError: it leads elsewhere.
    :raises RPCError: one may not do that here, or Temporal is away.
    """
    spec = EndpointSpec(
        name=name,
        target=EndpointTarget(
            worker=EndpointTarget.Worker(namespace=client.namespace, task_queue=TASK_QUEUE)
        ),
    )
    found = await _named(client, name)
    if found is None:
        try:
            await client.operator_service.create_nexus_endpoint(CreateNexusEndpointRequest(spec=spec))
            return True
        except RPCError as error:
            # Another worker made it at the same moment.
            if error.status is not RPCStatusCode.ALREADY_EXISTS or not (found := await _named(client, name)):
                raise
    there = found.spec.target.worker
    if (there.namespace, there.task_queue) == (client.namespace, TASK_QUEUE):
        return False
    if not move:
        raise EndpointTakenError(
            f"the endpoint {name} leads to the task queue {there.task_queue} of namespace {there.namespace}"
        )
    request = UpdateNexusEndpointRequest(id=found.id, version=found.version, spec=spec)
    await client.operator_service.update_nexus_endpoint(request)
    return True


async def _named(client: Client, name: str) -> Endpoint | None:
    answer = await client.operator_service.list_nexus_endpoints(ListNexusEndpointsRequest(name=name))
    return next(iter(answer.endpoints), None)
