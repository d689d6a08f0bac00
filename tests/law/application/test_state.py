"""The state folded from events, and the dossier read off it."""

from dataclasses import replace

import pytest

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import ApplicationWithdrawn
from greenlight.law.application.state import (
    ApplicationState,
    dossier,
    dossier_before,
    dossier_digest,
    evolve,
)
from greenlight.law.license.events import LicenseExpired
from tests.law.actors import APPLICANT
from tests.law.application.cases import BEGIN, GRANT, Case, in_review, submitted
from tests.law.application.stories import EXISTING, Story
from tests.law.application.test_events import REFUSED


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_a_state_round_trips_through_json(story: Story) -> None:
    case = story()
    text = case.opened.model_dump_json()
    again = ApplicationState.model_validate_json(text, strict=True)
    assert again == case.opened
    assert again.model_dump_json() == text


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_a_state_is_what_its_records_add_up_to(story: Story) -> None:
    case = story()
    records = tuple(event.record() for event in case.events)
    assert APPLICATION.replay(None, records) == case.opened
    for cut in range(1, len(records)):
        earlier = APPLICATION.replay(None, records[:cut])
        assert APPLICATION.replay(earlier, records[cut:]) == case.opened


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_the_digest_is_that_of_the_dossier(story: Story) -> None:
    case = story()
    assert dossier_digest(case.opened) == digest(dossier(case.opened))
    assert APPLICATION.dossier(case.opened) == dossier(case.opened)


def test_the_dossier_holds_what_a_decision_rests_on() -> None:
    assert set(dossier(in_review().opened)) == {
        "acn",
        "submitted_by",
        "submission",
        "parties",
        "screening",
        "inquiries",
        "recommendation",
        "countersignature",
        "sent_back",
        "referrals",
        "decision",
        "denials",
    }


def test_a_hold_that_lasts_is_part_of_what_is_decided_on() -> None:
    read = in_review()
    held = read.held()
    holds = dossier(held.opened)["holds"]
    assert isinstance(holds, list)
    (hold,) = holds
    assert isinstance(hold, dict)
    assert hold["number"] == 1
    assert hold["kind"] == "pre_license_check"
    assert hold["reason"] == "A visit to the end user."
    old = replace(held.command(GRANT), dossier=read.digest)
    decided = APPLICATION.decide(held.opened, old, held.now)
    assert isinstance(decided, Refusal)
    assert decided.code is RefusalCode.DOSSIER_CHANGED
    assert held.lifted().digest == read.digest


def test_the_hold_of_an_open_question_is_told_by_the_question() -> None:
    asked = in_review().inquired()
    assert "holds" not in dossier(asked.opened)
    assert [each.number for each in asked.held().opened.open_holds] == [2]


def test_what_was_signed_before_the_dossier_had_holds_is_known_again() -> None:
    held = in_review().held()
    before = digest(dossier_before(held.opened))
    assert before != held.digest
    assert APPLICATION.had(held.opened, before)
    assert APPLICATION.had(held.opened, held.digest)
    assert not APPLICATION.had(held.opened, digest({}))
    # It is read so, and no new decision rests on it.
    decided = APPLICATION.decide(held.opened, replace(held.command(GRANT), dossier=before), held.now)
    assert isinstance(decided, Refusal)


def test_a_refusal_changes_nothing() -> None:
    case = in_review()
    assert APPLICATION.apply(case.opened, REFUSED) is case.opened
    assert APPLICATION.apply(None, REFUSED) is None
    assert APPLICATION.replay(case.opened, (REFUSED.record(),)) is case.opened


@pytest.mark.parametrize(
    ("story", "event"),
    [
        (Case, ApplicationWithdrawn(at=BEGIN, by=APPLICANT, reason=None)),
        (submitted, LicenseExpired(at=BEGIN)),
    ],
    ids=["before the submission", "of a license"],
)
def test_an_event_out_of_place_is_a_defect(story: Story, event: Event) -> None:
    with pytest.raises(ValueError, match=type(event).__name__):
        evolve(story().state, event)
