"""What an application shows of itself to the world outside."""

import json
from datetime import date

import pytest

from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.interagency.wording import asked_agencies
from greenlight.law.application.state import Stage
from greenlight.law.application.transaction import transaction_digest
from greenlight.law.application.validity import Validity
from greenlight.law.directive.scope import Posture
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseIssued
from tests.kernel.time.samples import washington
from tests.law.actors import APPLICANTS_COLLEAGUE
from tests.law.application.cases import GRANT_IN_PART, NUMBER, in_review, submitted, with_executive
from tests.law.application.directives import directive, held_against
from tests.law.application.stories import EXISTING, Story

WAITS_FOR = {
    Stage.TRIAGE: "screening",
    Stage.REVIEW: "licensing_officer",
    Stage.AWAITING_ANSWER: "applicant",
    Stage.COUNTERSIGNATURE: "countersigner",
    Stage.SIGN_OFF: "executive",
    Stage.INTERAGENCY: "agency_reviewer",
    Stage.OPERATING_COMMITTEE: "oc_chair",
    Stage.ESCALATION: "agency_reviewer",
    Stage.ACEP: "acep_member",
    Stage.EARB: "earb_member",
    Stage.PRESIDENT: "executive",
    Stage.INTENT_TO_DENY: "applicant",
    Stage.DENIED: "applicant",
    Stage.APPEAL: "executive",
}
DENIED = {Stage.DENIED, Stage.APPEAL, Stage.FINALLY_DENIED}


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_the_status_says_who_must_act(story: Story) -> None:
    case = story()
    status = APPLICATION.status(case.opened)
    stage = case.opened.stage
    assert status.stage == stage
    assert status.closed == stage.closed
    expected = WAITS_FOR.get(stage, "nobody")
    if stage is Stage.TRIAGE and case.opened.screened:
        expected = "licensing_officer"
    if stage is Stage.ESCALATION and case.opened.dispute and case.opened.dispute.forum == "earb":
        expected = "agency_head"
    if stage is Stage.COUNTERSIGNATURE and asked_agencies(case.opened):
        expected = "agency_reviewer"
    assert status.waiting_for == expected
    assert status.outcome == ("denied" if stage in DENIED else stage.value if stage.closed else None)


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_neither_parties_nor_goods_are_shown(story: Story) -> None:
    case = story()
    submission = case.opened.submission
    secrets = [
        submission.applicant,
        submission.end_use,
        *(party.name for party in case.opened.parties),
        *(item.description for item in submission.items),
    ]
    shown = (
        APPLICATION.view(case.opened, 7).model_dump_json(),
        APPLICATION.status(case.opened).model_dump_json(),
        *(deadline.explanation for deadline in APPLICATION.deadlines(case.opened)),
    )
    assert [secret for secret in secrets for text in shown if secret in text] == []


def test_the_row_of_an_open_case() -> None:
    view = APPLICATION.view(submitted(at=washington(2026, 9, 1)).later(days=20).assigned().opened, 3)
    assert view.model == "docket"
    assert json.loads(view.model_dump_json())["row"] == {
        "stays": [{"names": ["service"], "since": "2026-09-01T14:00:00Z"}],
        "closed": False,
        "acn": "Z000001",
        "stage": "triage",
        "waiting_for": "screening",
        "assigned_to": "lee",
        "listed": None,
        "due": "2026-12-01T05:00:00Z",
        "registered_at": "2026-09-01T14:00:00Z",
        "decided_at": None,
        "outcome": None,
        "license_number": None,
        "overdue": "initial_action",
        "expedited": False,
        "frozen_since": None,
        "frozen_until": None,
        "frozen_by": None,
        "applicant": "example-networks",
        "agencies": [],
        "pending_transaction": transaction_digest(submitted().opened),
        "item_class": "EAR99",
        "value_usd_cents": 200_000_00,
        "dispositions": [],
        "resolutions": [],
        "tasks": [],
        "version": 3,
    }


def test_the_row_of_a_closed_case() -> None:
    row = APPLICATION.view(with_executive().signed_off().opened, 6).row
    assert (row["stage"], row["outcome"], row["license_number"]) == ("granted", "granted", NUMBER)
    assert (row["waiting_for"], row["due"], row["listed"]) == ("nobody", None, True)
    assert row["decided_at"]
    assert row["pending_transaction"] is None
    assert row["tasks"] == []


def test_a_grant_in_part_is_shown_as_such() -> None:
    case = in_review().recommended(GRANT_IN_PART).countersigned()
    assert APPLICATION.view(case.opened, 5).row["outcome"] == "granted_in_part"
    assert APPLICATION.status(case.opened).outcome == "granted_in_part"


def test_a_stopped_clock_shows_no_due_date() -> None:
    assert APPLICATION.status(submitted().inquired().opened).due is None


def test_a_grant_begins_a_license_with_the_granted_lines() -> None:
    case = in_review().recommended(GRANT_IN_PART).countersigned()
    (append,) = APPLICATION.consequences(case.opened, case.events)
    assert (append.stream, append.expected_version) == ("license-D000001", 0)
    (record,) = append.events
    issued = LICENSE.read(record)
    assert isinstance(issued, LicenseIssued)
    assert (issued.number, issued.acn, issued.licensee) == (NUMBER, "Z000001", "example-networks")
    assert [item.line for item in issued.items] == [1]
    assert (issued.conditions, issued.riders) == (("No resale.",), ("See 750.7.",))
    assert issued.at == case.opened.decided_at
    assert append.view == LICENSE.view(LICENSE.evolve(None, issued), 1)
    assert issued.acted_for_licensee == {"p-rivera"}


@pytest.mark.parametrize(
    ("validity", "last_day"),
    [
        (Validity.STANDARD, date(2030, 9, 1)),
        (Validity.SHORT_SUPPLY, date(2027, 9, 1)),
        (Validity.EMERGENCY, date(2026, 10, 31)),
    ],
)
def test_a_license_is_valid_for_as_long_as_was_recommended(validity: Validity, last_day: date) -> None:
    case = in_review().inquired().answered(by=APPLICANTS_COLLEAGUE)
    case = case.recommended(GRANT_IN_PART.model_copy(update={"validity": validity})).countersigned()
    (append,) = APPLICATION.consequences(case.opened, case.events)
    issued = LICENSE.read(append.events[0])
    assert isinstance(issued, LicenseIssued)
    assert (issued.validity, issued.valid_through) == (validity, last_day)
    assert issued.acted_for_licensee == {"p-rivera", "p-osei"}


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_nothing_but_a_grant_concerns_another_stream(story: Story) -> None:
    case = story()
    assert len(APPLICATION.consequences(case.opened, case.events)) == (case.opened.stage is Stage.GRANTED)


def test_a_frozen_case_says_since_when_and_by_which_directive_it_stands() -> None:
    case = held_against(in_review(), directive(Posture.HOLD))
    stands = APPLICATION.status(case.opened).model_dump(mode="json")["stands"]
    row = APPLICATION.view(case.opened, 5).row
    assert stands["directive"] == row["frozen_by"] == "order-1"
    assert stands["since"] == row["frozen_since"] == "2026-09-01T14:00:00Z"
    assert stands["until"] == row["frozen_until"] == "2026-10-01T14:00:00Z"
    assert "stands" not in APPLICATION.status(in_review().opened).model_dump(mode="json")
