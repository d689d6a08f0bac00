"""Suppliers of the facts that decisions need: who is listed, what officers said of it, what the log tells."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import structlog

from greenlight.kernel.need import Facts, Need
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import (
    Finding,
    Items,
    Match,
    Parties,
    Party,
    Screening,
    Submission,
    Unclassified,
)
from greenlight.law.application.needs import (
    EntryOf,
    LicenseNumber,
    RegisteredName,
    RememberedOf,
    RolesOf,
    ScreeningOf,
    UnclassifiedAmong,
    UnknownEccn,
    UnknownEccns,
    WhyNotRequired,
)
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.screening.language import Resolution, Screened
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.standing import Standing, StandingNow
from greenlight.law.directive.upkeep import SupersededBy
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.reprieve.gathering import Counts, CountsOf
from greenlight.law.screening_list.content import ContentOf, ListContent, NoContent, StandingList
from greenlight.service.folding import Streams, folded

T = TypeVar("T")

_log = structlog.stdlib.get_logger("desk")


class Sources(Streams, Protocol):
    """The part of the log that suppliers need."""

    async def now(self) -> datetime: ...

    async def reserve_license_number(self, stream: str) -> str: ...

    async def remembered(self, pairs: frozenset[str], at: datetime) -> tuple[Resolution, ...]: ...

    async def counts(self, entities: frozenset[str]) -> Counts: ...

    async def superseded_by(self, key: str) -> str | None: ...


class Screener(Protocol):
    """Holds parties against a list, and looks into the files of lists. What cannot be told is said to be
    so."""

    async def screen(self, parties: Parties, at: datetime, standing: Standing) -> Screening: ...

    async def entry(self, key: str, party: Party, at: datetime, standing: Standing) -> Match | None: ...

    async def content(
        self, digest: str, retrieved: date, current: StandingList | None
    ) -> ListContent | NoContent: ...


class Determiner(Protocol):
    """Finds out whether a license is required at all, of whom screening found, with what officers said of it.

    None: one is, or that cannot be determined.
    """

    async def unclassified(self, items: Items, at: datetime) -> Unclassified | None: ...

    async def unknown_eccns(self, items: Items, at: datetime) -> tuple[UnknownEccn, ...]: ...

    async def determine(
        self, application: Submission, found: Screened, at: datetime, standing: Standing
    ) -> Proposed | None: ...


@dataclass(frozen=True, slots=True)
class Occasion:
    """The decision for which a fact is found out: of which stream, when, and what stands then."""

    stream: str
    now: datetime
    standing: Standing


class Suppliers:
    """A supplier for each type of need.

    What fails to be screened or determined keeps no command from being decided: it is said to be so. Where
    the log is away, the decision waits.
    """

    def __init__(self, log: Sources, screener: Screener, determiner: Determiner | None) -> None:
        self._log = log
        self._screener = screener
        self._determiner = determiner
        self._reserved: dict[LicenseNumber, str] = {}
        self._table: Mapping[type[Need[Any]], Callable[[Any, Occasion], Awaitable[object]]] = {
            LicenseNumber: self._license_number,
            RolesOf: self._roles,
            ScreeningOf: self._screening,
            RememberedOf: self._remembered,
            EntryOf: self._entry,
            UnclassifiedAmong: self._unclassified,
            UnknownEccns: self._unknown_eccns,
            RegisteredName: self._registered_name,
            WhyNotRequired: self._why_not_required,
            ContentOf: self._content,
            StandingNow: self._standing,
            CaseOf: self._case,
            CountsOf: self._counts,
            SupersededBy: self._superseded,
        }

    def used(self, facts: Facts) -> None:
        """Give out no more what a decision has used up, or what another case turned out to have."""
        for need in facts.answers:
            if isinstance(need, LicenseNumber):
                self._reserved.pop(need, None)

    async def answer(self, need: Need[T], occasion: Occasion) -> T:
        """Find a fact out.

        :raises LogUnavailableError: the database cannot be reached.
        """
        answer: Any = await self._table[type(need)](need, occasion)
        return answer

    async def _license_number(self, need: LicenseNumber, occasion: Occasion) -> str:
        """The same for a case until it is used: whatever was cut off in between is asked for once more."""
        if need not in self._reserved:
            self._reserved[need] = await self._log.reserve_license_number(application_stream(need.acn))
        return self._reserved[need]

    async def _roles(self, need: RolesOf, occasion: Occasion) -> frozenset[Role] | None:
        """By the log's time of day, as signatures are checked, also where cases go by another clock."""
        stream = officer_stream(need.officer)
        known = (await folded(self._log, OFFICER, [stream])).get(stream)
        return known.held(await self._log.now()) if known else None

    async def _screening(self, need: ScreeningOf, occasion: Occasion) -> Screening:
        """Whatever is the matter with the screening, the case is on record, and waits for it."""
        try:
            return await self._screener.screen(need.parties, occasion.now, occasion.standing)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not read as "nothing found".
            # Its own text may repeat a name, and those stay out of logs.
            _log.error("screening_failed", case=occasion.stream, error=type(error).__name__)
            reason = f"the screening failed: {type(error).__name__}"
            failed = (
                Finding(party=place, outcome="could_not_screen", reason=reason)
                for place in range(len(need.parties))
            )
            return Screening(list_version=None, findings=tuple(failed))

    async def _remembered(self, need: RememberedOf, occasion: Occasion) -> tuple[Resolution, ...]:
        return await self._log.remembered(need.pairs, occasion.now)

    async def _entry(self, need: EntryOf, occasion: Occasion) -> Match | None:
        return await self._screener.entry(need.listing, need.party, occasion.now, occasion.standing)

    async def _unclassified(self, need: UnclassifiedAmong, occasion: Occasion) -> Unclassified | None:
        if self._determiner is None:
            return None
        return await self._determiner.unclassified(need.items, occasion.now)

    async def _unknown_eccns(self, need: UnknownEccns, occasion: Occasion) -> tuple[UnknownEccn, ...]:
        if self._determiner is None:
            return ()
        return await self._determiner.unknown_eccns(need.items, occasion.now)

    async def _registered_name(self, need: RegisteredName, occasion: Occasion) -> str | None:
        stream = officer_stream(need.officer)
        known = (await folded(self._log, OFFICER, [stream])).get(stream)
        return known.particulars.called if known and known.particulars else None

    async def _why_not_required(self, need: WhyNotRequired, occasion: Occasion) -> Proposed | None:
        if self._determiner is None:
            return None
        try:
            return await self._determiner.determine(need.filed, need.found, occasion.now, occasion.standing)
        except Exception as error:  # noqa: BLE001 - an application is registered whatever a proposal comes to.
            _log.error("determination_failed", case=occasion.stream, error=type(error).__name__)
            return None

    async def _content(self, need: ContentOf, occasion: Occasion) -> ListContent | NoContent:
        return await self._screener.content(need.digest, need.retrieved, need.current)

    async def _standing(self, need: StandingNow, occasion: Occasion) -> Standing:
        return occasion.standing

    async def _case(self, need: CaseOf, occasion: Occasion) -> ApplicationState | None:
        stream = application_stream(need.acn)
        return (await folded(self._log, APPLICATION, [stream])).get(stream)

    async def _counts(self, need: CountsOf, occasion: Occasion) -> Counts:
        return await self._log.counts(need.entities)

    async def _superseded(self, need: SupersededBy, occasion: Occasion) -> str | None:
        return await self._log.superseded_by(need.key)
