"""Which Temporal cluster and which database: those the environment names, or the embedded ones."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from greenlight.codec.sealing import Sealing
from greenlight.connection.settings import Settings

if TYPE_CHECKING:
    # Whoever only reads the log does not wait for the SDK.
    from temporalio.client import Client
    from temporalio.envconfig import ClientConnectConfig
    from temporalio.runtime import Runtime

_NO_CLUSTER = "DATABASE_URL is set but TEMPORAL_ADDRESS is not: set both, or neither"
_EXPLICIT = ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE")


class UnreachableError(Exception):
    """A server is not there, or not named completely. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A cluster and a database. ``embedded`` tells that they are this machine's own.

    ``database_url`` is for what only reads, ``writer_url`` for what records, ``auditor_url`` for what checks,
    ``owner_url`` for what makes tables or fills them anew. ``sealing``: how Temporal's content is encrypted.
    """

    # All may hold secrets.
    temporal: "ClientConnectConfig" = field(repr=False)
    database_url: str = field(repr=False)
    writer_url: str = field(repr=False)
    auditor_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    embedded: bool
    sealing: Sealing
    ui: str | None = None

    @property
    def address(self) -> str:
        return self.temporal.get("target_host", "")

    @property
    def namespace(self) -> str:
        return self.temporal.get("namespace", "default")


def external_target(
    settings: Settings, environment: Mapping[str, str] | None = None, *, both: bool = True
) -> Target | None:
    """The servers that the environment names, or None where it names none. Not ``both``: the database is
    enough, and only ``connect`` asks for a cluster.

    A profile in Temporal's default configuration file alone does not count: it may be there for the
    ``temporal`` command, and a demonstration must not end up in somebody's production cluster.

    :raises UnreachableError: if it names a cluster without a database or the reverse, or cannot be read.
    """
    environment = os.environ if environment is None else environment
    named = [variable for variable in _EXPLICIT if environment.get(variable)]
    if not settings.database_url:
        others = {
            "GREENLIGHT_WRITER_URL": settings.writer_url,
            "GREENLIGHT_AUDITOR_URL": settings.auditor_url,
            "GREENLIGHT_OWNER_URL": settings.owner_url,
        }
        for variable in (*named, *(name for name, url in others.items() if url)):
            raise UnreachableError(f"{variable} is set but DATABASE_URL is not: set both, or neither")
        return None
    from temporalio.envconfig import ClientConfig

    try:
        config = ClientConfig.load_client_connect_config(
            config_file_strict=True, override_env_vars=dict(environment)
        )
    except (RuntimeError, OSError, ValueError) as error:
        # What follows the first line is quoted from the file, where secrets may stand.
        problem = str(error).partition("\n")[0]
        raise UnreachableError(f"Temporal's configuration cannot be read: {problem}") from error
    if "target_host" not in config and named:
        raise UnreachableError(
            f"{named[0]} leads to no address of a cluster: correct it, or set TEMPORAL_ADDRESS"
        )
    if both and "target_host" not in config:
        raise UnreachableError(_NO_CLUSTER)
    return Target(
        temporal=config,
        database_url=settings.database_url,
        writer_url=settings.writer_url or settings.database_url,
        auditor_url=settings.auditor_url or settings.database_url,
        owner_url=settings.owner_url or settings.database_url,
        embedded=False,
        # Keys of its own would keep a program from reading what all others write.
        sealing=settings.sealing(make=False),
    )


class Addressed(Protocol):
    """Anything that says where the database is for whom."""

    @property
    def database_url(self) -> str: ...
    @property
    def writer_url(self) -> str: ...
    @property
    def auditor_url(self) -> str: ...
    @property
    def owner_url(self) -> str: ...


def embedded_target(
    address: str, namespace: str, database: Addressed | None, ui: str, *, sealing: Sealing
) -> Target:
    """The servers of this machine at these addresses; without a database, where none is asked."""
    return Target(
        temporal={"target_host": address, "namespace": namespace},
        database_url=database.database_url if database else "",
        writer_url=database.writer_url if database else "",
        auditor_url=database.auditor_url if database else "",
        owner_url=database.owner_url if database else "",
        embedded=True,
        sealing=sealing,
        ui=ui,
    )


async def connect(target: Target, *, runtime: "Runtime | None" = None) -> "Client":
    """A client of the target's cluster, with the service's data converter.

    :raises UnreachableError: if none is named, or nothing answers there; or the codec keys are missing.
    """
    if "target_host" not in target.temporal:
        raise UnreachableError(_NO_CLUSTER)
    from temporalio.client import Client
    from temporalio.service import RPCError

    from greenlight.codec.master import CodecKeysError
    from greenlight.connection import runtime as native
    from greenlight.connection.converter import data_converter

    try:
        converter = data_converter(target.sealing)
    except CodecKeysError as error:
        raise UnreachableError(str(error)) from error
    try:
        return await Client.connect(
            **target.temporal, data_converter=converter, runtime=runtime or native.core()
        )
    except (RPCError, RuntimeError, ValueError) as error:
        raise UnreachableError(
            f"no Temporal server answers at {target.address}: start one with `make serve`, "
            "or check TEMPORAL_ADDRESS and TEMPORAL_PROFILE"
        ) from error
