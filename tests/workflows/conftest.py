"""A worker on the shared servers, and officers to send commands to it."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from cli.development import OFFICERS, ensure_development_officers
from client import Keyring, LicensingClient
from connection.settings import Settings
from connection.target import Target
from tests.workflows.office import Office
from worker import Service, service


@pytest_asyncio.fixture(scope="session")
async def running(settings: Settings, target: Target) -> AsyncGenerator[Service]:
    """The service as it is, workflows in the sandbox."""
    async with service(settings, target) as running:
        yield running


@pytest_asyncio.fixture(scope="session")
async def office(settings: Settings, running: Service) -> Office:
    """Everyone whom a case needs, each with a client that signs as them."""
    keyring = Keyring(settings.keys)
    await ensure_development_officers(running.target.database_url, keyring)
    clients = {name: LicensingClient(running.client, keyring.signer(name)) for name in OFFICERS}
    return Office(running.client, clients)
