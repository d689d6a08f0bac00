"""A worker that lives through the restoring of its log forgets what stood in it."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest_asyncio

from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.session import LogUnavailableError
from greenlight.kernel.streams import application_stream, directive_stream, entity_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.state import DirectiveState
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import CastVote
from greenlight.law.entity.committee import NEEDED, Vote
from greenlight.law.entity.state import EntityState
from greenlight.lists.record import Record
from greenlight.service.records import Records
from tests.activities.test_again import sent
from tests.activities.test_desk import Clerk, Says
from tests.addresses import create_database, drop_database, named
from tests.eventlog.crowd import Crowd
from tests.law.application.cases import BEGIN
from tests.law.directive.cases import issue
from tests.law.entity.cases import LIST as LIST_ENTITY


class Backup:
    """A copy of a log, taken before anybody is connected to it."""

    def __init__(self, dsn: str) -> None:
        self.name = urlsplit(dsn).path.lstrip("/")
        self.server = named(dsn, "postgres")
        self.kept = f"kept_{uuid.uuid4().hex}"

    async def restore(self) -> None:
        await drop_database(self.server, self.name)
        await create_database(self.server, self.name, template=self.kept)


@pytest_asyncio.fixture
async def backup(letter_log: str, crowd: Crowd) -> AsyncGenerator[Backup]:
    async with Recorder(letter_log) as log:
        await crowd.enlist(log)
    backup = Backup(letter_log)
    await create_database(backup.server, backup.kept, template=backup.name)
    yield backup
    await drop_database(backup.server, backup.kept)


def names(record: Record) -> set[str]:
    """Names of the entries that count."""
    found = record.at(BEGIN)
    return {listing.name for listing in found.book.listings} if found and found.book else set()


async def test_what_stood_in_the_log_of_before_stands_no_more(
    letter_log: str, backup: Backup, crowd: Crowd
) -> None:
    async with Recorder(letter_log) as log:
        directive: Clerk[DirectiveState] = Clerk(log, DIRECTIVE, directive_stream("order-1"))
        await sent(directive, crowd.executive, issue())
        entity: Clerk[EntityState] = Clerk(log, ENTITY, entity_stream("sample"))
        await sent(entity, crowd.executive, LIST_ENTITY)
        for member in crowd.committee[: NEEDED["list_entity"]]:
            await sent(entity, member, CastVote(vote=Vote.APPROVE))
        before, records = await log.read_standing(), Records(log)
        assert before.directives
        assert "Sample Technologies" in names(await records.record(before.orders))

        await backup.restore()
        with suppress(LogUnavailableError):
            # Whoever finds the connection lost asks again.
            await log.read_stream(directive.stream)
        clerk: Clerk[ApplicationState] = Clerk(log, APPLICATION, application_stream("Z000001"))
        says = Says(crowd, clerk)
        answer = await clerk.asks(clerk.request(BEGIN, says.submits()))
        assert answer.receipt is not None, answer.refused
        assert not log.standing().directives
        assert names(await records.record(log.standing().orders)) == set()
