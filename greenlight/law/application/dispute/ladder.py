"""The state of a dispute among agencies, as events make it (15 CFR 750.4(f))."""

from greenlight.law.application.dispute.language import CastVote, Dispute, Forum
from greenlight.law.application.events import (
    DisputeDecided,
    DisputeEscalated,
    DisputeOpened,
    DisputeSettled,
    VoteCast,
    VotesCounted,
)

DisputeEvent = DisputeOpened | VoteCast | DisputeDecided | VotesCounted | DisputeEscalated | DisputeSettled


def dispute_after(dispute: Dispute | None, event: DisputeEvent) -> Dispute | None:
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
