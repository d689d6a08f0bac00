"""Values as a letter writes them, independent of any locale."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import JsonValue, PlainSerializer

from greenlight.kernel.model import Model, PositiveInteger
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.law.application.flip.said import Said
from greenlight.law.rule.acts import Certainty

_MONTHS = "January February March April May June July August September October November December".split()

_WITHOUT_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_IN_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND".split()
"""Currencies whose minor unit is not a hundredth (ISO 4217)."""

SOURCES: Final[Mapping[Certainty, str]] = {
    Certainty.PRIMARY: "the act itself, which was read",
    Certainty.SECOND_HAND: "what others wrote of it; the act itself was not read",
    Certainty.UNVERIFIED: "neither the act itself nor what others wrote of it",
}
"""The source that was read of an act."""


ANSWERS: Final[Mapping[Said, str]] = {
    Said.NOT_REQUIRED: "no license is required",
    Said.GENERAL_LICENSE: "covered by a general license",
    Said.REPRIEVE: "covered by a reprieve",
    Said.REQUIRED: "a license is required",
    Said.OPEN: "it cannot be determined",
}
"""The answers to whether a license is needed."""


def day_in_words(day: date) -> str:
    """``September 1, 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def instant_in_words(instant: datetime) -> str:
    """In Washington's time: ``May 20, 2019, 00:00 EDT``; seconds where there are any."""
    local = instant.astimezone(AGENCY_ZONE)
    clock = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    return f"{day_in_words(local.date())}, {clock} {local.tzname()}"


class Sum(Model):
    """An amount of money, or several together, in minor units."""

    minor_units: PositiveInteger
    currency: str


def decimals_of(currency: str) -> int:
    """The decimals of a currency."""
    return 0 if currency in _WITHOUT_MINOR_UNIT else 3 if currency in _IN_THOUSANDTHS else 2


def amount(money: Sum) -> str:
    """``USD 100,000.00``, with as many decimals as the currency has."""
    decimals = decimals_of(money.currency)
    whole, rest = divmod(money.minor_units, 10**decimals)
    return f"{money.currency} {whole:,}" + (f".{rest:0{decimals}}" if decimals else "")


def amount_of(value: JsonValue) -> str | None:
    """The amount that a record has as minor units of a currency; None of anything else."""
    if not isinstance(value, dict) or value.keys() != Sum.model_fields.keys():
        return None
    return amount(Sum.model_validate(value))


Day = Annotated[date, PlainSerializer(day_in_words, return_type=str, when_used="json")]
Amount = Annotated[Sum, PlainSerializer(amount, return_type=str, when_used="json")]

_LONG_WORD = re.compile(r"\S{25,}")
_PIECE = 6
"""So many of the widest letters have room in the narrowest column of a table."""


def breakable(text: str) -> str:
    """The text with places to break, a zero-width space each, in words too long for a line."""
    return _LONG_WORD.sub(_breakable, text)


def _breakable(word: re.Match[str]) -> str:
    return "\u200b".join(word[0][start : start + _PIECE] for start in range(0, len(word[0]), _PIECE))
