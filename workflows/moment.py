"""The workflow of a moment."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from temporalio import workflow

from activities.declared import MomentWork
from greenlight.law.moment import view
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.state import MomentBatch, MomentRequest, MomentState
from workflows.case import Case
from workflows.messages import workflow_of
from workflows.patience import HEARTBEAT, ONE_BATCH, PATIENT

BATCH = 1_000
_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
"""Before cases that could not be decided are tried again; each time twice as long, and for as long as it
takes."""


@workflow_of(MOMENT)
class Moment(Case[MomentState]):
    """One instant that has come. Every open case and license is asked anew, batch by batch.

    The cursor is on record: whoever takes over after a worker's death goes on where it was, and for a case
    that has the instant on record nothing is to record.
    """

    trying = "asking anew: next try"
    long = 800

    def __init__(self) -> None:
        super().__init__()
        self._try_at: datetime | None = None

    def notes(self) -> tuple[str, ...]:
        return view.progress(self.journal.state) if self.journal.state else ()

    def owed(self) -> Hashable:
        """The next batch."""
        state = self.journal.state
        return None if state is None or state.completed else state.batches + 1

    async def act(self) -> datetime | None:
        """Go on until all are asked; say when failed ones are tried again."""
        self.show()
        self._settled = True
        while (owed := self.owed()) is not None and not self.runs_out():
            state = self.journal.state
            assert state is not None, "nothing is owed before"
            if self._try_at is not None and self.journal.clock.now() < self._try_at:
                return self._try_at
            await self._go_on(state)
            self.show()
            if self.owed() == owed:
                return self.journal.clock.now() + _PAUSE
        return None

    async def _go_on(self, state: MomentState) -> None:
        assert state.recorded_at is not None, "it is recorded when it came"
        again = state.failed if state.swept else ()
        batch: MomentBatch = await workflow.execute_activity_method(
            MomentWork.ask_anew,
            MomentRequest(
                instant=state.instant,
                batch=state.batches + 1,
                cursor=state.cursor,
                limit=BATCH,
                streams=again,
                by=self.journal.stream,
                since=state.recorded_at,
            ),
            start_to_close_timeout=ONE_BATCH,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
            summary=f"{len(again)} once more" if again else f"after {state.cursor or 'none'}",
        )
        self.telling.begin(batch.tell)
        await self.journal.tell("record_moment", batch.progress)
        after = self.journal.state
        waits = after is not None and after.swept and not after.completed
        pause = min(_PAUSE * 2 ** min(after.rounds, 20), _LONGEST_PAUSE) if after else _PAUSE
        self._try_at = self.journal.clock.now() + pause if waits else None
