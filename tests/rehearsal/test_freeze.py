"""A freeze as in February to April 2025, on the real service: cases stand while the statutory clock runs, and
go on when it is lifted or its time is over. GAO-25-107431 tells of cases on "hold without action"."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.answers.readings import Told, told
from greenlight.client import LicensingClient, Refused
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.statistics import statistics
from greenlight.eventlog.verify import verify
from greenlight.kernel.body import Body
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.clock.days import days
from greenlight.law.application.commands import Withdraw
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.commands import IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.rehearsal.ticks import tick
from tests.law.application.cases import CONSIGNEE, GRANT, PURCHASER, new_submission
from tests.rehearsal.stage import Stage, elsewhere, open_stage
from tests.workflows.office import eventually

PATIENCE = timedelta(seconds=60)
FILED = datetime(2025, 1, 15, 15, tzinfo=UTC)
FROZEN = datetime(2025, 2, 3, 14, tzinfo=UTC)
CAME_LATER = datetime(2025, 3, 4, 15, tzinfo=UTC)
LIFTED = datetime(2025, 4, 16, 13, tzinfo=UTC)
LATEST = datetime(2025, 5, 1, 4, tzinfo=UTC)
"""The end of 30 April in Washington."""


class Agency:
    """Whoever acts on the stage, each at the instant that is said."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def __call__(self, officer: str, at: datetime) -> LicensingClient:
        signer = replace(self.stage.signers[officer], at=at)
        return LicensingClient(self.stage.temporal, signer, patience=PATIENCE)

    async def filed(self, country: str, at: datetime = FILED) -> str:
        consignee = CONSIGNEE.model_copy(update={"country": country})
        filing = new_submission(parties=(PURCHASER, consignee))
        return (await self("acme", at).submit(filing)).stream

    async def ordered(self, key: str, country: str, ground: HoldKind | None = None) -> str:
        order = IssueDirective(
            title="Hold without action",
            scope=Scope(destinations=frozenset({country})),
            posture=Posture.HOLD,
            expires=LATEST,
            citation="Memorandum of 3 February 2025",
            reasons="A review of policy.",
            ground=ground,
        )
        return (await self("vera", FROZEN).issue_directive(key, order)).stream

    async def state(self, case: str) -> ApplicationState:
        found = await told(self.stage.reader, APPLICATION, case)
        assert isinstance(found, Told), f"{case} is not on record"
        return found.state

    async def decides(self, officer: str, at: datetime, stream: str, body: Body) -> None:
        """Having read the dossier as it is."""
        by = self(officer, at)
        await by.decide(stream, body, dossier=(await by.dossier(stream)).digest)

    async def recommended(self, case: str, at: datetime) -> None:
        await self.decides("olga", at, case, GRANT)

    async def types(self, case: str) -> list[str]:
        return [event.type async for event in self.stage.reader.stream(case)]

    async def has(self, case: str, kind: str) -> None:
        async def found() -> bool:
            return kind in await self.types(case)

        await eventually(found, f"{kind} of {case}")


async def test_cases_stand_from_february_to_april_and_go_on(settings: Settings, target: Target) -> None:
    async with open_stage(settings, await elsewhere(target)) as stage:
        agency = Agency(stage)
        first, stopped, free = [await agency.filed(country) for country in ("NO", "SE", "FI")]
        lifted = await agency.ordered("review-2025", "NO")
        await agency.ordered("talks-2025", "SE", HoldKind.GOVERNMENT_CONSULTATION)
        for case in (first, stopped):
            await agency.has(case, "CaseFrozen")
        later = await agency.filed("NO", CAME_LATER)
        assert (await agency.types(later))[:3] == ["ApplicationSubmitted", "PartiesScreened", "CaseFrozen"]

        with pytest.raises(Refused) as refused:
            await agency.recommended(first, CAME_LATER)
        assert refused.value.code == ApplicationRefusal.FROZEN
        (explained,) = [
            each.explanation
            for each in APPLICATION.deadlines(await agency.state(first))
            if each.kind == "freeze"
        ]
        assert explained.startswith(
            "The case stands since 3 Feb 2025 by directive review-2025, until 30 Apr 2025 at the latest"
        )
        await agency.recommended(free, CAME_LATER)
        await agency("acme", CAME_LATER).decide(later, Withdraw())

        # The 90 days of the one are over in the freeze; of the other no day is lost.
        await tick(stage.temporal, first, LIFTED, PATIENCE)
        state = await agency.state(first)
        assert state.passed == {"initial_action", "resolution"}
        await agency.decides("vera", LIFTED, lifted, RescindDirective(reasons="The review is over."))
        await agency.has(first, "FreezeLifted")
        await agency.recommended(first, LIFTED + timedelta(days=1))
        assert "FreezeLifted" not in await agency.types(stopped)

        ticked = await tick(stage.temporal, stopped, LATEST + timedelta(days=1), PATIENCE)
        assert "FreezeLapsed" in await agency.types(stopped)
        state = await agency.state(stopped)
        assert state.passed == {"initial_action"}
        # 90 days from 15 January end on 15 April; 87 days are held, from 3 February through 30 April.
        assert ticked.due == datetime(2025, 7, 12, 4, tzinfo=UTC)
        await agency.recommended(stopped, LATEST + timedelta(days=2))

        account = days(await agency.state(first), LIFTED + timedelta(days=1))
        assert {share.label: share.days for share in account.shares} == {
            "officer": 20,
            f"freeze by {stream_key(lifted)}": 72,
        }
        assert account.age == 92
        assert (await verify(stage.target.database_url)).fault is None
        assert (await rebuild(stage.target.owner_url, swap=False)).differences == ()
        assert (await statistics(stage.target.database_url, LATEST)).holders == (), "nothing is decided yet"
