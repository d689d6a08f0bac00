"""The two clocks a case may go by: the time of day with Temporal's timers, and one that messages drive.

Which one it is follows from how the case is taken up, and stays so. Nothing else in a workflow asks.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import JsonValue, TypeAdapter, ValidationError
from temporalio import workflow

from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.model import Instant
from greenlight.kernel.refusal import Refusal, RefusalCode

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class Clock(Protocol):
    """Legal time, and waiting for it."""

    @property
    def kind(self) -> Kind: ...

    def now(self) -> datetime: ...

    def told(self) -> datetime | None:
        """The time that a message to another case has to tell, if it has to."""
        ...

    def hear(self, content: JsonValue) -> None:
        """Take the time from a message, where the time is for messages to tell."""
        ...

    def objection(self, at: datetime) -> Refusal | None:
        """The reason why nobody may say that it is ``at`` now, if there is one."""
        ...

    def tick(self, at: datetime) -> None:
        """It is ``at`` now."""
        ...

    async def wait(self, changed: Callable[[], bool], until: datetime | None, summary: str) -> bool:
        """Wait for a change, until an instant at the latest. Whether the instant has come."""
        ...

    async def rest(self) -> None:
        """Before an answer: where time stands still until told, whatever is to be done by now comes first."""
        ...

    def stop(self, finish: Callable[[], Awaitable[None]]) -> None:
        """The run ends and waits no more; ``finish`` does what is to be done by now."""
        ...


class TimeOfDay:
    """Production: Temporal tells the time, and wakes by timers."""

    kind = Kind.PRODUCTION

    def now(self) -> datetime:
        return workflow.now()

    def told(self) -> datetime | None:
        """The other case has a clock of its own."""
        return None

    def hear(self, content: JsonValue) -> None:
        """A message that tells the time is refused before this."""

    def objection(self, at: datetime) -> Refusal | None:
        return Refusal(RefusalCode.WRONG_CLOCK, "the time passes by itself here: this is no rehearsal")

    def tick(self, at: datetime) -> None:
        """Objected to."""

    async def wait(self, changed: Callable[[], bool], until: datetime | None, summary: str) -> bool:
        if until is None:
            await workflow.wait_condition(changed)
            return False
        try:
            await workflow.wait_condition(
                changed, timeout=max(until - workflow.now(), timedelta(0)), timeout_summary=summary
            )
        except TimeoutError:
            return True
        return False

    async def rest(self) -> None:
        """Nobody waits for what the service owes: it may take hours."""

    def stop(self, finish: Callable[[], Awaitable[None]]) -> None:
        """The next run's timers do it."""


class Driven:
    """A rehearsal: it is as late as the last message or tick said, never earlier, and there are no timers."""

    kind = Kind.REHEARSAL

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._stirs: Callable[[], bool] | None = None
        self._finish: Callable[[], Awaitable[None]] | None = None

    def now(self) -> datetime:
        return self._now

    def told(self) -> datetime | None:
        return self._now

    def hear(self, content: JsonValue) -> None:
        at = instant_of(content)
        if at is not None:
            self._now = max(self._now, at)

    def objection(self, at: datetime) -> Refusal | None:
        passed = f"it is {self._now.isoformat()} here already"
        return Refusal(RefusalCode.CLOCK_PASSED, passed) if at < self._now else None

    def tick(self, at: datetime) -> None:
        self._now = max(self._now, at)

    async def wait(self, changed: Callable[[], bool], until: datetime | None, summary: str) -> bool:
        def has_come() -> bool:
            return until is not None and until <= self._now

        self._stirs = lambda: changed() or has_come()
        await workflow.wait_condition(self._stirs)
        self._stirs = None
        return has_come()

    async def rest(self) -> None:
        await workflow.wait_condition(
            lambda: self._finish is not None or (self._stirs is not None and not self._stirs())
        )
        if self._finish is not None:
            await self._finish()

    def stop(self, finish: Callable[[], Awaitable[None]]) -> None:
        self._finish = finish


def started_with(content: object) -> Clock:
    """The clock of a case that begins with this message. The log has the last word on whether it fits."""
    at = instant_of(content)
    return TimeOfDay() if at is None else Driven(at)


def taken_up(kind: Kind, now: datetime) -> Clock:
    """The clock of a case that a log of this kind has; a driven one stands at ``now``."""
    return Driven(now) if kind.driven else TimeOfDay()


def instant_of(content: object) -> datetime | None:
    """When a message says that it comes; None where it says nothing, or nothing that can be read."""
    if not isinstance(content, dict) or "at" not in content:
        return None
    try:
        return _INSTANT.validate_python(content["at"])
    except ValidationError:
        return None
