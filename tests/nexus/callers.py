"""Workflows of another namespace, for tests: they call one operation and tell how it ended."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError, NexusOperationError

with workflow.unsafe.imports_passed_through():
    from greenlight.kernel.authority import SignedCommand
    from greenlight.kernel.commit import Receipt
    from greenlight.nexus import ActivityAsked, CaseAsked, Licensing, ShipmentAsked, refusal

TASK_QUEUE = "callers"
PATIENCE = timedelta(minutes=5)


@workflow.defn
class Decides:
    """Sends one command to a case."""

    @workflow.run
    async def run(self, command: SignedCommand, endpoint: str) -> Receipt:
        licensing = workflow.create_nexus_client(service=Licensing, endpoint=endpoint)
        try:
            return await licensing.execute_operation(
                Licensing.decide, command, schedule_to_close_timeout=PATIENCE
            )
        except NexusOperationError as error:
            refused = refusal(error)
            if refused is None:
                raise
            raise ApplicationError(refused.message, type=refused.code, non_retryable=True) from error


@workflow.defn
class Asks:
    """Asks how a case stands, whether a shipment is authorised, and whether a reprieve covers an activity."""

    @workflow.run
    async def run(
        self, case: CaseAsked, shipment: ShipmentAsked, activity: ActivityAsked, endpoint: str
    ) -> str:
        licensing = workflow.create_nexus_client(service=Licensing, endpoint=endpoint)
        try:
            standing = await licensing.execute_operation(Licensing.status, case)
            verdict = await licensing.execute_operation(Licensing.authorised, shipment)
            covered = await licensing.execute_operation(Licensing.covered, activity)
        except NexusOperationError as error:
            refused = refusal(error)
            if refused is None:
                raise
            raise ApplicationError(refused.message, type=refused.code, non_retryable=True) from error
        return f"{standing.status.stage}, {verdict.verdict}, {covered.covered}"


@workflow.defn
class ChangesItsMind:
    """Files an application, and cancels when it is told to; returns whether the operation went on."""

    def __init__(self) -> None:
        self._cancels = False

    @workflow.signal
    def cancel(self) -> None:
        self._cancels = True

    @workflow.run
    async def run(self, filing: SignedCommand, endpoint: str) -> str:
        licensing = workflow.create_nexus_client(service=Licensing, endpoint=endpoint)
        handle = await licensing.start_operation(Licensing.submit, filing, schedule_to_close_timeout=PATIENCE)
        await workflow.wait_condition(lambda: self._cancels)
        handle.cancel()
        outcome = await handle
        return outcome.status.stage
