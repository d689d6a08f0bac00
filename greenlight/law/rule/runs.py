"""The acts on a rule as terms: from their effect through their last day, or until another act ends them."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from greenlight.law.rule.acts import ActKind, Attestation
from greenlight.law.rule.course import Course, Lasting
from greenlight.law.rule.standing import Force
from greenlight.law.rule.worlds import alternatives, worlds
from greenlight.law.terms.run import Run


def runs(attestations: Iterable[Attestation]) -> tuple[Run, ...]:
    """Everything attested that lasts, by the number of its attestation; what is said twice runs once.

    Two attestations of one act that contradict each other both run: neither ends the other.
    """
    return tuple(_run(each) for each in _lasting(tuple(attestations)))


def ended_by(attestations: Iterable[Attestation]) -> dict[int, int | None]:
    """The number of the attestation whose act ends each of them; None: it has its own last day, or nothing
    does."""
    return {each.said.number: each.by for each in _lasting(tuple(attestations))}


@lru_cache(maxsize=64)
def _lasting(attestations: tuple[Attestation, ...]) -> tuple[Lasting, ...]:
    """Every act that lasts; of those that contradict others the way in which one ends first."""
    found: dict[int, Lasting] = {}
    acts = alternatives(attestations)
    for world in worlds(acts) if acts else ():
        course = Course()
        for each in world:
            course.go(each)
        for lasting in course.lasting():
            known = found.setdefault(lasting.said.number, lasting)
            found[lasting.said.number] = min(known, lasting, key=_end)
    return tuple(found[number] for number in sorted(found))


def _end(lasting: Lasting) -> datetime:
    return lasting.end


_HOW = {
    ActKind.ADOPTED: Force.IN_FORCE,
    ActKind.REINSTATED: Force.IN_FORCE,
    ActKind.AMENDED: Force.IN_FORCE,
    ActKind.SUSPENDED: Force.SUSPENDED,
    ActKind.NOT_ENFORCED: Force.NOT_ENFORCED,
}


def _run(lasting: Lasting) -> Run:
    act = lasting.said.act
    said = f"{act.kind.replace('_', ' ')}: {act.text}"
    return Run(
        lasting.said.number, act.effective, lasting.end, act.citation, act.published, said, _HOW.get(act.kind)
    )
