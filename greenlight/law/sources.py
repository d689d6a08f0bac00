"""The lists of parties of concern: what each is called, its rule, and what it means to be on it.

They are those of the Consolidated Screening List. Determination, letters and the reading of the official file
go by this table alone.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

NOT_PRINTED: Final = "None is printed: see "
"""The beginning of the text that stands for a requirement or a policy where the official file prints none."""

_ABBREVIATION: Final = re.compile(r" \([^)]*\)")


class Source(NamedTuple):
    """One of the lists. ``printed``: as the column ``source`` of the official file names it.

    ``rules``: where to read what a listing means; ``verified``: those were checked against a source.
    ``means`` says it in words, for lists that print neither requirement nor review policy. ``prohibition``:
    the General Prohibition by which it works (15 CFR 736.2(b)). ``bars_exceptions``: no License Exception is
    left, though the list itself asks for no license. ``published``: the file of July 2026 has entries of it,
    and so has a file that is whole.
    """

    slug: str
    printed: str
    rules: str
    means: str
    prohibition: int | None = None
    bars_exceptions: bool = False
    verified: bool = False
    published: bool = True

    @property
    def title(self) -> str:
        return _ABBREVIATION.sub("", self.printed.partition(" - ")[0])

    def policy(self, printed: str) -> str:
        """Say how applications are reviewed, as the entry prints it; else what it means to be on the list."""
        if not printed.startswith(NOT_PRINTED):
            return printed
        return f"{self.means[0].upper()}{self.means[1:]}."

    @property
    def citation(self) -> str:
        return self.rules if self.verified else f"{self.rules} (unverified)"


DENIED_PERSONS: Final = "denied-persons"
ENTITY_LIST: Final = "entity-list"
MILITARY_END_USER: Final = "military-end-user"

_TREASURY = "the Office of Foreign Assets Control forbids or limits dealings"

SOURCES: Final = (
    Source(
        ENTITY_LIST,
        "Entity List (EL) - Bureau of Industry and Security",
        "15 CFR 744.11, 744.16",
        "a license is required as its entry says",
        prohibition=5,
        verified=True,
    ),
    Source(
        MILITARY_END_USER,
        "Military End User (MEU) List - Bureau of Industry and Security",
        "15 CFR 744.21, Supplement No. 7 to Part 744",
        "a license is required for the items of Supplement No. 2 to Part 744",
        prohibition=5,
    ),
    Source(
        "unverified",
        "Unverified List (UVL) - Bureau of Industry and Security",
        "15 CFR 744.15, 740.2(a)(17)",
        "no License Exception is left, and what needs no license goes only after a UVL statement",
        prohibition=5,
        bars_exceptions=True,
    ),
    Source(
        DENIED_PERSONS,
        "Denied Persons List (DPL) - Bureau of Industry and Security",
        "15 CFR 736.2(b)(4), 764.3(a)(2)",
        "an order denies it exports",
        prohibition=4,
        verified=True,
    ),
    Source(
        "aeca-debarred",
        "ITAR Debarred (DTC) - State Department",
        "22 CFR 127.7",
        "the Department of State bars it from defense articles",
    ),
    Source(
        "nonproliferation",
        "Nonproliferation Sanctions (ISN) - State Department",
        "15 CFR 744.19",
        "the Department of State has sanctioned it",
        prohibition=5,
    ),
    Source(
        "sdn",
        "Specially Designated Nationals (SDN) - Treasury Department",
        "31 CFR chapter V, 15 CFR 744.8",
        _TREASURY,
    ),
    Source(
        "ssi",
        "Sectoral Sanctions Identifications List (SSI) - Treasury Department",
        "Executive Order 13662, 31 CFR part 589",
        _TREASURY,
    ),
    Source(
        "fse",
        "Foreign Sanctions Evaders (FSE) - Treasury Department",
        "Executive Order 13608",
        _TREASURY,
        published=False,
    ),
    Source("cap", "Capta List (CAP) - Treasury Department", "31 CFR chapter V", _TREASURY),
    Source(
        "cmic",
        "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department",
        "Executive Order 13959, 31 CFR part 586",
        _TREASURY,
    ),
    Source(
        "mbs",
        "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department",
        "31 CFR chapter V",
        _TREASURY,
    ),
    Source(
        "plc",
        "Palestinian Legislative Council List (PLC) - Treasury Department",
        "31 CFR parts 594, 595, 597",
        _TREASURY,
    ),
)

BY_SLUG: Final[Mapping[str, Source]] = {source.slug: source for source in SOURCES}


def list_problem(slug: str) -> str | None:
    """Say what is wrong with the slug of a list."""
    if slug in BY_SLUG:
        return None
    return f"is none of the lists: write {', '.join(sorted(BY_SLUG))}"


UNKNOWN: Final = Source(
    "unknown", "A list of parties of concern", "15 CFR 732.3(g)", "what that list asks is not known here"
)
"""A list that is not in the table, or of which nothing is on record."""


def source_of_entry(slug: str | None, key: str) -> Source:
    """The list that an entry is on: as it was recorded, else as its key begins, such as ``sdn-4711``."""
    if slug is not None:
        return BY_SLUG.get(slug, UNKNOWN)
    return next((each for each in SOURCES if key.startswith(f"{each.slug}-")), UNKNOWN)
