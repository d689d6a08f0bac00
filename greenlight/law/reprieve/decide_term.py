"""Decide what commands do to terms: ordered, extended, corrected, published, ended early, joined and left."""

from datetime import date, datetime, timedelta

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    RecordPublication,
    RemoveEntities,
    TerminateTerm,
    TermOrder,
)
from greenlight.law.reprieve.events import (
    EntitiesChanged,
    TermCorrected,
    TermPublished,
    TermTerminated,
)
from greenlight.law.reprieve.policy import EXTEND, EXTEND_TO
from greenlight.law.reprieve.refusals import ReprieveRefusal
from greenlight.law.reprieve.state import OpenDecision, ReprieveState, Standing
from greenlight.law.reprieve.terms import EntityChange, Term, entities_at, extended_by


def window_end(now: datetime, days: int) -> datetime:
    """The end of the last of ``days`` days in which to object, that of ``now`` being the first."""
    return end_of_day(agency_date(now) + timedelta(days=days - 1))


def ordered(number: int, order: TermOrder, now: datetime) -> Term | Refusal:
    """The term of an executive's order. It may begin in the past, with a signature; it may not end there."""
    term = Term(
        number=number,
        effective=order.effective or now,
        valid_through=order.valid_through,
        citation=order.citation,
        published=order.published,
        scope=order.scope,
        entities=order.entities,
        reason=order.reason,
    )
    if not term.entities:
        return Refusal(RefusalCode.MALFORMED, "term.entities: a term covers somebody")
    if term.end <= now:
        return Refusal(RefusalCode.TOO_LATE, "term.valid_through: the term is over already")
    if term.end <= term.effective:
        return Refusal(RefusalCode.MALFORMED, "term.valid_through: the term ends before it begins")
    return published_early("term.published", order.published, min(now, term.effective)) or term


def published_early(member: str, published: datetime | None, ordered: datetime) -> Refusal | None:
    """By days in Washington: that on which it is printed is not before that on which it is ordered.

    What is ordered with effect from the past may have been printed from then on.
    """
    first = agency_date(ordered)
    if published is None or agency_date(published) >= first:
        return None
    return Refusal(
        ReprieveRefusal.PUBLISHED_EARLY, f"{member}: ordered on {first}; give that day or a later one"
    )


def extension(state: ReprieveState, decision: OpenDecision, now: datetime) -> Term | str | None:
    """The term that ``decision`` comes to at ``now``: none if it lets lapse, or why there can be none."""
    evaluation, base = decision.evaluation, state.standing(decision.term)
    assert evaluation is not None, "what takes effect was decided"
    assert base is not None, "a term whose end is being decided stays in the state"
    if evaluation.outcome not in {EXTEND, EXTEND_TO}:
        return None
    through = _through(evaluation.outcome, evaluation.parameters, base, now)
    if through <= base.term.valid_through or end_of_day(through) <= now:
        return "the day to which the term would have been extended is past"
    entities = entities_at(base.term.entities, state.changes, now)
    if not entities:
        return "no entity is left that the term would cover"
    return Term(
        number=state.issued + 1,
        effective=now,
        valid_through=through,
        citation=None,
        published=None,
        scope=decision.scope or base.term.scope,
        entities=entities,
        reason=f"Decision {decision.number}, row {evaluation.row} of policy {evaluation.table}",
    )


def _through(outcome: str, parameters: dict[str, bool | int | str], base: Standing, now: datetime) -> date:
    if outcome == EXTEND_TO:
        return date.fromisoformat(str(parameters["to"]))
    return extended_by(int(parameters["days"]), base.term.valid_through, now)


def correct(state: ReprieveState, body: CorrectTerm, by: Actor, now: datetime) -> Ruling:
    """A correction says what was always so. It neither ends a term that runs nor revives one that is over."""
    if body.term > state.issued:
        return _no_term(body.term)
    said, standing = body.correction, state.standing(body.term)
    running = standing is not None and standing in state.terms
    if said.valid_through is not None and (end_of_day(said.valid_through) > now) is not running:
        return Refusal(
            RefusalCode.TOO_LATE,
            "correction.valid_through: to end a term or to issue one has its own command",
        )
    after = said.applied(standing.term) if standing else None
    begins = after.effective if after else said.effective
    ends = after.end if after else end_of_day(said.valid_through) if said.valid_through else None
    if begins is not None and ends is not None and ends <= begins:
        return Refusal(RefusalCode.MALFORMED, "correction: the term would end before it begins")
    ordered = _ordered(state, standing, now)
    if after is not None:
        ordered = min(ordered, after.effective)
    early = published_early("correction.published", said.published, ordered)
    if early := early or published_early("published", body.published, ordered):
        return early
    return (
        TermCorrected(
            at=now,
            by=by,
            term=body.term,
            correction=said,
            reasons=body.reasons,
            citation=body.citation,
            published=body.published,
        ),
    )


def publish(state: ReprieveState, body: RecordPublication, by: Actor, now: datetime) -> Ruling:
    """Once; what was recorded wrongly is corrected."""
    if body.term > state.issued:
        return _no_term(body.term)
    standing = state.standing(body.term)
    if standing is not None and standing.term.published is not None:
        return Refusal(ReprieveRefusal.ALREADY_PUBLISHED, f"term {body.term}: a correction can say otherwise")
    if body.published > now:
        return Refusal(RefusalCode.MALFORMED, "published: lies ahead")
    if early := published_early("published", body.published, _ordered(state, standing, now)):
        return early
    return (TermPublished(at=now, by=by, term=body.term, citation=body.citation, published=body.published),)


def terminate(state: ReprieveState, body: TerminateTerm, by: Actor, now: datetime) -> Ruling:
    """A decision on what follows the term falls with it: nothing follows a term that was ended early."""
    if body.term > state.issued:
        return _no_term(body.term)
    running = next((each for each in state.terms if each.term.number == body.term), None)
    ends = body.ends or now
    if running is None or ends < now or ends >= running.end:
        return Refusal(RefusalCode.TOO_LATE, "a term ends before its last day, and not in the past")
    if early := published_early("published", body.published, now):
        return early
    decision = state.decision
    return (
        TermTerminated(
            at=now,
            by=by,
            term=body.term,
            ends=ends,
            reasons=body.reasons,
            citation=body.citation,
            published=body.published,
            withdraws=decision.number if decision and decision.term == body.term else None,
        ),
    )


def change_entities(
    state: ReprieveState, body: AddEntities | RemoveEntities, by: Actor, now: datetime
) -> Ruling:
    if not body.entities:
        return Refusal(RefusalCode.MALFORMED, "entities: somebody comes or goes")
    if early := published_early("published", body.published, min(now, body.effective)):
        return early
    joined = isinstance(body, AddEntities) and body.running_terms
    change = EntityChange(
        entities=body.entities,
        effective=body.effective,
        added=isinstance(body, AddEntities),
        terms=tuple(standing.term.number for standing in state.terms) if joined else (),
    )
    return (
        EntitiesChanged(
            at=now,
            by=by,
            change=change,
            reasons=body.reasons,
            citation=body.citation,
            published=body.published,
        ),
    )


def _ordered(state: ReprieveState, standing: Standing | None, now: datetime) -> datetime:
    """When a term was ordered; of one that has left the state, when the first of all was."""
    return standing.since if standing else state.begins or now


def _no_term(number: int) -> Refusal:
    return Refusal(ReprieveRefusal.NO_SUCH_TERM, f"term {number}: {ReprieveRefusal.NO_SUCH_TERM.meaning}")
