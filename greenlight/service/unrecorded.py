"""Refusals that are not on record: anybody can bring about as many as they like, so that each is counted, and
few are told of."""

import time
from collections.abc import Callable

from temporalio.common import MetricMeter

METRIC = "greenlight_unrecorded_refusals"
SECONDS = 1.0


class Unrecorded:
    """Counts them for a metric, and says when a log line is due: at most one a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` is in seconds."""
        self._clock = clock
        self._told = -SECONDS
        self._untold = 0

    def add(self, meter: MetricMeter, code: str) -> None:
        """Count one more, by its code."""
        about = "Refusals of messages that nobody was shown to have sent, or under an id that was used up"
        meter.create_counter(METRIC, about).add(1, {"code": code})

    def due(self) -> int | None:
        """Count those untold since the last line, where the next is due; else None."""
        now = self._clock()
        if now - self._told < SECONDS:
            self._untold += 1
            return None
        self._told, untold, self._untold = now, self._untold, 0
        return untold
