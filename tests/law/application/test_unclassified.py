"""Items whose ECCN is on no entry of the control tables: not granted, unless an officer says it is right."""

from datetime import date

import pytest
from pydantic import ValidationError

from greenlight.kernel.refusal import Refusal
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import DecideDispute, Outcome, Recommend, Submit
from greenlight.law.application.dossier import Unclassified
from greenlight.law.application.events import ApplicationSubmitted, DirectiveApplied
from greenlight.law.application.needs import UnclassifiedAmong
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.review.proposal import unconfirmed
from greenlight.law.application.state import dossier
from greenlight.law.determination.unclassified import unclassified
from greenlight.reference.controls import load_tables
from tests.law.application.cases import APPROVE as AGREE
from tests.law.application.cases import DENY, OBJECT, Case, item, submission
from tests.law.application.directives import APPROVE, directive, meant_for
from tests.law.decisions import accepted, code_of, told

UNKNOWN = Unclassified(lines=(2,), tables_of=date(2026, 7, 23))
FILED = submission(item(1), item(2, classification="5A999"))
GRANT = Recommend(outcome=Outcome.GRANT, reasons="Civil end use.")
CONFIRMED = GRANT.model_copy(update={"confirmed": (2,)})
FIRST_ALONE = GRANT.model_copy(update={"lines": (1,)})


def filed(found: Unclassified | None = UNKNOWN) -> Case:
    """In review, with what the service found in its tables."""
    case = Case()
    command = told(case.command(Submit(application=FILED)), {UnclassifiedAmong: found})
    return case.with_events(*accepted(case.decides(command))).screened()


def test_the_tables_of_a_day_tell_which_lines_have_an_eccn_that_is_in_none() -> None:
    tables = load_tables()
    assert unclassified(FILED.items, tables) == UNKNOWN.model_copy(update={"tables_of": tables.issued})
    assert unclassified((item(1), item(2, classification="5A991")), tables) is None


def test_it_is_not_granted_until_whoever_proposes_that_confirms_it() -> None:
    refused = filed().asked(GRANT)
    assert code_of(refused) is ApplicationRefusal.ECCN_UNCONFIRMED
    assert isinstance(refused, Refusal)
    assert refused.message == (
        "line 2: its ECCN is on no entry of the tables of 2026-07-23; confirm it, grant other lines, or"
        " return the application"
    )
    granted = filed().recommended(CONFIRMED)
    assert granted.opened.recommendation is not None
    assert granted.opened.recommendation.confirmed == (2,)
    assert unconfirmed(granted.opened) == frozenset()


@pytest.mark.parametrize("body", [FIRST_ALONE, DENY], ids=["other lines are granted", "it is denied"])
def test_what_is_not_granted_needs_no_word(body: Recommend) -> None:
    case = filed().recommended(body)
    assert unconfirmed(case.opened) == {2}


def test_a_word_falls_with_the_recommendation_that_gave_it() -> None:
    case = filed().recommended(CONFIRMED).sent_back()
    assert unconfirmed(case.opened) == {2}
    assert code_of(case.asked(GRANT)) is ApplicationRefusal.ECCN_UNCONFIRMED


def test_whoever_decides_a_dispute_confirms_it_or_goes_by_the_officers_word() -> None:
    grant = DecideDispute(outcome=Outcome.GRANT, reasons="The risk is small.")
    for recommended, body, refused in (
        (FIRST_ALONE, grant, True),
        (FIRST_ALONE, grant.model_copy(update={"confirmed": (2,)}), False),
        (CONFIRMED, grant, False),
    ):
        case = (
            filed().referred().advised(OBJECT, AGREE, AGREE, AGREE).recommended(recommended).countersigned()
        )
        decision = case.asked(body)
        assert (code_of(decision) is ApplicationRefusal.ECCN_UNCONFIRMED) is refused


def test_no_directive_approves_it_unseen() -> None:
    approve = directive(APPROVE)
    assert meant_for(filed(), approve) == ()
    seen = meant_for(filed().recommended(CONFIRMED), approve)
    assert any(isinstance(event, DirectiveApplied) for event in seen)


def test_the_dossier_shows_it_and_others_keep_their_digests() -> None:
    assert dossier(filed().opened)["unclassified"] == {"lines": [2], "tables_of": "2026-07-23"}
    assert "unclassified" not in dossier(filed(None).opened)
    (plain, *_) = filed(None).events
    assert "unclassified" not in plain.record()
    old = APPLICATION.read(plain.record())
    assert isinstance(old, ApplicationSubmitted)
    assert old.unclassified is None


def test_a_denial_confirms_nothing() -> None:
    with pytest.raises(ValidationError, match="a denial has no"):
        Recommend(outcome=Outcome.DENY, reasons="x", confirmed=(1,))
