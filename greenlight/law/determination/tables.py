"""The control tables as they are asked: the Commerce Control List, the Country Chart, the Country Groups.

What they print is a fact and comes from a file; what their words mean is read here, once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from greenlight.law.determination.footnotes import Reading, reading_of
from greenlight.law.determination.requirement import Requirement, requirement_of
from greenlight.law.determination.scope import Path, Scope, scope_of
from greenlight.law.rule.rules import OnRecord


@dataclass(frozen=True, slots=True)
class Control:
    """One line of an entry's license requirements: ``text`` and ``refers`` as printed."""

    reason: str
    text: str
    refers: str
    scope: Scope
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class Entry:
    """An ECCN. ``reasons`` are those that it prints, with or without a control that bears them out."""

    eccn: str
    heading: str
    reasons: frozenset[str]
    controls: tuple[Control, ...]

    @property
    def unborne(self) -> tuple[str, ...]:
        """Reasons that it prints and states no control for."""
        return tuple(sorted(self.reasons.difference(*(control.text.split() for control in self.controls))))


@dataclass(frozen=True, slots=True)
class Footnote:
    number: str
    text: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Destination:
    """``marks`` is None if no row of the chart says anything of it; ``pointer`` is what an embargoed one's
    row prints instead. ``row`` is the row that it is read from, another's name where it has none."""

    code: str
    row: str | None
    marks: frozenset[str] | None
    groups: frozenset[str] = frozenset()
    footnotes: tuple[Footnote, ...] = ()
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Worldwide:
    """Items that need a license for all destinations, without License Exceptions but, perhaps, GOV
    (15 CFR 738.3(a)(1), 740.2(a)(3))."""

    path: Path
    government: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """The place in which each table is printed."""

    controls: str
    chart: str
    groups: str


@dataclass(frozen=True, eq=False)
class Tables:
    """All three. ``issued`` is the day whose law they print. Compared by identity, so that answers can be
    kept by it."""

    issued: date
    sources: Sources
    columns: frozenset[str]
    entries: Mapping[str, Entry]
    destinations: Mapping[str, Destination]
    worldwide: Mapping[str, tuple[Worldwide, ...]]

    def destination(self, code: str) -> Destination:
        """Look up a destination; of one that is in no table, nothing is known."""
        return self.destinations.get(code) or Destination(code=code, row=None, marks=None)

    def names(self, code: str) -> frozenset[str]:
        """The codes by which a rule may name a destination: its own, and that of the place whose row it is
        read from: Hong Kong is China's since 85 FR 83765, and no place apart."""
        return self._names.get(code) or frozenset((code,))

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        # Asked of every party, all day.
        return {code: frozenset((code, found.code)) for code, found in self.destinations.items()}

    def chosen(self, at: datetime, known_at: datetime | None) -> "Chosen":
        """These, whenever is asked about: whoever gives tables alone has chosen them."""
        return Chosen(self)

    def on_record(self, named: Sequence[OnRecord]) -> "Tables":
        """These, as ``chosen``."""
        return self


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tables to ask about an instant. ``missing`` says why they may not print what counted then;
    ``of_the_day``: they were in force. ``following``: the next ones, where the day is one between the two."""

    tables: Tables
    missing: tuple[str, ...] = ()
    of_the_day: bool = True
    following: Tables | None = None


class ControlTables(Protocol):
    """The tables of every day, as far as they are kept."""

    def chosen(self, at: datetime, known_at: datetime | None) -> Chosen:
        """Find those in force at an instant, as known at another; None: by all that is known."""
        ...

    def on_record(self, named: Sequence[OnRecord]) -> "ControlTables":
        """These, as far as the log names them; those that come with the service are asked anyway."""
        ...


def control_of(eccn: str, text: str, refers: str, columns: frozenset[str]) -> Control:
    """A line as printed, read."""
    return Control(
        reason=text.split(maxsplit=1)[0] if text[2:3] == " " else "Sanctions",
        text=text,
        refers=refers,
        scope=scope_of(eccn, text),
        requirement=requirement_of(refers, columns),
    )


def footnotes_of(texts: Mapping[str, str], numbers: Iterable[str]) -> tuple[Footnote, ...]:
    return tuple(Footnote(number, texts[number], reading_of(texts[number])) for number in numbers)
