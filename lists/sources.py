"""The lists that make up the Consolidated Screening List, and the rules that each stands on."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple


class Source(NamedTuple):
    """One of the lists. ``printed``: as the column ``source`` names it.

    ``rules``: where to read what a listing means, for the lists that print no license requirement.
    ``published``: the file of July 2026 has entries of it, and so has a file that is whole.
    """

    slug: str
    printed: str
    rules: str
    published: bool = True

    @property
    def title(self) -> str:
        return self.printed.partition(" (")[0]


_BY_ABBREVIATION: Final[Mapping[str, Source]] = {
    "EL": Source(
        "entity-list", "Entity List (EL) - Bureau of Industry and Security", "15 CFR 744.11, 744.16"
    ),
    "MEU": Source(
        "military-end-user",
        "Military End User (MEU) List - Bureau of Industry and Security",
        "15 CFR 744.21, Supplement No. 7 to Part 744",
    ),
    "UVL": Source(
        "unverified", "Unverified List (UVL) - Bureau of Industry and Security", "15 CFR 744.15, 740.2(a)(17)"
    ),
    "DPL": Source(
        "denied-persons",
        "Denied Persons List (DPL) - Bureau of Industry and Security",
        "15 CFR 736.2(b)(4), 764.3(a)(2)",
    ),
    "DTC": Source("aeca-debarred", "ITAR Debarred (DTC) - State Department", "22 CFR 127.7"),
    "ISN": Source("nonproliferation", "Nonproliferation Sanctions (ISN) - State Department", "15 CFR 744.19"),
    "SDN": Source(
        "sdn", "Specially Designated Nationals (SDN) - Treasury Department", "31 CFR chapter V, 15 CFR 744.8"
    ),
    "SSI": Source(
        "ssi",
        "Sectoral Sanctions Identifications List (SSI) - Treasury Department",
        "Executive Order 13662, 31 CFR part 589",
    ),
    "FSE": Source(
        "fse",
        "Foreign Sanctions Evaders (FSE) - Treasury Department",
        "Executive Order 13608",
        published=False,
    ),
    "CAP": Source("cap", "Capta List (CAP) - Treasury Department", "31 CFR chapter V"),
    "CMIC": Source(
        "cmic",
        "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department",
        "Executive Order 13959, 31 CFR part 586",
    ),
    "NS-MBS": Source(
        "mbs",
        "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department",
        "31 CFR chapter V",
    ),
    "PLC": Source(
        "plc",
        "Palestinian Legislative Council List (PLC) - Treasury Department",
        "31 CFR parts 594, 595, 597",
    ),
}

SOURCES: Final = tuple(_BY_ABBREVIATION.values())
BY_SLUG: Final[Mapping[str, Source]] = {source.slug: source for source in SOURCES}

_ABBREVIATION: Final = re.compile(r"\(([A-Z-]+)(?: List)?\)")


def source_of(printed: str) -> Source | None:
    """The list of that name. Its abbreviation tells it: titles were reworded over the years."""
    found = _ABBREVIATION.search(printed)
    return _BY_ABBREVIATION.get(found[1]) if found else None


_APART: Final = re.compile(r"[^a-z0-9]+")


def unknown_source(printed: str) -> Source:
    """A list that is not known here, by the name that is printed: whoever is on it is listed all the same."""
    named = " ".join(printed.split()) or "A list without a name"
    found = _ABBREVIATION.search(named)
    slug = _APART.sub("-", (found[1] if found else named).lower()).strip("-")[:40].strip("-")
    return Source(f"unknown-{slug or 'list'}", named[:400], "the list itself, which is not known here")
