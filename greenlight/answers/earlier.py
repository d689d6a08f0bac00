"""Earlier cases with the parties of a case, and what became of them.

Two parties are the same here by the text that screening compares names by, whatever their countries. Of an
earlier case its number, when it was filed, its outcome and when that came are told, and no more: a department
that was not asked about it reads no further.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from greenlight.answers import readings
from greenlight.answers.caller import Caller
from greenlight.answers.scope import Scope
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.database import Source
from greenlight.eventlog.following import Wanted, read_page
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rows import DocketFilter
from greenlight.kernel.model import Acn, Instant, Model, Name
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import LICENSING, REVIEWING
from greenlight.kernel.streams import application_stream, stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import Parties
from greenlight.law.application.events import ApplicationSubmitted, InformationAnswered
from greenlight.screening.normalise import normalise

MOST: Final = 100
"""Earlier cases that are told, the latest first."""
MOST_OF_A_KEY: Final = 1_000
"""Cases of which one reading asks what became of them; who is in more is told those numbered last."""

TOLD_TO: Final = LICENSING | REVIEWING
"""The roles to which it is told, of a case that they may read."""

READ_AS: Final = "earlier"
"""The name of the reading, in the access records: of the case, and of each that is told."""

_TYPES: Final = frozenset({ApplicationSubmitted.__name__, InformationAnswered.__name__})


class EarlierParty(Model):
    """A party of the case that an earlier one has, too: its place, from 0, and its name as this case has it.
    ``same_country``: it was in the same one there."""

    party: int
    name: Name
    same_country: bool


class EarlierCase(Model):
    """An earlier case. ``outcome`` None: it is open; ``parties``: those of the present case that it has, too;
    ``open_to_you``: whoever asks may read all of it."""

    acn: Acn
    filed_at: Instant
    outcome: str | None
    decided_at: Instant | None
    parties: tuple[EarlierParty, ...]
    open_to_you: bool


class Earlier(Model):
    """The earlier cases with parties of a case, the latest first; ``more``: so many are not told."""

    acn: Acn
    cases: tuple[EarlierCase, ...]
    more: int


class Namesakes:
    """Knows which cases have which parties, by the text that names are compared by, up to where it has read
    the log. Parties that an answer replaced are not the case's any more."""

    def __init__(self) -> None:
        self._parties: dict[str, frozenset[tuple[str, str]]] = {}
        self._cases: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
        self._reached = 0
        self._reads = asyncio.Lock()

    async def of(self, source: Source, keys: Iterable[str]) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """By key, the numbers of the applications with such a party, each with the countries in which it is
        there, by what is on record now."""
        async with self._reads:
            await self._catch_up(source)
            return {
                key: {acn: frozenset(countries) for acn, countries in self._cases.get(key, {}).items()}
                for key in keys
            }

    async def _catch_up(self, source: Source) -> None:
        while True:
            page = await read_page(source, self._reached, Wanted(_TYPES))
            if page.head < self._reached:
                # It was restored to an earlier state, and goes on with other events.
                self._parties.clear()
                self._cases.clear()
                self._reached = 0
                continue
            for event in page.events:
                content = json.loads(event.record)
                parties = (content.get("application") or content).get("parties")
                if parties is not None:
                    found = ((normalise(party["name"]), str(party["country"])) for party in parties)
                    self._take(stream_key(event.stream), frozenset(each for each in found if each[0]))
            self._reached = page.reached
            if self._reached >= page.head:
                return

    def _take(self, acn: str, parties: frozenset[tuple[str, str]]) -> None:
        for key, _ in self._parties.get(acn, ()):
            self._cases[key].pop(acn, None)
        self._parties[acn] = parties
        for key, country in parties:
            self._cases[key].setdefault(acn, set()).add(country)


class Readers(NamedTuple):
    """All that the answer is made with."""

    reader: Reader
    scope: Scope
    access: AccessLog
    namesakes: Namesakes


async def earlier(of: Readers, caller: Caller, stream: str) -> Earlier | Refusal:
    """The earlier cases with parties of a case that the caller may read, noted as a reading of each.

    :raises LogUnavailableError: the log cannot be asked, or the reading not noted.
    """
    kind = await readings.opened(of.scope, caller, stream)
    if isinstance(kind, Refusal):
        return kind
    if kind is not APPLICATION:
        return readings.no_such_case(stream)
    if caller.role not in TOLD_TO:
        return Refusal(RefusalCode.WRONG_ROLE, f"this is not answered to the role {caller.role}")
    case = await readings.told(of.reader, kind, stream)
    if isinstance(case, Refusal):
        return case
    acn: str = case.state.acn
    found = await _with_party(of, case.state.parties)
    found.pop(acn, None)
    among = sorted(found)[-MOST_OF_A_KEY:]
    rows = await of.reader.docket(DocketFilter(among=frozenset(among)), len(among)) if among else ()
    before = sorted(
        (row for row in rows if row.registered_at < case.state.registered_at),
        key=lambda row: (row.registered_at, row.acn),
        reverse=True,
    )
    told = before[:MOST]
    streams = {row.acn: application_stream(row.acn) for row in told}
    readable = await of.scope.readable(caller, streams.values())
    await of.access.note_all(caller, (stream, *streams.values()), READ_AS)
    return Earlier(
        acn=acn,
        cases=tuple(
            EarlierCase(
                acn=row.acn,
                filed_at=row.registered_at,
                outcome=row.outcome,
                decided_at=row.decided_at,
                parties=found[row.acn],
                open_to_you=streams[row.acn] in readable,
            )
            for row in told
        ),
        more=len(before) - len(told),
    )


async def _with_party(of: Readers, parties: Parties) -> dict[str, tuple[EarlierParty, ...]]:
    """By number, the cases that have one of these parties, and which."""
    keys = [normalise(party.name) for party in parties]
    cases = await of.namesakes.of(of.reader.source, {key for key in keys if key})
    found: dict[str, tuple[EarlierParty, ...]] = {}
    for place, (party, key) in enumerate(zip(parties, keys, strict=True)):
        for acn, countries in cases.get(key, {}).items():
            same = EarlierParty(party=place, name=party.name, same_country=party.country in countries)
            found[acn] = (*found.get(acn, ()), same)
    return found
