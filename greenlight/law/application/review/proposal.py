"""The proposal that stands for an application, whoever made it last."""

from collections.abc import Iterator
from datetime import datetime

from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import DecideDispute, Outcome, Recommend
from greenlight.law.application.dispute.language import Forum, majority
from greenlight.law.application.events import DisputeDecided, RecommendationMade, VotesCounted
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState, DirectedProposal

Standing = RecommendationMade | DisputeDecided | VotesCounted | DirectedProposal


def standing(state: ApplicationState) -> Standing:
    """The decision of the forum that had the dispute last, a directive's proposal, or the recommendation."""
    proposed = state.decision or state.proposed or state.recommendation
    assert proposed is not None, "TRANSITIONS lets no signature come before a recommendation"
    return proposed


def signatories(state: ApplicationState) -> Iterator[Actor]:
    """Name those whose word alone, each at their turn, what is proposed rests on: who recommended, who
    countersigned, who decided a dispute, whose directive it is. None of them judges it as well."""
    yield from (by for by, _ in parts(state))


def parts(state: ApplicationState) -> Iterator[tuple[Actor, str]]:
    """Those signatories, each with what they did."""
    made, signed = state.recommendation, state.countersignature
    for by in state.signatories:
        if made is not None and by == made.by:
            yield by, "made the recommendation"
        elif signed is not None and by == signed.by:
            yield by, "countersigned the recommendation"
        else:
            yield by, "decided the dispute"
    if state.proposed is not None:
        yield state.proposed.author, f"issued the directive {state.proposed.directive}, which proposes it"


def left_out(state: ApplicationState) -> Iterator[tuple[Agency, str]]:
    """The conditions for which agencies asked, each with its agency, that a proposed grant has neither word
    for word nor in the other words that the agency was asked about."""
    proposed = standing(state)
    if proposed.outcome is not Outcome.GRANT:
        return
    reworded = {(each.agency, each.original) for each in state.wordings if each.text in proposed.conditions}
    for referral in state.referrals:
        for condition in referral.opinion.conditions if referral.opinion else ():
            if condition not in proposed.conditions and (referral.agency, condition) not in reworded:
                yield referral.agency, condition


def proposed_by(state: ApplicationState) -> str:
    """Say who proposes, and whose words the reasons are where these are another's."""
    proposed, made = standing(state), state.recommendation
    match proposed:
        case RecommendationMade(by=by):
            return f"recommended by {by.officer}"
        case DisputeDecided(by=by, forum=forum):
            return f"decided by {by.officer} ({forum.label})"
        case VotesCounted(forum=forum):
            who = f"by vote of the {forum.label}"
        case DirectedProposal(author=author, directive=directive):
            who = f"by the directive {directive} of {author.officer}"
    if made is not None and (made.outcome, made.reasons) == (proposed.outcome, proposed.reasons):
        return f"{who}, in the words of {made.by.officer}"
    return who


def tainted(state: ApplicationState) -> Refusal | None:
    """Say why nothing may be built on the proposal: somebody who signed it, or said who the parties are, has
    come to act for the applicant since. It can only go back, to be said by others."""
    said = (each.resolved_by for each in state.resolutions if each.pair in state.pairs)
    for signatory in (*signatories(state), *said):
        if signatory.person in state.acted_for_applicant:
            problem = f"{signatory.officer}, who signed before, acts for the applicant in this case"
            return Refusal(RefusalCode.OWN_APPLICATION, problem)
    return None


def unconfirmed(state: ApplicationState) -> frozenset[int]:
    """Lines whose ECCN is on no entry of the tables, and of which nobody said that it is right."""
    lines = frozenset(state.unclassified.lines if state.unclassified else ())
    if state.recommendation is not None:
        lines = lines.difference(state.recommendation.confirmed)
    if isinstance(state.decision, DisputeDecided):
        lines = lines.difference(state.decision.confirmed)
    return lines


def granted_lines(state: ApplicationState, body: Recommend | DecideDispute) -> tuple[int, ...] | Refusal:
    """The lines that a proposal grants, all of them spelled out; none for a denial."""
    offered = tuple(item.line for item in state.submission.items)
    lines = () if body.outcome is Outcome.DENY else tuple(sorted(set(body.lines or offered)))
    unknown = sorted(set(lines) - set(offered))
    if unknown:
        return Refusal(RefusalCode.UNKNOWN_ITEM, f"the application has no line {unknown[0]}")
    doubtful = sorted(unconfirmed(state).intersection(lines).difference(body.confirmed))
    if doubtful:
        assert state.unclassified is not None, "lines are unconfirmed by some tables"
        return Refusal(
            ApplicationRefusal.ECCN_UNCONFIRMED,
            f"line {doubtful[0]}: its ECCN is on no entry of the tables of {state.unclassified.tables_of};"
            " confirm it, grant other lines, or return the application",
        )
    if lines and state.submission.all_or_nothing and len(lines) < len(offered):
        return Refusal(ApplicationRefusal.ALL_OR_NOTHING, "the applicant takes all items or none")
    return lines


def decided_by_vote(state: ApplicationState, *, at: datetime, counted_from: datetime) -> VotesCounted:
    """Count the votes of the forum. A tie, and a forum without votes, leaves the decision before it. The vote
    of somebody who has come to act for the applicant since is none.

    A vote is on granting or denying. Where it turns the decision round, the lines and conditions are those
    of the officer's recommendation if that had the same outcome; else all lines, without conditions.
    """
    dispute = state.dispute
    assert dispute is not None, "there are votes only while there is a dispute"
    before = standing(state)
    votes = [vote for vote in dispute.votes if vote.person not in state.acted_for_applicant]
    outcome = majority(votes) or before.outcome
    items = state.submission.items if outcome is Outcome.GRANT else ()
    counted = VotesCounted(
        at=at,
        forum=dispute.forum,
        counted_from=counted_from,
        outcome=outcome,
        for_it=sum(vote.outcome is outcome for vote in votes),
        cast=len(votes),
        reasons=by_vote(dispute.forum),
        lines=tuple(item.line for item in items),
        conditions=(),
        riders=(),
    )
    for proposed in filter(None, (before, state.recommendation)):
        if proposed.outcome is outcome:
            return counted.model_copy(update={name: getattr(proposed, name) for name in _TERMS})
    return counted


def by_vote(forum: Forum) -> str:
    """The reasons on record where the votes of a forum, and nobody's words, decided."""
    return f"By vote of the {forum.label}"


_TERMS = ("reasons", "lines", "conditions", "riders", "validity", "modifications")
