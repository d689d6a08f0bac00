"""Refusals that are not on record: anybody can bring about as many as they like, so that each is counted, and
few are told of."""

import time
from collections.abc import Callable

from temporalio.common import MetricMeter

METRIC = "greenlight_unrecorded_refusals"
SECONDS = 1.0
KNOWN = 10_000
"""Of so many runs it is known how far their messages were counted, and of so many single ones that they
were."""


class Unrecorded:
    """Counts them for a metric, and says when a log line is due: at most one a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` is in seconds."""
        self._clock = clock
        self._told = -SECONDS
        self._untold = 0
        self._sifted: dict[str, int] = {}
        self._single: dict[tuple[str, str], None] = {}

    def add(self, meter: MetricMeter, code: str) -> None:
        """Count one more, by its code."""
        about = "Refusals of messages that nobody was shown to have sent, or under an id that was used up"
        meter.create_counter(METRIC, about).add(1, {"code": code})

    def news(self, run_id: str, before: int, number: int) -> range:
        """Those of a run's next messages that were not sifted yet, and note that they are: what a task of
        the workflow did is done again where the task failed."""
        told = max(self._sifted.pop(run_id, 0), before)
        self._sifted[run_id] = max(told, before + number)
        while len(self._sifted) > KNOWN:
            self._sifted.pop(next(iter(self._sifted)))
        return range(told - before, number)

    def is_news(self, run_id: str, activity_id: str) -> bool:
        """Tell whether the message of a run's activity is not counted yet, and note that it is: an activity
        of a task that is done again has the same id."""
        one = (run_id, activity_id)
        if one in self._single:
            return False
        self._single[one] = None
        while len(self._single) > KNOWN:
            self._single.pop(next(iter(self._single)))
        return True

    def due(self) -> int | None:
        """Count those untold since the last line, where the next is due; else None."""
        now = self._clock()
        if now - self._told < SECONDS:
            self._untold += 1
            return None
        self._told, untold, self._untold = now, self._untold, 0
        return untold
