"""A moment: an instant that came, once, and the cases that are asked anew for it, batch by batch."""

from datetime import timedelta

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.letter import LetterKind
from greenlight.law.moment.aggregate import MOMENT, TRANSITIONS
from greenlight.law.moment.commands import INTERNAL
from greenlight.law.moment.events import MomentCompleted, OfficerTold
from greenlight.law.moment.state import Stage, key_of
from greenlight.law.moment.told import FIRST, Answers, Flipped, Told, together
from greenlight.law.moment.view import progress
from greenlight.law.outlook.tally import Tally
from tests.law.actors import EXECUTIVE
from tests.law.decisions import code_of
from tests.law.moment.cases import AT, OPEN, Asked, batch, flipped


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


def test_each_officer_is_told_once_when_all_are_asked_of_all_their_cases() -> None:
    asked = Asked().does(
        OPEN,
        batch(1, cursor="application-A000002", told=[Told.of("olga", flipped(1, 2))]),
        batch(
            2,
            last=True,
            told=[Told.of(None, flipped(3)), Told.of("abe", flipped(4))],
            failed=["license-D000001"],
        ),
    )
    assert not [event for event in asked.events if isinstance(event, OfficerTold)]
    asked.does(batch(3, told=[Told.of("olga", flipped(1, kind="license-D", after=Said.OPEN))]))
    *_, progressed, abe, olga, nobody, completed = asked.events
    assert [type(event).__name__ for event in (progressed, completed)] == [
        "MomentProgressed",
        "MomentCompleted",
    ]
    told = [event for event in (abe, olga, nobody) if isinstance(event, OfficerTold)]
    assert [(event.officer, event.letter) for event in told] == [
        (officer, LetterKind.NOTICE_OF_FLIPS) for officer in ("abe", "olga", None)
    ]
    of_olga = next(each for each in asked.opened.told if each.officer == "olga")
    assert (of_olga.applications, of_olga.licenses) == (2, 1)
    assert of_olga.answers == (
        Answers(before=Said.NOT_REQUIRED, after=Said.OPEN, cases=1),
        Answers(before=Said.NOT_REQUIRED, after=Said.REQUIRED, cases=2),
    )
    assert [each.stream for each in of_olga.first] == [
        "application-A000001",
        "application-A000002",
        "license-D000001",
    ]


def test_where_nothing_flips_nobody_is_told() -> None:
    asked = Asked().does(OPEN, batch(1, last=True))
    assert [type(event).__name__ for event in asked.events[1:]] == ["MomentProgressed", "MomentCompleted"]


def test_of_many_cases_the_first_are_named_and_all_are_counted() -> None:
    (told,) = together(Told.of("olga", flipped(*range(n * 1_000, n * 1_000 + 1_000))) for n in range(10))
    assert (told.cases, told.answers[0].cases, len(told.first)) == (10_000, 10_000, FIRST)
    assert told.first == flipped(*range(FIRST))
    assert len(told.model_dump_json()) < 20_000


def test_a_case_of_several_destinations_is_one_line() -> None:
    turns = tuple(
        Turn(destination=country, before=Said.OPEN, after=Said.REQUIRED) for country in ("FI", "NO", "SE")
    )
    line = Flipped.of("application-A000001", turns)
    assert (line.destination, line.more) == ("FI", 2)
