"""From the events of a reprieve to what its notices say."""

from collections.abc import Iterable, Iterator

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import JsonObject
from greenlight.kernel.streams import reprieve_stream
from greenlight.kernel.time.calendar import agency_date, last_day
from greenlight.law.letter import LetterKind
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
from greenlight.law.reprieve.state import ReprieveState
from greenlight.law.reprieve.terms import Correction, EntityChange, Scope, Term
from greenlight.letters.compose_memorandum import Head, memorandum
from greenlight.letters.content import NoLetterError, Records, Step
from greenlight.letters.notices import (
    ActivityLine,
    Change,
    Coverage,
    Notice,
    NoticeOfAmendment,
    NoticeOfEnd,
    NoticeOfTerm,
)
from greenlight.letters.officers import Officers
from greenlight.letters.words import day_in_words, instant_in_words

NOTICES = frozenset(
    {
        LetterKind.NOTICE_OF_TERM,
        LetterKind.NOTICE_OF_AMENDMENT,
        LetterKind.NOTICE_OF_END,
        LetterKind.MEMORANDUM,
    }
)


def compose(step: Step, records: Records, officers: Officers) -> Notice:
    """The notice of the last of ``records``, which are all of the reprieve's up to it.

    :raises NoLetterError: it calls for none.
    """
    basis = _Basis(step, records, officers)
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
            return memorandum(basis.head, event, basis.before, basis.terms[event.term])
        case event:
            raise NoLetterError(f"{step.letter_id}: nothing is known of {type(event).__name__}")


class _Basis:
    """The events that a notice rests on: its own, and what all before it come to."""

    def __init__(self, step: Step, records: Records, officers: Officers) -> None:
        self.officers = officers
        *earlier, self.event = (REPRIEVE.read(record) for record in records)
        self.previous = earlier[-1] if earlier else None
        self.terms: dict[int, Term] = {}
        state: ReprieveState | None = None
        for event, previous in zip(earlier, (None, *earlier), strict=False):
            state = REPRIEVE.apply(state, event)
            _note(self.terms, event, previous)
        # A term that opens a reprieve follows in the same commit.
        if state is None:
            raise NoLetterError(f"{step.letter_id}: there is no reprieve")
        self.before = state
        streams: JsonObject = {reprieve_stream(state.key): list(records), **officers.streams}
        self.head: Head = {
            "letter_id": step.letter_id,
            "rests_on": digest(streams),
            "dated": agency_date(self.event.at),
            "reprieve": state.key,
            "title": state.title,
        }


def _note(terms: dict[int, Term], event: Event, previous: Event | None) -> None:
    """Terms as they are to be read, those that are over included."""
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
        decided=_decided(basis, event),
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


def _decided(basis: _Basis, event: TermIssued) -> str:
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
        changes=tuple(_changes(before, after)),
        joined=tuple(sorted(after.entities - before.entities)),
        left=tuple(sorted(before.entities - after.entities)),
        coverage=_coverage(after.scope, after.entities) if rewritten else None,
        reasons=event.reasons,
        citation=event.citation,
        officer=basis.officers.named(event.by),
    )


def _changes(before: Term, after: Term) -> Iterator[Change]:
    pairs = {
        "Effective": (instant_in_words(before.effective), instant_in_words(after.effective)),
        "Valid through": (day_in_words(before.valid_through), day_in_words(after.valid_through)),
        "Citation": (before.citation, after.citation),
        "Published": (_published(before), _published(after)),
        "Reason": (before.reason, after.reason),
        "Activities": (_activities(before), _activities(after)),
        "Not for": (_excluded(before), _excluded(after)),
    }
    for what, (was, now) in pairs.items():
        if was != now:
            yield Change(what=what, was=was, now=now)


def _activities(term: Term) -> str:
    said = (
        f"{each.paragraph} {each.covers}; the {each.certifier} certifies" for each in term.scope.activities
    )
    return "\n".join(said)


def _excluded(term: Term) -> str | None:
    return ", ".join(sorted(term.scope.excluded_destinations)) or None


def _published(term: Term) -> str | None:
    return instant_in_words(term.published) if term.published else None


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
        **_last_day_as_date(basis, event),
        term=event.term,
        ended=instant_in_words(event.at),
        reasons=None,
        citation=None,
        officer=None,
    )


def _last_day_as_date(basis: _Basis, event: Event) -> Head:
    """A term that ended with a day is spoken of on that day, not on the next."""
    head = basis.head.copy()
    head["dated"] = last_day(event.at)
    return head


def _end(basis: _Basis, event: ReprieveEnded) -> NoticeOfEnd:
    return NoticeOfEnd(
        **basis.head,
        term=None,
        ended=instant_in_words(event.at),
        reasons=event.reasons,
        citation=event.citation,
        officer=basis.officers.named(event.by),
    )
