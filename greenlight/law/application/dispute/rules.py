"""Rules of what may be done about a dispute among agencies (15 CFR 750.4(f))."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import DecideDispute, Escalate, Vote
from greenlight.law.application.dispute.language import LADDER, CastVote, Dispute
from greenlight.law.application.events import DisputeDecided, DisputeEscalated, VoteCast
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.review.proposal import decided_by_vote, granted_lines
from greenlight.law.application.state import ApplicationState


def turn_objection(state: ApplicationState, name: str, by: Actor) -> Refusal | None:
    """Whose turn it is depends on the forum that has the dispute."""
    if state.dispute is None or name not in {"decide_dispute", "vote", "escalate"}:
        return None
    forum = state.dispute.forum
    rung = LADDER[forum]
    needed = rung.escalates if name == "escalate" else rung.decides
    if needed is None or by.role is needed:
        return None
    problem = f"{forum.label}: {name} takes the role {needed.value}, not {by.role.value}"
    return Refusal(RefusalCode.WRONG_ROLE, problem)


def decide_alone(
    state: ApplicationState, body: DecideDispute, by: Actor, now: datetime
) -> DisputeDecided | Refusal:
    """The chair of the Operating Committee decides alone, and so does the President."""
    dispute = _dispute(state)
    lines = granted_lines(state, body)
    if isinstance(lines, Refusal):
        return lines
    return DisputeDecided(
        at=now,
        by=by,
        forum=dispute.forum,
        counted_from=now,
        outcome=body.outcome,
        reasons=body.reasons,
        lines=lines,
        conditions=body.conditions,
        riders=body.riders,
        validity=body.validity,
        modifications=body.modifications,
        confirmed=body.confirmed,
    )


def vote(state: ApplicationState, body: Vote, by: Actor, now: datetime) -> Ruling:
    """One vote for each department that has a seat; once all have voted, the forum has decided."""
    dispute = _dispute(state)
    rung = LADDER[dispute.forum]
    seat = by.organisation
    if seat not in rung.seats:
        return Refusal(RefusalCode.NOT_A_MEMBER, f"{seat} has no seat in the {dispute.forum.label}")
    if seat in {cast.seat for cast in dispute.votes}:
        return Refusal(RefusalCode.ALREADY_VOTED, f"{seat} has voted")
    if by.person in {cast.person for cast in dispute.votes}:
        return Refusal(RefusalCode.ALREADY_VOTED, f"{by.officer} has voted for another department")
    cast = VoteCast(at=now, by=by, forum=dispute.forum, seat=seat, outcome=body.outcome, comment=body.comment)
    votes = (*dispute.votes, CastVote(seat=seat, outcome=body.outcome, person=by.person))
    events: tuple[Event, ...] = (cast,)
    if len(votes) == len(rung.seats):
        counted = state.model_copy(update={"dispute": dispute.model_copy(update={"votes": votes})})
        events = (cast, decided_by_vote(counted, at=now, counted_from=now))
    return events


def escalate(state: ApplicationState, body: Escalate, by: Actor, now: datetime) -> Ruling:
    """An agency that has reviewed the case takes the decision on to the next forum."""
    dispute = _dispute(state)
    rung = LADDER[dispute.forum]
    assert rung.next is not None, "no window follows the last rung"
    if state.referral(by.organisation) is None:
        return Refusal(ApplicationRefusal.NOT_REFERRED, f"{by.organisation} did not review the case")
    return (DisputeEscalated(at=now, by=by, forum=rung.next, grounds=body.grounds),)


def _dispute(state: ApplicationState) -> Dispute:
    assert state.dispute is not None, "TRANSITIONS lets this come in a dispute alone"
    return state.dispute
