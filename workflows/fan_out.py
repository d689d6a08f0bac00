"""The fan-out of a directive, as its workflow reaches it: activities that ``activities`` implements."""

from datetime import datetime, timedelta

from temporalio import workflow

from activities.declared import FanOutWork
from greenlight.law.directive.fan_out import FanOutBatch, FanOutRequest
from workflows.patience import HEARTBEAT, ONE_BATCH, PATIENT


async def count_pending(licenses: bool) -> int:
    """Count the applications, or else licenses, that a fan-out has to go through."""
    return await workflow.execute_activity_method(
        FanOutWork.count_pending,
        licenses,
        start_to_close_timeout=timedelta(minutes=1),
        retry_policy=PATIENT,
        summary="count what is pending",
    )


async def go_through(request: FanOutRequest) -> FanOutBatch:
    """Go through a batch."""
    again = f"{len(request.streams)} once more" if request.streams else f"after {request.after or 'none'}"
    return await workflow.execute_activity_method(
        FanOutWork.fan_out,
        request,
        start_to_close_timeout=ONE_BATCH,
        heartbeat_timeout=HEARTBEAT,
        retry_policy=PATIENT,
        summary=again,
    )


async def supersede(stream: str, at: datetime | None) -> None:
    """Let the directive that is superseded say so."""
    await workflow.execute_activity_method(
        FanOutWork.supersede,
        args=[stream, at],
        start_to_close_timeout=timedelta(minutes=1),
        retry_policy=PATIENT,
        summary=f"{stream} is superseded",
    )
