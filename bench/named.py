"""Servers that the environment names for measurements and tests, in place of those that they start.

    GREENLIGHT_TEST_TEMPORAL   host and port of a Temporal on which namespaces may be made
    GREENLIGHT_TEST_DATABASE   a PostgreSQL, for an administrator of it

Each run has databases and namespaces of its own there, by a prefix, and drops them when it ends.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from google.protobuf.duration_pb2 import Duration
from temporalio.api.operatorservice.v1 import DeleteNamespaceRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import ListNamespacesRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from greenlight.codec import master
from greenlight.codec.sealing import Sealing
from greenlight.connection.search_attributes import ensure_search_attributes
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect, embedded_target
from greenlight.embedded.users import AUDITOR, DATABASE, OWNER, READER, WRITER, establish
from greenlight.eventlog.database import connection

TEMPORAL_NAMED, DATABASE_NAMED = "GREENLIGHT_TEST_TEMPORAL", "GREENLIGHT_TEST_DATABASE"
PREFIX = "gt"
PATIENCE = 30.0
"""Seconds until a new namespace is known everywhere."""


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A server that the environment names: it is neither stopped nor killed."""

    pid: None = None

    async def start(self) -> None:
        """It is up."""

    async def stop(self) -> None:
        """It stays up."""


@dataclass(frozen=True, slots=True)
class _Urls:
    """The addresses of a database for whom: the administrator of the server, in each user's role."""

    administrator_url: str

    @property
    def database_url(self) -> str:
        return in_role(self.administrator_url, READER)

    @property
    def writer_url(self) -> str:
        return in_role(self.administrator_url, WRITER)

    @property
    def auditor_url(self) -> str:
        return in_role(self.administrator_url, AUDITOR)

    @property
    def owner_url(self) -> str:
        return in_role(self.administrator_url, OWNER)


def in_role(url: str, role: str | None) -> str:
    """The same address with the rights of a role from the first moment on; None: with one's own."""
    parts = urlsplit(url)
    query = {name: value for name, value in parse_qsl(parts.query) if name != "options"}
    if role is not None:
        query["options"] = f"-c role={role}"
    return parts._replace(query=urlencode(query, quote_via=quote)).geturl()


def is_named(url: str) -> bool:
    """Tell whether an address leads to a server that the environment names."""
    return "options" in dict(parse_qsl(urlsplit(url).query))


def on_run(url: str, database: str) -> str:
    """The name of a database, of this run where the server is not."""
    run = urlsplit(url).path.lstrip("/").split("_")[:2] if is_named(url) else []
    return "_".join((*run, database))


def namespace_on_run(target: Target, name: str) -> str:
    """The name of a namespace, of this run where the server is not."""
    return on_run(target.database_url, name).replace("_", "-")


@asynccontextmanager
async def named_servers(folder: Path) -> AsyncGenerator[Target | None]:
    """An empty database and an empty namespace on the named servers; None: none are named. The keys of what
    Temporal stores there are in ``folder``.

    :raises RuntimeError: only one of the two is.
    """
    temporal, database = os.environ.get(TEMPORAL_NAMED), os.environ.get(DATABASE_NAMED)
    if not temporal and not database:
        yield None
        return
    if not temporal or not database:
        raise RuntimeError(f"set both {TEMPORAL_NAMED} and {DATABASE_NAMED}, or neither")
    run = f"{PREFIX}_{secrets.token_hex(4)}"
    name = f"{run}_{DATABASE}"
    urls = _Urls(urlsplit(in_role(database, None))._replace(path=f"/{name}").geturl())
    sealing = sealed(folder)
    target = embedded_target(temporal, "default", urls, "", sealing=sealing)
    try:
        await establish(database, urls.administrator_url, name)
        there = await new_namespace(target, f"{run}_default".replace("_", "-"))
        await ensure_search_attributes(await connect(there))
        yield there
    finally:
        await _drop(database, run)
        await _delete(await connect(target), run.replace("_", "-"))


def sealed(folder: Path) -> Sealing:
    """The way in which a run encrypts what Temporal stores: by keys in its folder, which are there on
    return."""
    sealing = Settings(data=folder).sealing(make=True)
    master.ready(sealing)
    return sealing


async def new_namespace(target: Target, name: str) -> Target:
    """Make an empty namespace and return when it can be used; what leads a client there."""
    client = await connect(target)
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(
            namespace=name, workflow_execution_retention_period=Duration(seconds=24 * 60 * 60)
        )
    )
    there = embedded_target(target.address, name, target, target.ui or "", sealing=target.sealing)
    if is_named(target.database_url):
        # Its server takes a while to know it.
        request = ListSearchAttributesRequest(namespace=name)
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await client.operator_service.list_search_attributes(request)
                    break
                except RPCError:
                    await asyncio.sleep(0.5)
    return there


async def _drop(database: str, run: str) -> None:
    async with connection(database, application="bench") as administrator:
        names = "SELECT datname FROM pg_database WHERE datname LIKE $1"
        for row in await administrator.fetch(names, f"{run}%"):
            await administrator.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')


async def _delete(client: Client, run: str) -> None:
    found = await client.workflow_service.list_namespaces(ListNamespacesRequest(page_size=1000))
    for each in found.namespaces:
        if each.namespace_info.name.startswith(run):
            request = DeleteNamespaceRequest(namespace=each.namespace_info.name)
            try:
                await client.operator_service.delete_namespace(request)
            except RPCError:
                # It goes by its retention.
                continue
