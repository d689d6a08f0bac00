"""Telling an officer of the cases that an instant gave another answer: how many, how, and the first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from greenlight.kernel.authority import StreamId
from greenlight.kernel.model import Country, Identifier, Model, PositiveInteger
from greenlight.kernel.streams import license_stream
from greenlight.law.application.flip.said import Said, Turn

FIRST = 100
"""Cases that one letter names; of the others it tells how many there are."""

_LICENSES = license_stream("")

Count = Annotated[int, Field(ge=0)]


class Flipped(Model):
    """A case with the first of its destinations for which the answer is another one; ``more`` counts the
    others."""

    stream: StreamId
    destination: Country
    before: Said
    after: Said
    more: Count = 0

    @classmethod
    def of(cls, stream: str, turns: tuple[Turn, ...]) -> "Flipped":
        return cls(stream=stream, **dict(turns[0]), more=len(turns) - 1)


class Answers(Model):
    """A count of cases that were answered in one way and are in another now, as ``Flipped`` has it."""

    before: Said
    after: Said
    cases: PositiveInteger


class Told(Model):
    """One officer's cases with another answer. ``officer`` None: they are assigned to nobody. ``first`` are
    those that a letter names."""

    officer: Identifier | None
    applications: Count
    licenses: Count
    answers: tuple[Answers, ...]
    first: Annotated[tuple[Flipped, ...], Field(max_length=FIRST)]

    @property
    def cases(self) -> int:
        return self.applications + self.licenses

    @classmethod
    def of(cls, officer: str | None, flipped: Iterable[Flipped]) -> "Told":
        cases = tuple(flipped)
        licenses = sum(each.stream.startswith(_LICENSES) for each in cases)
        return cls(
            officer=officer,
            applications=len(cases) - licenses,
            licenses=licenses,
            answers=_answers(Counter((each.before, each.after) for each in cases)),
            first=cases[:FIRST],
        )

    def __add__(self, later: "Told") -> "Told":
        counts = Counter[tuple[Said, Said]]()
        for each in (*self.answers, *later.answers):
            counts[each.before, each.after] += each.cases
        return Told(
            officer=self.officer,
            applications=self.applications + later.applications,
            licenses=self.licenses + later.licenses,
            answers=_answers(counts),
            first=(*self.first, *later.first)[:FIRST],
        )


def _answers(counts: Mapping[tuple[Said, Said], int]) -> tuple[Answers, ...]:
    return tuple(Answers(before=one, after=other, cases=counts[one, other]) for one, other in sorted(counts))


def together(told: Iterable[Told]) -> tuple[Told, ...]:
    """One for each officer, in the order of their ids; what is nobody's comes last."""
    found: dict[str | None, Told] = {}
    for each in told:
        known = found.get(each.officer)
        found[each.officer] = each if known is None else known + each
    return tuple(found[officer] for officer in sorted(found, key=_last))


def _last(officer: str | None) -> tuple[bool, str]:
    return officer is None, officer or ""
