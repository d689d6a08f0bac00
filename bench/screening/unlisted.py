"""Names of firms and people that are on no list, from packages of the group `dev`; those that are not
installed are left out by name."""

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from random import Random
from typing import Any, Final, NamedTuple

from greenlight.cli.base.output import warn

LOCALES: Final = "en_US en_GB en_IN de_DE fr_FR es_MX it_IT nl_NL tr_TR zh_CN".split()
"""None in which the package's firms are real ones that are listed, as those of ru_RU and fa_IR are."""

PER_LOCALE: Final = 200
MOST: Final = len(LOCALES) * PER_LOCALE

_PERSON: Final = re.compile(r"([^\W\d_][^\s(),;]*(?: [^\W\d_][^\s(),;]*){1,3}) ?\(")
"""In "Jane Q. Doe ( chairman & CEO ) John Roe (CFO)", whoever stands before a bracket."""


class Source(NamedTuple):
    """Sources of names: the figure that they make, the package, and how it is asked."""

    figure: str
    package: str
    names: Callable[[int], Iterable[str]]


def _firms(seed: int) -> Iterable[str]:
    return _made_up("company", seed)


def _people(seed: int) -> Iterable[str]:
    return _made_up("name", seed)


def _made_up(of: str, seed: int) -> Iterable[str]:
    faker: Any = import_module("faker").Faker
    for locale in LOCALES:
        invent = faker(locale)
        invent.seed_instance(seed)
        # A locale with few names repeats itself.
        tries = (str(getattr(invent, of)()) for _ in range(20 * PER_LOCALE))
        yield from islice(dict.fromkeys(tries), PER_LOCALE)


def _quoted() -> list[dict[str, Any]]:
    return list(import_module("pytickersymbols").PyTickerSymbols().get_all_stocks())


def _companies(_: int) -> Iterable[str]:
    """Companies of the indices of stock exchanges, under the names that they go by there."""
    return (str(stock["name"]) for stock in _quoted())


def _officers(_: int) -> Iterable[str]:
    """Chairmen and chief executives of these companies."""
    for stock in _quoted():
        more: dict[str, Any] = stock.get("metadata") or {}
        yield from _PERSON.findall(str(more.get("key_people", "")))


def _banks(_: int) -> Iterable[str]:
    """Banks of some forty countries; Ukraine's are left out, whose register has each of their branches."""
    banks = import_module("schwifty.registry").get_all_banks()
    return (str(bank.name) for bank in banks if bank.country_code != "UA")


SOURCES: Final = (
    Source("firms", "faker", _firms),
    Source("people", "faker", _people),
    Source("quoted_companies", "pytickersymbols", _companies),
    Source("their_officers", "pytickersymbols", _officers),
    Source("banks", "schwifty", _banks),
)


def unlisted(seed: int, sources: Iterable[Source] = SOURCES) -> Mapping[str, list[str]]:
    """By figure, each name once."""
    found: dict[str, list[str]] = {}
    for source in sources:
        if find_spec(source.package) is None:
            warn(f"left out, as the package {source.package} is not installed: {source.figure}")
        else:
            names = list(dict.fromkeys(source.names(seed)))
            found[source.figure] = Random(seed).sample(names, min(MOST, len(names)))
    return found
