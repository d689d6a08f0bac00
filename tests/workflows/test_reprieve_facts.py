"""What the service gathers for a decision from other parts of its own log."""

from greenlight.kernel.tables.domain import Input, Kind
from greenlight.law.directive.commands import IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.events import DecisionMade
from greenlight.law.reprieve.gathering import NONE, STANDING_DIRECTIVE
from greenlight.law.reprieve.policy import Origin, Policy
from tests.workflows.office import Office, eventually
from tests.workflows.reprieves import POLICY, opening

COVERED = "covered-by-a-directive"
ORDER = IssueDirective(
    title="For the covered",
    scope=Scope(entities=frozenset({COVERED})),
    posture=Posture.CASE_BY_CASE,
    citation="Order",
    reasons="By order.",
)


def asking() -> Policy:
    """The usual policy, with the directive in force as one more input, which no row looks at."""
    postures = (NONE, *(posture.value for posture in Posture))
    asked = Input(name=STANDING_DIRECTIVE, type=Kind.STRING, values=postures, may_be_unknown=True)
    table = POLICY.table.model_copy(update={"inputs": (*POLICY.table.inputs, asked)})
    origins = {**POLICY.origins, STANDING_DIRECTIVE: Origin.GATHERED}
    return POLICY.model_copy(update={"table": table, "origins": origins})


async def decided(office: Office) -> DecisionMade:
    """Of a reprieve of so few days that what follows is decided at once."""
    stream = await office.reprieved(opening(5, COVERED).model_copy(update={"policy": asking()}))

    async def found() -> DecisionMade | None:
        events = [REPRIEVE.read(event.record) for event in await office.events(stream)]
        return next((event for event in events if isinstance(event, DecisionMade)), None)

    return await eventually(found, "the decision")


async def test_the_standing_directive_is_read_from_the_log_with_its_position(office: Office) -> None:
    order = (await office["vera"].issue_directive("for-a-reprieve", ORDER)).stream
    position = max([event.position for event in await office.events(order)])
    (fact,) = [fact for fact in (await decided(office)).facts if fact.name == STANDING_DIRECTIVE]
    assert (fact.value, fact.source) == ("case_by_case", "directive for-a-reprieve")
    assert fact.position is not None
    assert fact.position >= position
    await office["vera"].decide(order, RescindDirective(reasons="The test is over."))
    (fact,) = [fact for fact in (await decided(office)).facts if fact.name == STANDING_DIRECTIVE]
    assert (fact.value, fact.source) == (NONE, "event log")
