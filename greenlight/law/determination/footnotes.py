"""Footnotes of the Commerce Country Chart (Supplement No. 1 to 15 CFR Part 738).

They "impose requirements that the grid does not show". A reading belongs to a text and not to its number: a
footnote that is worded anew has none, and then whatever goes to its destinations is an open question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from greenlight.law.determination.scope import ENTIRE, Path, Scope

ANY = "*"
"""Any entry of the list."""

EAR99 = "EAR99"


class Effect(StrEnum):
    """``required``: a license is. ``open``: it may be; the footnote refers to what is not in the tables.
    ``region``: it is, if the goods are for an occupied region of the destination."""

    REQUIRED = "required"
    OPEN = "open"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Clause:
    """A footnote's words on the paragraphs in ``scope`` of an entry."""

    effect: Effect
    scope: Scope = ENTIRE


Reading = Mapping[str, Clause]
"""By entry, or ``EAR99``, or ``ANY`` for the other entries."""

_REQUIRED, _OPEN, _REGION = Clause(Effect.REQUIRED), Clause(Effect.OPEN), Clause(Effect.REGION)
_ALL_OPEN: Reading = {ANY: _OPEN, EAR99: _OPEN}


def _only(*paths: Path) -> Clause:
    return Clause(Effect.REQUIRED, Scope(included=paths))


_THERMAL_CAMERAS: Reading = {"6A003": _OPEN, "6A993": _OPEN}

_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = (
    # United Nations sanctions, and Iraq: on which items, other sections say.
    (re.compile(r"See § 746\.1\(b\) for United Nations Security Council Sanctions\b.*"), _ALL_OPEN),
    (re.compile(r"(?:See|.* regarding) .*\bcertain thermal imaging cameras\b.*"), _THERMAL_CAMERAS),
    (re.compile(r"See § 742\.6\(a\)\(3\) .* military commodities .* ECCN 0A919\."), {"0A919": _OPEN}),
    # Liechtenstein: its row is read as Switzerland's, so nothing is left to ask.
    (re.compile(r"Refer to Switzerland for licensing requirements for Liechtenstein under the EAR\."), {}),
    (
        re.compile(
            r"See § 746\.5 .* See § 746\.8 of the EAR for Sanctions against Russia and Belarus, including"
            r" additional license requirements for items listed in any ECCN on the CCL\."
        ),
        {ANY: _REQUIRED, EAR99: _OPEN},
    ),
    (
        re.compile(
            r"Note that a license is still required for items controlled under ECCNs 6A003\.b\.4\.b and"
            r" 9A515\.e for RS column 2 reasons when destined to India\."
        ),
        {"6A003": _only(("b", "4", "b")), "9A515": _only(("e",))},
    ),
    (
        re.compile(r"See § 746\.6 .* Crimea region of Ukraine and the so-called Donetsk People's .*"),
        {ANY: _REGION, EAR99: _REGION},
    ),
    (
        re.compile(r"A license is required to these destinations for items in the following ECCNs: 0A501 .*"),
        {
            "0A501": Clause(Effect.REQUIRED, Scope(ENTIRE.included, (("y",),))),
            "0A502": _OPEN,
            "0A504": _only(("i",)),
            "0A505": _only(("a",), ("x",)),
            "0A506": _REQUIRED,
            "0A507": _REQUIRED,
            "0A508": _OPEN,
            "0A509": _REQUIRED,
            "0D501": _OPEN,
            "0D505": _OPEN,
            "0E501": _REQUIRED,
            "0E504": _REQUIRED,
            "0E505": _OPEN,
        },
    ),
)


def reading_of(text: str) -> Reading:
    """Read which items a footnote speaks of; if it is not understood, everything is open."""
    return next((reading for pattern, reading in _READINGS if pattern.fullmatch(text)), _ALL_OPEN)


def clause_for(reading: Reading, classification: str) -> Clause | None:
    """Select what a footnote so read says of items of ``classification``; None if nothing."""
    return reading.get(classification) or (None if classification == EAR99 else reading.get(ANY))
