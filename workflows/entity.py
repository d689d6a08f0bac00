"""The workflow of a listed entity."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from temporalio import workflow

from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import CompleteRescreening
from greenlight.law.entity.state import EntityState
from greenlight.law.screening_list.rescreening import RescreenBatch, RescreenRequest
from workflows import rescreening
from workflows.case import Case
from workflows.messages import workflow_of

BATCH = 250
_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
"""Before what could not be decided, or compared, is tried again; each time twice as long."""


@dataclass(frozen=True, slots=True)
class _Sweep:
    """Progress of a rescreening. It is not on record: whoever begins it anew finds nothing that was found."""

    number: int
    cursor: str | None = None
    last: bool = False
    failed: tuple[str, ...] = ()
    cases: int = 0
    parties: int = 0
    differing: int = 0

    def after(self, batch: RescreenBatch) -> "_Sweep":
        """``failed`` ones come once more when all were gone through."""
        return replace(
            self,
            cursor=batch.cursor or self.cursor,
            last=self.last or batch.last,
            failed=batch.failed if self.last else (*self.failed, *batch.failed),
            cases=self.cases + batch.cases,
            parties=self.parties + batch.parties,
            differing=self.differing + batch.differing,
        )


@workflow_of(ENTITY)
class ListedEntity(Case[EntityState]):
    """One entry of the Entity List until its removal. What is decided for an instant to come waits here.

    When something else counts, every open case and license is held against it, as against a new version of
    the list.
    """

    trying = "rescreening: next try"

    def __init__(self) -> None:
        super().__init__()
        self._sweep: _Sweep | None = None
        self._tries = 0
        self._try_at: datetime | None = None

    def owed(self) -> Hashable:
        """The change that everything is still to be held against."""
        state = self.journal.state
        return state.sweeps if state is not None and state.rescreening_due else None

    async def act(self) -> datetime | None:
        """Hold everything against what counts since the last change; say when to go on where it cannot."""
        # Whoever listed it does not wait for that.
        self.show()
        self._settled = True
        while isinstance(number := self.owed(), int) and not self.journal.parted:
            if self._sweep is None or self._sweep.number != number:
                self._sweep, self._tries, self._try_at = _Sweep(number), 0, None
            if self._try_at is not None and self.journal.clock.now() < self._try_at:
                return self._try_at
            await self._go_on(self._sweep)
            self.show()
        return None

    async def _go_on(self, sweep: _Sweep) -> None:
        batch = await rescreening.rescreen(
            RescreenRequest(
                cursor=sweep.cursor,
                limit=BATCH,
                streams=sweep.failed if sweep.last else (),
                at=self.journal.clock.told(),
                by=self.journal.stream,
                since=self.journal.state.changed_at if self.journal.state else None,
            )
        )
        self.telling.begin(batch.tell)
        if batch.problem is not None:
            workflow.logger.error("rescreening cannot go on", extra={"problem": batch.problem})
            self._wait_a_while()
            return
        self._sweep = after = sweep.after(batch)
        if after.last and not after.failed:
            told = CompleteRescreening(
                number=after.number, cases=after.cases, parties=after.parties, differing=after.differing
            )
            await self.journal.tell("complete_rescreening", told)
            if self.owed() == sweep.number:
                self._wait_a_while()
        elif after.last:
            self._wait_a_while()

    def _wait_a_while(self) -> None:
        pause = min(_PAUSE * 2**self._tries, _LONGEST_PAUSE)
        self._tries = min(self._tries + 1, 20)
        self._try_at = self.journal.clock.now() + pause
