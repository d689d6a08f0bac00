"""States that a process holds, found by all the records that they came of."""

import gc

from pydantic import BaseModel

from greenlight.kernel.held import ON_THE_WAY, Held, Made, past_of


class State(BaseModel):
    number: int = 0


def test_a_past_is_of_every_record_in_its_order_and_of_the_stream() -> None:
    pasts = [
        past_of("case-1"),
        past_of("case-2"),
        past_of("case-1", ("a", "b")),
        past_of("case-1", ("b", "a")),
        past_of("case-1", ("ab",)),
        past_of("case-2", ("a", "b")),
        past_of("case-1", ("x", "b")),
    ]
    assert len(set(pasts)) == len(pasts)
    assert past_of("case-1", ("b",), past_of("case-1", ("a",))) == past_of("case-1", ("a", "b"))


def test_a_state_is_found_as_long_as_somebody_holds_it() -> None:
    held, state = Held(), State()
    held.hold("past", state)
    assert held.state("past") is state
    del state
    gc.collect()
    assert held.state("past") is None


def test_what_is_handed_over_waits_for_whoever_takes_it_and_is_taken_once() -> None:
    held = Held()
    held.hand_over("past", Made(State(number=1), ()))
    gc.collect()
    assert held.state("past") == State(number=1)
    made = held.taken("past")
    assert made is not None
    assert made.state == State(number=1)
    assert held.taken("past") is None


def test_what_nobody_takes_is_forgotten_after_so_many_others() -> None:
    held = Held()
    for number in range(ON_THE_WAY + 1):
        held.hand_over(str(number), Made(State(number=number), ()))
    gc.collect()
    assert held.taken("0") is None
    assert held.state("0") is None
    assert held.taken("1") is not None


def test_a_stream_that_has_no_state_yet_is_handed_over_too() -> None:
    held = Held()
    held.hand_over("past", Made(None, ()))
    assert held.taken("past") == Made(None, ())
