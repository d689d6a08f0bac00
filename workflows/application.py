"""The workflow of a license application."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.state import ApplicationState
from workflows.case import Case
from workflows.messages import workflow_of

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


@workflow_of(APPLICATION)
class LicenseApplication(Case[ApplicationState]):
    """One application, from its submission to its outcome."""

    trying = "screening: next try"

    def __init__(self) -> None:
        super().__init__()
        self._tries = 0
        self._try_at: datetime | None = None

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
