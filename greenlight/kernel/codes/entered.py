"""Holds codes against their tables where people or programs enter them.

What is on record is read by its form alone, whatever the tables say today: an event of a time at which a code
was good, or not looked at, stays readable.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches

from pydantic import BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from greenlight.kernel.codes import countries, units
from greenlight.kernel.codes.countries import COUNTRIES
from greenlight.kernel.codes.currencies import CURRENCIES
from greenlight.kernel.codes.units import UNITS

ENTERED = {"codes": "entered"}
"""The context of a validation of what is entered: a command as it comes, a question, an option, a file."""


def looked_up(problem_with: Callable[[str], str | None]) -> BeforeValidator:
    """The check of a text where it is entered. ``problem_with`` says what to write instead, None: nothing."""

    def check(value: object, info: ValidationInfo) -> object:
        if info.context is ENTERED and isinstance(value, str) and (problem := problem_with(value)):
            raise PydanticCustomError("no_such_code", "{problem}", {"problem": problem})
        return value

    return BeforeValidator(check)


FIRST_YEAR, LAST_YEAR = 1970, 2999
"""Between them lie the years of all instants, in UTC."""

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 30)
"""Between them lie days where they are entered: the one after the last ends in Washington in another year."""

OUT_OF_REACH = f"days, and the instants that they end with, lie in the years {FIRST_YEAR} to {LAST_YEAR}"
"""The fault of any other."""


def is_reached(day: date) -> bool:
    """False of a day that stands for never or for ever, of which no sum can be made."""
    return FIRST_DAY <= day <= LAST_DAY


def reached(day: date) -> date:
    """The day, if it may be entered."""
    if not is_reached(day):
        raise ValueError(OUT_OF_REACH)
    return day


def in_reach(day: date, info: ValidationInfo) -> date:
    """A day that is on record, as it is; where it is entered, one that may be."""
    return reached(day) if info.context is ENTERED else day


def country_problem(text: str) -> str | None:
    """Say what is wrong with a country's code, without repeating the text: what is filed is confidential."""
    if text in COUNTRIES:
        return None
    if text.upper() in {"EU", "EUROPE", "EUROPEAN UNION"}:
        return "is no country: give the member state's code of ISO 3166-1, such as DE"
    return _told("is no country code of ISO 3166-1", _countries_meant(text), COUNTRIES, "such as GB or CN")


def currency_problem(text: str) -> str | None:
    if text in CURRENCIES:
        return None
    meant = [text.strip().upper()] if text.strip().upper() in CURRENCIES else []
    return _told("is no currency code of ISO 4217", meant, {}, "such as USD")


def unit_problem(text: str) -> str | None:
    """A unit is good by its code or by its name in the table."""
    if text in UNITS or text in _UNIT_OF:
        return None
    return _told("is no unit of measure of AES", _units_meant(text), UNITS, "such as NO, PCS, KG, L, M or X")


_CLASSIFICATION = re.compile(r"[0-9][A-E][0-9]{3}|EAR99")


def classification_problem(text: str) -> str | None:
    """Its form alone. Whether there is such an entry, the control tables of a day tell."""
    if _CLASSIFICATION.fullmatch(text):
        return None
    return "is no classification: write five characters such as 5A002, and in subparagraph .a.1; or EAR99"


def unit_of(text: str) -> str:
    """The one way to write a unit for comparing: its name in the table; anything else as it is."""
    return UNITS.get(text, text)


_COUNTRY_OF = {
    **{name.casefold(): code for code, name in COUNTRIES.items()},
    **{name.casefold(): code for name, code in countries.ALSO_WRITTEN.items()},
}
_UNIT_OF = {name: code for code, name in UNITS.items()}


def _countries_meant(text: str) -> Iterable[str]:
    said = " ".join(text.split()).casefold()
    if said.upper() in COUNTRIES:
        return (said.upper(),)
    if code := _COUNTRY_OF.get(said):
        return (code,)
    near = get_close_matches(said, _COUNTRY_OF, n=3, cutoff=0.8)
    within = [name for name in _COUNTRY_OF if said in name.split()]
    return tuple(dict.fromkeys(_COUNTRY_OF[name] for name in (*near, *within)))


def _units_meant(text: str) -> Iterable[str]:
    said = " ".join(text.split()).casefold()
    if said.upper() in UNITS:
        return (said.upper(),)
    if codes := units.ALSO_WRITTEN.get(said):
        return codes
    near = get_close_matches(said, _UNIT_OF, n=3, cutoff=0.7)
    return tuple(_UNIT_OF[name] for name in near)


def _told(problem: str, meant: Iterable[str], names: dict[str, str], otherwise: str) -> str:
    named = [f"{code} ({names[code]})" if code in names else code for code in meant]
    return f"{problem}: write {' or '.join(named) or f'one, {otherwise}'}"
