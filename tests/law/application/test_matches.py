"""What screening finds alike or the same, and what officers make of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, ResolveMatch, Submit
from greenlight.law.application.dossier import Match, Screening
from greenlight.law.application.needs import RememberedOf, ScreeningOf
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.review.sign_off_table import REQUIRED
from greenlight.law.application.screening.language import Resolution, Verdict, pair_of
from greenlight.law.application.screening.resolution import MatchResolved, ResolutionRemembered
from greenlight.law.application.state import Stage, dossier
from greenlight.law.directive.scope import Scope
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseIssued
from tests.law import actors
from tests.law.application.cases import (
    ALIKE,
    BEGIN,
    CONSIGNEE,
    GRANT,
    MATCH,
    PURCHASER,
    Case,
    before_acep,
    disputed,
    in_review,
    possibly_listed,
    screening,
    submission,
    submitted,
    with_countersigner,
    with_executive,
)
from tests.law.application.directives import PRESUME, directive, meant_for
from tests.law.application.stories import REMEMBERED, Story
from tests.law.decisions import accepted, code_of, told

ALIKE_ANEW = ALIKE.model_copy(update={"pair": "sha256:" + "3" * 64})
DENIED = ResolveMatch(party=1, listing=ALIKE.listing, verdict=Verdict.FALSE_MATCH, reason="Another address.")


def found_alike(match: Match = ALIKE) -> Screening:
    """As ``screening`` finds a possible match, of another entry."""
    (first, second) = screening("no_match", "possible_match").findings
    return Screening(list_version=None, findings=(first, second.model_copy(update={"matches": (match,)})))


def listed_and_denied() -> Case:
    return submitted().screened("no_match", "listed").resolved(Verdict.FALSE_MATCH, MATCH)


# What is open


def test_a_possible_match_waits_in_triage_for_an_officer() -> None:
    case = possibly_listed()
    status = APPLICATION.status(case.opened)
    assert (status.stage, status.waiting_for, status.listed) == ("triage", "licensing_officer", None)
    assert code_of(case.asked(GRANT)) is RefusalCode.SCREENING_INCOMPLETE


def test_no_directive_about_the_entity_means_a_party_that_may_be_it() -> None:
    about = directive(PRESUME, Scope(entities=frozenset({ALIKE.listing})))
    assert meant_for(possibly_listed(), about) == ()
    assert meant_for(possibly_listed().resolved(Verdict.TRUE_MATCH), about)
    assert meant_for(possibly_listed().resolved(Verdict.FALSE_MATCH), about) == ()


def test_a_directive_about_all_cases_leaves_one_with_an_open_match_where_it_is() -> None:
    (applied,) = meant_for(possibly_listed(), directive(PRESUME))
    assert applied.model_dump()["evaluation"]["row"] == "not-screened"


def test_matches_beyond_those_shown_are_nobodys_to_deny() -> None:
    (first, second) = screening("no_match", "possible_match").findings
    more = Screening(list_version=None, findings=(first, second.model_copy(update={"left_out": 1})))
    case = submitted().found(more)
    assert case.resolved(Verdict.FALSE_MATCH).opened.stage is Stage.TRIAGE
    assert APPLICATION.status(case.resolved().opened).waiting_for == "licensing_officer"
    assert case.resolved(Verdict.TRUE_MATCH).opened.listed


def test_what_is_left_out_of_one_party_is_not_made_up_for_by_another_that_is_listed() -> None:
    (listed, possible) = screening("listed", "possible_match").findings
    more = Screening(list_version=None, findings=(listed, possible.model_copy(update={"left_out": 1})))
    assert submitted().found(more).resolved().opened.stage is Stage.TRIAGE


def test_names_alike_are_open_only_once_an_officer_denied_the_one_that_is_the_same() -> None:
    (first, second) = screening("no_match", "listed").findings
    both = second.model_copy(update={"matches": (MATCH, ALIKE)})
    case = submitted().found(Screening(list_version=None, findings=(first, both)))
    assert (case.opened.stage, case.opened.listings) == (Stage.REVIEW, {MATCH.listing})
    denied = case.resolved(match=MATCH)
    assert (denied.opened.stage, denied.opened.listings) == (Stage.TRIAGE, set())
    assert denied.resolved().opened.stage is Stage.REVIEW


# What an officer says


@pytest.mark.parametrize(("verdict", "listed"), [(Verdict.TRUE_MATCH, True), (Verdict.FALSE_MATCH, False)])
def test_a_resolved_match_counts_as_the_officer_says(verdict: Verdict, listed: bool) -> None:
    case = possibly_listed().resolved(verdict)
    assert (case.opened.stage, case.opened.listed) == (Stage.REVIEW, listed)
    assert case.opened.listings == ({ALIKE.listing} if listed else set())
    signed = case.recommended().countersigned()
    assert signed.opened.countersignature is not None
    goes_up = signed.opened.countersignature.sign_off.outcome == REQUIRED
    assert goes_up == listed
    granted = signed.signed_off() if goes_up else signed
    issued = LICENSE.read(APPLICATION.consequences(granted.opened, granted.events)[0].events[0])
    assert isinstance(issued, LicenseIssued)
    assert issued.entities == case.opened.listings


def test_the_same_name_holds_as_listed_until_it_is_denied() -> None:
    listed = submitted().screened("no_match", "listed")
    assert (listed.opened.stage, listed.opened.listed) == (Stage.REVIEW, True)
    assert (listed_and_denied().opened.stage, listed_and_denied().opened.listed) == (Stage.REVIEW, False)


def test_a_second_officer_signs_what_was_said_of_the_match() -> None:
    case = listed_and_denied().recommended()
    assert dossier(case.opened)["resolutions"] == [
        resolution.model_dump(mode="json") for resolution in case.opened.resolutions
    ]
    unsaid = submitted().screened("no_match", "listed").recommended()
    unread = replace(case.command(Countersign(agrees=True)), dossier=unsaid.digest)
    assert code_of(case.decides(unread)) is RefusalCode.DOSSIER_CHANGED
    assert case.countersigned().opened.stage is Stage.GRANTED


def test_a_match_is_resolved_anew_and_the_last_word_holds() -> None:
    case = possibly_listed().resolved(Verdict.FALSE_MATCH).resolved(Verdict.TRUE_MATCH)
    assert (case.opened.listed, len(case.opened.resolutions)) == (True, 1)
    assert case.resolved(Verdict.FALSE_MATCH).opened.listed is False


def test_nothing_is_said_anew_of_what_is_being_signed() -> None:
    for case in (listed_and_denied().recommended(), with_executive(), disputed()):
        assert code_of(case.asked(DENIED)) is RefusalCode.WRONG_STAGE


@pytest.mark.parametrize("change", [{"party": 0}, {"listing": "entity-list/9"}])
def test_what_screening_did_not_find_cannot_be_resolved(change: dict[str, object]) -> None:
    body = DENIED.model_copy(update=change)
    assert code_of(possibly_listed().asked(body)) is ApplicationRefusal.NO_SUCH_MATCH


def test_a_match_from_before_there_were_pairs_is_not_resolved_until_screened_again() -> None:
    (first, second) = screening("no_match", "listed").findings
    old = second.model_copy(update={"matches": (MATCH.model_copy(update={"pair": None}),)})
    case = submitted().found(Screening(list_version=None, findings=(first, old)))
    body = DENIED.model_copy(update={"listing": MATCH.listing})
    assert case.opened.listed
    assert code_of(case.asked(body)) is ApplicationRefusal.NO_SUCH_MATCH
    assert accepted(case.screened("no_match", "listed").asked(body))


def test_only_the_officer_who_has_the_case_resolves() -> None:
    case = possibly_listed().assigned()
    assert code_of(case.asked(DENIED, actors.OTHER_OFFICER)) is ApplicationRefusal.ASSIGNED_TO_ANOTHER
    assert code_of(case.asked(DENIED, actors.APPLICANT_AS_OFFICER)) is RefusalCode.OWN_APPLICATION
    assert accepted(case.asked(DENIED))


def test_a_verdict_rests_on_what_was_read() -> None:
    case = possibly_listed()
    stale = replace(case.command(DENIED), dossier=submitted().digest)
    assert code_of(case.decides(stale)) is RefusalCode.DOSSIER_CHANGED


# For as long as neither side changes


def test_a_pair_is_the_party_as_written_and_the_entry_as_it_stood() -> None:
    entry = "sha256:" + "a" * 64
    pair = pair_of(CONSIGNEE, entry)
    assert pair == pair_of(CONSIGNEE.model_copy(update={"role": PURCHASER.role}), entry)
    others = [
        pair_of(CONSIGNEE.model_copy(update={"name": "LIGHTHOUSE TELECOM AS"}), entry),
        pair_of(CONSIGNEE.model_copy(update={"country": "SE"}), entry),
        pair_of(CONSIGNEE, "sha256:" + "b" * 64),
    ]
    assert len({pair, *others}) == 4


def test_another_screening_of_the_same_pair_keeps_what_was_said() -> None:
    case = possibly_listed().resolved().recommended()
    again = case.found(Screening(list_version=None, findings=(screening("listed").findings[0],
        *screening("no_match", "possible_match").findings[1:])))  # fmt: skip
    assert again.opened.stage is Stage.COUNTERSIGNATURE
    assert not any(hit.open for hit in again.opened.hits)


@pytest.mark.parametrize(
    "story",
    [
        lambda: possibly_listed().resolved(),
        lambda: possibly_listed().resolved().referred(),
        lambda: possibly_listed().resolved().recommended(),
        lambda: possibly_listed().resolved(Verdict.TRUE_MATCH).recommended().countersigned(),
        before_acep,
    ],
    ids=["review", "interagency", "countersignature", "sign-off", "dispute"],
)
def test_another_pair_is_open_and_takes_the_case_back(story: Story) -> None:
    case = story()
    back = case.found(found_alike(ALIKE_ANEW))
    state = back.opened
    assert (state.stage, state.dispute, state.recommendation) == (Stage.TRIAGE, None, None)
    assert (state.countersignature, state.decision, state.voided) == (None, None, 1)
    resolved = back.resolved(match=ALIKE_ANEW).opened
    expected = Stage.INTERAGENCY if case.opened.stage is Stage.INTERAGENCY else Stage.REVIEW
    assert resolved.stage is expected


def test_agencies_go_on_while_a_match_is_open() -> None:
    case = in_review().referred().found(found_alike())
    assert case.opened.stage is Stage.TRIAGE
    heard = case.later(days=40).advanced()
    assert (heard.opened.stage, heard.resolved().opened.stage) == (Stage.TRIAGE, Stage.REVIEW)


def test_a_party_that_becomes_listed_stays_where_it_is_with_another_dossier() -> None:
    case = with_countersigner()
    found = case.screened("no_match", "listed")
    assert (found.opened.stage, found.opened.listed) == (Stage.COUNTERSIGNATURE, True)
    assert found.digest != case.digest
    assert found.countersigned().opened.stage is Stage.SIGN_OFF


def test_what_was_proposed_before_a_match_opened_is_signed_by_nobody() -> None:
    """Not even where the match is gone again, and the same is proposed in the same instant."""
    first = with_countersigner()
    second = first.screened("no_match", "possible_match").screened().recommended()
    assert first.opened.recommendation == second.opened.recommendation
    assert first.digest != second.digest


def test_a_list_that_cannot_be_read_takes_nothing_back() -> None:
    case = in_review()
    with pytest.raises(AssertionError, match="screening_incomplete"):
        case.screened("no_match", "could_not_screen")
    with pytest.raises(AssertionError, match="dossier_changed"):
        case.screened("no_match", "no_match")


# Remembered


def test_what_was_said_of_the_pair_in_another_case_holds_at_submission() -> None:
    command = Case().command(Submit(application=submission()))
    found = screening("no_match", "possible_match")
    case = Case().with_events(
        *accepted(Case().decides(told(command, {ScreeningOf: found, RememberedOf: (REMEMBERED,)})))
    )
    assert [event.model_dump()["type"] for event in case.events] == [
        "ApplicationSubmitted",
        "ResolutionRemembered",
        "PartiesScreened",
    ]
    assert (case.opened.stage, case.opened.resolutions) == (Stage.REVIEW, (REMEMBERED,))


def test_only_pairs_that_were_met_are_remembered() -> None:
    stranger = REMEMBERED.model_copy(update={"pair": "sha256:" + "9" * 64})
    case = submitted().found(screening("no_match", "possible_match"), stranger)
    assert (case.opened.stage, case.opened.resolutions) == (Stage.TRIAGE, ())


def test_an_officer_says_otherwise_than_what_is_remembered() -> None:
    case = submitted().found(screening("no_match", "possible_match"), REMEMBERED)
    undone = case.resolved(Verdict.TRUE_MATCH)
    (said,) = undone.opened.resolutions
    assert (undone.opened.listed, said.remembered_from, said.reason) == (True, None, "Another company.")


def test_a_case_keeps_what_its_own_officer_said() -> None:
    case = possibly_listed().resolved(Verdict.TRUE_MATCH)
    again = case.found(found_alike(ALIKE.model_copy(update={"score": 92})), REMEMBERED)
    assert (again.opened.listed, again.opened.resolutions) == (True, case.opened.resolutions)


def test_what_is_only_remembered_is_renewed_when_screened_again() -> None:
    case = submitted().found(screening("no_match", "possible_match"), REMEMBERED)
    contrary = REMEMBERED.model_copy(
        update={"verdict": Verdict.TRUE_MATCH, "remembered_from": "Z000098", "resolved_at": BEGIN}
    )
    again = case.found(found_alike(ALIKE.model_copy(update={"score": 92})), contrary)
    assert (again.opened.stage, again.opened.resolutions) == (Stage.REVIEW, (contrary,))
    unchanged = again.found(found_alike(ALIKE.model_copy(update={"score": 93})), contrary)
    assert len(unchanged.events) == len(again.events) + 1


@pytest.mark.parametrize(
    "officer", [actors.APPLICANT_AS_OFFICER, actors.APPLICANTS_OWN_OFFICER, actors.COLLEAGUE_AS_OFFICER]
)
def test_who_acts_for_the_applicant_is_not_heard_through_another_case(officer: Actor) -> None:
    own = REMEMBERED.model_copy(update={"resolved_by": officer})
    case = in_review().inquired().answered(by=actors.APPLICANTS_COLLEAGUE)
    again = case.found(found_alike(), own)
    assert (again.opened.stage, again.opened.resolutions) == (Stage.TRIAGE, ())


def test_the_row_of_the_docket_has_resolutions_without_names_and_reasons() -> None:
    case = possibly_listed().resolved()
    row = APPLICATION.view(case.opened, 4).row
    assert row["resolutions"] == [
        {
            "pair": ALIKE.pair,
            "verdict": "false_match",
            "resolved_by": actors.OFFICER.model_dump(mode="json"),
            "resolved_at": "2026-09-01T14:00:00Z",
            "remembered_from": None,
            "confirmed_by": None,
            "confirmed_at": None,
            "counts_until": None,
        }
    ]


def test_events_of_matches_are_read_back() -> None:
    case = possibly_listed().later(hours=1).resolved()
    remembered = submitted().found(screening("no_match", "possible_match"), REMEMBERED)
    kinds = {MatchResolved, ResolutionRemembered}
    events = [event for event in (*case.events, *remembered.events) if type(event) in kinds]
    assert [APPLICATION.read(event.record()) for event in events] == events
    assert len(events) == 2
    assert case.opened.resolutions[0] == Resolution(
        pair=ALIKE.pair or "",
        verdict=Verdict.FALSE_MATCH,
        resolved_by=actors.OFFICER,
        resolved_at=BEGIN + timedelta(hours=1),
        reason="Another company.",
    )


def test_an_answer_leaves_a_match_open_and_an_officer_may_resolve_it_before() -> None:
    asked = possibly_listed().inquired()
    assert asked.answered().opened.stage is Stage.TRIAGE
    assert asked.resolved().opened.stage is Stage.AWAITING_ANSWER
    assert asked.resolved().answered().opened.stage is Stage.REVIEW
