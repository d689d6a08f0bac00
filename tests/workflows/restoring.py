"""A log that is backed up and restored beside a Temporal that keeps what it had, or goes on without it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from greenlight.connection.namespace import Holder, adopt
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from greenlight.eventlog.database import connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.stored import read_place
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Assign
from tests.activities.test_desk import Clerk, incoming
from tests.addresses import create_database, drop_database, elsewhere
from tests.workflows.office import Office


@dataclass(frozen=True, slots=True)
class Site:
    """Settings of a worker, and the addresses of a Temporal and of a log of its own. The worker must be
    stopped while the log is kept or restored."""

    settings: Settings
    target: Target
    name: str

    async def keep(self) -> None:
        """Make a backup."""
        await create_database(self.target.database_url, f"{self.name}_kept", template=self.name)

    async def restore(self) -> None:
        """Put the backup in the place of the log, which is lost, and have the namespace know it."""
        elsewhere_url = elsewhere(self.target, "postgres").database_url
        await drop_database(elsewhere_url, self.name)
        await create_database(elsewhere_url, self.name, template=f"{self.name}_kept")
        async with connection(self.target.writer_url, application="tests") as database:
            place = await read_place(database)
        await adopt(await connect(self.target), Holder(place.log, place.database))

    async def numbers_given_out(self) -> int:
        """Count the license numbers that were reserved in this log."""
        return await self._value(
            "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM greenlight.license_number"
        )

    async def transactions(self) -> int:
        """Count the transactions in the log's database so far; what the server has not counted yet is
        missing."""
        return await self._value(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        )

    async def _value(self, query: str) -> int:
        async with connection(self.target.owner_url, application="tests") as database:
            value = await database.fetchval(query)
        assert isinstance(value, int)
        return value


async def new_site(settings: Settings, target: Target, name: str, folder: Path) -> Site:
    """A log with nothing in it, and a folder for what a worker publishes of it."""
    await create_database(target.database_url, name)
    there = elsewhere(target, name)
    await migrate(there.owner_url)
    return Site(settings.model_copy(update={"data": folder}), there, name)


async def went_on(office: Office, stream: str, *bodies: Assign) -> None:
    """Events of the case that its workflow does not know, as from a log that others went on with."""
    clerk = Clerk(office.service.recorder, APPLICATION, stream)
    for body in bodies:
        command = office["olga"].signer.sign("assign", stream, body)
        answer = await clerk.asks(clerk.request(datetime.now(UTC), incoming("assign", command)))
        assert answer.receipt is not None, answer.refused
