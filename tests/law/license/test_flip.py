"""A licensee is told that what the license is for is answered otherwise, and by which act."""

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.license.events import LicenseeTold
from tests.law.application.cases import NUMBER
from tests.law.decisions import code_of
from tests.law.license.cases import EXISTING, FLIP, Licensed, issued

UNTOLD = FLIP.model_copy(update={"acts": None})


def told(license_: Licensed) -> list[str]:
    return [event.acts for event in license_.events if isinstance(event, LicenseeTold)]


def test_they_are_told_once_and_it_changes_nothing() -> None:
    before = issued()
    license_ = before.flipped()
    assert [type(event).__name__ for event in license_.events[-2:]] == ["AnswerFlipped", "LicenseeTold"]
    assert told(license_) == [FLIP.acts]
    assert license_.opened == before.flipped(UNTOLD).opened
    again: Command[Body] = Command(key=NUMBER, body=FLIP, by=None)
    assert code_of(license_.decides(again)) is RefusalCode.WRONG_STAGE


OPEN = [name for name, story in EXISTING.items() if not story().opened.stage.closed]


@pytest.mark.parametrize("name", OPEN)
def test_they_are_told_at_whatever_stage_the_license_is(name: str) -> None:
    license_ = EXISTING[name]().later(days=1)
    later = FLIP.model_copy(update={"instant": license_.now})
    assert told(license_.flipped(later))[-1:] == [FLIP.acts]


def test_a_release_of_before_told_nobody() -> None:
    assert told(issued().flipped(UNTOLD)) == []
