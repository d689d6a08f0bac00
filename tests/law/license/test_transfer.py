"""A license goes to whoever is registered, has accepted, was screened, and is on no list (15 CFR 750.10)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.need import Facts, Need
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.application.dossier import Finding, Screening
from greenlight.law.application.needs import RegisteredName, RememberedOf, ScreeningOf
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.screening.language import Verdict
from greenlight.law.directive.standing import Standing, StandingNow
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import (
    ApproveTransfer,
    ConfirmListing,
    RefuseTransfer,
    RequestTransfer,
    ResolveListing,
    Suspend,
)
from greenlight.law.license.events import PartyListed, TransferAccepted
from greenlight.law.license.refusals import LicenseRefusal
from tests.law import actors
from tests.law.application.cases import ALIKE, MATCH, submitted
from tests.law.application.stories import REMEMBERED
from tests.law.decisions import Told, code_of, told
from tests.law.license.cases import ACCEPT, CLEAR, FACTS, TRANSFER, Licensed, issued

PLACE = 2
"""Of whoever is to have the license: behind the two parties of the application."""


def of_them(finding: Finding) -> Screening:
    return Screening(list_version=None, findings=(finding,))


PERHAPS = of_them(Finding(party=0, outcome="possible_match", matches=(ALIKE,)))
LISTED = of_them(Finding(party=0, outcome="listed", matches=(MATCH,)))
NOT_SCREENED = of_them(Finding(party=0, outcome="could_not_screen", reason="the list is too old"))
NAMELESS = of_them(
    Finding(
        party=0, outcome="could_not_screen", reason="no letters", curable=False, pair="sha256:" + "4" * 64
    )
)


def said(verdict: Verdict, listing: str | None = ALIKE.listing) -> ResolveListing:
    return ResolveListing(party=PLACE, listing=listing, verdict=verdict, reason="By its registry number.")


def approved(license_: Licensed, found: Screening) -> Decision:
    """The decision on an approval, where that is found of them by then."""
    return license_.decides(told(license_.command(ApproveTransfer()), {ScreeningOf: found}))


def test_nothing_is_transferred_to_who_has_not_accepted() -> None:
    asked = issued().after(TRANSFER)
    assert code_of(approved(asked, CLEAR)) is LicenseRefusal.TRANSFER_NOT_ACCEPTED
    assert code_of(approved(asked.after(ACCEPT), CLEAR)) is None


def test_they_alone_accept_and_only_while_it_is_asked_for() -> None:
    asked = issued().after(TRANSFER)
    for by in (actors.APPLICANT, actors.OFFICER):
        assert code_of(asked.asked(ACCEPT, by)) in {RefusalCode.NOT_THE_APPLICANT, RefusalCode.WRONG_ROLE}
    assert code_of(issued().asked(ACCEPT)) is LicenseRefusal.NO_TRANSFER_REQUESTED
    refused = asked.after(ACCEPT).after(RefuseTransfer(reasons="Abroad."))
    assert code_of(refused.asked(ACCEPT)) is LicenseRefusal.NO_TRANSFER_REQUESTED
    # What they said then is not said of the next one.
    again = refused.after(RequestTransfer(transferee="rival-networks", reasons="Moved."))
    assert code_of(approved(again, CLEAR)) is LicenseRefusal.TRANSFER_NOT_ACCEPTED


def test_who_accepted_for_them_decides_nothing() -> None:
    accepted = issued().after(TRANSFER).after(ACCEPT)
    officer = actors.OFFICER.model_copy(update={"officer": "double", "person": actors.OTHER_APPLICANT.person})
    assert code_of(accepted.asked(ApproveTransfer(), officer)) is RefusalCode.OWN_APPLICATION


def test_who_decided_on_the_license_does_not_accept_it() -> None:
    asked = issued().suspended().reinstated().after(TRANSFER)
    twin = actors.OTHER_APPLICANT.model_copy(update={"officer": "double", "person": actors.OFFICER.person})
    assert code_of(asked.asked(ACCEPT, twin)) is RefusalCode.BOTH_SIDES


def test_they_are_held_against_the_list_with_the_acceptance() -> None:
    asked = issued().after(TRANSFER)
    bare = replace(asked.command(ACCEPT), facts=Facts())
    registered = RegisteredName(bare.sender.officer)
    assert asked.decides(bare) == registered
    bare = bare.knowing(registered, None)
    need = asked.decides(bare)
    assert need == CaseOf(asked.opened.acn)
    knowing = bare.knowing(CaseOf(asked.opened.acn), submitted().opened)
    need = asked.decides(knowing)
    assert isinstance(need, ScreeningOf)
    assert [(party.name, party.country) for party in need.parties] == [(ACCEPT.name, ACCEPT.country)]
    last = issued().accepted_by(PERHAPS).events[-1]
    assert isinstance(last, TransferAccepted)
    assert (last.finding.party, last.transferee) == (PLACE, "rival-networks")


@pytest.mark.parametrize(
    ("found", "words", "code"),
    [
        (PERHAPS, (), RefusalCode.SCREENING_INCOMPLETE),
        (PERHAPS, (said(Verdict.FALSE_MATCH),), None),
        (PERHAPS, (said(Verdict.TRUE_MATCH),), LicenseRefusal.TRANSFEREE_LISTED),
        (LISTED, (), LicenseRefusal.TRANSFEREE_LISTED),
        (LISTED, (said(Verdict.FALSE_MATCH, MATCH.listing),), None),
        (NOT_SCREENED, (), RefusalCode.SCREENING_INCOMPLETE),
        (Screening(list_version=None, findings=()), (), RefusalCode.SCREENING_INCOMPLETE),
        (NAMELESS, (), RefusalCode.SCREENING_INCOMPLETE),
        (NAMELESS, (said(Verdict.FALSE_MATCH, None),), None),
    ],
    ids=[
        "perhaps listed",
        "perhaps listed, and is not",
        "perhaps listed, and is",
        "listed",
        "listed, and is another",
        "not screened",
        "told nothing of",
        "cannot be compared",
        "cannot be compared, and is on no list",
    ],
)
def test_who_may_be_listed_gets_no_license(
    found: Screening, words: tuple[ResolveListing, ...], code: Code | None
) -> None:
    license_ = issued().accepted_by(found)
    for word in words:
        license_ = license_.after(word)
    assert code_of(approved(license_, found)) is code


def test_they_are_held_against_the_list_again_when_it_is_approved() -> None:
    license_ = issued().after(TRANSFER).after(ACCEPT)
    assert code_of(approved(license_, PERHAPS)) is RefusalCode.SCREENING_INCOMPLETE
    assert code_of(approved(license_, NOT_SCREENED)) is RefusalCode.SCREENING_INCOMPLETE
    again = license_.with_events(*issued().accepted_by(PERHAPS).events[-1:])
    assert code_of(approved(again.after(said(Verdict.FALSE_MATCH)), PERHAPS)) is None


def test_what_is_known_of_them_from_other_cases_counts() -> None:
    license_ = issued().accepted_by(PERHAPS, REMEMBERED)
    assert code_of(approved(license_, PERHAPS)) is None


def test_what_is_said_of_them_counts_in_other_cases_once_confirmed() -> None:
    license_ = issued().accepted_by(PERHAPS).after(said(Verdict.FALSE_MATCH))
    confirmed = license_.after(ConfirmListing(party=PLACE))
    (word,) = confirmed.opened.resolutions
    assert word.counts_elsewhere(confirmed.now)


def test_a_match_of_them_is_shown_signed_and_waited_for() -> None:
    clear, perhaps = issued().after(TRANSFER).after(ACCEPT), issued().accepted_by(PERHAPS)
    assert LICENSE.dossier(clear.opened) != LICENSE.dossier(perhaps.opened)
    assert LICENSE.dossier(issued().after(TRANSFER).opened)["transfer"] == {
        "transferee": "rival-networks",
        "reasons": TRANSFER.reasons,
        "requested_by": actors.APPLICANT.model_dump(mode="json"),
        "approved": None,
        "decided_by": None,
    }
    assert perhaps.opened.found.possible_parties == {PLACE}
    # Refused, they are no concern of the license any more.
    refused = perhaps.after(RefuseTransfer(reasons="Abroad."))
    assert refused.opened.found.possible_parties == frozenset()
    assert code_of(refused.asked(Suspend(reasons="x"))) is None


@pytest.mark.parametrize(
    ("license_", "screened"),
    [
        (lambda: issued().after(TRANSFER), 2),
        (lambda: issued().after(TRANSFER).after(ACCEPT), 3),
        (lambda: issued().transferred(), 3),
        (lambda: issued().after(TRANSFER).after(ACCEPT).after(RefuseTransfer(reasons="Abroad.")), 2),
    ],
    ids=["asked for", "accepted", "transferred", "refused"],
)
def test_a_later_list_is_held_against_the_new_licensee_too(
    license_: Callable[[], Licensed], screened: int
) -> None:
    case = license_()
    facts = Facts().knowing(StandingNow(), Standing(orders=1))
    facts = facts.knowing(CaseOf(case.opened.acn), submitted().opened)
    need = LICENSE.look_into("directives", case.opened, "D000001", facts, case.now)
    assert isinstance(need, Need)
    assert isinstance(need, ScreeningOf)
    assert len(need.parties) == screened


def test_what_a_later_list_has_of_them_takes_the_place_of_what_was_found() -> None:
    license_ = issued().accepted_by(PERHAPS)
    other = MATCH.model_copy(update={"listing": "entity-list/9", "pair": "sha256:" + "9" * 64})
    later = license_.found(Finding(party=PLACE, outcome="possible_match", matches=(other,)))
    assert isinstance(later.events[-1], PartyListed)
    assert {hit.match.listing for hit in later.opened.found.hits} == {"entity-list/9"}
    # Accepted anew, they are what they are found to be then.
    facts = Told(by_type={**FACTS, ScreeningOf: PERHAPS, RememberedOf: ()})
    again = replace(later.command(ACCEPT), facts=facts)
    events = later.decides(again)
    assert isinstance(events, tuple)
    assert {hit.match.listing for hit in later.with_events(*events).opened.found.hits} == {ALIKE.listing}
