"""The workflow of the list that parties are held against."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from temporalio import workflow

from greenlight.law.screening_list import view
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import BeginRescreening, RecordRescreening
from greenlight.law.screening_list.rescreening import Rescreening, RescreenRequest
from greenlight.law.screening_list.state import ListState
from workflows import fan_out, rescreening
from workflows.case import Case
from workflows.messages import workflow_of

BATCH = 250
_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
"""Before what could not be decided, or compared, is tried again; each time twice as long."""


@workflow_of(LIST)
class ScreeningList(Case[ListState]):
    """The list, version after version. A new one is held against every open case and license, batch by batch.

    Cases that come meanwhile are screened by it as they come. The cursor is on record: whoever takes over
    after a worker's death goes on where it was, and for a case that has it on record nothing is to record.
    """

    trying = "rescreening: next try"
    long = 800

    def __init__(self) -> None:
        super().__init__()
        self._tries = 0
        self._try_at: datetime | None = None

    def notes(self) -> tuple[str, ...]:
        return view.progress(self.journal.state) if self.journal.state else ()

    def owed(self) -> Hashable:
        """The next thing that the rescreening has to do."""
        state = self.journal.state
        if state is None or state.rescreening_due:
            return state.sweeps if state else None
        going_on = state.going_on
        return (going_on.number, going_on.cursor, going_on.swept, going_on.rounds) if going_on else None

    async def act(self) -> datetime | None:
        """Go on with the rescreening until it is done; say when to go on where it cannot."""
        # Whoever loaded the version does not wait for that.
        self.show()
        self._settled = True
        while (owed := self.owed()) is not None and not self.runs_out():
            state = self.journal.state
            assert state is not None, "nothing is owed before"
            if state.rescreening_due:
                await self._begin_rescreening()
            elif going_on := state.going_on:
                if self._try_at is not None and self.journal.clock.now() < self._try_at:
                    return self._try_at
                await self._go_on(going_on)
            self.show()
            if self.owed() == owed:
                return self.journal.clock.now() + _PAUSE
        return None

    async def _begin_rescreening(self) -> None:
        self._try_at = None
        pending = await fan_out.count_pending(False) + await fan_out.count_pending(True)
        await self.journal.tell("begin_rescreening", BeginRescreening(pending=pending))

    async def _go_on(self, going_on: Rescreening) -> None:
        batch = await rescreening.rescreen(
            RescreenRequest(
                cursor=going_on.cursor,
                limit=BATCH,
                streams=going_on.failed if going_on.swept else (),
                at=self.journal.clock.told(),
                by=self.journal.stream,
                since=going_on.recorded_at,
            )
        )
        if batch.problem is not None:
            workflow.logger.error("rescreening cannot go on", extra={"problem": batch.problem})
            self._try_at = self.journal.clock.now() + min(_PAUSE * 2**self._tries, _LONGEST_PAUSE)
            self._tries = min(self._tries + 1, 20)
            return
        self._tries = 0
        self.telling.begin(batch.tell)
        told = batch.model_dump(exclude={"problem", "tell"})
        progress = RecordRescreening(number=going_on.number, batch=going_on.batches + 1, **told)
        await self.journal.tell("record_rescreening", progress)
        after = self.journal.state.going_on if self.journal.state else None
        waits = after is not None and after.swept
        self._try_at = self.journal.clock.now() + _PAUSE * 2**after.rounds if after and waits else None
