"""Votes on record, to hold against them what they came to: a count that nobody voted decides nothing."""

from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.commit import Event
from greenlight.kernel.streams import entity_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Outcome
from greenlight.law.application.dispute.language import CastVote
from greenlight.law.application.events import (
    DisputeDecided,
    DisputeEscalated,
    DisputeSettled,
    VoteCast,
    VotesCounted,
)
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.committee import SEATS, Ballot, counted, outcome
from greenlight.law.entity.events import (
    AmendmentMoved,
    CommitteeVoteCast,
    EntityListed,
    ListingAmended,
    ListingMoved,
    ListingRemoved,
    MotionLost,
    MotionWithdrawn,
    RemovalMoved,
)

_COMMANDS: dict[type[Event], str] = {
    EntityListed: "list_entity",
    ListingAmended: "amend_listing",
    ListingRemoved: "remove_listing",
}

BALLOTS = frozenset(
    kind.__name__
    for kind in (
        *(ListingMoved, AmendmentMoved, RemovalMoved, CommitteeVoteCast, MotionLost, MotionWithdrawn),
        *_COMMANDS,
        *(DisputeDecided, DisputeEscalated, DisputeSettled, VoteCast, VotesCounted),
    )
)
"""Events to follow."""


class Ballots:
    """Grows with the motions and disputes that are open at one time, not with the log."""

    def __init__(self) -> None:
        self._motions: dict[str, tuple[Ballot, ...]] = {}
        self._signed = False
        self._disputes: dict[str, tuple[CastVote, ...]] = {}
        self._before: dict[str, Outcome] = {}

    def step(self, stored: StoredEvent) -> str | None:
        """Take in a vote, or tell why what is said to have been decided was not voted for.

        :raises ValueError: it cannot be an event of ``BALLOTS``.
        """
        if stored.stream.startswith(entity_stream("")):
            return self._committee(stored.stream, ENTITY.read(stored.record))
        return self._dispute(stored.stream, APPLICATION.read(stored.record))

    def _committee(self, stream: str, event: Event) -> str | None:
        match event:
            case ListingMoved() | AmendmentMoved() | RemovalMoved():
                self._motions[stream] = ()
                self._signed = True
            case CommitteeVoteCast(by=by, seat=seat, vote=vote):
                cast = self._motions.get(stream, ())
                if seat not in SEATS or seat != by.organisation or stream not in self._motions:
                    return "it is no vote of that department on a motion"
                if any(seat == each.seat or by.person == each.person for each in cast):
                    return "that department or person voted before"
                self._motions[stream] = (*cast, Ballot(seat=seat, person=by.person, vote=vote))
            case EntityListed() | ListingAmended() | ListingRemoved():
                # Before departments voted by commands of their own an executive told of their votes, and
                # those days are over as soon as anything was moved.
                cast = self._motions.pop(stream, None)
                if event.motion is None and not self._signed:
                    return None
                votes = cast or ()
                if event.votes != counted(votes) or not outcome(_COMMANDS[type(event)], votes):
                    return "the committee's votes on record do not carry it"
            case _:
                self._motions.pop(stream, None)
        return None

    def _dispute(self, stream: str, event: Event) -> str | None:
        match event:
            case DisputeDecided(outcome=decided):
                self._before[stream] = decided
            case DisputeEscalated():
                self._disputes[stream] = ()
            case VoteCast(by=by, seat=seat, outcome=said):
                cast = self._disputes.get(stream)
                if cast is None or seat != by.organisation or seat in {each.seat for each in cast}:
                    return "it is no first vote of that department in a dispute"
                self._disputes[stream] = (*cast, CastVote(seat=seat, outcome=said, person=by.person))
            case VotesCounted():
                votes, before = self._disputes.pop(stream, None), self._before.get(stream)
                self._before[stream] = event.outcome
                if votes is None:
                    return "no forum had the dispute"
                for_it = sum(each.outcome is event.outcome for each in votes)
                # The vote of who came to act for the applicant since counts no more, so there may be fewer.
                if event.cast > len(votes) or event.for_it > for_it:
                    return "more votes are counted than are on record"
                if event.for_it * 2 <= event.cast and event.outcome is not before:
                    return "the votes on record do not decide so"
            case _:
                self._disputes.pop(stream, None)
                self._before.pop(stream, None)
        return None
