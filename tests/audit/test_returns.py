"""Proposals to return an application are determined once more."""

import pytest

from greenlight.audit.returns import shipped
from greenlight.audit.walk import audit
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import RecordScreening, Submit
from greenlight.law.application.needs import RememberedOf, WhyNotRequired
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.authorisation.filing import asked_parties, determined, not_required
from greenlight.reference.rules import load_rules
from tests.activities.test_determination import CERTIFIED, EAR99
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.histories import Story
from tests.law.application.cases import screening, submission
from tests.law.decisions import Told

SCREENED = screening("no_match", "no_match")
ANOTHER = "a return was proposed for another reason than the one that there is"
NONE = "a return was proposed where a license is required, or it cannot be told whether one is"
PLAIN = submission().model_copy(update={"items": EAR99, "circumstances": CERTIFIED})


def why() -> Proposed:
    parties = asked_parties(PLAIN, Screened(screening=SCREENED), lambda hit: None)
    assert parties is not None
    proposed = not_required(PLAIN, determined(PLAIN, parties, NOW, shipped(), load_rules()))
    assert proposed is not None, "EAR99, and nobody is met"
    return proposed


@pytest.mark.parametrize(
    ("certified", "otherwise", "reason"),
    [
        (True, {}, None),
        (
            True,
            {"citation": "15 CFR 0"},
            "a return was proposed for another reason than the one that there is",
        ),
        (False, {}, NONE),
        (False, {"reason": "No license is required by the tables of 2019-01-01 at all."}, None),
    ],
    ids=["as it is", "for another reason", "without any", "by tables that are not at hand"],
)
async def test_a_return_is_proposed_for_the_reason_that_there_is(
    dsn: str, recorder: Recorder, crowd: Crowd, certified: bool, otherwise: dict[str, str], reason: str | None
) -> None:
    filed = PLAIN if certified else PLAIN.model_copy(update={"circumstances": None})
    story = await Story("Z000001").sent(recorder, crowd, "submit", Submit(application=filed))
    proposed = why().model_copy(update=otherwise)
    command: Command[Body] = Command(
        key="Z000001",
        body=RecordScreening(screening=SCREENED, parties=filed.parties),
        by=None,
        facts=Told(by_type={RememberedOf: (), WhyNotRequired: proposed}),
    )
    events = APPLICATION.decide(story.state, command, NOW)
    assert not isinstance(events, Refusal | Need)
    await story.told(recorder, events, None)
    assert [fault.reason for fault in (await audit(dsn, processes=1)).faults] == ([reason] if reason else [])
