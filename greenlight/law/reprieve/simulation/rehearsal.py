"""A policy rehearsed: what it would decide, and when, over a life of a reprieve that is known or imagined.

A life says what people did and what could be known when; the reprieve itself decides, step by step, whatever
comes next. Nothing is fetched and nothing kept: the same policy and life come to the same events.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.tables.domain import Fact
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    ConfirmOutcome,
    OpenReprieve,
    RecordFacts,
    ReplaceOutcome,
    StopOutcome,
    SubmitEvidence,
    TakeEffect,
    TermOrder,
)
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.law.reprieve.state import ReprieveState, Stage, dossier_digest
from greenlight.law.reprieve.terms import entities_at, extended_by
from greenlight.law.terms.deciding import KnownFact

EXECUTIVE = Actor(officer="rehearsal", person="rehearsal", organisation="rehearsal", role=Role.EXECUTIVE)
OFFICER = EXECUTIVE.model_copy(update={"role": Role.LICENSING_OFFICER})


class UnsoundLifeError(ValueError):
    """The first term of a life cannot be issued, or the policy may not decide anything."""


@dataclass(frozen=True, slots=True)
class Known:
    """The value of a fact as it can be known from ``at`` on, until another of that name is."""

    at: datetime
    name: str
    value: Fact
    source: str


@dataclass(frozen=True, slots=True)
class Act:
    """An act of an executive. Where the reprieve has no place for it, it comes to nothing."""

    at: datetime
    body: Body


@dataclass(frozen=True, slots=True)
class Answer:
    """To what is referred: after a time, a term through so many days beyond the one before."""

    after: timedelta
    days: int


class Speech(StrEnum):
    CONFIRM = "confirm"
    REPLACE = "replace"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Word:
    """To what is proposed: after a time, if that is before the time to object is over. ``days`` are those of
    a term in place of the outcome, beyond the one before."""

    after: timedelta
    speech: Speech
    days: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """From the first term, at ``begins``, to ``until``, and nothing later than that.

    ``answers`` are those to the referrals in their order, None being silence, as it is to all further ones;
    ``words`` are those to the proposals, likewise.
    While the service is ``down`` time goes on, and what the service owes waits.
    """

    key: str
    title: str
    begins: datetime
    until: datetime
    term: TermOrder
    known: tuple[Known, ...] = ()
    acts: tuple[Act, ...] = ()
    answers: tuple[Answer | None, ...] = ()
    words: tuple[Word | None, ...] = ()
    down: tuple[tuple[datetime, datetime], ...] = ()

    def up(self, at: datetime) -> datetime:
        """The first instant from ``at`` on at which the service is up."""
        for begin, end in self.down:
            if begin <= at < end:
                at = end
        return at


@dataclass(frozen=True, slots=True)
class _Run:
    """A reprieve on its way through a life."""

    life: Life
    policy: Policy
    now: datetime
    state: ReprieveState | None = None
    events: tuple[Event, ...] = ()
    referrals: int = 0
    proposals: int = 0
    acts: tuple[Act, ...] = ()

    def after(self, *events: Event) -> "_Run":
        state = self.state
        for event in events:
            state = REPRIEVE.evolve(state, event)
        return replace(self, state=state, events=(*self.events, *events))

    def advanced(self) -> "_Run":
        return self.after(*REPRIEVE.advance(self.state, self.now))

    def asked(self, body: Body) -> "_Run":
        """After a command, if it is accepted."""
        run, declared = self.advanced(), body.declared
        sender = OFFICER if OFFICER.role in declared.by else EXECUTIVE
        command = Command(
            key=self.life.key,
            body=body,
            by=sender if declared.by else None,
            dossier=dossier_digest(run.state) if run.state and declared.decision else None,
        )
        answer = REPRIEVE.decide(run.state, command, run.now)
        if isinstance(answer, tuple):
            return run.after(*answer).advanced()
        if run.state is None and isinstance(answer, Refusal):
            raise UnsoundLifeError(answer.message)
        return run


def rehearse(policy: Policy, life: Life) -> tuple[Event, ...]:
    """Everything that would happen in ``life`` under ``policy``, by nobody's doing but what the life says.

    At one instant time is first, then people, then the service.

    :raises UnsoundLifeError: if there is nothing to rehearse.
    """
    run: _Run = _Run(life, policy, life.begins, acts=_acts(policy, life))
    run = run.asked(OpenReprieve(title=life.title, policy=policy, term=life.term))
    while True:
        while run.acts and run.acts[0].at <= run.now:
            run = replace(run, acts=run.acts[1:]).asked(run.acts[0].body)
        run = _served(_spoken(_answered(run)))
        coming = min(_coming(run), default=None)
        if coming is None or coming > life.until:
            return run.events
        run = replace(run, now=max(run.now, coming)).advanced()


def _acts(policy: Policy, life: Life) -> tuple[Act, ...]:
    """List what people do, the evidence that the policy asks for included."""
    acts = list(life.acts)
    for known in life.known:
        given = policy.input_of(known.name)
        if given and policy.origins[known.name] is Origin.EVIDENCE and given.admits(known.value):
            fact = KnownFact(name=known.name, value=known.value, source=known.source)
            acts.append(Act(max(known.at, life.begins), SubmitEvidence(fact=fact, statement=known.source)))
    return tuple(sorted(acts, key=lambda act: act.at))


def _coming(run: _Run) -> Iterable[datetime]:
    """When something happens next, each for a reason of its own."""
    deadline = REPRIEVE.next_deadline(run.state)
    if deadline is not None and deadline.due is not None:
        yield deadline.due
    if run.acts:
        yield run.acts[0].at
    if _owes(run):
        yield run.life.up(run.now)
    if (answer := _answer(run)) is not None:
        yield answer
    if (word := _word(run)) is not None:
        yield word[0]


def _owes(run: _Run) -> bool:
    return run.state is not None and run.state.stage in {Stage.GATHERING, Stage.TAKING_EFFECT}


def _served(run: _Run) -> _Run:
    """Do what the service owes, unless it is down: the facts of the moment, and an outcome its effect."""
    while _owes(run) and run.life.up(run.now) == run.now:
        assert run.state is not None, "somebody owes something to it"
        if run.state.stage is Stage.TAKING_EFFECT:
            run = run.asked(TakeEffect())
            continue
        run = run.asked(RecordFacts(facts=tuple(_gathered(run))))
        if run.state is not None and run.state.stage is Stage.REFERRED:
            run = replace(run, referrals=run.referrals + 1)
        elif run.state is not None and run.state.stage is Stage.PROPOSED:
            run = replace(run, proposals=run.proposals + 1)
    return run


def _gathered(run: _Run) -> Iterable[KnownFact]:
    found = {known.name: known for known in run.life.known if known.at <= run.now}
    for name, known in found.items():
        given = run.policy.input_of(name)
        if given and run.policy.origins[name] is Origin.GATHERED and given.admits(known.value):
            yield KnownFact(name=name, value=known.value, source=known.source)


def _answer(run: _Run) -> datetime | None:
    """When the executive answers what is referred, if ever."""
    state, answers = run.state, run.life.answers
    if state is None or state.stage is not Stage.REFERRED or run.referrals > len(answers):
        return None
    answer, decision = answers[run.referrals - 1], state.decision
    assert decision is not None, "the stage says that a decision is open"
    assert decision.made_at is not None, "it was made before it was referred"
    return None if answer is None else decision.made_at + answer.after


def _answered(run: _Run) -> _Run:
    at, state = _answer(run), run.state
    if at is None or at > run.now or state is None or state.decision is None:
        return run
    answer = run.life.answers[run.referrals - 1]
    assert answer is not None, "silence has no time"
    run = run.asked(_replacement(run, state, state.decision.term, answer.days))
    if run.state is not None and run.state.stage is Stage.REFERRED:
        # Nobody is left whom a term would cover, so there is nothing to answer any more.
        return replace(run, referrals=len(run.life.answers) + 1)
    return run


def _word(run: _Run) -> tuple[datetime, Word] | None:
    """Find what the executive says to what is proposed, and when, if in time."""
    state, words = run.state, run.life.words
    if state is None or state.stage is not Stage.PROPOSED or run.proposals > len(words):
        return None
    word, decision = words[run.proposals - 1], state.decision
    assert decision is not None, "the stage says that a decision is open"
    assert decision.made_at is not None, "it was made before it was proposed"
    assert decision.closes is not None, "what is proposed waits for objections"
    if word is None or decision.made_at + word.after >= decision.closes:
        return None
    return decision.made_at + word.after, word


def _spoken(run: _Run) -> _Run:
    said, state = _word(run), run.state
    if said is None or said[0] > run.now or state is None or state.decision is None:
        return run
    match said[1].speech:
        case Speech.CONFIRM:
            body: Body = ConfirmOutcome()
        case Speech.STOP:
            body = StopOutcome(reasons="Said")
        case Speech.REPLACE:
            body = _replacement(run, state, state.decision.term, said[1].days)
    run = run.asked(body)
    if run.state is not None and run.state.stage is Stage.PROPOSED:
        # As above: refused, and not to be asked again.
        return replace(run, proposals=len(run.life.words) + 1)
    return run


def _replacement(run: _Run, state: ReprieveState, number: int, days: int) -> ReplaceOutcome:
    base = state.standing(number)
    assert base is not None, "a term whose end is being decided stays in the state"
    order = TermOrder(
        valid_through=extended_by(days, base.term.valid_through, run.now),
        scope=base.term.scope,
        entities=entities_at(base.term.entities, state.changes, run.now),
        reason="The executive's own",
    )
    return ReplaceOutcome(term=order, reasons="The executive's own")
