"""A moment: an instant that came, once, and the cases that are asked anew for it, batch by batch."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.moment.aggregate import MOMENT, TRANSITIONS
from greenlight.law.moment.commands import INTERNAL, OpenMoment, RecordMoment
from greenlight.law.moment.events import MomentCompleted
from greenlight.law.moment.state import MomentState, Stage, key_of
from greenlight.law.moment.view import progress
from greenlight.law.outlook.coming import Coming, Kind
from greenlight.law.outlook.tally import Tally
from tests.law.actors import EXECUTIVE
from tests.law.decisions import accepted, code_of

AT = datetime(2026, 11, 10, 5, tzinfo=UTC)
COMING = Coming(at=AT, kind=Kind.RULE, key="affiliates", text="Affiliates Rule: in force", citation="90 FR")
OPEN = OpenMoment(instant=AT, coming=(COMING,), pending=5)


def batch(
    number: int, *, cursor: str | None = None, last: bool = False, cases: int = 2, failed: Sequence[str] = ()
) -> RecordMoment:
    return RecordMoment(
        batch=number,
        cursor=cursor,
        last=last,
        cases=cases,
        applications=Tally(flips=1, unseen=1),
        licenses=Tally(),
        failed=tuple(failed),
    )


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


def test_a_key_tells_the_instant_and_one_stream_has_it() -> None:
    assert key_of(AT) == "20261110T050000Z"
    assert key_of(AT + timedelta(microseconds=7)) == "20261110T050000.000007Z"
    assert code_of(Asked().asked(OPEN, "20261111T050000Z")) is RefusalCode.WRONG_STAGE
    assert code_of(Asked(AT - timedelta(seconds=1)).asked(OPEN)) is RefusalCode.WRONG_STAGE
    assert code_of(Asked().does(OPEN).asked(OPEN)) is RefusalCode.ALREADY_SUBMITTED


def test_it_goes_batch_by_batch_and_asks_those_again_with_which_it_failed_until_none_is_left() -> None:
    asked = Asked().does(OPEN, batch(1, cursor="application-A000001", failed=["application-A000000"]))
    assert (asked.opened.cases, asked.opened.left, asked.opened.swept) == (2, 3, False)
    asked.does(batch(2, cursor="license-D000001", last=True, failed=["license-D000001"]))
    assert asked.opened.failed == ("application-A000000", "license-D000001")
    assert MOMENT.status(asked.opened).waiting_for == "service"
    asked.does(batch(3, cases=1, failed=["license-D000001"]))
    assert (asked.opened.failed, asked.opened.rounds) == (("license-D000001",), 1)
    for number in range(4, 14):
        asked.does(batch(number, cases=0, failed=["license-D000001"]))
    assert asked.opened.stage is Stage.ASKING
    assert any("license-D000001" in line for line in progress(asked.opened))
    asked.does(batch(14, cases=1))
    assert isinstance(asked.events[-1], MomentCompleted)
    assert (asked.opened.stage, asked.opened.left) == (Stage.ASKED, 0)
    assert asked.events[-1].applications == asked.opened.applications
    assert asked.opened.applications == Tally(flips=14, unseen=14)
    assert code_of(asked.asked(batch(15))) is RefusalCode.CASE_CLOSED


def test_a_batch_that_is_on_record_comes_to_nothing() -> None:
    asked = Asked().does(OPEN, batch(1, cursor="application-A000001"))
    assert code_of(asked.asked(batch(1, cursor="application-A000001"))) is RefusalCode.WRONG_STAGE
    assert code_of(Asked().asked(batch(1))) is RefusalCode.NO_SUCH_CASE


def test_there_is_a_cell_for_every_command_at_every_stage_and_nobody_sends_one() -> None:
    assert set(TRANSITIONS) == {None, *Stage}
    assert {frozenset(row) for row in TRANSITIONS.values()} == {frozenset(INTERNAL)}
    assert MOMENT.commands == {}
    sent: Command[Body] = Command(key=key_of(AT), body=OPEN, by=EXECUTIVE)
    assert code_of(MOMENT.decide(None, sent, AT)) is RefusalCode.WRONG_ROLE
