"""The state of a license, its records, and what it shows."""

import json
from datetime import date, timedelta
from typing import get_args

import pytest

from greenlight.kernel.aggregate import CommandRefused, Decision
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.dossier import Finding, Match
from greenlight.law.application.needs import RememberedOf
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.screening.resolution import ResolutionLapsed, ResolutionRemembered
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import ConfirmListing, RecordListed, RefuseTransfer
from greenlight.law.license.events import (
    LicenseEvent,
    LicenseExpired,
    LicenseRevokedByDirective,
    PartyDelisted,
    PartyListed,
)
from greenlight.law.license.state import CLOSED, LicenseState, Stage, dossier_digest, evolve
from greenlight.law.license.usage import MAX_LINES_ON_FILE, on_file
from tests.law.actors import EXECUTIVE, OFFICER
from tests.law.application.cases import BEGIN
from tests.law.decisions import Told, accepted, code_of
from tests.law.license.cases import (
    ALL,
    DENIED,
    EXISTING,
    NOTED,
    POSSIBLE,
    REVOKE,
    TRANSFER,
    Licensed,
    Story,
    issued,
    shipment,
    used_up,
)

VERSION = digest({"version": 1})
LISTED = Finding(
    party=0,
    outcome="listed",
    matches=(Match(listing="acme", name="Acme", citation="84 FR 22961", review_policy="Denial"),),
)

EVENTS: dict[str, Event] = {
    type(event).__name__: event for story in EXISTING.values() for event in story().events
} | {
    "LicenseRevokedByDirective": LicenseRevokedByDirective(
        at=BEGIN, directive="order-1", author=EXECUTIVE, citation="84 FR 22961", reasons="By order."
    ),
    "FlipNoted": issued().flipped().after(NOTED).events[-1],
    "PartyListed": PartyListed(at=BEGIN, list_version=VERSION, findings=(LISTED,)),
    "ResolutionRemembered": ResolutionRemembered(
        at=BEGIN,
        listing="acme",
        pair=VERSION,
        verdict=Verdict.FALSE_MATCH,
        resolved_by=OFFICER,
        resolved_at=BEGIN,
        remembered_from="Z000099",
        license="D000099",
    ),
    "MatchConfirmed": issued().found(POSSIBLE).after(DENIED).after(ConfirmListing(party=1)).events[-1],
    "ResolutionLapsed": ResolutionLapsed(at=BEGIN, listing="acme", pair=VERSION),
    "PartyDelisted": PartyDelisted(at=BEGIN, list_version=VERSION),
}
REFUSED = CommandRefused(
    at=BEGIN,
    by=None,
    command="accept_conditions",
    command_id=None,
    code=RefusalCode.UNSIGNED,
    message="the token is not a signed compact JWS",
)


def test_there_is_a_sample_of_every_event() -> None:
    assert set(EVENTS) == {kind.__name__ for kind in get_args(LicenseEvent)}


@pytest.mark.parametrize("event", [*EVENTS.values(), REFUSED], ids=lambda event: type(event).__name__)
def test_an_event_round_trips_through_its_record(event: Event) -> None:
    again = LICENSE.read(event.record())
    assert again == event
    assert type(again) is type(event)
    assert again.record() == event.record()


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_a_state_round_trips_and_is_what_its_records_add_up_to(story: Story) -> None:
    license_ = story()
    state = license_.opened
    assert LicenseState.model_validate_json(state.model_dump_json(), strict=True) == state
    assert LICENSE.replay(None, tuple(event.record() for event in license_.events)) == state


def test_conditions_await_acceptance_and_none_await_nothing() -> None:
    assert issued("No resale.").opened.stage is Stage.AWAITING_ACCEPTANCE
    assert issued().opened.stage is Stage.ACTIVE


def test_the_dossier_is_the_terms_and_changes_by_decisions_alone() -> None:
    terms = LICENSE.dossier(issued("No resale.").opened)
    assert set(terms) == {
        *("number", "acn", "licensee", "valid_through", "items", "conditions", "riders"),
        *("transfer", "former_licensee", "suspensions", "end"),
    }
    used = issued("No resale.").accepted().shipped()
    expired = used.later(days=1500).advanced()
    assert digest(LICENSE.dossier(expired.opened)) == digest(terms)
    changed = [used.after(TRANSFER), used.transferred(), used.suspended(), used.suspended().reinstated()]
    digests = {digest(LICENSE.dossier(license_.opened)) for license_ in (used, *changed, used.after(REVOKE))}
    assert len(digests) == 6


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_the_status_says_who_must_act(story: Story) -> None:
    license_ = story()
    status = LICENSE.status(license_.opened)
    stage = license_.opened.stage
    assert (status.stage, status.license_number) == (stage, "D000001")
    assert status.retained_through == license_.opened.retained_through
    assert status.closed == (stage in CLOSED) == (status.outcome is not None)
    assert (status.due is None) == status.closed


@pytest.mark.parametrize(
    ("license_", "waits_for"),
    [
        (issued("No resale."), "applicant"),
        (issued(), "nobody"),
        (issued().after(TRANSFER), "licensing_officer"),
        (issued("No resale.").after(TRANSFER), "licensing_officer"),
        (issued().after(TRANSFER).after(RefuseTransfer(reasons="No.")), "nobody"),
        (issued().suspended(), "licensing_officer"),
        (used_up(), "nobody"),
        (issued().after(TRANSFER).shipped(*ALL), "licensing_officer"),
        (issued().after(TRANSFER).after(REVOKE), "nobody"),
    ],
)
def test_a_license_waits_for_whoever_has_something_to_do(license_: Licensed, waits_for: str) -> None:
    assert LICENSE.status(license_.opened).waiting_for == waits_for


def recording(license_: Licensed, *findings: Finding) -> Decision:
    body = RecordListed(list_version=VERSION, findings=findings)
    facts = Told(by_type={RememberedOf: ()})
    command: Command[Body] = Command(key=license_.opened.number, body=body, by=None, facts=facts)
    return LICENSE.decide(license_.state, command, BEGIN + timedelta(days=10))


def test_a_license_waits_for_an_officer_while_a_party_is_listed_that_was_not_before() -> None:
    before = issued()
    listed = before.with_events(*accepted(recording(before, LISTED)))
    assert listed.opened.listed == (LISTED,)
    assert dossier_digest(listed.opened) != dossier_digest(before.opened)
    status = LICENSE.status(listed.opened)
    assert (status.waiting_for, status.listed) == ("licensing_officer", True)
    assert LICENSE.view(listed.opened, 2).row["listed"] == 1
    assert code_of(recording(listed, LISTED)) is RefusalCode.WRONG_STAGE
    after = listed.with_events(*accepted(recording(listed)))
    assert after.opened.listed == ()
    assert LICENSE.status(after.opened).waiting_for == "nobody"


def test_an_ended_license_is_left_alone() -> None:
    assert code_of(recording(issued().after(REVOKE), LISTED)) is RefusalCode.CASE_CLOSED


def test_the_state_of_a_license_in_heavy_use_stays_small() -> None:
    """A thousand shipments of one line: some 50 kB, against a payload limit of 2 MB."""
    state = issued().opened
    before = len(state.model_dump_json())
    shipments = tuple(
        on_file(shipment(date(2026, 9, 1), (1, 10, 100_000_00), number=number)) for number in range(1_000)
    )
    grown = len(state.model_copy(update={"shipments": shipments}).model_dump_json()) - before
    assert grown < 55 * 1_000
    largest = MAX_LINES_ON_FILE * (grown // 1_000)
    assert largest < 600_000


def test_the_row_counts_conditions_and_shows_no_goods() -> None:
    view = LICENSE.view(issued("No resale.").opened, 1)
    assert view.model == "license"
    assert json.loads(view.model_dump_json())["row"] == {
        "number": "D000001",
        "acn": "Z000001",
        "stage": "awaiting_acceptance",
        "licensee": "example-networks",
        "licensees": ["example-networks"],
        "waiting_for": "applicant",
        "closed": False,
        "issued_at": "2026-09-01T14:00:00Z",
        "valid_through": "2030-09-01",
        "retained_through": "2035-09-01",
        "conditions": 1,
        "listed": 0,
        "possible": 0,
        "flips": 0,
        "due": "2030-09-02T04:00:00Z",
        "version": 1,
        "resolutions": [],
    }
    assert "Base station" not in view.model_dump_json()


def test_a_license_concerns_no_other_stream() -> None:
    license_ = issued("No resale.").accepted()
    assert LICENSE.consequences(license_.opened, license_.events) == ()


@pytest.mark.parametrize(
    ("story", "event"),
    [(Licensed, LicenseExpired(at=BEGIN)), (issued, issued().events[0])],
    ids=["before the issue", "issued twice"],
)
def test_an_event_out_of_place_is_a_defect(story: Story, event: Event) -> None:
    with pytest.raises(ValueError, match=f"{type(event).__name__} cannot follow"):
        evolve(story().state, event)
