"""The workflow of a license."""

from temporalio import workflow

from greenlight.kernel.messages import CaseStatus
from greenlight.law.contract import LICENSE, LICENSE_MESSAGES
from greenlight.law.license.aggregate import LICENSE as LICENSE_DECIDER
from greenlight.law.license.commands import COMMANDS
from greenlight.law.license.state import LicenseState
from workflows.case import Case
from workflows.messages import takes


@workflow.defn(name=LICENSE)
@takes((name, COMMANDS[name]) for name in LICENSE_MESSAGES)
class License(Case[LicenseState]):
    """One license, from its grant, which its application has recorded, to its expiry."""

    decider = LICENSE_DECIDER
    id_pattern = r"license-D[0-9]{6}"
    first = None

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        return await self.live(start)
