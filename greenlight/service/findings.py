"""What the service finds out about the parties of a command before it is decided: who is listed, what
officers said of that, and whether a license is required at all."""

import asyncio
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

import structlog

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.law.application.commands import Answer, RecordScreening, ResolveMatch, Submit
from greenlight.law.application.dossier import (
    Finding,
    Match,
    Parties,
    Party,
    Screening,
    Submission,
    Unclassified,
)
from greenlight.law.application.screening.language import Resolution, Screened
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.application.screening.rules import known_after
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.standing import Standing
from greenlight.law.screening_list.content import ListContent, NoContent, StandingList

_log = structlog.stdlib.get_logger("desk")


class Memory(Protocol):
    """What is needed of the log."""

    async def remembered(self, pairs: frozenset[str]) -> tuple[Resolution, ...]: ...


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

    def unclassified(self, application: Submission) -> Unclassified | None: ...

    async def determine(
        self, application: Submission, found: Screened, at: datetime, standing: Standing
    ) -> Proposed | None: ...


class Findings:
    """Of one case. ``state`` is the case as it stands, ``standing`` what stands.

    Nothing that fails here keeps a command from being decided: what could not be found out is said to be so.
    """

    def __init__(
        self, memory: Memory, screener: Screener, determiner: Determiner | None, stream: str
    ) -> None:
        self._memory = memory
        self._screener = screener
        self._determiner = determiner
        self._stream = stream

    async def inform(
        self, command: Command[Body], state: object, now: datetime, standing: Standing
    ) -> Command[Body]:
        """Screen the parties that a command brings, so that they are never on record without."""
        match command.body:
            case Submit(application=application):
                parties: Parties | None = application.parties
                if self._determiner is not None:
                    command = replace(command, unclassified=self._determiner.unclassified(application))
            case Answer(parties=parties):
                pass
            case RecordScreening(parties=screened):
                body = RecordScreening(
                    screening=await self.screened(screened, now, standing), parties=screened
                )
                return await self.found(replace(command, body=body), body.screening, state, now, standing)
            case ResolveMatch() as said if isinstance(state, ApplicationState) and command.by:
                entry = await self._entry(said, state, now, standing)
                known = await asyncio.to_thread(known_after, state, said, entry, command.by, now)
                proposed = await self._determined(command.body, known, state, now, standing)
                return replace(command, proposed=proposed, entry=entry)
            case _:
                parties = None
        if parties is None:
            return command
        screening = await self.screened(parties, now, standing)
        return await self.found(command, screening, state, now, standing)

    async def screened(self, parties: Parties, now: datetime, standing: Standing) -> Screening:
        """Whatever is the matter with the screening, the case is on record, and waits for it."""
        try:
            return await self._screener.screen(parties, now, standing)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not read as "nothing found".
            # Its own text may repeat a name, and those stay out of logs.
            _log.error("screening_failed", case=self._stream, error=type(error).__name__)
            reason = f"the screening failed: {type(error).__name__}"
            failed = (
                Finding(party=place, outcome="could_not_screen", reason=reason)
                for place in range(len(parties))
            )
            return Screening(list_version=None, findings=tuple(failed))

    async def found(
        self,
        command: Command[Body],
        screening: Screening,
        state: object,
        now: datetime,
        standing: Standing,
    ) -> Command[Body]:
        """With what officers said in other cases of the pairs that were met."""
        remembered = await self.remembered(screening.findings)
        said = state.resolutions if isinstance(state, ApplicationState) else ()
        found = Screened(screening=screening, resolutions=(*remembered, *said))
        proposed = await self._determined(command.body, found, state, now, standing)
        return replace(command, screening=screening, remembered=remembered, proposed=proposed)

    async def remembered(self, findings: tuple[Finding, ...]) -> tuple[Resolution, ...]:
        """What officers said last of the pairs that were met."""
        met = frozenset(match.pair for finding in findings for match in finding.matches if match.pair)
        return await self._memory.remembered(met) if met else ()

    async def _entry(
        self, said: ResolveMatch, state: ApplicationState, now: datetime, standing: Standing
    ) -> Match | None:
        """The entry that an officer names who looked a party up; None where none is named, or none of that
        key counts. What the screening met is known without the list, which takes seconds to read."""
        if said.listing is None or said.party >= len(state.parties):
            return None
        if any(hit.party == said.party and hit.match.listing == said.listing for hit in state.met):
            return None
        return await self._screener.entry(said.listing, state.parties[said.party], now, standing)

    async def _determined(
        self, body: Body, found: Screened, state: object, now: datetime, standing: Standing
    ) -> Proposed | None:
        """Of the application as it stands with this command. What fails determines nothing."""
        match body, state:
            case Submit(application=filed), _:
                pass
            case _, ApplicationState(submission=submission, parties=named):
                if isinstance(body, Answer | RecordScreening):
                    named = body.parties or named
                filed = submission.model_copy(update={"parties": named})
            case _:
                return None
        if self._determiner is None:
            return None
        try:
            return await self._determiner.determine(filed, found, now, standing)
        except Exception as error:  # noqa: BLE001 - an application is registered whatever a proposal comes to.
            _log.error("determination_failed", case=self._stream, error=type(error).__name__)
            return None
