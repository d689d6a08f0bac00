"""Moments as the law alone has them: batch by batch, with the cases that flip."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.commands import OpenMoment, RecordMoment
from greenlight.law.moment.state import MomentState, key_of
from greenlight.law.moment.told import Flipped, Told
from greenlight.law.outlook.coming import Coming, Kind
from greenlight.law.outlook.tally import Tally
from tests.law.decisions import accepted

AT = datetime(2026, 11, 10, 5, tzinfo=UTC)
COMING = Coming(at=AT, kind=Kind.RULE, key="affiliates", text="Affiliates Rule: in force", citation="90 FR")
OPEN = OpenMoment(instant=AT, coming=(COMING,), pending=5)


def batch(
    number: int,
    *,
    cursor: str | None = None,
    last: bool = False,
    cases: int = 2,
    failed: Sequence[str] = (),
    told: Iterable[Told] = (),
) -> RecordMoment:
    return RecordMoment(
        batch=number,
        cursor=cursor,
        last=last,
        cases=cases,
        applications=Tally(flips=1, unseen=1),
        licenses=Tally(),
        failed=tuple(failed),
        told=tuple(told),
    )


def flipped(*numbers: int, after: Said = Said.REQUIRED, kind: str = "application-A") -> tuple[Flipped, ...]:
    turn = Turn(destination="NO", before=Said.NOT_REQUIRED, after=after)
    return tuple(Flipped.of(f"{kind}{number:06}", (turn,)) for number in numbers)


class Asked:
    """A moment with its events."""

    def __init__(self, now: datetime = AT + timedelta(minutes=1)) -> None:
        self.now = now
        self.events: tuple[Event, ...] = ()

    @property
    def state(self) -> MomentState | None:
        return MOMENT.folded(None, self.events)

    @property
    def opened(self) -> MomentState:
        assert self.state is not None, "it was opened"
        return self.state

    def asked(self, body: Body, key: str = key_of(AT)) -> Decision:
        return MOMENT.decide(self.state, Command(key=key, body=body, by=None), self.now)

    def does(self, *bodies: Body) -> "Asked":
        for body in bodies:
            self.events += accepted(self.asked(body))
        return self
