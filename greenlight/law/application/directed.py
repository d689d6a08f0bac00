"""Tell what a directive in force means for an application, as it stands."""

from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.tables.domain import Fact
from greenlight.kernel.tables.table import Evaluation
from greenlight.law.application.commands import Outcome
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.dispute.language import disagrees
from greenlight.law.application.dossier import destinations
from greenlight.law.application.events import DirectiveApplied, Proposal
from greenlight.law.application.freeze.rules import refrozen
from greenlight.law.application.interagency.language import pending
from greenlight.law.application.review.proposal import unconfirmed
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.directive import routing as directive_routing
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.standing import StandingDirective, applying

_DISPUTE = frozenset({Stage.OPERATING_COMMITTEE, Stage.ESCALATION, Stage.ACEP, Stage.EARB, Stage.PRESIDENT})
OPEN = _DISPUTE | {
    Stage.TRIAGE,
    Stage.REVIEW,
    Stage.AWAITING_ANSWER,
    Stage.INTERAGENCY,
    Stage.COUNTERSIGNATURE,
    Stage.SIGN_OFF,
}
"""Stages at which it is open what becomes of a case. A notice of an intent to deny takes its course."""

FROZEN = "frozen"
"""Of a case that stands by a directive."""

_PROPOSES = {
    Posture.DENY: Outcome.DENY,
    Posture.PRESUMPTION_OF_DENIAL: Outcome.DENY,
    Posture.APPROVE_UNLESS_NATIONAL_SECURITY_OBJECTS: Outcome.GRANT,
}


def directed(
    state: ApplicationState, standing: tuple[StandingDirective, ...], now: datetime
) -> tuple[Event, ...]:
    """The application of the directive that is about the case, if it changes anything; or that the case
    stands by one, or stands no more. As long as it stands, no directive moves it.

    It is recorded once, and again only where another row of the table applies. What a directive has proposed
    stays with the executive, whatever happens meanwhile.
    """
    if state.stage not in OPEN:
        return ()
    if (events := refrozen(state, standing, now)) or state.freeze is not None:
        return events
    found = applying(standing, lambda directive: _meant(directive, state), now)
    if found is None or (state.proposed and state.proposed.directive == found.key):
        return ()
    proposal = _proposal(state, found)
    evaluation = directive_routing.TABLE.evaluate(_facts(state, found, proposal))
    last = state.directive
    if last is not None and _said(last.directive, last.evaluation) == _said(found.key, evaluation):
        return ()
    moves = evaluation.outcome != directive_routing.LEAVE
    applied = DirectiveApplied(
        at=now,
        directive=found.key,
        author=found.author,
        posture=found.posture,
        citation=found.citation,
        evaluation=evaluation,
        proposal=proposal if moves else None,
    )
    if evaluation.outcome != directive_routing.INTENT_TO_DENY:
        return (applied,)
    assert proposal is not None, "who denies proposes to"
    notice = IntentToDenyIssued(at=now, reasons=proposal.reasons, modifications=proposal.modifications)
    return (applied, notice)


def route(state: ApplicationState, directive: str) -> str | None:
    """Tell what a directive meant for the case; None: another one, or none, applies."""
    if state.freeze is not None and state.freeze.directive == directive:
        return FROZEN
    if state.directive is not None and state.directive.directive == directive:
        return state.directive.evaluation.outcome
    if state.proposed is not None and state.proposed.directive == directive:
        return directive_routing.SIGN_OFF
    return None


def _said(directive: str, evaluation: Evaluation) -> tuple[str, str, str | None]:
    return directive, evaluation.outcome, evaluation.row


def _meant(directive: StandingDirective, state: ApplicationState) -> bool:
    if directive.posture in {Posture.REVOKE, Posture.HOLD}:
        return False
    if _PROPOSES.get(directive.posture) is Outcome.GRANT and unconfirmed(state):
        # Of what class an item is under an ECCN that there is not, an officer says first.
        return False
    return directive.scope.covers(state.listings, state.submission.items, destinations(state.parties))


def _proposal(state: ApplicationState, directive: StandingDirective) -> Proposal | None:
    """Make the proposal that the directive calls for: on the officer's terms, where that comes to the same.

    Else all lines are granted, under the conditions on which agencies approve.
    """
    outcome = _PROPOSES.get(directive.posture)
    if outcome is None:
        return None
    made = state.recommendation
    if made is not None and made.outcome is outcome:
        return Proposal(**{name: getattr(made, name) for name in Proposal.model_fields})
    grants = outcome is Outcome.GRANT
    opinions = [referral.opinion for referral in state.referrals if referral.opinion]
    imposed = dict.fromkeys(condition for opinion in opinions for condition in opinion.conditions)
    return Proposal(
        outcome=outcome,
        reasons=directive.reasons,
        lines=tuple(item.line for item in state.submission.items) if grants else (),
        conditions=tuple(imposed) if grants else (),
        riders=(),
    )


def _facts(
    state: ApplicationState, directive: StandingDirective, proposal: Proposal | None
) -> dict[str, Fact]:
    owes = any(referral.opinion is None and referral.open_inquiry for referral in state.referrals)
    author = directive.author
    return directive_routing.facts(
        posture=directive.posture.value,
        stage="dispute" if state.stage in _DISPUTE else state.stage.value,
        recommended=state.recommendation.outcome.value if state.recommendation else "none",
        directed=state.proposed is not None,
        referred=bool(state.referrals),
        agencies_pending=bool(pending(state.referrals)),
        agency_objects=proposal is not None
        and bool(disagrees(proposal.outcome, proposal.conditions, state.referrals, state.wordings)),
        answer_owed=state.open_inquiry is not None or owes,
        held=any(hold.lifted_at is None for hold in state.holds),
        disputed=state.stage in _DISPUTE or state.decision is not None,
        came_back=directive.key in state.moved_by,
        own_application=author.organisation == state.submitted_by.organisation
        or author.person in state.acted_for_applicant,
    )
