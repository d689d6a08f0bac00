"""The workflow of a license application."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from temporalio import workflow

from greenlight.kernel.messages import CaseStatus
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import COMMANDS
from greenlight.law.application.state import ApplicationState
from greenlight.law.contract import APPLICATION_MESSAGES, LICENSE_APPLICATION
from workflows.case import Case
from workflows.messages import takes

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


@workflow.defn(name=LICENSE_APPLICATION)
@takes((name, COMMANDS[name]) for name in APPLICATION_MESSAGES)
class LicenseApplication(Case[ApplicationState]):
    """One application, from its submission to its outcome."""

    decider = APPLICATION
    id_pattern = r"application-[A-Z][0-9]{6}"
    first = "submit"
    trying = "screening: next try"

    def __init__(self) -> None:
        super().__init__()
        self._tries = 0
        self._try_at: datetime | None = None

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        return await self.live(start)

    def owed(self) -> Hashable:
        """The parties that are not screened yet."""
        state = self.journal.state
        return None if state is None or state.screened else state.parties

    async def act(self) -> datetime | None:
        """While screening is incomplete, try it again after a pause."""
        if self.owed() is None:
            self._tries, self._try_at = 0, None
        elif self._try_at is None or self._try_at <= self.journal.clock.now():
            # The first try was made when the parties came.
            if self._tries:
                await self.journal.look_into("screening")
            self._try_at = self.journal.clock.now() + min(_FIRST_PAUSE * 2**self._tries, _LONGEST_PAUSE)
            self._tries = min(self._tries + 1, 20)
        return self._try_at
