"""The columns beside the name: what each says, and what is wrong with it.

What cannot be read counts as not printed: a date that is none makes an entry that is in force.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from greenlight.kernel.time.calendar import end_of_day
from greenlight.lists.columns import Row
from greenlight.lists.countries import country_of
from greenlight.screening.kinds import ListedKind

_KINDS: Final[dict[str, ListedKind]] = {
    "": "unknown",
    "entity": "organisation",
    "individual": "person",
    "vessel": "vessel",
    "aircraft": "vessel",
}
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_LIKE_A_COUNTRY: Final = re.compile(r"REGION: .*|[A-Z .()'-]+|[A-Z .'-]+, [A-Z ]+ OF(?: THE)?")
_CODE: Final = re.compile(r"[A-Z]{2}")
_FIRST_LISTED: Final = end_of_day(date(1939, 12, 31))
"""No list is as old: the first of them came under an act of 1940."""
MAX_COUNTRIES: Final = 60


def kind_of(printed: str, left_out: list[tuple[str, str]]) -> ListedKind:
    """The kind that a type says; none is unknown, and so is one that is not understood."""
    kind = _KINDS.get(printed.strip().lower())
    if kind is None:
        left_out.append(("type", f"{printed[:80]!r} is none of Entity, Individual, Vessel, Aircraft"))
        return "unknown"
    return kind


def number_of(printed: str, left_out: list[tuple[str, str]]) -> str:
    """The number by which a list knows an entry, or none."""
    number = printed.strip()
    if number and not _NUMBER.fullmatch(number):
        left_out.append(("entity_number", f"{number[:80]!r} is no number"))
        return ""
    return number


def countries_of(where: Iterable[str], left_out: list[tuple[str, str]]) -> tuple[str, ...]:
    """The countries that a list prints, or that addresses end with."""
    found: dict[str, None] = {}
    for place in where:
        country = country_of(place) or _at_the_end(place)
        if country is not None:
            found[country] = None
        elif _LIKE_A_COUNTRY.fullmatch(place) or _CODE.fullmatch(place.rpartition(", ")[2]):
            left_out.append(("addresses", f"{place[-80:]!r} is no country that is known here"))
    return tuple(found)[:MAX_COUNTRIES]


def _at_the_end(address: str) -> str | None:
    """The country of an address: "Congo, Democratic Republic of the" is its last two parts."""
    before, _, last = address.rpartition(", ")
    return country_of(last) or country_of(f"{before.rpartition(', ')[2]}, {last}")


def addresses_of(where: Iterable[str]) -> Iterable[str]:
    """The addresses alone: the present layout prints countries, and no word of an address."""
    return (
        place for place in where if country_of(place) is None and _LIKE_A_COUNTRY.fullmatch(place) is None
    )


def dates_of(row: Row, left_out: list[tuple[str, str]]) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day until the end of the last, in Washington; None: not printed."""
    first = _day("start_date", row.start_date, left_out)
    last = _day("end_date", row.end_date, left_out)
    if first is not None and last is not None and last < first:
        left_out.append(("end_date", f"{last} lies before {first}"))
        last = None
    listed = None if first is None else end_of_day(first - timedelta(days=1))
    return listed, None if last is None else end_of_day(last)


def odd_dates(
    listed: datetime | None, removed: datetime | None, retrieved: datetime
) -> Iterator[tuple[str, str]]:
    """Dates that may be mistyped, by their column; ``retrieved`` is the end of the day of download."""
    if listed is not None and listed > retrieved:
        yield "start_date", "lies after the day of the download: the entry does not count yet"
    if listed is not None and listed < _FIRST_LISTED:
        yield "start_date", "lies before 1940, when there was no such list"
    if removed is not None and removed < retrieved:
        yield "end_date", "lies before the day of the download: the entry counts no more"


def _day(column: str, printed: str, left_out: list[tuple[str, str]]) -> date | None:
    text = printed.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        left_out.append((column, f"{text[:80]!r} is no date (YYYY-MM-DD)"))
        return None
    if not 1900 <= day.year <= 2999:
        left_out.append((column, f"{day} is not in the years 1900 to 2999"))
        return None
    return day
