"""The desk, as workflows reach it: by reference to its activities."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.declared import CaseWork
from greenlight.kernel.commit import StreamPage
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Sift, Sifted

_PATIENT = RetryPolicy(
    initial_interval=timedelta(milliseconds=100),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""While the database is away a case waits; it neither fails nor forgets."""

_ONE_TRY = timedelta(seconds=20)
_TIMER_FROM = timedelta(seconds=5)
"""Longer pauses between tries are Temporal timers, so that an outage does not keep workflow tasks open."""


async def handle(request: DeskRequest, what: str) -> DeskAnswer:
    """Have a request dealt with. Tried until there is an answer; a second try is harmless."""
    return await workflow.execute_local_activity_method(
        CaseWork.decide_and_record,
        request,
        start_to_close_timeout=_ONE_TRY,
        retry_policy=_PATIENT,
        local_retry_threshold=_TIMER_FROM,
        summary=f"{what[:80]} (after event {request.version})",
    )


async def sift(request: Sift) -> Sifted:
    """Have messages sifted before they are decided one by one."""
    return await workflow.execute_local_activity_method(
        CaseWork.sift,
        request,
        start_to_close_timeout=_ONE_TRY,
        retry_policy=_PATIENT,
        local_retry_threshold=_TIMER_FROM,
        summary=f"sift {len(request.messages)} messages",
    )


async def read_stream(stream: str, after: int) -> StreamPage:
    """A page of the stream's records after a version."""
    return await workflow.execute_local_activity_method(
        CaseWork.read_stream,
        args=[stream, after],
        start_to_close_timeout=_ONE_TRY,
        retry_policy=_PATIENT,
        local_retry_threshold=_TIMER_FROM,
        summary=f"read events after {after}",
    )
