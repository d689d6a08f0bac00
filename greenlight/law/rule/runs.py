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
    found: dict[str, tuple[int, Act]] = {}
    for each in counting(attestations):
        assert each.act is not None, "what is taken back does not count"
        found.setdefault(each.act.model_dump_json(), (each.number, each.act))
    ordered = sorted(found.values(), key=_effect)
    acts = [act for _, act in ordered]
    running = (
        Run(
            number=number,
            begin=act.effective,
            end=min((act.end or NEVER, *_ends(act, acts[place:]))),
            citation=act.citation,
            published=act.published,
            said=f"{act.kind.replace('_', ' ')}: {act.text}",
        )
        for place, (number, act) in enumerate(ordered, 1)
        if act.end is not None or (act.kind in _ENDED_BY and act.kind is not ActKind.AMENDED)
    )
    return tuple(sorted(running, key=_number))


def _effect(found: tuple[int, Act]) -> tuple[datetime, datetime]:
    return effect(found[1])


def _number(run: Run) -> int:
    return run.number


def _ends(act: Act, later: Iterable[Act]) -> Iterator[datetime]:
    """When acts that took effect after this one end it: at once, or with their own last day."""
    for other in later:
        alike = other.kind is act.kind or {other.kind, act.kind} <= _TEXT
        if (other.kind, other.citation) == (act.kind, act.citation):
            continue
        if other.kind in _ENDED_BY[act.kind]:
            yield other.effective
        elif alike and other.end is not None and act.end is not None and other.effective < act.end:
            yield other.end
