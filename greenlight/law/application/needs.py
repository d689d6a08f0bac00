"""Facts that decisions on an application rest on, and that the service finds out for them."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from greenlight.kernel.model import Acn
from greenlight.kernel.need import Need
from greenlight.kernel.roles import Role
from greenlight.law.application.dossier import (
    Items,
    Match,
    Party,
    Screening,
    Submission,
    Unclassified,
)
from greenlight.law.application.screening.language import Resolution, Screened
from greenlight.law.application.screening.returning import Proposed


@dataclass(frozen=True, slots=True)
class LicenseNumber(Need[str]):
    """The number reserved for the license that is granted on an application. Numbers are few."""

    costly: ClassVar[bool] = True

    acn: Acn


@dataclass(frozen=True, slots=True)
class RolesOf(Need[frozenset[Role] | None]):
    """The roles that an officer holds by the register's own clock, now; None: it has no such officer."""

    officer: str


@dataclass(frozen=True, slots=True)
class ScreeningOf(Need[Screening]):
    """Ask what the list and the record have of names; what could not be screened is said to be so."""

    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class RememberedOf(Need[tuple[Resolution, ...]]):
    """Ask what officers said last of pairs, in whichever case, of what counts in others now."""

    pairs: frozenset[str]


@dataclass(frozen=True, slots=True)
class EntryOf(Need[Match | None]):
    """The entry of that key, as what the party is; None: none of that key counts."""

    listing: str
    party: Party


@dataclass(frozen=True, slots=True)
class UnclassifiedAmong(Need[Unclassified | None]):
    """Items whose ECCN is on no entry of the control tables."""

    items: Items


class UnknownEccn(NamedTuple):
    """An item's ECCN that is on no entry of the control tables: its place in the filing, from 0, and those
    that are alike."""

    place: int
    line: int
    alike: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownEccns(Need[tuple[UnknownEccn, ...]]):
    """Ask which items nobody can look up, by the tables as far as they tell of now.

    Where there are none, or the case is of a time before them, they tell nothing, and none is named.
    """

    items: Items


@dataclass(frozen=True, slots=True)
class RegisteredName(Need[str | None]):
    """The name of the organisation that an officer acts for, as the register has it; None: it has none."""

    officer: str


@dataclass(frozen=True, slots=True)
class WhyNotRequired(Need[Proposed | None]):
    """Ask why no license is required for what is filed, given what is found of its parties.

    None: one is, or that cannot be determined.
    """

    filed: Submission
    found: Screened
