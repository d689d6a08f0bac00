"""Taking a batch's signature to its cases, as workflows reach it; done in ``activities.batches``."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.declared import BatchWork
from greenlight.law.batch.delivery import Deliver, Delivered

_PATIENT = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2, maximum_interval=timedelta(seconds=30)
)
_SILENCE = timedelta(seconds=10)
"""A worker that says nothing for so long is dead, and another takes over."""


async def deliver(batch: str, cases: tuple[str, ...], at: datetime | None, *, give_up: bool) -> Delivered:
    """Deliver the signature to these cases, and tell what became of it in each.

    Those that could not be decided are left out, unless ``give_up``. A second try is harmless, because each
    case knows the command that decided it.
    """
    return await workflow.execute_activity_method(
        BatchWork.deliver_decisions,
        Deliver(batch=batch, cases=cases, give_up=give_up, at=at, tells=True),
        start_to_close_timeout=timedelta(minutes=10),
        heartbeat_timeout=_SILENCE,
        retry_policy=_PATIENT,
        summary=f"{len(cases)} cases from {cases[0]} on",
    )
