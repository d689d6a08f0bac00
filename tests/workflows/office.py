"""What tests do with a case, told in the words of the office."""

from collections.abc import Mapping
from dataclasses import dataclass

from temporalio.client import Client, WorkflowHandle

from client import LicensingClient
from licensing.application.commands import Countersign, Outcome, Recommend, SignOff
from licensing.application.dossier import Submission
from licensing.commit import Receipt
from licensing.messages import CaseStatus
from tests.licensing.application.cases import submission


@dataclass(frozen=True)
class Office:
    """Officers by name; ``acme`` and ``globex`` apply, ``olga`` and ``oscar`` recommend, ``oscar`` and
    ``carla`` countersign, ``vera`` signs off."""

    temporal: Client
    officers: Mapping[str, LicensingClient]

    def __getitem__(self, officer: str) -> LicensingClient:
        return self.officers[officer]

    def handle(self, stream: str) -> WorkflowHandle[object, object]:
        return self.temporal.get_workflow_handle(stream)

    async def submitted(self, application: Submission | None = None) -> CaseStatus:
        return await self["acme"].submit(application or submission())

    async def recommended(self, recommendation: Recommend | None = None) -> str:
        """A case that waits for its countersignature; its stream."""
        case = await self.submitted()
        body = recommendation or Recommend(outcome=Outcome.GRANT, reasons="Maintenance of a rural network")
        await self["olga"].decide(case.stream, body)
        return case.stream

    async def countersigned(self, recommendation: Recommend | None = None) -> str:
        stream = await self.recommended(recommendation)
        await self["carla"].decide(stream, Countersign(agrees=True))
        return stream

    async def signed_off(self, stream: str) -> Receipt:
        return await self["vera"].decide(stream, SignOff(approves=True))
