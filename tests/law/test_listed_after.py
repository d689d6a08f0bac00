"""The authorisations of the report to Congress by hand: licenses whose party was listed after the grant."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from greenlight.kernel.commit import Event
from greenlight.law.application.dossier import Finding, Parties
from greenlight.law.application.screening.language import Verdict
from greenlight.law.congress import Standing, Step
from greenlight.law.license.commands import ResolveListing, Revoke
from greenlight.law.license.events import PartyListed
from greenlight.law.listed_after import listed_after
from greenlight.law.reported import Row
from greenlight.law.sources import MILITARY_END_USER
from tests.law.application.cases import Case
from tests.law.license.cases import Licensed, issued
from tests.law.test_congress import AGENT, BUYER, TABLES, filed, found, on

GRANTED = filed(AGENT, BUYER).screened().recommended().countersigned().signed_off()
YEAR = GRANTED.now.year
LATER = BUYER.model_copy(update={"name": "Beacon Ltd."})
PARTIES: Parties = (AGENT, LATER)


def license_() -> Licensed:
    return issued(at=GRANTED.now).later(days=20)


def met(
    slug: str = "entity-list", *, party: int = 1, alike: bool = False, listing: str = "entry-1"
) -> Finding:
    match = on(slug, listing=listing, alike=alike)
    return Finding(party=party, outcome="possible_match" if alike else "listed", matches=(match,))


def steps(events: Sequence[Event], begin: int) -> list[Step]:
    return [Step(event, place, begin + place) for place, event in enumerate(events, 1)]


def asked(it: Licensed, year: int = YEAR, case: Case = GRANTED) -> Row | Standing:
    return listed_after(steps(it.events, 500), case.opened, steps(case.events, 100), year, TABLES)


def authorisation() -> Row:
    """A license of 2026 whose party was listed in January after."""
    case = filed(*PARTIES).screened().recommended().countersigned().signed_off()
    it = issued(at=case.now).at(case.now.replace(year=2027, month=1, day=21)).found(met())
    row = asked(it, 2027, case)
    assert isinstance(row, Row)
    return row


def test_a_party_that_was_listed_after_the_grant_is_told_with_its_day_and_its_list() -> None:
    it = license_().found(met())
    row = asked(it)
    assert isinstance(row, Row)
    (party,) = row.covered
    (entry,) = party.listings
    listed = it.events[-1]
    assert isinstance(listed, PartyListed)
    assert (party.name, party.country) == (BUYER.name, "CN")
    assert (entry.since, entry.list_version) == (listed.at.date(), listed.list_version)
    assert entry.since is not None
    assert entry.since > GRANTED.now.date()
    assert (row.license_number, row.decision, row.valid_through) == (
        it.opened.number,
        "approved",
        it.opened.valid_through,
    )
    told = [(each.stream, each.type) for each in row.evidence]
    assert (f"license-{it.opened.number}", "PartyListed") in told
    assert (f"license-{it.opened.number}", "LicenseIssued") in told
    assert (f"application-{GRANTED.opened.acn}", "ApplicationSubmitted") in told
    assert all(stream for stream, _ in told)


@pytest.mark.parametrize(
    "finding",
    [met("sdn"), met(party=0), met(alike=False, slug="denied-persons")],
    ids=["another list", "another country", "denied"],
)
def test_a_party_has_to_be_there_and_on_one_of_the_two_lists(finding: Finding) -> None:
    assert asked(license_().found(finding)) is Standing.OUTSIDE


def test_a_license_that_no_later_list_says_anything_of_is_none() -> None:
    assert asked(license_()) is Standing.OUTSIDE
    assert isinstance(asked(license_().found(met(MILITARY_END_USER))), Row)


def test_what_is_alike_is_not_known_until_an_officer_resolves_it() -> None:
    it = license_().found(met(alike=True))
    assert asked(it) is Standing.UNSETTLED
    word = ResolveListing(
        party=1, listing="entry-1", verdict=Verdict.TRUE_MATCH, reason="The same registry number."
    )
    resolved = it.later(days=2).after(word)
    row = asked(resolved)
    assert isinstance(row, Row)
    assert row.covered[0].listings[0].since == resolved.now.date()
    assert "MatchResolved" in {each.type for each in row.evidence}
    denied = word.model_copy(update={"verdict": Verdict.FALSE_MATCH})
    assert asked(it.after(denied)) is Standing.OUTSIDE


def test_it_belongs_into_the_years_in_which_it_was_in_force_and_the_party_listed() -> None:
    it = issued(at=GRANTED.now).later(days=400).found(met())
    listed = it.now.year
    assert listed > YEAR
    assert asked(it, YEAR) is Standing.OUTSIDE, "nobody was listed yet"
    last = it.opened.valid_through.year
    assert [isinstance(asked(it, year), Row) for year in (listed, last, last + 1)] == [True, True, False]
    gone = it.later(days=10).found()
    assert isinstance(asked(gone, listed), Row)
    assert asked(gone, listed + 1) is Standing.OUTSIDE
    revoked = it.later(days=5).after(Revoke(reasons="Diversion."))
    assert isinstance(asked(revoked, listed), Row)
    assert asked(revoked, listed + 1) is Standing.OUTSIDE
    row = asked(revoked, listed)
    assert isinstance(row, Row)
    assert row.evidence[-1].type == "LicenseRevoked"


def test_a_listing_after_the_license_was_over_is_none() -> None:
    revoked = license_().after(Revoke(reasons="Diversion."))
    assert asked(revoked.with_events(*license_().found(met()).events[-1:])) is Standing.OUTSIDE


def test_the_row_is_that_of_the_events_and_no_clock() -> None:
    it = license_().found(met())
    assert asked(it) == asked(it.at(it.now + timedelta(days=3)))
    assert asked(it, date.max.year - 1) is Standing.OUTSIDE


def test_an_application_that_was_listed_at_the_grant_is_no_later_one() -> None:
    case = filed(AGENT, BUYER).found(found(on("entity-list"))).recommended().countersigned().signed_off()
    assert asked(license_(), case=case) is Standing.OUTSIDE
