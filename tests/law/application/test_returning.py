"""That no license is required is proposed by the service; an officer returns the application, or goes on."""

import pytest

from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.commands import ResolveMatch, Submit
from greenlight.law.application.dossier import Screening, Submission
from greenlight.law.application.needs import ScreeningOf, WhyNotRequired
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.state import Stage, dossier
from tests.law.application.cases import (
    NOT_REQUIRED,
    OTHER_PARTIES,
    RETURN,
    Case,
    in_review,
    screening,
    submission,
    submitted,
)
from tests.law.application.stories import REMEMBERED
from tests.law.decisions import accepted, told

CLEAN = screening("no_match", "no_match")
ALIKE = screening("no_match", "possible_match")


def proposed() -> Case:
    command = told(
        Case().command(Submit(application=submission())), {ScreeningOf: CLEAN, WhyNotRequired: NOT_REQUIRED}
    )
    return Case().with_events(*accepted(Case().decides(command)))


def test_a_return_is_proposed_at_submission_and_changes_nobodys_turn() -> None:
    case = proposed()
    assert isinstance(case.events[-1], ReturnProposed)
    assert case.opened.stage is Stage.REVIEW
    assert dossier(case.opened)["return_proposed"] == case.events[-1].model_dump(mode="json")
    assert "return_proposed" not in dossier(in_review().opened)


def test_an_officer_follows_it_or_goes_on() -> None:
    assert proposed().after(RETURN).opened.stage is Stage.RETURNED
    assert proposed().recommended().countersigned().opened.stage is Stage.GRANTED


@pytest.mark.parametrize("found", [ALIKE, screening("no_match", "could_not_screen")])
def test_nothing_is_proposed_while_it_is_open_who_the_parties_are(found: Screening) -> None:
    case = submitted().found(found, proposed=NOT_REQUIRED)
    assert case.opened.return_proposed is None
    known = submitted().found(ALIKE, REMEMBERED, proposed=NOT_REQUIRED)
    assert known.opened.return_proposed is not None


def test_what_was_proposed_of_other_parties_or_on_another_finding_is_not_proposed_any_more() -> None:
    case = proposed()
    assert case.inquired().answered().opened.return_proposed is not None
    assert case.inquired().answered(OTHER_PARTIES).opened.return_proposed is None
    assert case.screened("no_match", "listed").opened.return_proposed is None


def test_what_an_officer_says_of_a_match_proposes_anew_or_takes_it_back() -> None:
    case = submitted().found(ALIKE)
    (hit,) = case.opened.hits
    for verdict, proposes in ((Verdict.FALSE_MATCH, True), (Verdict.TRUE_MATCH, False)):
        body = ResolveMatch(
            party=hit.party, listing=hit.match.listing, verdict=verdict, reason="By its address."
        )
        command = told(case.command(body), {WhyNotRequired: NOT_REQUIRED if proposes else None})
        case = case.with_events(*accepted(case.decides(command)))
        assert (case.opened.return_proposed is not None) == proposes
        assert case.opened.stage is Stage.REVIEW


def test_a_return_is_proposed_in_review_and_not_once_there_is_a_recommendation() -> None:
    listed = submitted().screened("no_match", "listed")
    assert listed.found(CLEAN, proposed=NOT_REQUIRED).opened.return_proposed is not None
    assert listed.recommended().found(CLEAN, proposed=NOT_REQUIRED).opened.return_proposed is None


def test_what_an_applicant_does_not_certify_leaves_no_trace_in_what_was_signed() -> None:
    filed = submission()
    assert not {"circumstances", "reprieve_activity"} & filed.model_dump(mode="json").keys()
    certified = filed.model_copy(update={"circumstances": Circumstances.none_applies()})
    assert Submission.model_validate_json(certified.model_dump_json()) == certified
