"""Whom no screener can tell: an officer looks them up by hand, and nothing waits for nobody."""

from itertools import product

import pytest
from pydantic import ValidationError

from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import ResolveMatch
from greenlight.law.application.dossier import Finding, Match, Screening
from greenlight.law.application.needs import EntryOf
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.screening.resolution import MatchResolved
from greenlight.law.application.state import Stage, dossier
from greenlight.law.application.tasks import tasks
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseIssued
from tests.law.actors import OFFICER
from tests.law.application.cases import ALIKE, GRANT, MATCH, OTHER_PARTIES, Case, screening, submitted
from tests.law.decisions import accepted, code_of, told

PAIR = "sha256:" + "7" * 64
OTHER = ALIKE.model_copy(update={"listing": "entity-list/3", "pair": "sha256:" + "4" * 64})
ENTRY = MATCH.model_copy(update={"score": 0, "explanation": ("looked up by an officer",)})
NOT_LISTED = ResolveMatch(party=1, verdict=Verdict.FALSE_MATCH, reason="Looked up by hand.")
IT_IS = ResolveMatch(party=1, listing=ENTRY.listing, verdict=Verdict.TRUE_MATCH, reason="By its address.")


def of(party: int, outcome: str) -> Finding:
    """What is found of a party, all that there is to be found."""
    (plain,) = (
        screening(outcome).findings  # pyright: ignore[reportArgumentType]
        if outcome in {"listed", "possible_match", "no_match", "could_not_screen"}
        else screening("could_not_screen" if outcome == "by_hand" else "possible_match").findings
    )
    changes: dict[str, object] = {"party": party}
    match outcome:
        case "by_hand":
            changes |= {"curable": False, "pair": PAIR}
        case "several":
            changes |= {"matches": (ALIKE, OTHER)}
        case "left_out":
            changes |= {"left_out": 3, "pair": PAIR}
        case _:
            pass
    return plain.model_copy(update=changes)


KINDS = ("no_match", "listed", "possible_match", "several", "left_out", "could_not_screen", "by_hand")


def found(*outcomes: str) -> Case:
    findings = tuple(of(party, outcome) for party, outcome in enumerate(outcomes))
    return submitted().found(Screening(list_version=None, findings=findings))


def says(case: Case, body: ResolveMatch, entry: Match | None = None) -> Case:
    """With an officer's word, and the entry that the service looks up for it."""
    command = told(case.command(body), {EntryOf: entry})
    return case.with_events(*accepted(case.decides(command)))


def unscreenable() -> Case:
    return found("no_match", "by_hand")


@pytest.mark.parametrize("outcomes", list(product(KINDS, KINDS)), ids="-".join)
def test_nothing_in_triage_waits_for_nobody(outcomes: tuple[str, str]) -> None:
    """The service tries again, or an officer has a task and a command that settles it, step by step."""
    case = found(*outcomes)
    for _ in range(10):
        state = case.opened
        if state.stage is not Stage.TRIAGE:
            assert APPLICATION.status(state).waiting_for == Role.LICENSING_OFFICER
            return
        assert APPLICATION.deadlines(state), "the time limits run"
        if not state.screened:
            assert APPLICATION.status(state).waiting_for == "screening"
            assert "could_not_screen" in outcomes
            return
        (task,) = (task for task in tasks(state) if task.role is Role.LICENSING_OFFICER)
        assert task.matter == (
            "could_not_screen" if state.by_hand & state.possible_parties else "possible_match"
        )
        party = min(state.possible_parties)
        hit = next((hit for hit in state.hits if hit.party == party and hit.open), None)
        listing = hit.match.listing if hit else None
        said = NOT_LISTED.model_copy(update={"party": party, "listing": listing})
        before = case
        case = says(case, said)
        assert case.opened.possible_parties != before.opened.possible_parties or len(
            case.opened.resolutions
        ) > len(before.opened.resolutions)
    raise AssertionError("it does not come to an end")


def test_whom_no_screener_can_compare_an_officer_looks_up() -> None:
    case = unscreenable()
    state = case.opened
    assert (state.stage, state.screened, state.listed, state.settled) == (Stage.TRIAGE, True, None, False)
    assert APPLICATION.status(state).waiting_for == Role.LICENSING_OFFICER
    assert code_of(case.asked(GRANT)) is RefusalCode.SCREENING_INCOMPLETE
    clear = says(case, NOT_LISTED)
    assert (clear.opened.stage, clear.opened.listed) == (Stage.REVIEW, False)
    it_is = says(case, IT_IS, ENTRY)
    assert (it_is.opened.stage, it_is.opened.listings) == (Stage.REVIEW, {ENTRY.listing})
    # The last word holds, and it is part of what is signed.
    assert says(it_is, NOT_LISTED).opened.listings == set()
    assert dossier(clear.opened)["resolutions"] != dossier(it_is.opened)["resolutions"]
    assert "resolutions" not in dossier(case.opened)


def test_who_was_found_by_hand_is_an_entity_of_the_license() -> None:
    case = says(unscreenable(), IT_IS, ENTRY).recommended().countersigned().signed_off()
    issued = LICENSE.read(APPLICATION.consequences(case.opened, case.events)[0].events[0])
    assert isinstance(issued, LicenseIssued)
    assert issued.entities == {ENTRY.listing}


def test_an_entry_that_is_not_on_the_list_is_nobody() -> None:
    case = unscreenable()
    assert code_of(case.decides(case.command(IT_IS))) is ApplicationRefusal.NO_SUCH_MATCH
    # That it is not one entry says nothing of the others.
    not_that = IT_IS.model_copy(update={"verdict": Verdict.FALSE_MATCH})
    refused = case.decides(told(case.command(not_that), {EntryOf: ENTRY}))
    assert code_of(refused) is ApplicationRefusal.NO_SUCH_MATCH
    with pytest.raises(ValidationError, match="which entry"):
        ResolveMatch(party=1, verdict=Verdict.TRUE_MATCH, reason="So it says.")


def test_who_can_be_compared_is_not_cleared_as_a_whole() -> None:
    for case in (found("no_match", "possible_match"), found("no_match", "listed")):
        assert code_of(case.decides(case.command(NOT_LISTED))) is ApplicationRefusal.NO_SUCH_MATCH


def test_what_can_be_tried_again_is_nobodys_to_look_up() -> None:
    case = found("no_match", "could_not_screen")
    assert code_of(case.decides(case.command(NOT_LISTED))) is ApplicationRefusal.NO_SUCH_MATCH
    both = found("by_hand", "could_not_screen")
    assert not both.opened.screened
    assert APPLICATION.status(both.opened).waiting_for == "screening"


def test_matches_beyond_those_shown_are_denied_by_who_looked_through_them() -> None:
    case = found("no_match", "left_out").resolved()
    assert case.opened.stage is Stage.TRIAGE
    assert says(case, NOT_LISTED).opened.stage is Stage.REVIEW


def test_another_party_is_looked_up_anew() -> None:
    """The applicant may be asked, and an answer with new parties is screened like the first."""
    case = unscreenable().inquired().answered(OTHER_PARTIES)
    assert case.opened.screening is None
    assert case.screened("no_match", "no_match").opened.stage is Stage.REVIEW


def test_the_same_finding_again_opens_nothing() -> None:
    case = says(unscreenable(), NOT_LISTED)
    assert case.opened.screening is not None
    again = case.opened.screening.model_copy(update={"list_version": "sha256:" + "9" * 64})
    assert case.opened.model_copy(update={"screening": again}).settled


# All others at once


def test_one_word_denies_all_other_open_matches_of_a_party() -> None:
    case = found("no_match", "several")
    body = ResolveMatch(
        party=1,
        listing=ALIKE.listing,
        verdict=Verdict.FALSE_MATCH,
        reason="A bakery.",
        others=Verdict.FALSE_MATCH,
    )
    events = accepted(case.decides(case.command(body)))
    told = [(e.listing, e.pair, e.verdict, e.reason) for e in events if isinstance(e, MatchResolved)]
    assert told == [(match.listing, match.pair, Verdict.FALSE_MATCH, "A bakery.") for match in (ALIKE, OTHER)]
    after = case.with_events(*events)
    assert (after.opened.stage, after.opened.listed) == (Stage.REVIEW, False)


def test_all_others_are_those_of_the_party_that_nobody_spoke_of() -> None:
    both = (of(0, "possible_match"), of(1, "several"))
    case = submitted().found(Screening(list_version=None, findings=both))
    case = case.resolved(Verdict.TRUE_MATCH, OTHER)
    body = ResolveMatch(
        party=1, listing=ALIKE.listing, verdict=Verdict.FALSE_MATCH, reason="No.", others=Verdict.FALSE_MATCH
    )
    (event,) = accepted(case.decides(case.command(body)))
    assert isinstance(event, MatchResolved)
    assert event.pair == ALIKE.pair


def test_the_same_name_is_never_denied_among_others() -> None:
    (first, _) = screening("no_match", "listed").findings
    exact = of(1, "listed").model_copy(update={"matches": (MATCH, ALIKE)})
    case = submitted().found(Screening(list_version=None, findings=(first, exact)))
    body = ResolveMatch(
        party=1, listing=ALIKE.listing, verdict=Verdict.FALSE_MATCH, reason="No.", others=Verdict.FALSE_MATCH
    )
    assert says(case, body).opened.listings == {MATCH.listing}


def test_nobody_says_that_all_others_are_true() -> None:
    with pytest.raises(ValidationError, match="others"):
        ResolveMatch.model_validate(
            {
                "party": 1,
                "listing": "a",
                "verdict": "true_match",
                "reason": "All.",
                "others": "true_match",
            }
        )


def test_one_true_match_settles_a_party() -> None:
    case = found("no_match", "several").resolved(Verdict.TRUE_MATCH, OTHER)
    assert (case.opened.stage, case.opened.listings) == (Stage.REVIEW, {OTHER.listing})
    assert OFFICER.officer == case.opened.resolutions[0].resolved_by.officer
