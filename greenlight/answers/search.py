"""Searching cases by their parties, goods and countries.

None of these stands in a read model, which more may read than may read a case. They are read from the events
and kept in memory; an answer is the numbers of cases, of which a docket shows what is open to its reader.
"""

import asyncio
import json
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

from greenlight.eventlog.database import Source
from greenlight.eventlog.following import Wanted, read_page
from greenlight.kernel.streams import stream_key
from greenlight.law.application.events import ApplicationSubmitted, InformationAnswered

_TYPES: Final = frozenset({ApplicationSubmitted.__name__, InformationAnswered.__name__})
"""The events that say who and what a case is about."""


class Sought(NamedTuple):
    """The question: words that are all in the name of one party or of an owner of one, words that are all in
    one line of the goods or its classification, and a country that a party is in. None, and no words: any."""

    party: str = ""
    goods: str = ""
    country: str | None = None

    @property
    def asks(self) -> bool:
        """It asks for something."""
        return bool(_folded(self.party) or _folded(self.goods) or self.country)


class _About(NamedTuple):
    """The words that are kept of a case."""

    parties: tuple[str, ...]
    goods: tuple[str, ...]
    countries: frozenset[str]


class Search:
    """Knows what all cases are about, up to where it has read the log."""

    def __init__(self) -> None:
        self._about: dict[str, _About] = {}
        self._reached = 0
        self._reads = asyncio.Lock()

    async def numbers(self, source: Source, sought: Sought) -> frozenset[str]:
        """The numbers of the applications that have all that is sought, by what is on record now."""
        async with self._reads:
            await self._catch_up(source)
        party, goods = _folded(sought.party).split(), _folded(sought.goods).split()
        return frozenset(
            acn
            for acn, about in self._about.items()
            if (sought.country is None or sought.country in about.countries)
            and _has(about.parties, party)
            and _has(about.goods, goods)
        )

    async def _catch_up(self, source: Source) -> None:
        while True:
            page = await read_page(source, self._reached, Wanted(_TYPES))
            if page.head < self._reached:
                # It was restored to an earlier state, and goes on with other events.
                self._about.clear()
                self._reached = 0
                continue
            for event in page.events:
                self._take(event.stream, json.loads(event.record))
            self._reached = page.reached
            if self._reached >= page.head:
                return

    def _take(self, stream: str, content: dict[str, Any]) -> None:
        acn = stream_key(stream)
        application = content.get("application")
        parties = (application or content).get("parties")
        if parties is None:
            return
        before = self._about.get(acn)
        goods = before.goods if before else ()
        if application:
            goods = tuple(
                _folded(f"{item['description']} {item['classification']}{item.get('subparagraph') or ''}")
                for item in application["items"]
            )
        self._about[acn] = _About(
            tuple(_folded(each["name"]) for party in parties for each in (party, *party.get("owners", ()))),
            goods,
            frozenset(party["country"] for party in parties),
        )


def _has(texts: Iterable[str], words: Collection[str]) -> bool:
    return not words or any(all(word in text for word in words) for text in texts)


def _folded(text: str) -> str:
    """Without case, accents and forms of letters that look alike."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()
