"""The state of a rule: what is attested and confirmed, what waits for a second officer, and how it stands."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import cast

from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Instant, JsonObject, Model, Name, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.law.rule.acts import Act, Attestation, Governed
from greenlight.law.rule.events import (
    ActAttested,
    ActEnded,
    AttestationConfirmed,
    AttestationDiscarded,
    AttestationTakenBack,
    EndDecided,
    EndNeared,
    RuleOpened,
    StandingChanged,
)
from greenlight.law.rule.policy import PolicyName
from greenlight.law.rule.runs import runs
from greenlight.law.rule.standing import Segment, Standing, segments
from greenlight.law.rule.worlds import counting
from greenlight.law.terms.run import Run
from greenlight.law.terms.spans import NEVER


class Stage(StrEnum):
    """``attested``: an attestation waits for a second officer. ``unsettled``: nobody knows how the rule
    stands, and somebody has to find out."""

    ATTESTED = "attested"
    SETTLED = "settled"
    UNSETTLED = "unsettled"


class Held(Model):
    """An attestation that waits for a second officer, of ``acts`` whose last has that ``number``; without
    any, ``corrects`` is taken back."""

    number: PositiveInteger
    acts: tuple[Act, ...]
    corrects: PositiveInteger | None
    by: Actor
    reasons: Text | None = None


class Watched(Model):
    """An attested act with a last day, and the policy by which it is decided what follows it."""

    number: PositiveInteger
    ends_by: PolicyName


class RuleState(Model):
    """``seen``: the instant up to which it is on record how the rule stands. ``watched`` are the acts of
    whose end officers are told ahead, ``neared`` the numbers of those of which they were. ``awaited`` are the
    numbers of those whose end was to come when something was confirmed last, and is not on record."""

    key: Identifier
    title: Name
    governs: Governed
    attestations: tuple[Attestation, ...] = ()
    held: Held | None = None
    numbers: int = 0
    seen: Instant
    watched: tuple[Watched, ...] = ()
    neared: tuple[PositiveInteger, ...] = ()
    awaited: tuple[PositiveInteger, ...] = ()

    @property
    def stage(self) -> Stage:
        if self.held is not None:
            return Stage.ATTESTED
        return Stage.UNSETTLED if self.standing.open else Stage.SETTLED

    @property
    def standing(self) -> Standing:
        """Its standing as far as time has passed."""
        return self.standing_at(self.seen)

    def standing_at(self, at: datetime) -> Standing:
        """Its standing at an instant, by all that is attested."""
        return [each for start, each in self.changes if start <= at][-1]

    @property
    def ending(self) -> tuple[Run, ...]:
        """The watched acts as they run, each of which has an end."""
        numbers = {each.number for each in self.watched}
        return tuple(run for run in runs(self.attestations) if run.number in numbers and run.end != NEVER)

    @property
    def changes(self) -> tuple[Segment, ...]:
        return segments(self.attestations)

    @property
    def again(self) -> tuple[int, ...]:
        """The attestations that count again once what waits is confirmed: the correction of them is taken
        back."""
        if self.held is None:
            return ()
        more = attested(self.held, self.seen)
        new = {each.number for each in (*counting(self.attestations), *more)}
        after = counting((*self.attestations, *more))
        return tuple(each.number for each in after if each.number not in new)

    @property
    def next_change(self) -> tuple[datetime, Standing] | None:
        """The first instant to come at which the rule stands otherwise."""
        last = self.standing
        for start, each in self.changes:
            if start > self.seen and each.forces != last.forces:
                return start, each
        return None


def evolve(state: RuleState | None, event: Event) -> RuleState:
    """The state after an event. The only thing that a replay runs."""
    if isinstance(event, RuleOpened):
        number = len(event.acts)
        return RuleState(
            key=event.key,
            title=event.title,
            governs=event.governs,
            held=Held(number=number, acts=event.acts, corrects=None, by=event.by),
            numbers=number,
            seen=event.at,
        )
    known = cast(RuleState, state)
    seen = max(known.seen, event.at)
    match event:
        case ActAttested(number=number, act=act, corrects=corrects, by=by):
            held = Held(number=number, acts=(act,), corrects=corrects, by=by)
            return known.model_copy(update={"held": held, "numbers": number, "seen": seen})
        case AttestationTakenBack(number=number, corrects=corrects, by=by, reasons=reasons):
            held = Held(number=number, acts=(), corrects=corrects, by=by, reasons=reasons)
            return known.model_copy(update={"held": held, "numbers": number, "seen": seen})
        case AttestationConfirmed(ends_by=ends_by):
            more = attested(cast(Held, known.held), event.at)
            watched = tuple(
                Watched(number=each.number, ends_by=ends_by)
                for each in more
                if ends_by is not None and each.act is not None and each.act.end is not None
            )
            changed = {"attestations": (*known.attestations, *more), "watched": (*known.watched, *watched)}
            after = known.model_copy(update={"held": None, "seen": seen, **changed})
            return after.model_copy(update={"awaited": tuple(_awaited(after, more))})
        case AttestationDiscarded():
            return known.model_copy(update={"held": None, "seen": seen})
        case EndNeared(number=number):
            return known.model_copy(update={"neared": (*known.neared, number), "seen": seen})
        case ActEnded(number=number):
            awaited = tuple(each for each in known.awaited if each != number)
            return known.model_copy(update={"awaited": awaited, "seen": seen})
        case StandingChanged() | EndDecided():
            return known.model_copy(update={"seen": seen})
        case _:
            raise ValueError(f"{type(event).__name__} is no event of a rule")


def _awaited(state: RuleState, confirmed: tuple[Attestation, ...]) -> Iterator[int]:
    """The acts whose end is to come once more is confirmed, or was until then: what corrects one of those is
    one of them, whenever it ended."""
    corrected = {each.number for each in confirmed if each.corrects in state.awaited}
    for run in state.ending:
        if run.end > state.seen or run.number in corrected or run.number in state.awaited:
            yield run.number


def attested(held: Held, known: datetime) -> tuple[Attestation, ...]:
    """Number what waits, as it counts once it is confirmed."""
    first = held.number - max(len(held.acts), 1) + 1
    return tuple(
        Attestation(number=number, act=act, corrects=held.corrects, known=known)
        for number, act in enumerate(held.acts or (None,), first)
    )


def dossier(state: RuleState) -> JsonObject:
    """Give what a confirmation rests on: all that is attested, and what waits. What counts again by it is
    there where there is any, so that what was signed keeps its digest."""
    found = state.model_dump(mode="json", include={"key", "title", "governs", "attestations", "held"})
    return {**found, "counts_again": list(state.again)} if state.again else found
