"""The rescreening of open cases, as the list's workflow reaches it: an activity of ``activities``."""

from temporalio import workflow

from activities.declared import RescreeningWork
from greenlight.law.screening_list.rescreening import RescreenBatch, RescreenRequest
from workflows.patience import HEARTBEAT, ONE_BATCH, PATIENT


async def rescreen(request: RescreenRequest) -> RescreenBatch:
    """Go through a batch."""
    again = f"{len(request.streams)} once more" if request.streams else f"after {request.cursor or 'none'}"
    return await workflow.execute_activity_method(
        RescreeningWork.rescreen,
        request,
        start_to_close_timeout=ONE_BATCH,
        heartbeat_timeout=HEARTBEAT,
        retry_policy=PATIENT,
        summary=again,
    )
