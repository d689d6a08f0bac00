"""What officers are told of their cases that are answered otherwise since an instant that came."""

import pytest

from greenlight.kernel.canonical import digest
from greenlight.law.moment.told import FIRST
from greenlight.letters.compose import compose, recipient
from greenlight.letters.content import NoLetterError, Step
from greenlight.letters.notices import NoticeOfFlips
from tests.letters.flips import CASES, COMING, ENTRY, STREAM, moment, notice, of_many


def test_it_names_the_officers_own_cases_and_what_came_with_its_source() -> None:
    letter = notice("olga", *CASES, coming=(COMING, ENTRY))
    assert isinstance(letter, NoticeOfFlips)
    assert (letter.addressee, letter.own, letter.key) == ("olga, licensing officer", True, "20261110T050000Z")
    assert (letter.applications, letter.licenses, letter.cases_more) == (2, 1, 0)
    assert [(each.what, each.number, each.destination, each.more) for each in letter.cases] == [
        ("Application", "A000123", "NO", 0),
        ("Application", "A000200", "CN", 2),
        ("License", "D000001", "FI", 0),
    ]
    assert [(each.before, each.now) for each in letter.cases][1:] == [
        ("covered by a reprieve", "a license is required"),
        ("a license is required", "it cannot be determined"),
    ]
    first, second = letter.came
    assert first.certainty.startswith("neither")
    assert (first.settled_by, second.settled_by) == (COMING.settled_by, None)


def test_what_is_nobodys_is_told_to_the_officers_and_to_no_mailbox() -> None:
    letter = notice(None, CASES[0])
    assert isinstance(letter, NoticeOfFlips)
    assert (letter.addressee, letter.own) == ("the licensing officers", False)
    records = tuple(event.record() for event in moment(*CASES, officers=("olga", None)))
    for version, officer in ((3, "olga"), (4, None)):
        step = Step(stream=STREAM, version=version, kind="notice_of_flips")
        assert recipient(step, records[:version]) == officer
        assert compose(step, records[:version]).rests_on == digest({STREAM: list(records[:version])})


def test_ten_thousand_cases_are_one_letter_of_a_few_pages() -> None:
    letter = notice("olga", *of_many())
    assert isinstance(letter, NoticeOfFlips)
    assert (letter.applications, len(letter.cases), letter.cases_more) == (10_000, FIRST, 10_000 - FIRST)
    assert [(each.cases, each.now) for each in letter.answers] == [(10_000, "covered by a general license")]


def test_another_event_of_it_has_no_letter() -> None:
    came, progressed, *_ = (event.record() for event in moment(*CASES, officers=("olga",)))
    step = Step(stream=STREAM, version=2, kind="notice_of_flips")
    with pytest.raises(NoLetterError, match="calls for no such letter"):
        compose(step, (came, progressed))
