"""For which destinations a control requires a license, read from the list's own words.

Most controls name columns of the Commerce Country Chart. Some name the destinations themselves, and those
are all of them ("China, Russia, or Venezuela"). Some name destinations and refer on for others ("To or within
Macau or a destination specified in Country Group D:5 ... See § 742.6(a)(6)", which asks for headquarters,
too), and some only refer ("See § 746.1(b)"): for what they do not say, the answer stays open, and is never
that no license is required.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from greenlight.kernel.unknown import some


class Place(Protocol):
    """A destination, as far as a requirement asks. ``marks``: the columns with an X in its row of the chart;
    None if it has no row that says anything."""

    @property
    def code(self) -> str: ...
    @property
    def marks(self) -> frozenset[str] | None: ...
    @property
    def groups(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Requirement:
    """A license is required where an X is in one of ``columns``, for ``countries``, for those in ``groups``
    (but not in ``but_groups``), and for ``everywhere`` but ``spared``. ``elsewhere``: no, or None, not known.
    """

    columns: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    but_groups: frozenset[str] = frozenset()
    everywhere: bool = False
    spared: frozenset[str] = frozenset()
    elsewhere: bool | None = None

    def needs(self, place: Place) -> bool | None:
        """Tell whether a license is required for ``place``."""
        if place.code in self.spared:
            return False
        grouped = not self.groups.isdisjoint(place.groups) and self.but_groups.isdisjoint(place.groups)
        if self.everywhere or place.code in self.countries or grouped:
            return True
        return some((self.elsewhere, *(self.marked(place, column) for column in self.columns)))

    @staticmethod
    def marked(place: Place, column: str) -> bool | None:
        return None if place.marks is None else column in place.marks


OPEN = Requirement()
"""Nothing that was understood: not known, for any destination."""

_NAMES = {
    "Canada": "CA",
    "China": "CN",
    "Iraq": "IQ",
    "North Korea": "KP",
    "Pakistan": "PK",
    "Russia": "RU",
    "Venezuela": "VE",
}
_NAME = "|".join(_NAMES)
_COLUMN = re.compile(r"([A-Z]{2}) Column ([0-9])")
_COLUMNS = re.compile(
    r"(?:[A-Z]{2} applies to entire entry )?(?:[A-Z]{2} Column [0-9]\.?\s*)+(?P<more>, See § .+)?"
)
_LISTED = re.compile(rf"(?:{_NAME})(?:, (?:{_NAME}))*,? or (?:{_NAME}) \(see § 742\.6\(a\)\(7\)\)\.?")
_TO = re.compile(
    r"A license is required for (?:export or reexport of these items|items controlled by (?:this entry"
    r"(?:, other than [0-9A-Za-z.]+,)?|paragraph \.[a-z] of this entry)(?: for export or reexport)?)"
    rf" to (?P<names>(?:{_NAME})(?: or (?:{_NAME}))?)(?: (?:or|and) transfer within (?P=names))?"
    r" for (?:anti-terrorism|regional stability) reasons"
    r"(?:\. The Commerce Country Chart is not designed to determine (?:AT|RS) licens(?:e|ing) requirements"
    r" for this entry\. See §§? .+)?"
)
_ALL_BUT_CANADA = re.compile(
    r"(?:CC applies to “technology” for items controlled by 0A982 or 0A503\. )?A license is required for ALL"
    r" destinations, except Canada, regardless of end use\..*"
)
_ALL = re.compile(
    r"(?:A license is required for all destinations, as specified in § 742\.13 of the EAR\."
    r"|Worldwide control\.|To or within any destination worldwide\b).*"
)
_MACAU_AND_D5 = re.compile(r"To or within Macau or a destination specified in Country Group D:5 of .*")
_EMIRATES_AND_D = re.compile(
    r"To or within the United Arab Emirates or destinations specified in Country Groups D:1, D:4, and D:5 of"
    r" supplement no\. 1 to part 740 of the EAR, excluding any destination also specified in Country Groups"
    r" A:5 or A:6\..*"
)


def requirement_of(text: str, columns: frozenset[str]) -> Requirement:
    """Read ``text``, which stands beside a control in the list; ``columns`` are those of the chart."""
    said = text.strip()
    if found := _COLUMNS.fullmatch(said):
        named = tuple(f"{reason} {number}" for reason, number in _COLUMN.findall(said))
        unknown = found["more"] or not columns.issuperset(named)
        return Requirement(columns=named, elsewhere=None if unknown else False)
    if _LISTED.fullmatch(said):
        return Requirement(countries=_countries(said), elsewhere=False)
    if found := _TO.fullmatch(said):
        return Requirement(countries=_countries(found["names"]), elsewhere=False)
    if _ALL_BUT_CANADA.fullmatch(said):
        return Requirement(everywhere=True, spared=frozenset({"CA"}))
    if _ALL.fullmatch(said):
        return Requirement(everywhere=True)
    if _MACAU_AND_D5.fullmatch(said):
        return Requirement(countries=frozenset({"MO"}), groups=frozenset({"D:5"}))
    if _EMIRATES_AND_D.fullmatch(said):
        groups, but = frozenset({"D:1", "D:4", "D:5"}), frozenset({"A:5", "A:6"})
        return Requirement(countries=frozenset({"AE"}), groups=groups, but_groups=but)
    return OPEN


def _countries(text: str) -> frozenset[str]:
    return frozenset(code for name, code in _NAMES.items() if re.search(rf"\b{name}\b", text))
