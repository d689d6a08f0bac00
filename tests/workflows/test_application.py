"""Applications from their submission to every outcome, and what people see of them in Temporal meanwhile."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pytest
import pytest_asyncio
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.common import SearchAttributeKey

from greenlight.client import LicensingClient, Refused
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import license_stream, stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Answer,
    Assign,
    Countersign,
    Recommend,
    RequestInformation,
    Withdraw,
)
from greenlight.law.application.dossier import Item, Submission
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.contract import TASK_QUEUE, SearchAttribute
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import AcceptConditions
from greenlight.law.license.refusals import LicenseRefusal
from tests.law.application.cases import (
    DENY,
    GRANT,
    GRANT_IN_PART,
    OTHER_PARTIES,
    PARTIES,
    item,
    new_submission,
    submission,
)
from tests.workflows.histories import in_payload, texts
from tests.workflows.office import Office, eventually, failure, new_number, refusal
from tests.workflows.stories import LISTED, STORIES, Story

APPLICATION_MESSAGES = tuple(APPLICATION.messages)
LICENSE_MESSAGES = tuple(LICENSE.messages)

Delivery = Literal["update", "signal"]
DELIVERIES: tuple[Delivery, ...] = ("update", "signal")
TELLINGS: list[tuple[str, Delivery]] = [(name, delivery) for name in STORIES for delivery in DELIVERIES]
"""Signals do the same as updates of the same name."""

CONFIDENTIAL = (
    "Example Networks",
    "Harbour Trading",
    "Lighthouse Telecom",
    "Skerry Mobile",
    "Huawei",
    "Base station",
    "rural mobile network",
    "Civil end use",
    "Diversion risk",
    "No resale",
    "Who operates",
    "municipality",
    "The buyer changed",
    "Reconsider",
    "fell through",
)
"""Parties, goods, and what is said about them in the stories."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story that was lived through: the stream, unless something went wrong."""

    story: Story
    delivery: Delivery
    lived: str | BaseException

    @property
    def stream(self) -> str:
        if isinstance(self.lived, BaseException):
            raise self.lived
        return self.lived


@pytest_asyncio.fixture(scope="session")
async def all_told(office: Office) -> Mapping[tuple[str, Delivery], Told]:
    """All stories, lived through at the same time."""
    lived = await asyncio.gather(
        *(STORIES[name].unfold(replace(office, delivery=delivery)) for name, delivery in TELLINGS),
        return_exceptions=True,
    )
    return {
        (name, delivery): Told(STORIES[name], delivery, result)
        for (name, delivery), result in zip(TELLINGS, lived, strict=True)
    }


@pytest.fixture(params=TELLINGS, ids="-by-".join)
def told(request: pytest.FixtureRequest, all_told: Mapping[tuple[str, Delivery], Told]) -> Told:
    return all_told[request.param]


async def test_every_story_comes_to_its_end(office: Office, told: Told) -> None:
    story, stream = told.story, told.stream
    assert await office.types(stream) == list(story.events)
    shown = (await office.status(stream)).status
    assert (shown.stage, shown.outcome, shown.waiting_for, shown.listed, shown.closed) == (
        story.stage,
        story.outcome,
        story.waiting_for,
        story.listed,
        story.outcome is not None,
    )
    assert (shown.license_number is not None) == (story.stage == "granted")


async def test_the_docket_says_the_same(office: Office, told: Told) -> None:
    case, row = await office.status(told.stream), await office.docket(told.stream)
    assert row is not None
    shown = case.status
    assert (row.stage, row.waiting_for, row.outcome, row.listed, row.due, row.license_number) == (
        shown.stage,
        shown.waiting_for,
        shown.outcome,
        shown.listed,
        shown.due,
        shown.license_number,
    )
    assert row.version == case.version == len(told.story.events)


async def test_a_workflow_ends_with_its_case_and_returns_how_it_stands(office: Office, told: Told) -> None:
    if told.story.outcome is None:
        assert await office.runs(told.stream)
    else:
        assert await office.result(told.stream) == await office.status(told.stream)


async def test_people_can_filter_by_search_attributes(office: Office, told: Told) -> None:
    shown = (await office.status(told.stream)).status
    attributes = (await office.described(told.stream)).typed_search_attributes
    assert attributes.get(SearchAttributeKey.for_keyword(SearchAttribute.STAGE)) == shown.stage
    assert attributes.get(SearchAttributeKey.for_keyword(SearchAttribute.WAITING_FOR)) == shown.waiting_for
    assert attributes.get(SearchAttributeKey.for_keyword(SearchAttribute.OUTCOME)) == shown.outcome
    assert attributes.get(SearchAttributeKey.for_keyword(SearchAttribute.OFFICER)) == shown.officer
    assert attributes.get(SearchAttributeKey.for_datetime(SearchAttribute.DUE)) == shown.due
    assert attributes.get(SearchAttributeKey.for_bool(SearchAttribute.LISTED)) == shown.listed


async def test_the_ui_says_where_a_case_is_and_who_must_act(office: Office, told: Told) -> None:
    story, details = told.story, await office.details(told.stream)
    assert details.startswith(f"## {story.stage.replace('_', ' ').capitalize()}\n"), details
    assert f"**Waits for:** {story.waiting_for.replace('_', ' ')}" in details
    due = details.partition("### Due\n")[2].partition("###")[0]
    if story.outcome is not None:
        assert due.strip() == "- nothing"
    elif story.stage == "intent_to_deny":
        assert "Response to the intent to deny due" in due
        assert "Denial final due" in due
    elif story.waiting_for == "applicant":
        assert "Resolution: clock stopped (applicant information)" in due
    else:
        # A referral is an initial action.
        assert ("Initial action due" in due) == ("CaseReferred" not in story.events)
        assert "Resolution due" in due
    assert f"### History ({len(story.events)} events, newest first)" in details


async def test_nothing_confidential_leaves_the_payloads(office: Office, told: Told) -> None:
    """Ids, memo, summaries, details, search attributes, results: none of it tells more than the codec lets
    be seen, even to who has opened it; messages and what activities answered do."""
    leaks, kept = list[str](), ""
    for place, text in await _said_in_temporal(office, told.stream):
        if in_payload(place):
            kept += text
        else:
            leaks += [f"{word!r} in {place}" for word in CONFIDENTIAL if word in text]
    assert not leaks
    # What could not be found anywhere would prove nothing.
    assert {word for word in CONFIDENTIAL if word in kept} >= {"Example Networks", "Base station"}


async def _said_in_temporal(office: Office, stream: str) -> list[tuple[str, str]]:
    """Everything that Temporal holds of a case and of the license that came of it."""
    streams = [stream]
    if number := (await office.status(stream)).status.license_number:
        streams.append(license_stream(number))
    said = list[tuple[str, str]]()
    for each in streams:
        history = await office.history(each)
        said += [found for event in history.events for found in texts(event)]
        said += texts((await office.described(each)).raw_description, "describe")
        said += [("current_details", await office.details(each)), ("workflow_id", each)]
    return said


async def test_a_simple_case_leaves_a_short_history(office: Office) -> None:
    stream = await office.countersigned(application=LISTED)
    await office.signed_off(stream)
    await office.result(stream)
    events = (await office.history(stream)).events
    assert len(events) <= 45, [event.WhichOneof("attributes") for event in events]


# Who must sign off


def _goods(dollars: int, classification: str = "EAR99", currency: str = "USD") -> Item:
    return item(classification=classification, cents=dollars * 100, currency=currency)


CONTROLLED = "5A002"
RULES: Mapping[str, tuple[Submission, Recommend, bool]] = {
    "listed-entity": (LISTED, GRANT, True),
    "denial": (submission(), DENY, True),
    "value-unknown": (submission(_goods(1, currency="EUR")), GRANT, True),
    "large-value": (submission(_goods(50_000_000)), GRANT, True),
    "controlled-and-substantial": (submission(_goods(5_000_000, CONTROLLED)), GRANT, True),
    "otherwise": (submission(_goods(49_999_999)), GRANT, False),
    "otherwise (controlled)": (submission(_goods(4_999_999, CONTROLLED)), GRANT, False),
}
"""Row of the table by which it is decided, and whether an executive must sign off."""


@pytest.mark.parametrize("rule", RULES)
async def test_the_table_says_whether_the_executive_signs_off(office: Office, rule: str) -> None:
    application, recommendation, required = RULES[rule]
    stream = await office.countersigned(recommendation, application)
    assert (await office.status(stream)).status.stage == ("sign_off" if required else "granted")
    countersigned = (await office.events(stream))[3].content["sign_off"]
    assert isinstance(countersigned, dict)
    assert countersigned["row"] == rule.partition(" ")[0]


# While a case is open


async def test_the_ui_names_the_officer_and_what_was_refused(office: Office) -> None:
    stream = await office.submitted()
    await office.send("olga", stream, Assign(officer="olga"))
    await refusal(office["olga"].decide(stream, Assign(officer="acme")))
    details = await office.details(stream)
    assert "**assign refused** (`cannot_work_case`) by olga (licensing officer)" in details
    assert "**Waits for:** licensing officer (olga)" in details
    assert "case assigned by olga (licensing officer)" in details


async def test_the_ui_says_what_can_be_sent(office: Office) -> None:
    stream = await office.granted(GRANT_IN_PART)
    application = await office.submitted()
    for each, messages in ((application, APPLICATION_MESSAGES), (stream, LICENSE_MESSAGES)):
        handle = office.handle(each)
        told = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
        for definitions in (told.definition.update_definitions, told.definition.signal_definitions):
            described = {found.name: found.description for found in definitions}
            assert set(messages) <= set(described)
            assert all(described[message] for message in messages)


async def test_a_case_is_found_by_stage_and_role(office: Office) -> None:
    stream = await office.recommended()
    waiting = f"WorkflowId = '{stream}' AND Stage = 'countersignature' AND WaitingFor = 'countersigner'"

    async def found() -> bool:
        return [each.id async for each in office.temporal.list_workflows(waiting)] == [stream]

    async def gone() -> bool:
        return not await found()

    await eventually(found, f"{stream} among those that wait for a countersignature")
    await office.send("oscar", stream, Countersign(agrees=True))
    await eventually(gone, f"{stream} among them no more")


# Submitting


async def test_a_submission_sent_again_finds_its_case(office: Office) -> None:
    application = new_submission()
    first = await office["acme"].submit(application, command_id="the-same-order-1")
    again = await office["acme"].submit(application, command_id="the-same-order-1")
    assert again == first
    assert await office.types(first.stream) == ["ApplicationSubmitted", "PartiesScreened"]


async def test_a_number_belongs_to_one_case(office: Office) -> None:
    stream = await office.submitted()
    acn = stream.removeprefix("application-")
    refused = await refusal(office["globex"].submit(new_submission(), acn=acn))
    assert refused.code == RefusalCode.ALREADY_SUBMITTED


async def test_a_refused_submission_leaves_its_number_free(office: Office) -> None:
    stream = new_number()
    acn = stream.removeprefix("application-")
    insider = LicensingClient(office.temporal, replace(office["acme"].signer, organisation="globex"))
    async with office.unrecorded(RefusalCode.IDENTITY_MISMATCH):
        refused = await refusal(insider.submit(new_submission(), acn=acn, command_id="an-order-of-globex"))
    assert refused.code == RefusalCode.IDENTITY_MISMATCH
    assert (await refusal(office.status(stream))).code == RefusalCode.NO_SUCH_CASE
    case = await office["globex"].submit(new_submission(), acn=acn, command_id="an-order-of-globex")
    assert case.stream == stream
    assert await office.types(stream) == ["ApplicationSubmitted", "PartiesScreened"]


async def test_of_many_applications_for_one_transaction_at_once_one_is_filed(office: Office) -> None:
    application = new_submission()
    answers = await asyncio.gather(
        *(office["acme"].submit(application) for _ in range(32)), return_exceptions=True
    )
    (case,) = [answer for answer in answers if isinstance(answer, CaseStatus)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [each.code for each in refused] == [ApplicationRefusal.DUPLICATE_TRANSACTION] * 31
    assert all(stream_key(case.stream) in str(each) for each in refused)

    await office["globex"].submit(application)
    await office.send("acme", case.stream, Withdraw())
    again = await office["acme"].submit(application)
    assert again.stream != case.stream


async def test_an_answer_that_makes_a_case_another_that_is_pending_is_refused(office: Office) -> None:
    one, other = (submission(parties=parties, reference="Spares") for parties in (PARTIES, OTHER_PARTIES))
    first, second = await office.submitted(one), await office.submitted(other)
    await office.send("olga", second, RequestInformation(request="Who is the consignee?"))
    answer = Answer(answer="The other one.", parties=PARTIES)
    assert (
        await refusal(office["acme"].decide(second, answer))
    ).code == ApplicationRefusal.DUPLICATE_TRANSACTION
    assert (await office.status(second)).status.stage == "awaiting_answer"
    await office.send("acme", first, Withdraw())
    await office.send("acme", second, answer)
    assert (await office.status(second)).status.stage == "review"


# Licenses


async def test_a_license_has_its_workflow_when_the_sign_off_is_answered(office: Office) -> None:
    stream = await office.countersigned(application=LISTED)
    await office.signed_off(stream)
    number = (await office.status(stream)).status.license_number
    assert number is not None
    assert await office.runs(license_stream(number))
    assert await office.types(license_stream(number)) == ["LicenseIssued"]


async def test_a_license_gets_its_workflow_though_somebody_tried_before_it_was_granted(
    office: Office,
) -> None:
    """License numbers follow upon each other, so that anybody can guess the next ones and write there."""
    newest = int((await office.granted()).removeprefix("license-D"))
    guesses = [license_stream(f"D{number:06}") for number in range(newest + 1, newest + 4)]
    for guess in guesses:
        handle = await office.temporal.start_workflow(
            "License",
            {"resume": True},
            id=guess,
            task_queue=TASK_QUEUE,
            start_signal="accept_conditions",
            result_type=CaseStatus,
        )
        assert (await failure(handle)).code == RefusalCode.NO_SUCH_CASE
    stream = await office.granted()
    assert stream in guesses
    assert await office.runs(stream)
    assert await office.types(stream) == ["LicenseIssued"]


async def test_only_the_licensee_accepts_the_conditions(office: Office) -> None:
    stream = await office.granted(GRANT_IN_PART)
    accept = AcceptConditions()
    assert (await office.status(stream)).status.stage == "awaiting_acceptance"
    assert (await refusal(office["globex"].decide(stream, accept))).code == RefusalCode.NOT_THE_APPLICANT
    receipt = await office["acme"].decide(stream, accept)
    assert receipt.stage == "active"
    assert (await refusal(office["acme"].decide(stream, accept))).code == LicenseRefusal.NO_CONDITIONS
    assert await office.types(stream) == [
        "LicenseIssued",
        "CommandRefused",
        "ConditionsAccepted",
        "CommandRefused",
    ]


async def test_a_license_without_conditions_is_active_at_once(office: Office) -> None:
    stream = await office.granted()
    shown = (await office.status(stream)).status
    assert (shown.stage, shown.waiting_for) == ("active", "nobody")
    assert "Expires at the end of" in await office.details(stream)


async def test_nobody_decides_after_the_outcome(office: Office) -> None:
    stream = await office.countersigned()
    await office.result(stream)
    refused = await refusal(office["carla"].decide(stream, Countersign(agrees=True)))
    assert refused.code == RefusalCode.CASE_CLOSED
