"""Answers to questions by Nexus, over connections of their own to the log."""

from typing import Self

from greenlight.answers.caller import Caller, Callers
from greenlight.answers.listed import Shipped
from greenlight.answers.readings import authorised, opened, status_of, told
from greenlight.answers.scope import Scope
from greenlight.answers.standing import Standing
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.read import Reader
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.determination.tables import ControlTables
from greenlight.law.reprieve.questions import CoverageAnswer
from greenlight.law.rule.rules import Rules
from greenlight.nexus import ActivityAsked, Asking, CaseAsked, ShipmentAsked

_APPLICATION = "greenlight-nexus"


class Library:
    """One for a worker; close it, or use it in ``async with``. Every answer may be a refusal.

    Every method raises ``LogUnavailableError`` when the database cannot be reached.
    """

    def __init__(self, database_url: str, shipped: Shipped, tables: ControlTables, rules: Rules) -> None:
        """Connects on first use."""
        self._callers = Callers(database_url, application=_APPLICATION)
        self._scope = Scope(database_url, application=_APPLICATION)
        self._access = AccessLog(database_url, application=_APPLICATION)
        self._reader = Reader(database_url, application=_APPLICATION)
        self._standing = Standing(self._reader, shipped, tables, rules)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in (self._callers, self._scope, self._access, self._reader):
            await each.close()

    async def status(self, asked: CaseAsked) -> CaseStatus | Refusal:
        """Stage, who must act, what is due."""
        caller = await self._who(asked)
        if isinstance(caller, Refusal):
            return caller
        kind = await opened(self._scope, caller, asked.stream)
        if isinstance(kind, Refusal):
            return kind
        case = await told(self._reader, kind, asked.stream)
        if isinstance(case, Refusal):
            return case
        if kind.open_to != frozenset(Role):
            await self._access.note(caller, asked.stream, "status")
        return status_of(kind, asked.stream, case)

    async def authorised(self, asked: ShipmentAsked) -> Authorisation | Refusal:
        """Under what items may go to parties."""
        caller = await self._who(asked)
        if isinstance(caller, Refusal):
            return caller
        await self._standing.at_least(None)
        return await authorised(self._standing, self._access, caller, asked.question)

    async def covered(self, asked: ActivityAsked) -> CoverageAnswer | Refusal:
        """Tell whether a reprieve covers an activity; everybody registered may ask."""
        caller = await self._who(asked)
        if isinstance(caller, Refusal):
            return caller
        await self._standing.at_least(None)
        return (await self._standing.reprieved(asked.question.known_at)).covered(asked.question)

    async def _who(self, asked: Asking) -> Caller | Refusal:
        return await self._callers.proven(f"Bearer {asked.token}")
