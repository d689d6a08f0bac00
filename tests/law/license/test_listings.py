"""What a list after the grant has of a license's parties, and what officers say of it (15 CFR 744.11(a))."""

from dataclasses import replace

import pytest

from greenlight.kernel.aggregate import Status
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.dossier import Finding
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.screening.language import Resolution, Verdict
from greenlight.law.application.screening.resolution import MatchResolved, ResolutionRemembered
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import PartyDelisted, PartyListed
from greenlight.law.license.state import dossier_digest
from tests.law.actors import APPLICANT, OFFICER, OTHER_APPLICANT
from tests.law.application.cases import ALIKE, BEGIN, MATCH
from tests.law.application.stories import REMEMBERED
from tests.law.decisions import accepted, code_of
from tests.law.license.cases import DENIED, POSSIBLE, TRANSFER, Licensed, issued

LISTED = Finding(party=0, outcome="listed", matches=(MATCH,))
TRUE = DENIED.model_copy(update={"verdict": Verdict.TRUE_MATCH, "reason": "The same registry number."})
NOT_LISTED = DENIED.model_copy(update={"party": 0, "listing": MATCH.listing})
CHANGED = Finding(
    party=1,
    outcome="possible_match",
    matches=(ALIKE.model_copy(update={"pair": "sha256:" + "3" * 64}),),
)


def status(license_: Licensed) -> Status:
    return LICENSE.status(license_.opened)


def counts(license_: Licensed) -> tuple[object, object]:
    """How many parties the row counts as listed, and as perhaps so."""
    row = LICENSE.view(license_.opened, len(license_.events)).row
    return row["listed"], row["possible"]


def kinds(license_: Licensed) -> list[type[object]]:
    return [type(event) for event in license_.events[1:]]


def test_a_name_that_is_alike_is_possible_and_not_listed() -> None:
    license_ = issued().found(POSSIBLE)
    assert (status(license_).waiting_for, status(license_).listed) == ("licensing_officer", None)
    assert counts(license_) == (0, 1)
    both = issued().found(LISTED, POSSIBLE)
    assert (status(both).listed, counts(both)) == (True, (1, 1))


def test_what_is_left_out_may_be_a_match() -> None:
    more = POSSIBLE.model_copy(update={"left_out": 3})
    assert counts(issued().found(more).after(DENIED)) == (0, 1)


def test_a_false_match_is_open_to_nobody_and_stays_so_when_it_is_found_again() -> None:
    license_ = issued().found(POSSIBLE).after(DENIED)
    assert (status(license_).waiting_for, counts(license_)) == ("nobody", (0, 0))
    # Of another party something is found, and of this one the same.
    again = license_.found(LISTED, POSSIBLE)
    assert counts(again) == (1, 0)
    assert (status(again.after(NOT_LISTED)).waiting_for, status(again).listed) == ("nobody", True)
    # It was gone, and is back.
    back = license_.found().found(POSSIBLE)
    assert kinds(back) == [PartyListed, MatchResolved, PartyDelisted, PartyListed]
    assert (status(back).waiting_for, counts(back)) == ("nobody", (0, 0))


def test_a_changed_pair_is_raised_again() -> None:
    license_ = issued().found(POSSIBLE).after(DENIED).found(CHANGED)
    assert (status(license_).waiting_for, counts(license_)) == ("licensing_officer", (0, 1))


def test_a_true_match_leaves_it_listed() -> None:
    license_ = issued().found(POSSIBLE).after(TRUE)
    assert (status(license_).waiting_for, status(license_).listed) == ("licensing_officer", True)
    assert counts(license_) == (1, 0)
    (hit,) = license_.opened.found.hits
    assert hit.resolution is not None
    assert (hit.listed, hit.resolution.reason) == (True, "The same registry number.")
    # The last word holds.
    assert counts(license_.after(DENIED)) == (0, 0)


def test_an_officer_says_something_of_what_was_found_alone() -> None:
    license_ = issued().found(POSSIBLE)
    for body in (NOT_LISTED, DENIED.model_copy(update={"party": 0})):
        assert code_of(license_.asked(body)) is ApplicationRefusal.NO_SUCH_MATCH
    assert code_of(issued().asked(DENIED)) is ApplicationRefusal.NO_SUCH_MATCH
    assert code_of(license_.found().asked(DENIED)) is ApplicationRefusal.NO_SUCH_MATCH


def test_it_rests_on_the_dossier_and_is_part_of_it() -> None:
    license_ = issued().found(POSSIBLE)
    stale = replace(license_.command(DENIED), dossier=dossier_digest(issued().opened))
    assert code_of(license_.decides(stale)) is RefusalCode.DOSSIER_CHANGED
    missing = replace(license_.command(DENIED), dossier=None)
    assert code_of(license_.decides(missing)) is RefusalCode.DOSSIER_MISSING
    digests = {
        dossier_digest(each.opened) for each in (license_, license_.after(DENIED), license_.after(TRUE))
    }
    assert len(digests) == 3
    # What was said of a pair that is gone is not part of it.
    assert dossier_digest(license_.after(DENIED).found().opened) == dossier_digest(issued().opened)


def test_the_row_has_what_was_said_and_neither_names_nor_reasons() -> None:
    row = LICENSE.view(issued().found(POSSIBLE).after(DENIED).opened, 3).model_dump_json()
    assert ALIKE.pair is not None
    assert ALIKE.pair in row
    assert [said for said in (ALIKE.name, ALIKE.listing, DENIED.reason) if said in row] == []


@pytest.mark.parametrize("license_number", [None, "D000099"])
def test_what_was_said_in_another_case_is_not_raised(license_number: str | None) -> None:
    said = REMEMBERED.model_copy(update={"license": license_number})
    license_ = issued().found(POSSIBLE, remembered=(said,))
    assert kinds(license_) == [ResolutionRemembered, PartyListed]
    assert (status(license_).waiting_for, counts(license_)) == ("nobody", (0, 0))
    assert license_.opened.resolutions == (said,)
    # Once is enough.
    assert kinds(license_.found(LISTED, POSSIBLE, remembered=(said,)))[2:] == [PartyListed]


def test_who_spoke_on_the_license_comes_first() -> None:
    license_ = issued().found(POSSIBLE).after(TRUE).found()
    back = license_.found(POSSIBLE, remembered=(REMEMBERED,))
    assert kinds(back)[-1] is PartyListed
    assert ResolutionRemembered not in kinds(back)
    assert counts(back) == (1, 0)


@pytest.mark.parametrize(
    "said",
    [
        REMEMBERED.model_copy(update={"pair": "sha256:" + "9" * 64}),
        REMEMBERED.model_copy(update={"remembered_from": None}),
        REMEMBERED.model_copy(update={"resolved_by": APPLICANT}),
        REMEMBERED.model_copy(
            update={"resolved_by": OFFICER.model_copy(update={"organisation": OTHER_APPLICANT.organisation})}
        ),
    ],
    ids=["another pair", "of nowhere", "by the licensee", "by who is to have it"],
)
def test_what_does_not_hold_here_is_not_remembered(said: Resolution) -> None:
    license_ = issued().after(TRANSFER).found(POSSIBLE, remembered=(said,))
    assert ResolutionRemembered not in kinds(license_)
    assert counts(license_) == (0, 1)


def test_the_event_says_who_said_what_of_which_pair() -> None:
    license_ = issued().found(POSSIBLE)
    (event,) = accepted(license_.asked(DENIED))
    assert event == MatchResolved(
        at=BEGIN,
        by=OFFICER,
        party=1,
        listing=ALIKE.listing,
        pair=ALIKE.pair or "",
        verdict=Verdict.FALSE_MATCH,
        reason=DENIED.reason,
    )
