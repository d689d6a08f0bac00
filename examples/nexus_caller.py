"""A workflow of another team, in a namespace of its own, that files an application and waits for its outcome.

It holds no key: what it files was signed by the applicant's clerk before. Its worker needs the package alone,
and the endpoint that the licensing agency's cluster has for callers.

    TEMPORAL_NAMESPACE=procurement python examples/nexus_caller.py
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import ApplicationError, NexusOperationError
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from temporalio.contrib.pydantic import pydantic_data_converter

    from greenlight.kernel.authority import SignedCommand
    from greenlight.kernel.messages import CaseStatus
    from greenlight.nexus import ENDPOINT, Licensing, refusal

TASK_QUEUE = "procurement"


@workflow.defn
class Purchase:
    """Goods may be ordered once their export is licensed."""

    @workflow.run
    async def run(self, filing: SignedCommand, endpoint: str) -> CaseStatus:
        licensing = workflow.create_nexus_client(service=Licensing, endpoint=endpoint)
        try:
            # It takes weeks; Temporal tells when it is over, whatever was restarted in between.
            return await licensing.execute_operation(
                Licensing.submit, filing, schedule_to_close_timeout=timedelta(days=365)
            )
        except NexusOperationError as error:
            refused = refusal(error)
            if refused is None:
                raise
            raise ApplicationError(
                f"not filed: {refused.message}", type=refused.code, non_retryable=True
            ) from error


async def main() -> None:
    """Work for the namespace that the environment names, until interrupted."""
    client = await Client.connect(
        **ClientConfig.load_client_connect_config(), data_converter=pydantic_data_converter
    )
    print(f"{client.namespace}: ready to start Purchase on {TASK_QUEUE}, which calls {ENDPOINT}")
    await Worker(client, task_queue=TASK_QUEUE, workflows=[Purchase]).run()


if __name__ == "__main__":
    asyncio.run(main())
