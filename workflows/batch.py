"""The workflow of a batch: it takes one signature to many cases."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from temporalio import workflow

from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.commands import SettleCases
from greenlight.law.batch.state import BatchState, Stage
from greenlight.law.batch.view import progress
from workflows import deliveries
from workflows.case import Case
from workflows.messages import workflow_of

PAGE = 150
"""Cases to which the signature is taken before it is recorded what became of them."""

_LARGE_PAGES = "cases are decided on the record"
"""The patch before which the signature was taken to forty at a time, to each by a message."""
_SMALL_PAGE = 40

ROUNDS = 6
_FIRST_PAUSE = timedelta(seconds=5)
"""Before a second round to those that could not be decided; doubled before each further one."""


@workflow_of(BATCH)
class Batch(Case[BatchState]):
    """One batch, from its preparation until every case in it was decided or fell out."""

    trying = "next round to those that could not be decided"

    def __init__(self) -> None:
        super().__init__()
        self._rounds = 0
        self._try_at: datetime | None = None

    def owed(self) -> Hashable:
        """A signature that is to be taken to the cases."""
        return self._left() != ()

    def notes(self) -> tuple[str, ...]:
        state = self.journal.state
        return progress(state) if state and state.signed_by else ()

    async def act(self) -> datetime | None:
        """A round to every case of which nothing is known, a page at a time."""
        if not self._left():
            return None
        if self._try_at is None or self._try_at <= self.journal.clock.now():
            await self._round()
            self._try_at = self.journal.clock.now() + _FIRST_PAUSE * 2**self._rounds
            self._rounds = min(self._rounds + 1, ROUNDS - 1)
        return self._try_at if self._left() else None

    async def _round(self) -> None:
        left = self._left()
        last = self._rounds + 1 >= ROUNDS
        size = PAGE if workflow.patched(_LARGE_PAGES) else _SMALL_PAGE
        for at in range(0, len(left), size):
            # Once on record an answer stands: whoever is cut off here asks again for the rest only.
            page, now = left[at : at + size], self.journal.clock.told()
            told = await deliveries.deliver(self.journal.stream, page, now, give_up=last)
            self.telling.begin(told.tell)
            if told.deliveries:
                await self.journal.tell("settle_cases", SettleCases(deliveries=told.deliveries))
            elif not told.signed:
                await self.journal.look_into("record")
            self.show()
            if self.journal.parted:
                return

    def _left(self) -> tuple[str, ...]:
        state = self.journal.state
        return state.left if state and state.stage is Stage.DELIVERING else ()
