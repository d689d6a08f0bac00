"""The facts of an application as people are shown them: what is recommended, and what is not."""

from greenlight.cli.cases.case_view import application_facts
from greenlight.cli.cases.essentials import brief
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign
from greenlight.law.application.interagency.agency import Agency
from tests.law.actors import COUNTERSIGNER
from tests.law.application.cases import (
    ACN,
    APPROVE_IF,
    CONDITION,
    GRANT,
    REWORDED,
    Case,
    in_review,
    with_reworded,
)


def recommended_without() -> Case:
    return in_review().referred(Agency.DEFENSE).advised(APPROVE_IF).recommended(GRANT)


def test_what_is_recommended_is_told_with_what_is_left_out_of_it() -> None:
    facts = application_facts(recommended_without().opened)
    assert facts["Conditions"] == "\n".join(f"{n}. {each}" for n, each in enumerate(GRANT.conditions, 1))
    assert facts["Left out"] == f"defense asked for: {CONDITION}"


def test_what_is_reworded_is_told_as_such_and_not_as_left_out() -> None:
    facts = application_facts(with_reworded().opened)
    assert facts["Conditions"] == f"1. No resale.\n2. {REWORDED.rewordings[0].text}"
    assert facts["Left out"] == ""
    assert "became" in (facts["Reworded"] or "")


def test_before_anybody_recommends_there_are_no_terms() -> None:
    assert "Conditions" not in application_facts(in_review().opened)


def test_who_countersigns_is_shown_what_is_left_out() -> None:
    case = recommended_without()
    shown = brief(
        APPLICATION, application_stream(ACN), case.opened, Countersign(agrees=True), COUNTERSIGNER, case.now
    )
    assert f"left out: defense asked for: {CONDITION}" in shown.facts["Proposed"]
