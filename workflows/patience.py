"""Times for which workflows wait for what goes on in batches beside them: an activity that may be tried
again."""

from datetime import timedelta

from temporalio.common import RetryPolicy

PATIENT = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""While the database or Temporal is away it waits; a batch once more is harmless."""

HEARTBEAT = timedelta(seconds=10)
"""A worker that is silent for so long is taken for dead, and another takes the batch up."""

ONE_BATCH = timedelta(minutes=10)
"""A try of one batch is over by then."""
