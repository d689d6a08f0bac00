"""From the events of a reprieve to what its notices say."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from greenlight.kernel.commit import Event
from greenlight.kernel.tables.table import Evaluation
from greenlight.kernel.time.calendar import last_day
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.events import (
    DecisionMade,
    EntitiesChanged,
    OutcomeConfirmed,
    OutcomeReplaced,
    ReprieveEnded,
    TermCorrected,
    TermExpired,
    TermIssued,
    TermPublished,
    TermTerminated,
)
from greenlight.law.reprieve.policy import EXTEND, EXTEND_TO
from greenlight.law.reprieve.state import ReprieveState
from greenlight.law.reprieve.terms import Correction, EntityChange, Scope, Term
from greenlight.law.terms.deciding import LAPSE
from greenlight.letters.basis import Basis
from greenlight.letters.compose_memorandum import decided
from greenlight.letters.content import Records, Step
from greenlight.letters.notices import (
    ActivityLine,
    Change,
    Coverage,
    Memorandum,
    Notice,
    NoticeOfAmendment,
    NoticeOfEnd,
    NoticeOfTerm,
    differing,
)
from greenlight.letters.officers import Officers
from greenlight.letters.words import day_in_words, instant_in_words


def compose(step: Step, records: Records, officers: Officers) -> Notice | None:
    """The notice of the last of ``records``, which are all of the reprieve's up to it; None: nothing is known
    of that."""
    basis = _Basis(REPRIEVE, step, records, officers)
    match basis.event:
        case TermIssued() as event:
            return _term(basis, event)
        case TermCorrected() as event:
            return _correction(basis, event)
        case TermTerminated() as event:
            return _termination(basis, event)
        case EntitiesChanged() as event:
            return _entities(basis, event)
        case TermExpired() as event:
            return _lapse(basis, event)
        case ReprieveEnded() as event:
            return _end(basis, event)
        case DecisionMade() as event:
            return _decision(basis, event)
        case _:
            return None


class _Basis(Basis[ReprieveState]):
    """With the terms as they are to be read, those that are over included."""

    @property
    def previous(self) -> Event:
        return self.earlier[-1]

    @cached_property
    def terms(self) -> Mapping[int, Term]:
        terms: dict[int, Term] = {}
        for event, previous in zip(self.earlier, (None, *self.earlier), strict=False):
            _note(terms, event, previous)
        return terms


def _note(terms: dict[int, Term], event: Event, previous: Event | None) -> None:
    match event:
        case TermIssued(term=term):
            terms[term.number] = term.model_copy(update={"reason": _reason(event, previous)})
        case TermPublished():
            said = Correction(citation=event.citation, published=event.published)
            terms[event.term] = said.applied(terms[event.term])
        case TermCorrected():
            terms[event.term] = event.correction.applied(terms[event.term])
        case _:
            pass


def _term(basis: _Basis, event: TermIssued) -> NoticeOfTerm:
    term = event.term
    return NoticeOfTerm(
        **basis.head,
        term=term.number,
        effective=instant_in_words(term.effective),
        valid_through=term.valid_through,
        citation=term.citation,
        coverage=_coverage(term.scope, term.entities),
        leaving=tuple(_leaving(term, basis.before.changes)),
        reason=_reason(event, basis.previous),
        decided=_by_whom(basis, event),
    )


def _leaving(term: Term, changes: Iterable[EntityChange]) -> Iterator[tuple[str, str]]:
    for change in changes:
        if not change.added and change.effective > term.effective:
            for entity in sorted(change.entities & term.entities):
                yield entity, instant_in_words(change.effective)


def _reason(event: TermIssued, previous: Event | None) -> str:
    """As the executive wrote it; on record of a term by the policy is which row of it applied."""
    if event.decision is None or isinstance(previous, OutcomeReplaced):
        return event.term.reason
    return "The policy of this office for this reprieve provides for a further term."


def _by_whom(basis: _Basis, event: TermIssued) -> str:
    match basis.previous:
        case OutcomeConfirmed(decision=number, by=by):
            return f"By that policy, in decision {number}, confirmed by {basis.officers.named(by)}."
        case OutcomeReplaced(decision=number, by=by):
            return f"By order of {basis.officers.named(by)}, in the place of decision {number}."
        case _ if event.by is not None:
            return f"By order of {basis.officers.named(event.by)}."
        case _:
            decision = basis.before.decision
            assert decision is not None, "what nobody ordered was decided by the policy"
            return f"By that policy, in decision {decision.number}; the executive did not object in time."


def _coverage(scope: Scope, entities: Iterable[str]) -> Coverage:
    return Coverage(
        activities=tuple(
            ActivityLine(
                paragraph=activity.paragraph,
                covers=activity.covers,
                certifier=activity.certifier.value,
                certification=activity.certification,
            )
            for activity in scope.activities
        ),
        excluded=tuple(sorted(scope.excluded_destinations)),
        exclusion=scope.exclusion,
        entities=tuple(sorted(entities)),
    )


def _correction(basis: _Basis, event: TermCorrected) -> NoticeOfAmendment:
    said, before = event.correction, basis.terms[event.term]
    after = said.applied(before)
    rewritten = said.scope is not None or said.entities is not None
    return NoticeOfAmendment(
        **basis.head,
        subject="Term corrected",
        term=event.term,
        effective=instant_in_words(after.effective),
        changes=differing(_said(before), _said(after)),
        joined=tuple(sorted(after.entities - before.entities)),
        left=tuple(sorted(before.entities - after.entities)),
        coverage=_coverage(after.scope, after.entities) if rewritten else None,
        reasons=event.reasons,
        citation=event.citation,
        officer=basis.officers.named(event.by),
    )


def _said(term: Term) -> Mapping[str, str | None]:
    """The words of a term, but for its entities, by what they are about."""
    return {
        "Effective": instant_in_words(term.effective),
        "Valid through": day_in_words(term.valid_through),
        "Citation": term.citation,
        "Published": instant_in_words(term.published) if term.published else None,
        "Reason": term.reason,
        "Activities": _activities(term),
        "Not for": _excluded(term),
    }


def _activities(term: Term) -> str:
    said = (
        f"{each.paragraph} {each.covers}; the {each.certifier} certifies" for each in term.scope.activities
    )
    return "\n".join(said)


def _excluded(term: Term) -> str | None:
    return ", ".join(sorted(term.scope.excluded_destinations)) or None


def _termination(basis: _Basis, event: TermTerminated) -> NoticeOfAmendment:
    standing = basis.before.standing(event.term)
    assert standing is not None, "a term that is ended early was running"
    ends = instant_in_words(event.ends)
    return NoticeOfAmendment(
        **basis.head,
        subject="Term ended early",
        term=event.term,
        effective=ends,
        changes=(Change(what="Ends", was=instant_in_words(standing.end), now=ends),),
        joined=(),
        left=(),
        coverage=None,
        reasons=event.reasons,
        citation=event.citation,
        officer=basis.officers.named(event.by),
    )


def _entities(basis: _Basis, event: EntitiesChanged) -> NoticeOfAmendment:
    change = event.change
    entities = tuple(sorted(change.entities))
    which = ", ".join(map(str, change.terms)) or "none that runs"
    joins = Change(what="Terms that they join", was=None, now=f"{which}; and those to come")
    leaves = Change(what="Terms that they leave", was="all", now=None)
    return NoticeOfAmendment(
        **basis.head,
        subject="Entities added" if change.added else "Entities removed",
        term=None,
        effective=instant_in_words(change.effective),
        changes=(joins if change.added else leaves,),
        joined=entities if change.added else (),
        left=() if change.added else entities,
        coverage=None,
        reasons=event.reasons,
        citation=event.citation,
        officer=basis.officers.named(event.by),
    )


def _lapse(basis: _Basis, event: TermExpired) -> NoticeOfEnd:
    return NoticeOfEnd(
        **basis.last_day_as_date,
        term=event.term,
        ended=instant_in_words(event.at),
        reasons=None,
        citation=None,
        officer=None,
    )


def _end(basis: _Basis, event: ReprieveEnded) -> NoticeOfEnd:
    return NoticeOfEnd(
        **basis.head,
        term=None,
        ended=instant_in_words(event.at),
        reasons=event.reasons,
        citation=event.citation,
        officer=basis.officers.named(event.by),
    )


def _decision(basis: _Basis, event: DecisionMade) -> Memorandum:
    """On a decision about a term, which was made while that stood."""
    state, term = basis.before, basis.terms[event.term]
    standing = state.standing(event.term)
    assert standing is not None, "a term whose end is being decided stays in the state"
    policy = next(each.policy for each in state.policies if each.policy.version == event.policy)
    return Memorandum(
        **basis.head,
        **decided(policy.table, event.facts, event.evaluation),
        policy_version=event.policy,
        decision=event.number,
        term=event.term,
        valid_through=term.valid_through,
        due=instant_in_words(event.due),
        made=instant_in_words(event.at),
        late=event.at > event.due,
        outcome=_outcome(event.evaluation),
        closes=day_in_words(last_day(event.closes)) if event.closes else None,
        answer_by=day_in_words(last_day(standing.end)),
        over=event.at >= standing.end,
    )


def _outcome(evaluation: Evaluation) -> str:
    scope = evaluation.parameters.get("scope")
    scoped = f", with the scope “{scope}”" if scope else ", with the same scope"
    match evaluation.outcome:
        case outcome if outcome == EXTEND:
            return f"Extend by {evaluation.parameters['days']} days{scoped}"
        case outcome if outcome == EXTEND_TO:
            return f"Extend to {evaluation.parameters['to']}{scoped}"
        case outcome if outcome == LAPSE:
            return "Let the reprieve lapse"
        case _:
            return "Refer to the executive"
