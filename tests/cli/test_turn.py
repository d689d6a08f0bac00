"""The head of a case as people are shown it: what may be done, and what is not cut."""

from collections.abc import Callable

import pytest

from greenlight.cli.base.layout import on_a_screen
from greenlight.cli.cases.case_view import application_facts
from greenlight.cli.cases.inspect import WHOLE
from greenlight.cli.cases.turn import turn_facts
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.directive.scope import Posture
from tests.law.application.cases import ACN, Case, in_review, with_countersigner, with_executive
from tests.law.application.directives import directive, held_against

STREAM = application_stream(ACN)
HOLD = directive(Posture.HOLD)


def frozen(case: Case) -> Case:
    return held_against(case, HOLD)


def turn(case: Case) -> dict[str, str | None]:
    return turn_facts(APPLICATION, STREAM, case.opened, case.now)


@pytest.mark.parametrize("case", [in_review, with_countersigner, with_executive])
def test_of_a_frozen_case_no_command_is_told_that_is_refused(case: Callable[[], Case]) -> None:
    told = turn(frozen(case()))["To do"]
    assert told is not None
    assert told.startswith("nothing until 1 Oct 2026 at the latest, by directive order-1; then ")
    assert "starter.py" not in told
    assert "starter.py" in (turn(case())["To do"] or "")


def test_an_agency_owes_its_word_of_a_frozen_case_as_of_any_other() -> None:
    case = frozen(in_review().referred(Agency.DEFENSE))
    assert "starter.py advise" in (turn(case)["To do"] or "")


def test_until_when_a_case_stands_and_by_whose_order_is_not_cut() -> None:
    told = application_facts(frozen(in_review()).opened)["Freeze"] or ""
    shown = "\n".join(line.plain for line in on_a_screen({"Freeze": [told]}, 80, used=99, whole=WHOLE))
    assert "…" not in shown
    assert " ".join(shown.removeprefix("Freeze").split()) == told
    assert max(map(len, shown.split("\n"))) <= 80
