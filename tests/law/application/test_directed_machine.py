"""Cases lived through at random while directives come and go: none hurries a case past a step of the law."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from greenlight.kernel.body import Body
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.commands import Outcome, SignOff
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.events import ApplicationGranted, DirectiveApplied, ExecutiveSignedOff
from greenlight.law.application.interagency.agency import Advice
from greenlight.law.application.review.proposal import signatories
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.directive.scope import ItemClass, Posture, Scope
from greenlight.law.directive.standing import StandingDirective
from tests.law.actors import EVERYONE, EXECUTIVE
from tests.law.application.cases import MATCH, Case
from tests.law.application.directives import AUTHOR, PENDING, directive, held_against, meant_for
from tests.law.application.stories import EXISTING
from tests.law.application.strategies import BODIES, NEXT
from tests.law.application.whose import check_days

SCOPES = st.sampled_from(
    [
        Scope(),
        Scope(entities=frozenset({MATCH.listing})),
        Scope(item_classes=frozenset({ItemClass.NONSENSITIVE})),
        Scope(destinations=frozenset({"NO"})),
    ]
)
DIRECTIVES = st.builds(
    directive,
    st.sampled_from(PENDING),
    SCOPES,
    key=st.sampled_from(["a", "b", "c"]),
    author=st.sampled_from([AUTHOR, EXECUTIVE]),
    since=st.sampled_from([timedelta(0), timedelta(days=1)]),
    expires=st.none() | st.just(timedelta(days=30)),
)
FREEZES = st.builds(
    directive,
    st.just(Posture.HOLD),
    SCOPES,
    key=st.sampled_from(["d", "e"]),
    author=st.sampled_from([AUTHOR, EXECUTIVE]),
    expires=st.sampled_from([timedelta(days=20), timedelta(days=60)]),
    ground=st.none() | st.sampled_from(HoldKind),
)
STANDING = st.lists(DIRECTIVES | FREEZES, max_size=3, unique_by=lambda order: order.key).map(tuple)
WAITS = st.sampled_from([timedelta(0), timedelta(hours=7), timedelta(days=9), timedelta(days=46)])
SENDERS = st.none() | st.sampled_from((*EVERYONE, AUTHOR))


@settings(deadline=None, max_examples=300)
@given(data=st.data(), title=st.sampled_from(sorted(EXISTING)))
def test_no_directive_skips_a_step(data: st.DataObject, title: str) -> None:
    case = EXISTING[title]()
    for _ in range(6):
        standing = data.draw(STANDING)
        case = _look(case.at(case.now + data.draw(WAITS)), standing)
        if case.opened.stage.closed:
            return
        case = _send(case, data.draw(NEXT.get(case.opened.stage, BODIES) | BODIES), data.draw(SENDERS))
        case = _look(case, standing)
        check_days(case.events, case.now)


def _look(case: Case, standing: tuple[StandingDirective, ...]) -> Case:
    before = case.advanced()
    events = meant_for(before, *standing)
    for event in events:
        if isinstance(event, DirectiveApplied) and event.proposal is not None:
            _check_ripe(before.opened, event)
    after = held_against(case, *standing)
    if not any(isinstance(event, DirectiveApplied) and event.proposal for event in events):
        assert after.opened.stage is before.opened.stage, "a case moved that was to be left"
        assert not any(isinstance(event, IntentToDenyIssued) for event in events)
    # One that stood goes on with the next look.
    after = held_against(after, *standing)
    assert meant_for(after, *standing) == (), "a case was held against the same directives twice"
    if before.opened.freeze is not None and after.opened.freeze == before.opened.freeze:
        assert after == before, "a directive moved a case that stands"
    return after


def _check_ripe(state: ApplicationState, event: DirectiveApplied) -> None:
    """What the regulation provides for comes first, said in other words than the table's."""
    assert state.stage in {Stage.REVIEW, Stage.COUNTERSIGNATURE, Stage.SIGN_OFF}
    assert state.screened, "the parties were not screened"
    assert not any(hit.open for hit in state.hits), "a possible match is open"
    assert not any(inquiry.answer is None for inquiry in state.inquiries), "an answer is owed"
    assert not any(hold.lifted_at is None for hold in state.holds), "the case is held"
    assert state.decision is None, "the agencies' dispute was decided"
    opinions = [referral.opinion for referral in state.referrals]
    assert None not in opinions, "an agency's time is not over"
    advices = {opinion.advice for opinion in opinions if opinion and opinion.advice}
    assert event.proposal is not None
    if event.proposal.outcome is Outcome.GRANT:
        assert advices <= {Advice.APPROVE, Advice.APPROVE_WITH_CONDITIONS}, "an agency objects"
        wanted = {condition for opinion in opinions if opinion for condition in opinion.conditions}
        assert wanted <= set(event.proposal.conditions), "an agency's condition is left out"
    else:
        assert advices <= {Advice.DENY}, "an agency objects"


def _send(case: Case, body: Body, by: Actor | None) -> Case:
    command = case.command(body, by)
    decision = case.decides(command)
    if isinstance(decision, Refusal | Need):
        return case
    before = case.advanced()
    if before.opened.freeze is not None:
        assert not any(isinstance(event, ApplicationGranted | IntentToDenyIssued) for event in decision)
    for event in decision:
        if isinstance(event, ApplicationGranted) and before.opened.proposed is not None:
            _check_signed(before.opened, decision)
    if isinstance(body, SignOff) and command.by is not None:
        assert command.by.person not in {actor.person for actor in signatories(before.opened)}
    return before.with_events(*decision)


def _check_signed(state: ApplicationState, events: tuple[object, ...]) -> None:
    assert state.proposed is not None
    signed = [event.by.person for event in events if isinstance(event, ExecutiveSignedOff)]
    assert len(signed) == 1, "a directive's grant was not signed off"
    assert signed[0] != state.proposed.author.person, "the author of the directive signed it off"
