"""The rescreening of open cases, as the list's workflow reaches it: an activity of ``activities``."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.declared import RescreeningWork
from greenlight.law.screening_list.rescreening import RescreenBatch, RescreenRequest

_PATIENT = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""While the database or Temporal is away a rescreening waits; a batch once more is harmless."""

_HEARTBEAT = timedelta(seconds=10)
"""A worker that is silent for so long is taken for dead, and another takes the batch up."""

_ONE_TRY = timedelta(minutes=10)


async def rescreen(request: RescreenRequest) -> RescreenBatch:
    """Go through a batch."""
    again = f"{len(request.streams)} once more" if request.streams else f"after {request.cursor or 'none'}"
    return await workflow.execute_activity_method(
        RescreeningWork.rescreen,
        request,
        start_to_close_timeout=_ONE_TRY,
        heartbeat_timeout=_HEARTBEAT,
        retry_policy=_PATIENT,
        summary=again,
    )
