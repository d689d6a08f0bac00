"""The standing of a rule at an instant, as known at another: in force, or not, or nobody knows yet.

A suspension that ran out says nothing of what followed it. Until somebody attests that, there are two
readings: as the law was last seen the rule is in force again; or the suspension was extended. Two
attestations of one act that contradict each other are two readings as well.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from greenlight.kernel.time.calendar import last_day, plain_date
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty
from greenlight.law.terms.knowing import Known, as_known
from greenlight.law.terms.spans import BEGINNING

MOST_WORLDS = 64
"""Combinations of attestations that contradict each other; with more, nothing would be certain."""


class Force(StrEnum):
    """``not_adopted``: not yet, as far as is known. ``ended``: its last day is over."""

    NOT_ADOPTED = "not_adopted"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    NOT_ENFORCED = "not_enforced"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which the law may stand, resting on the acts of ``citation``, and as certain as the least
    certain of them. ``words`` are followed by ``days``, of which it is one or the other."""

    force: Force
    words: str
    citation: str
    certainty: Certainty
    days: tuple[date, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(filter(None, (self.words, " or ".join(map(plain_date, self.days)))))


@dataclass(frozen=True, slots=True)
class Standing:
    """All readings that there are; of more than one, ``settled_by`` says what would decide between them.
    ``recorded``: the same as it goes on record, which names attestations by their numbers."""

    readings: tuple[Reading, ...]
    settled_by: str | None = None
    recorded: str | None = None
    forces: frozenset[Force] = field(init=False)
    in_force: bool | None = field(init=False)
    """Yes, no, or None: that is open. A text that stands and is not enforced leaves it open, too."""

    def __post_init__(self) -> None:
        forces = frozenset(reading.force for reading in self.readings)
        some = not forces.isdisjoint((Force.IN_FORCE, Force.NOT_ENFORCED))
        in_force = True if forces == frozenset((Force.IN_FORCE,)) else None if some else False
        # Asked all day: worked out once.
        object.__setattr__(self, "forces", forces)
        object.__setattr__(self, "in_force", in_force)

    @property
    def open(self) -> bool:
        return len(self.forces) > 1

    @property
    def citation(self) -> str:
        """The acts that it rests on, with how certain they are."""
        return "; ".join(
            dict.fromkeys(f"{each.citation}{_CAVEATS[each.certainty]}" for each in self.readings)
        )

    @property
    def certainty(self) -> Certainty:
        """That of the least certain of its readings."""
        return max(self.readings, key=_certain).certainty

    @property
    def said(self) -> str:
        return "; or ".join(reading.text for reading in self.readings)


_LEAST = list(Certainty)


def _certain(reading: Reading) -> int:
    return _LEAST.index(reading.certainty)


_CAVEATS = {
    Certainty.PRIMARY: "",
    Certainty.SECOND_HAND: " (second-hand)",
    Certainty.UNVERIFIED: " (unverified)",
}

UNKNOWN = Standing((Reading(Force.NOT_ADOPTED, "no such rule is known", "–", Certainty.UNVERIFIED),))

Segment = tuple[datetime, Standing]
"""From an instant on, until the next."""


class Timeline:
    """Every standing of a rule, worked out once: questions look it up.

    ``before`` is what counts of it until the first attestation here is known.
    """

    def __init__(self, attestations: Iterable[Attestation], before: "Timeline | None" = None) -> None:
        ordered = sorted(attestations, key=lambda each: (each.known, each.number))
        found = ((known, segments(tuple(said))) for (known, _), said in as_known(ordered, _known))
        self._found: Known[tuple[Segment, ...]] = Known(
            found, ((BEGINNING, UNKNOWN),), before._found if before else None
        )

    @property
    def known(self) -> Sequence[datetime]:
        """The instants at which something became known."""
        return self._found.instants

    def at(self, at: datetime, known_at: datetime | None = None) -> Standing:
        """Look up how the rule stands at ``at``; ``known_at``: by what was known then, None: by all of it."""
        found = self.changes(known_at)
        return found[bisect_right(found, at, key=_start) - 1][1]

    def changes(self, known_at: datetime | None = None) -> tuple[Segment, ...]:
        """Every standing with the instant from which it counts."""
        return self._found.at(known_at)


def _known(attestation: Attestation) -> datetime:
    return attestation.known


def _start(segment: Segment) -> datetime:
    return segment[0]


def counting(attestations: Iterable[Attestation]) -> tuple[Attestation, ...]:
    """Those that no other corrects or takes back, in the order in which they came."""
    known = tuple(attestations)
    corrected = {each.corrects for each in known}
    return tuple(each for each in known if each.act is not None and each.number not in corrected)


def effect(act: Act) -> tuple[datetime, datetime]:
    """The order in which acts count."""
    return act.effective, act.published or act.effective


@lru_cache(maxsize=64)
def segments(attestations: tuple[Attestation, ...]) -> tuple[Segment, ...]:
    """The standings by what is attested, without a gap from the beginning of time on.

    Worked out once: with attestations that contradict each other that takes long enough to hold up a workflow
    that asks for each of its deadlines.
    """
    acts: dict[tuple[ActKind, str], list[Attestation]] = {}
    for each in counting(attestations):
        assert each.act is not None, "what is taken back does not count"
        same = acts.setdefault((each.act.kind, each.act.citation), [])
        if all(other.act != each.act for other in same):
            same.append(each)
    if not acts:
        return ((BEGINNING, UNKNOWN),)
    disputes = [_dispute(said) for said in acts.values() if len(said) > 1]
    worlds = [tuple(_world(chosen)) for chosen in _choices(acts.values())]
    starts = sorted({start for world in worlds for start, _ in world})
    found: list[Segment] = []
    for start in starts:
        held = [_held(world, start) for world in worlds]
        same = {
            force: [each for of in held for each in of.readings if each.force is force] for force in Force
        }
        said = tuple(_either(readings) for readings in same.values() if readings)
        contradicted = disputes if len({standing.forces for standing in held}) > 1 else []
        settled = [standing.settled_by for standing in held if standing.settled_by]
        words, numbered = (
            "; ".join(dict.fromkeys((*settled, *more))) or None
            for more in ([each.words for each in contradicted], [each.numbered for each in contradicted])
        )
        found.append((start, Standing(said, words, numbered)))
    return tuple(found)


def _either(same: Sequence[Reading]) -> Reading:
    """Readings of one force as one: as certain as the most certain of them, and by any of their days."""
    days: dict[str, set[date]] = {}
    for each in same:
        days.setdefault(each.words, set()).update(each.days)
    best = min(same, key=_certain)
    told = [replace(best, words=words, days=tuple(sorted(of))) for words, of in days.items()]
    return (
        told[0] if len(told) == 1 else replace(best, words=", or ".join(each.text for each in told), days=())
    )


def _choices(acts: Iterable[list[Attestation]]) -> Iterator[tuple[Act, ...]]:
    said = [[each.act for each in of if each.act] for of in acts]
    for place, chosen in enumerate(product(*said)):
        assert place < MOST_WORLDS, "the law takes no more attestations that contradict each other"
        yield chosen


def contradictions(attestations: Iterable[Attestation]) -> int:
    """Count the combinations of what is attested; 1 where nothing contradicts anything."""
    said: dict[tuple[ActKind, str], set[str]] = {}
    for each in counting(attestations):
        assert each.act is not None, "what is taken back does not count"
        said.setdefault((each.act.kind, each.act.citation), set()).add(each.act.model_dump_json())
    number = 1
    for of in said.values():
        number *= len(of)
    return number


class _Dispute(NamedTuple):
    """What decides between attestations that contradict each other: for whoever asks, and by number."""

    words: str
    numbered: str


def _dispute(said: list[Attestation]) -> _Dispute:
    numbers = " and ".join(str(each.number) for each in said)
    acts = [each.act for each in said if each.act]
    points = [words for name, words in _POINTS.items() if len({getattr(act, name) for act in acts}) > 1]
    citation = acts[0].citation
    return _Dispute(
        words=f"reading {' and '.join(points) or 'what it says'} in {citation}",
        numbered=f"a correction of attestations {numbers}, which contradict each other on {citation}",
    )


_POINTS = {"effective": "the day from which it counts", "valid_through": "the last day"}
"""What may be read otherwise of an act, and matters to how a rule stands."""


def _held(world: tuple[Segment, ...], at: datetime) -> Standing:
    return world[bisect_right(world, at, key=_start) - 1][1]


def _world(acts: Iterable[Act]) -> Iterator[Segment]:
    """The standings if every one of ``acts`` is as attested, and none contradicts another."""
    ordered = sorted(acts, key=effect)
    adopted = next((act for act in ordered if act.kind is ActKind.ADOPTED), ordered[0])
    yield BEGINNING, _one(Force.NOT_ADOPTED, "it was not adopted yet", adopted)
    text = _Text(adopted)
    for place, act in enumerate(ordered):
        following = ordered[place + 1].effective if place + 1 < len(ordered) else None
        standing = text.after(act)
        if standing is None:
            return
        yield act.effective, standing
        ends = text.ends
        if ends is not None and ends >= act.effective and (following is None or ends < following):
            yield ends, text.ended()


class _Text:
    """A rule's text while its acts are gone through in the order of their effect."""

    def __init__(self, adopted: Act) -> None:
        self._base, self._act = adopted, adopted
        self._amended: list[Act] = []
        self._force = Force.NOT_ADOPTED
        self.ends: datetime | None = None

    def after(self, act: Act) -> Standing | None:
        """The standing from the effect of ``act`` on; None: after its withdrawal nothing follows."""
        if self._force is Force.WITHDRAWN:
            return None
        over = self.ends is not None and self.ends <= act.effective
        if over and self._force is not Force.SUSPENDED:
            self._force, self.ends = Force.ENDED, None
        match act.kind:
            case ActKind.ADOPTED | ActKind.REINSTATED:
                self._force, self.ends = Force.IN_FORCE, act.end
            case ActKind.AMENDED:
                self._amended.append(act)
                if over and self._force is Force.SUSPENDED:
                    return self.ended()
                self._force = Force.IN_FORCE if act.end and self._force is Force.ENDED else self._force
                self.ends = act.end or self.ends
                return self._now(self._act if self._force is Force.SUSPENDED else act)
            case ActKind.SUSPENDED:
                self._force, self.ends = Force.SUSPENDED, act.end
            case ActKind.NOT_ENFORCED:
                self._force, self.ends = Force.NOT_ENFORCED, None
            case ActKind.WITHDRAWN:
                self._force, self.ends = Force.WITHDRAWN, None
        self._act = act
        return self._now(act)

    def _now(self, act: Act) -> Standing:
        if self.ends is None:
            return _one(self._force, _SAID[self._force], *self._rests_on(act))
        through = f"{_SAID[self._force]} through"
        return _one(self._force, through, *self._rests_on(act), day=last_day(self.ends))

    def ended(self) -> Standing:
        """The standing when the last day of what runs is over, and no act that follows counts yet."""
        assert self.ends is not None, "something ends"
        day = last_day(self.ends)
        acts = self._rests_on(self._act)
        if self._force is not Force.SUSPENDED:
            return _one(Force.ENDED, "it ended with", *acts, day=day)
        cited = _cited(acts)
        again = "it is in force again, as the law was last seen: the suspension ran through"
        still = "it is still suspended, if the suspension was extended past"
        return Standing(
            (
                Reading(Force.IN_FORCE, again, cited, Certainty.UNVERIFIED, (day,)),
                Reading(Force.SUSPENDED, still, cited, Certainty.UNVERIFIED, (day,)),
            ),
            f"a notice that extends {self._act.citation} past {plain_date(day)}, or the attestation that"
            " there is none",
        )

    def _rests_on(self, act: Act) -> tuple[Act, ...]:
        return self._base, *self._amended, act


def _cited(acts: Iterable[Act]) -> str:
    return ", ".join(dict.fromkeys(act.citation for act in acts))


_SAID = {
    Force.NOT_ADOPTED: "it was not adopted yet",
    Force.IN_FORCE: "it is in force",
    Force.SUSPENDED: "it is suspended",
    Force.NOT_ENFORCED: "its text stands, and the agency has announced that it is not enforced",
    Force.ENDED: "it ended",
    Force.WITHDRAWN: "it was withdrawn",
}


def _one(force: Force, words: str, *acts: Act, day: date | None = None) -> Standing:
    """The standing that rests on these acts."""
    certainty = max((act.certainty for act in acts), key=_LEAST.index)
    return Standing((Reading(force, words, _cited(acts), certainty, () if day is None else (day,)),))
