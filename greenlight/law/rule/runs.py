"""The acts on a rule as terms: from their effect through their last day, or until another act ends them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from greenlight.law.rule.acts import Act, ActKind, Attestation
from greenlight.law.rule.standing import counting, effect
from greenlight.law.terms.run import Run
from greenlight.law.terms.spans import NEVER

_FOR_GOOD = frozenset({ActKind.WITHDRAWN})
_AGAIN = frozenset({ActKind.ADOPTED, ActKind.REINSTATED, ActKind.WITHDRAWN})
_ENDED_BY = {
    ActKind.ADOPTED: _FOR_GOOD,
    ActKind.AMENDED: _FOR_GOOD,
    ActKind.REINSTATED: _FOR_GOOD,
    ActKind.SUSPENDED: _AGAIN | {ActKind.NOT_ENFORCED},
    ActKind.NOT_ENFORCED: _AGAIN | {ActKind.SUSPENDED},
}
"""The acts by whose effect one is over, if it has no last day before."""

_TEXT = frozenset({ActKind.ADOPTED, ActKind.AMENDED})


def runs(attestations: Iterable[Attestation]) -> tuple[Run, ...]:
    """Everything attested that lasts, by the number of its attestation; what is said twice runs once.

    Two attestations of one act that contradict each other both run: neither ends the other.
    """
    return tuple(run for run, _ in ended(attestations))


def ended(attestations: Iterable[Attestation]) -> Iterator[tuple[Run, int | None]]:
    """The same, each with the number of the attestation whose act ends it; None: it has its own last day, or
    nothing does."""
    found: dict[str, tuple[int, Act]] = {}
    for each in counting(attestations):
        assert each.act is not None, "what is taken back does not count"
        found.setdefault(each.act.model_dump_json(), (each.number, each.act))
    ordered = sorted(found.values(), key=_effect)
    running = [
        _run(number, act, ordered[place:])
        for place, (number, act) in enumerate(ordered, 1)
        if act.end is not None or (act.kind in _ENDED_BY and act.kind is not ActKind.AMENDED)
    ]
    yield from sorted(running, key=_number)


def _run(number: int, act: Act, later: Iterable[tuple[int, Act]]) -> tuple[Run, int | None]:
    end, by = act.end or NEVER, None
    for other_end, other in _ends(act, later):
        if other_end < end:
            end, by = other_end, other
    said = f"{act.kind.replace('_', ' ')}: {act.text}"
    return Run(number, act.effective, end, act.citation, act.published, said), by


def _effect(found: tuple[int, Act]) -> tuple[datetime, datetime]:
    return effect(found[1])


def _number(found: tuple[Run, int | None]) -> int:
    return found[0].number


def _ends(act: Act, later: Iterable[tuple[int, Act]]) -> Iterator[tuple[datetime, int]]:
    """When acts that took effect after this one end it, at once or with their own last day; by number."""
    for number, other in later:
        alike = other.kind is act.kind or {other.kind, act.kind} <= _TEXT
        if (other.kind, other.citation) == (act.kind, act.citation):
            continue
        if other.kind in _ENDED_BY[act.kind]:
            yield other.effective, number
        elif alike and other.end is not None and act.end is not None and other.effective < act.end:
            yield other.end, number
