"""Officers who are played: in a rehearsal, in a demonstration, in a measurement, in a test."""

from greenlight.client.client import LicensingClient, held_by
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import batch_stream


class PlayedOfficer(LicensingClient):
    """An officer whom nobody has to convince: reads the dossier, and at once decides as the play has it.

    Not for real decisions: there a person reads between the two.
    """

    async def decide(
        self,
        stream: str,
        body: Body,
        *,
        dossier: str | None = None,
        role: Role | None = None,
        command_id: str | None = None,
    ) -> Receipt:
        """As everybody, after a look at the dossier as it stands, where a decision names none."""
        if body.declared.decision and dossier is None:
            dossier = (await self.dossier(stream)).digest
        return await super().decide(stream, body, dossier=dossier, role=role, command_id=command_id)

    async def sign_batch(
        self, key: str, *, dossier: str | None = None, command_id: str | None = None
    ) -> Receipt:
        """As everybody, after a look at the batch and at its cases as they stand."""
        if dossier is None:
            read = await self.dossier(batch_stream(key))
            for leaf in held_by(read):
                await self.dossier(leaf.stream)
            dossier = read.digest
        return await super().sign_batch(key, dossier=dossier, command_id=command_id)
