"""The ladder of forums by which agencies that disagree come to one decision (15 CFR 750.4(f)), as data."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.kernel.roles import Role
from greenlight.kernel.time.deadlines import Period
from greenlight.law.application.commands import Outcome
from greenlight.law.application.interagency.agency import (
    Advice,
    Agency,
    Agreed,
    AskedWording,
    Referral,
    agreed_in,
)


class Forum(StrEnum):
    """The forum that decides a dispute."""

    OPERATING_COMMITTEE = "operating_committee"
    ACEP = "acep"
    EARB = "earb"
    PRESIDENT = "president"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Forum.OPERATING_COMMITTEE: "Operating Committee",
    Forum.ACEP: "Advisory Committee on Export Policy",
    Forum.EARB: "Export Administration Review Board",
    Forum.PRESIDENT: "the President",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder.

    ``decides``: the role that decides, alone or by vote; ``seats``: the departments that vote, one vote
    each, none where somebody decides alone; ``period``: the time for the decision; ``window``: the time in
    which an agency, by ``escalates``, may take it to ``next``; it is final otherwise.
    """

    decides: Role
    seats: frozenset[str]
    period: Period | None
    window: Period | None
    escalates: Role | None
    next: Forum | None


_SEATS = frozenset({"commerce", "defense", "energy", "state"})

LADDER: Mapping[Forum, Rung] = {
    Forum.OPERATING_COMMITTEE: Rung(
        decides=Role.OC_CHAIR,
        seats=frozenset(),
        period=Period(
            kind="operating_committee",
            label=Forum.OPERATING_COMMITTEE.label,
            days=14,
            counted_from="agencies' recommendations due",
            citation="15 CFR 750.4(f)(1)(i)",
        ),
        window=Period(
            kind="escalation",
            label="Escalation to the ACEP",
            days=5,
            counted_from="decided",
            citation="15 CFR 750.4(f)(1)(ii)",
        ),
        escalates=Role.AGENCY_REVIEWER,
        next=Forum.ACEP,
    ),
    Forum.ACEP: Rung(
        decides=Role.ACEP_MEMBER,
        seats=_SEATS,
        period=Period(
            kind="acep",
            label=Forum.ACEP.label,
            days=11,
            counted_from="escalated",
            citation="15 CFR 750.4(f)(2)",
        ),
        window=Period(
            kind="escalation",
            label="Appeal to the EARB",
            days=5,
            counted_from="decided",
            citation="15 CFR 750.4(f)(2)",
        ),
        escalates=Role.AGENCY_REVIEWER,
        next=Forum.EARB,
    ),
    Forum.EARB: Rung(
        decides=Role.EARB_MEMBER,
        seats=_SEATS,
        period=Period(
            kind="earb",
            label=Forum.EARB.label,
            days=11,
            counted_from="appealed",
            citation="15 CFR 750.4(f)(3)",
        ),
        window=Period(
            kind="escalation",
            label="Appeal to the President",
            days=5,
            counted_from="decided",
            citation="15 CFR 750.4(f)(3)",
        ),
        escalates=Role.AGENCY_HEAD,
        next=Forum.PRESIDENT,
    ),
    Forum.PRESIDENT: Rung(
        decides=Role.EXECUTIVE, seats=frozenset(), period=None, window=None, escalates=None, next=None
    ),
}


class CastVote(Model):
    """A department's vote, and the person who signed it."""

    seat: Identifier
    outcome: Outcome
    person: Identifier | None = None


class Dispute(Model):
    """A dispute as it stands. ``counted_from`` is when the forum got it, or decided it; ``votes`` are those
    of the forum that has it now."""

    forum: Forum
    counted_from: Instant
    votes: tuple[CastVote, ...] = ()


def disagrees(
    outcome: Outcome,
    conditions: Iterable[str],
    referrals: Iterable[Referral],
    wordings: Iterable[AskedWording] = (),
) -> tuple[Agency, ...]:
    """The agencies that do not agree to an outcome under these conditions. ``wordings``: what they were asked
    about their conditions in other words, to which they may have agreed.

    Who delegated back or let the time pass does not object to anything (15 CFR 750.4(e)).
    """
    imposed, agreed = frozenset(conditions), agreed_in(wordings)
    return tuple(
        referral.agency
        for referral in referrals
        if referral.opinion is not None and not _agrees(outcome, imposed, referral, agreed)
    )


def _agrees(outcome: Outcome, imposed: frozenset[str], referral: Referral, agreed: Agreed) -> bool:
    opinion = referral.opinion
    if opinion is None or opinion.advice is None:
        return True
    if outcome is Outcome.DENY:
        return opinion.advice is Advice.DENY
    satisfied = imposed | {
        original for agency, original, text in agreed if agency is referral.agency and text in imposed
    }
    return opinion.advice in {Advice.APPROVE, Advice.APPROVE_WITH_CONDITIONS} and satisfied.issuperset(
        opinion.conditions
    )


def majority(votes: Iterable[CastVote]) -> Outcome | None:
    """Find what most votes are for; None for a tie, which leaves the decision before it standing."""
    counted = Counter(vote.outcome for vote in votes)
    for outcome in Outcome:
        if counted[outcome] > counted.total() - counted[outcome]:
            return outcome
    return None
