"""The workflow of a directive."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from greenlight.kernel.streams import directive_stream
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import BeginFanOut, RecordProgress
from greenlight.law.directive.fan_out import MAX_ROUNDS, FanOut, FanOutRequest
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.state import DirectiveState
from workflows import fan_out
from workflows.case import Case
from workflows.messages import workflow_of

BATCH = 250
_PAUSE = timedelta(seconds=30)
"""Before cases that could not be decided are tried again; each time twice as long."""


@workflow_of(DIRECTIVE)
class Directive(Case[DirectiveState]):
    """One directive, until it is over. In force, every pending case is held against it, batch by batch.

    Cases that come or change meanwhile see it by themselves. The cursor is on record: whoever takes over
    after a worker's death goes on where it was, and for a case that has it on record nothing is to do.
    """

    trying = "fan-out: next try"
    long = 800

    def __init__(self) -> None:
        super().__init__()
        self._try_at: datetime | None = None

    async def looked(self) -> None:
        """Look whether another directive takes the place of this one: that is what it is knocked at for."""
        await self.journal.look_into("supersession")

    def notes(self) -> tuple[str, ...]:
        state = self.journal.state
        found = state.fan_out if state else None
        return _notes(found) if found else ()

    def owed(self) -> Hashable:
        """The next thing that the fan-out has to do."""
        state = self.journal.state
        if state is None or state.fan_out_due:
            return state.times if state else None
        going_on = state.fanning_out
        if going_on is None or going_on.stopped:
            return None
        return (going_on.cursor, going_on.swept, going_on.rounds)

    async def act(self) -> datetime | None:
        """Go on with the fan-out until it is done or stopped; say when failed ones are tried again."""
        # Whoever issued it does not wait for that.
        self.show()
        self._settled = True
        while (owed := self.owed()) is not None and not self.runs_out():
            state = self.journal.state
            assert state is not None, "nothing is owed before"
            going_on = state.fanning_out
            if going_on is None:
                await self._begin_fan_out(state)
            elif going_on.swept and self._try_at is not None and self.journal.clock.now() < self._try_at:
                return self._try_at
            else:
                await self._go_on(state, going_on)
            self.show()
            if self.owed() == owed:
                return self.journal.clock.now() + _PAUSE
        return None

    async def ended(self) -> None:
        """Let the cases go on that stood by the directive, batch by batch. What is left after that many tries
        goes on by itself: by its next command, or when the time for which it was to stand is over."""
        state = self.journal.state
        if state is None or state.posture is not Posture.HOLD or not state.times:
            return
        after, failed = None, tuple[str, ...]()
        while True:
            batch = await fan_out.go_through(self._afterwards(state, after))
            failed += batch.failed
            if batch.last:
                break
            after = batch.cursor
        for _ in range(MAX_ROUNDS):
            if not failed:
                return
            failed = (await fan_out.go_through(self._afterwards(state, after, failed))).failed

    def _afterwards(
        self, state: DirectiveState, after: str | None, streams: tuple[str, ...] = ()
    ) -> FanOutRequest:
        return FanOutRequest(
            directive=state.key,
            licenses=False,
            after=after,
            limit=BATCH,
            streams=streams,
            at=self.journal.clock.told(),
        )

    async def _begin_fan_out(self, state: DirectiveState) -> None:
        self._try_at = None
        if state.supersedes is not None:
            await fan_out.supersede(directive_stream(state.supersedes), self.journal.clock.told())
        pending = await fan_out.count_pending(state.posture is Posture.REVOKE)
        await self.journal.tell("begin_fan_out", BeginFanOut(pending=pending))

    async def _go_on(self, state: DirectiveState, going_on: FanOut) -> None:
        batch = await fan_out.go_through(
            FanOutRequest(
                directive=state.key,
                licenses=state.posture is Posture.REVOKE,
                after=going_on.cursor,
                limit=BATCH,
                streams=going_on.failed if going_on.swept else (),
                at=self.journal.clock.told(),
                since=going_on.recorded_at,
            )
        )
        self.telling.begin(batch.tell)
        found = batch.model_dump(exclude={"tell"})
        progress = RecordProgress(fan_out=going_on.number, batch=going_on.batches + 1, **found)
        await self.journal.tell("record_progress", progress)
        after = self.journal.state.fan_out if self.journal.state else None
        waits = after is not None and after.swept and not after.completed
        self._try_at = self.journal.clock.now() + _PAUSE * 2**after.rounds if after and waits else None


def _notes(found: FanOut) -> tuple[str, ...]:
    """Tell how far the fan-out is, and which cases could not be decided."""
    how = "done" if found.completed else "stopped" if found.stopped else "under way"
    routes = ", ".join(f"{count} {route.replace('_', ' ')}" for route, count in sorted(found.routes.items()))
    lines = [f"Fan-out {found.number} is {how}: {found.done} done, {found.left} left"]
    lines.append(f"In scope: {routes or 'none yet'}; out of scope: {found.out_of_scope}")
    if found.failed:
        lines.append(f"Not decided: {', '.join(f'`{stream}`' for stream in found.failed[:20])}")
    return tuple(lines)
