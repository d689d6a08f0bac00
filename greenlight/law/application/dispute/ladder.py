"""The state of a dispute among agencies, as events make it (15 CFR 750.4(f))."""

from typing import TYPE_CHECKING

from greenlight.law.application.dispute.language import CastVote, Dispute, Forum
from greenlight.law.application.events import (
    DisputeDecided,
    DisputeEscalated,
    DisputeOpened,
    DisputeSettled,
    VoteCast,
    VotesCounted,
)
from greenlight.law.application.stage import Stage

if TYPE_CHECKING:
    from greenlight.law.application.state import ApplicationState

DisputeEvent = DisputeOpened | VoteCast | DisputeDecided | VotesCounted | DisputeEscalated | DisputeSettled


def dispute_changes(state: "ApplicationState", event: DisputeEvent) -> dict[str, object]:
    """The members of the state that a step of a dispute changes."""
    changes: dict[str, object] = {"dispute": _dispute_after(state.dispute, event)}
    match event:
        case DisputeOpened():
            passed = state.passed - {Forum.OPERATING_COMMITTEE.value}
            return changes | {"stage": Stage.OPERATING_COMMITTEE, "passed": passed}
        case DisputeDecided(forum=forum) | VotesCounted(forum=forum):
            final = forum is Forum.PRESIDENT
            if isinstance(event, DisputeDecided):
                changes["signatories"] = (*state.signatories, event.by)
            return changes | {"decision": event, "stage": Stage.SIGN_OFF if final else Stage.ESCALATION}
        case DisputeEscalated(forum=forum):
            # Referred to the President, a case is in time: 15 CFR 750.4(a)(1).
            acted = state.acted | {"resolution"} if forum is Forum.PRESIDENT else state.acted
            return changes | {"stage": Stage(forum.value), "acted": acted}
        case DisputeSettled():
            return changes | {"stage": Stage.SIGN_OFF}
        case VoteCast():
            return changes


def _dispute_after(dispute: Dispute | None, event: DisputeEvent) -> Dispute | None:
    """The dispute, None once it is settled."""
    match event:
        case DisputeOpened():
            return Dispute(forum=Forum.OPERATING_COMMITTEE, counted_from=event.at)
        case DisputeEscalated(forum=forum):
            return Dispute(forum=forum, counted_from=event.at)
        case DisputeDecided(forum=forum, counted_from=start) | VotesCounted(forum=forum, counted_from=start):
            return Dispute(forum=forum, counted_from=start)
        case VoteCast(by=by, seat=seat, outcome=outcome):
            assert dispute is not None, "votes are cast in a dispute"
            vote = CastVote(seat=seat, outcome=outcome, person=by.person)
            return dispute.model_copy(update={"votes": (*dispute.votes, vote)})
        case DisputeSettled():
            return None
