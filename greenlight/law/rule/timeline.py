"""The picture of a rule: the acts on it, where nobody knows how it stands, and when that changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from greenlight.law.rule.acts import ActKind, Attestation
from greenlight.law.rule.runs import runs
from greenlight.law.rule.standing import UNKNOWN, Force, Segment, segments
from greenlight.law.rule.worlds import counting
from greenlight.law.terms.picture import Mark, Phase, Timeline, Words
from greenlight.law.terms.spans import NEVER, Interval, overlaps

WORDS = Words(term="act", gap="open", overlap="two at once", marks="changes")


def timeline(title: str, attestations: Iterable[Attestation]) -> Timeline | None:
    """Of a rule by what is attested, all of which counts; None: no act on it lasts."""
    known = tuple(attestations)
    terms = runs(known)
    if not terms:
        return None
    found = segments(known)
    return Timeline(
        title=title,
        terms=terms,
        gaps=tuple(_open(found)),
        overlaps=overlaps(run.span for run in terms if run.end != NEVER),
        marks=tuple(sorted((*_changes(found), *_amendments(known)), key=_when)),
        words=WORDS,
        stands=tuple(_phases(found)),
    )


_DRAWN = frozenset({Force.IN_FORCE, Force.SUSPENDED, Force.NOT_ENFORCED})


def _phases(found: tuple[Segment, ...]) -> Iterator[Phase]:
    """How it stands, while it stands at all."""
    for (start, standing), (end, _) in pairwise((*found, (NEVER, UNKNOWN))):
        if standing.forces & _DRAWN:
            how = "open" if standing.open else standing.readings[0].force.value
            yield Phase(start, end, how, f"{standing.said} [{standing.citation}]")


def _open(found: tuple[Segment, ...]) -> Iterator[Interval]:
    """The times in which nobody knows; those that follow each other are one."""
    begin: datetime | None = None
    for start, standing in found:
        if standing.open and begin is None:
            begin = start
        elif not standing.open and begin is not None:
            yield begin, start
            begin = None
    if begin is not None:
        yield begin, NEVER


def _changes(found: tuple[Segment, ...]) -> Iterator[Mark]:
    for (_, before), (start, standing) in pairwise(found):
        if before.forces != standing.forces:
            yield Mark(start, " or ".join(reading.force for reading in standing.readings))


def _amendments(known: tuple[Attestation, ...]) -> Iterator[Mark]:
    for each in counting(known):
        if each.act is not None and each.act.kind is ActKind.AMENDED:
            yield Mark(each.act.effective, f"amended: {each.act.citation}")


def _when(mark: Mark) -> datetime:
    return mark.at
