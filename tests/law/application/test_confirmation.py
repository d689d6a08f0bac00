"""A false match counts in other cases by the word of two officers, and for a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import ConfirmMatch, ResolveMatch, Withdraw
from greenlight.law.application.dossier import Finding, Screening
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.screening.language import Resolution, Verdict
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    ResolutionLapsed,
    ResolutionRemembered,
)
from greenlight.law.application.state import Stage
from tests.law.actors import APPLICANT, APPLICANT_AS_OFFICER, OFFICER, OTHER_OFFICER
from tests.law.application.cases import (
    ALIKE,
    BEGIN,
    MATCH,
    Case,
    possibly_listed,
    screening,
    submitted,
)
from tests.law.application.stories import REMEMBERED
from tests.law.application.test_acting import attempted
from tests.law.decisions import code_of

A_YEAR_LATER = datetime(2027, 9, 2, 4, 0, tzinfo=UTC)
"""The end of 1 September 2027 in Washington, where it is summer; cases begin on that day in 2026."""

FOUND = screening("no_match", "possible_match")


def said(case: Case) -> Resolution:
    (word,) = case.opened.resolutions
    return word


def elsewhere(word: Resolution) -> Resolution:
    """The word as another case hears of it."""
    return word.model_copy(update={"reason": None, "remembered_from": "Z000099"})


def found_again(points: int) -> Screening:
    """The same pair, by another score: something else is found, and the parties are screened again."""
    alike = ALIKE.model_copy(update={"score": points})
    finding = Finding(party=1, outcome="possible_match", matches=(alike,))
    return Screening(list_version=None, findings=(Finding(party=0, outcome="no_match"), finding))


def kinds(case: Case) -> list[type]:
    return [type(event) for event in case.events]


def test_one_officers_word_counts_in_its_own_case_alone() -> None:
    word = said(possibly_listed().resolved())
    assert (word.confirmation, word.counts_elsewhere(BEGIN)) == (None, False)
    case = submitted().found(FOUND, elsewhere(word))
    assert (case.opened.stage, case.opened.resolutions) == (Stage.TRIAGE, ())


def test_with_a_second_officers_word_it_counts_in_others_for_a_year() -> None:
    word = said(possibly_listed().resolved().confirmed())
    assert word.confirmation is not None
    assert (word.confirmation.by, word.confirmation.until) == (OTHER_OFFICER, A_YEAR_LATER)
    last = A_YEAR_LATER - timedelta(microseconds=1)
    for now, stage in ((last, Stage.REVIEW), (A_YEAR_LATER, Stage.TRIAGE)):
        case = submitted(at=now).found(FOUND, elsewhere(word))
        assert case.opened.stage is stage


def test_a_true_match_counts_in_others_at_once() -> None:
    word = said(possibly_listed().resolved(Verdict.TRUE_MATCH))
    assert submitted().found(FOUND, elsewhere(word)).opened.listed is True


@pytest.mark.parametrize(
    ("case", "body", "by", "code"),
    [
        (
            lambda: possibly_listed().resolved(),
            ConfirmMatch(party=1),
            OFFICER,
            ApplicationRefusal.OWN_RESOLUTION,
        ),
        (
            lambda: possibly_listed().resolved(),
            ConfirmMatch(party=1),
            OTHER_OFFICER.model_copy(update={"officer": "double", "person": OFFICER.person}),
            ApplicationRefusal.OWN_RESOLUTION,
        ),
        (
            lambda: possibly_listed().resolved(),
            ConfirmMatch(party=1),
            APPLICANT_AS_OFFICER,
            RefusalCode.OWN_APPLICATION,
        ),
        (possibly_listed, ConfirmMatch(party=1), None, ApplicationRefusal.NOTHING_TO_CONFIRM),
        (
            lambda: possibly_listed().resolved(),
            ConfirmMatch(party=0),
            None,
            ApplicationRefusal.NOTHING_TO_CONFIRM,
        ),
        (
            lambda: possibly_listed().resolved(),
            ConfirmMatch(party=1, listing=MATCH.listing),
            None,
            ApplicationRefusal.NOTHING_TO_CONFIRM,
        ),
        (
            lambda: possibly_listed().resolved(Verdict.TRUE_MATCH),
            ConfirmMatch(party=1),
            None,
            ApplicationRefusal.NOTHING_TO_CONFIRM,
        ),
        (
            lambda: submitted().found(FOUND, REMEMBERED),
            ConfirmMatch(party=1),
            None,
            ApplicationRefusal.NOTHING_TO_CONFIRM,
        ),
        (
            lambda: attempted(
                possibly_listed().resolved(),
                Withdraw(),
                APPLICANT.model_copy(update={"officer": "double", "person": OFFICER.person}),
            ),
            ConfirmMatch(party=1),
            None,
            RefusalCode.OWN_APPLICATION,
        ),
    ],
    ids=[
        "by who resolved it",
        "by another account of who resolved it",
        "by who acts for the applicant",
        "of an open match",
        "of a party with no match",
        "of an entry that was not met",
        "of a true match",
        "of hearsay",
        "of what was said by who acts for the applicant",
    ],
)
def test_what_is_not_confirmed(case: Callable[[], Case], body: Body, by: Actor | None, code: Code) -> None:
    assert code_of(case().asked(body, by)) is code


def test_who_has_the_case_resolves_and_another_confirms() -> None:
    case = possibly_listed().assigned(OFFICER.officer).resolved()
    assert code_of(case.asked(ConfirmMatch(party=1), OTHER_OFFICER)) is None


def test_a_confirmation_says_nothing_of_the_case_itself() -> None:
    before = possibly_listed().resolved().recommended(by=OTHER_OFFICER)
    after = before.later(hours=1).confirmed()
    assert after.digest == before.digest
    assert after.opened.stage is before.opened.stage


def test_the_last_word_on_the_time_holds() -> None:
    case = possibly_listed().resolved().confirmed(days=10).later(days=5).confirmed(days=10)
    word = said(case)
    assert word.confirmation is not None
    assert word.confirmation.until == datetime(2026, 9, 17, 4, 0, tzinfo=UTC)
    assert kinds(case)[-2:] == [MatchConfirmed, MatchConfirmed]


@pytest.mark.parametrize("days", [0, 1462])
def test_there_is_always_an_end(days: int) -> None:
    with pytest.raises(ValidationError):
        ConfirmMatch(party=1, days=days)


def test_said_anew_it_has_to_be_confirmed_anew() -> None:
    again = possibly_listed().resolved().confirmed().later(hours=1).resolved()
    assert said(again).confirmation is None


def test_all_false_matches_of_a_party_are_confirmed_at_once() -> None:
    other = ALIKE.model_copy(update={"listing": "entity-list/3", "pair": "sha256:" + "3" * 64})
    finding = Finding(party=1, outcome="possible_match", matches=(ALIKE, other))
    clear = Finding(party=0, outcome="no_match")
    case = submitted().found(Screening(list_version=None, findings=(clear, finding)))
    body = ResolveMatch(
        party=1,
        listing=ALIKE.listing,
        verdict=Verdict.FALSE_MATCH,
        reason="A bakery.",
        others=Verdict.FALSE_MATCH,
    )
    confirmed = case.after(body).confirmed()
    assert [word.counts_elsewhere(BEGIN) for word in confirmed.opened.resolutions] == [True, True]
    one = case.after(body).after(ConfirmMatch(party=1, listing=other.listing))
    assert {word.pair for word in one.opened.resolutions if word.confirmation} == {other.pair}


# What has ended


def test_what_counts_no_more_is_met_again_when_the_parties_are_screened_again() -> None:
    heard = submitted().found(FOUND, REMEMBERED).recommended()
    again = heard.found(found_again(92))
    assert kinds(again)[-2:] == [ResolutionLapsed, type(again.events[-1])]
    assert (again.opened.stage, again.opened.possible_parties) == (Stage.TRIAGE, {1})
    # Nothing of it is left in what is signed, and an officer of the case may speak.
    assert "resolutions" not in again.command(Withdraw()).body.model_dump()
    assert again.resolved().opened.stage is Stage.REVIEW
    # Said of elsewhere once more, it is heard once more.
    assert again.found(found_again(93), REMEMBERED).opened.stage is Stage.REVIEW


def test_what_was_decided_stays_until_then() -> None:
    heard = submitted().found(FOUND, REMEMBERED)
    late = heard.later(days=400).advanced()
    assert late.opened.listed is False
    assert late.opened.resolutions == (REMEMBERED,)


def test_what_was_heard_before_there_were_confirmations_stays_until_then() -> None:
    old = REMEMBERED.model_copy(update={"confirmation": None})
    event = ResolutionRemembered(
        at=BEGIN,
        listing=ALIKE.listing,
        pair=old.pair,
        verdict=old.verdict,
        resolved_by=old.resolved_by,
        resolved_at=old.resolved_at,
        remembered_from="Z000099",
    )
    record = event.record()
    assert "confirmation" not in record
    case = submitted().with_events(event)
    screened = replace(case, events=()).found(FOUND, old)
    assert screened.opened.stage is Stage.TRIAGE


def test_an_own_officers_word_never_lapses() -> None:
    case = possibly_listed().resolved()
    assert case.found(found_again(92)).opened.stage is Stage.REVIEW


def test_a_second_officer_who_acts_for_the_applicant_is_not_heard() -> None:
    assert REMEMBERED.confirmation is not None
    by = REMEMBERED.confirmation.model_copy(update={"by": APPLICANT_AS_OFFICER})
    partial = REMEMBERED.model_copy(update={"confirmation": by})
    assert submitted().found(FOUND, partial).opened.stage is Stage.TRIAGE


def test_a_longer_time_elsewhere_is_heard_of() -> None:
    assert REMEMBERED.confirmation is not None
    longer = REMEMBERED.confirmation.model_copy(update={"until": A_YEAR_LATER})
    case = submitted().found(FOUND, REMEMBERED)
    again = case.found(found_again(92), REMEMBERED.model_copy(update={"confirmation": longer}))
    assert said(again).confirmation == longer
