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
from typing import NamedTuple

from greenlight.kernel.time.calendar import last_day, plain_date
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty
from greenlight.law.rule.course import Course
from greenlight.law.rule.worlds import Said, World, alternatives, worlds
from greenlight.law.terms.knowing import Known, as_known
from greenlight.law.terms.spans import BEGINNING, NEVER


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


@lru_cache(maxsize=64)
def segments(attestations: tuple[Attestation, ...]) -> tuple[Segment, ...]:
    """The standings by what is attested, without a gap from the beginning of time on.

    Worked out once: with attestations that contradict each other that takes long enough to hold up a workflow
    that asks for each of its deadlines.
    """
    acts = alternatives(attestations)
    if not acts:
        return ((BEGINNING, UNKNOWN),)
    disputes = [_dispute(same) for same in acts if len(same) > 1]
    found_in = [tuple(_world(world)) for world in worlds(acts)]
    starts = sorted({start for world in found_in for start, _ in world})
    found: list[Segment] = []
    for start in starts:
        held = [_held(world, start) for world in found_in]
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


class _Dispute(NamedTuple):
    """What decides between attestations that contradict each other: for whoever asks, and by number."""

    words: str
    numbered: str


def _dispute(same: list[Said]) -> _Dispute:
    numbers = " and ".join(str(each.number) for each in same)
    acts = [each.act for each in same]
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


def _world(world: World) -> Iterator[Segment]:
    """The standings if every act is as attested, and none contradicts another."""
    base = next((each for each in world if each.act.kind is ActKind.ADOPTED), world[0]).act
    yield BEGINNING, _one(Force.NOT_ADOPTED, _SAID[Force.NOT_ADOPTED], base)
    course = Course()
    for place, each in enumerate(world):
        begin = each.act.effective
        following = world[place + 1].act.effective if place + 1 < len(world) else NEVER
        course.go(each)
        if course.withdrawn:
            acts = base, *course.amended, each.act
            yield begin, _one(Force.WITHDRAWN, _SAID[Force.WITHDRAWN], *acts)
            return
        for start in (begin, *(end for end in course.ends if begin < end < following)):
            yield start, _standing(base, course, start)


def _standing(base: Act, course: Course, at: datetime) -> Standing:
    """The standing at an instant by the acts until then."""
    stay = course.stay
    by = course.term if course.over(at) else stay or course.text
    # Of a text that nobody attested an amendment alone may be.
    acts = (base, *course.amended, *((by.act,) if by else ()))
    if course.term is not None and course.over(at):
        return _one(Force.ENDED, "it ended with", *acts, day=_last_day(course.term))
    if stay is None:
        force = Force.IN_FORCE if course.text else Force.NOT_ADOPTED
    elif stay.act.end is not None and stay.act.end <= at:
        return _nobody_knows(stay.act, acts, _last_day(stay))
    else:
        force = Force.SUSPENDED if stay.act.kind is ActKind.SUSPENDED else Force.NOT_ENFORCED
    ends = next((end for end in course.ends if at < end), None)
    if ends is None:
        return _one(force, _SAID[force], *acts)
    return _one(force, f"{_SAID[force]} through", *acts, day=last_day(ends))


def _last_day(said: Said) -> date:
    assert said.act.end is not None, "it has a last day"
    return last_day(said.act.end)


def _nobody_knows(stay: Act, acts: Iterable[Act], day: date) -> Standing:
    """The standing when ``day``, the last of a suspension, is over, and no act that follows counts yet."""
    cited = _cited(acts)
    again = "it is in force again, as the law was last seen: the suspension ran through"
    still = "it is still suspended, if the suspension was extended past"
    return Standing(
        (
            Reading(Force.IN_FORCE, again, cited, Certainty.UNVERIFIED, (day,)),
            Reading(Force.SUSPENDED, still, cited, Certainty.UNVERIFIED, (day,)),
        ),
        f"a notice that extends {stay.citation} past {plain_date(day)}, or the attestation that there is"
        " none",
    )


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
