"""The progress of going through many streams, batch by batch, and once more through those with which it
failed."""

from collections.abc import Sequence
from datetime import datetime

from greenlight.kernel.model import Instant, Model


class Sweep(Model):
    """``cursor`` is the last one gone through, None before the first. ``recorded_at``: when its last batch
    was recorded, or it began. ``swept``: the last batch is done, and only ``failed`` ones are left;
    ``rounds`` counts the tries of those. ``batches`` counts all that are on record."""

    recorded_at: Instant | None = None
    batches: int = 0
    cursor: str | None = None
    failed: tuple[str, ...] = ()
    swept: bool = False
    rounds: int = 0
    completed: bool = False

    def gone_on(
        self, at: datetime, cursor: str | None, failed: Sequence[str], *, last: bool
    ) -> dict[str, object]:
        """The members that a batch changes, the last of them or one of those that had failed: without a
        cursor, it went once more through all of these."""
        again = self.swept
        return {
            "recorded_at": at,
            "batches": self.batches + 1,
            "cursor": cursor or self.cursor,
            "failed": tuple(failed) if again else (*self.failed, *failed),
            "swept": self.swept or last,
            "rounds": self.rounds + again,
        }
