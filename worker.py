"""The service: a worker on the task queue ``licensing``, and the one place where all is wired together.

Run it as ``python worker.py``. Without ``TEMPORAL_ADDRESS`` and ``DATABASE_URL`` in the environment it starts
a private Temporal and a private PostgreSQL first; with both it uses those servers and starts nothing.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
import uvloop
from pydantic import ValidationError
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    PollerBehaviorAutoscaling,
    UnsandboxedWorkflowRunner,
    Worker,
    WorkerDeploymentConfig,
    WorkflowRunner,
)
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.batches import BatchActivities
from activities.cases import CaseActivities
from activities.fan_out import FanOutActivities
from activities.rescreening import RescreeningActivities
from greenlight import embedded
from greenlight.audit.beside import beside
from greenlight.connection import runtime
from greenlight.connection.logs import configure_logs
from greenlight.connection.search_attributes import SearchAttributeError, ensure_search_attributes
from greenlight.connection.settings import Settings
from greenlight.connection.target import (
    Target,
    UnreachableError,
    connect,
    embedded_target,
    external_target,
)
from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.migrate import MigrationError, check, migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.extensions import ExtensionError, load_extensions
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.legible import legible
from greenlight.kernel.refusal import first_problem
from greenlight.law.contract import TASK_QUEUE, SearchAttribute
from greenlight.reference.controls import load_tables
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.listings import load_listings
from greenlight.service import upkeep
from greenlight.service.determination import ListDeterminer
from greenlight.service.records import Records
from greenlight.service.screening import ListScreener
from greenlight.service.versions import Versions
from greenlight.signing.keys import KeyFileError
from workflows.registered import workflows

_log = structlog.stdlib.get_logger("worker")

SWITCH = 0.001
"""Seconds after which a thread that computes lets the event loop have its turn: a fifth of what is usual."""

START_ERRORS = (
    embedded.StartError,
    UnreachableError,
    runtime.MetricsError,
    SearchAttributeError,
    MigrationError,
    KeyFileError,
    ReferenceDataError,
    OSError,
    DatabaseError,
)
"""What can keep the service from starting; each says in its message what to do."""


@dataclass(frozen=True, slots=True)
class Service:
    """A worker that runs, and what it runs on."""

    target: Target
    client: Client
    recorder: Recorder


@asynccontextmanager
async def servers(settings: Settings) -> AsyncGenerator[Target]:
    """The servers that the environment names, or this machine's own, up while the context lasts."""
    target = external_target(settings)
    if target is not None:
        yield target
        return
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    async with embedded.start(
        settings.data,
        temporal_port=settings.temporal_port,
        ui_port=settings.ui_port,
        search_attributes=attributes,
    ) as up:
        yield embedded_target(up.temporal, up.namespace, up, up.ui)


async def prepare(target: Target, client: Client, kind: Kind, seed: int | None = None) -> None:
    """Bring database and namespace to where this version of the service needs them.

    The embedded database is migrated on the way. Anybody else's is only checked: its owner migrates it.
    """
    try:
        if target.embedded:
            await migrate(target.owner_url, kind=kind, seed=seed)
        else:
            await check(target.writer_url, kind=kind)
    except (DatabaseError, *LOST_CONNECTION) as error:
        raise UnreachableError(f"the database that DATABASE_URL names cannot be used: {error}") from error
    await ensure_search_attributes(client)


@asynccontextmanager
async def service(settings: Settings, target: Target) -> AsyncGenerator[Service]:
    """A worker on ``target``, running while the context lasts and shut down gracefully after it."""
    client = await connect(target, runtime=runtime.core(settings.metrics_address))
    await prepare(target, client, settings.kind, settings.seed)
    book = load_listings(settings.listings)
    recorder = Recorder(target.writer_url)
    try:
        days = settings.listings_max_age_days
        max_age = timedelta(days=days) if days else None
        screener = ListScreener(book, Versions(recorder, book), Records(recorder), max_age=max_age)
        determiner = ListDeterminer(screener, load_tables(), recorder)
        activities = CaseActivities(recorder, screener, client, settings.kind, determiner)
        rescreening = RescreeningActivities(recorder, screener, client)
        batches = BatchActivities(recorder, client)
        fan_out = FanOutActivities(recorder, client)
        worker = new_worker(
            settings,
            client,
            task_queue=TASK_QUEUE,
            workflows=workflows(),
            activities=[
                activities.decide_and_record,
                activities.read_stream,
                batches.deliver_decisions,
                fan_out.count_pending,
                fan_out.fan_out,
                fan_out.supersede,
                rescreening.rescreen,
            ],
        )
        # The last checkpoint comes after the last event, and so do the last letters.
        async with (
            upkeep.publishing(settings, target.writer_url),
            upkeep.letters(settings, target.writer_url),
            upkeep.mending(settings, client, recorder),
            upkeep.reading_ahead(recorder, screener),
            worker,
        ):
            _log.info(
                "worker started",
                address=target.address,
                namespace=target.namespace,
                listings=book.id,
                kind=settings.kind.value,
            )
            yield Service(target=target, client=client, recorder=recorder)
            _log.info("worker stopping")
    finally:
        await recorder.close()


def new_worker(
    settings: Settings,
    client: Client,
    *,
    task_queue: str,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., object]],
) -> Worker:
    """A worker set up as ``settings`` say."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=runner(settings),
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=settings.max_workflow_tasks,
        max_concurrent_local_activities=settings.max_local_activities,
        workflow_task_poller_behavior=_pollers(settings.workflow_pollers),
        activity_task_poller_behavior=_pollers(settings.activity_pollers),
        # A case whose worker died waits so long before another one may take it.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=3),
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown),
        deployment_config=_deployment(settings),
    )


def _pollers(most: int) -> PollerBehaviorAutoscaling:
    return PollerBehaviorAutoscaling(initial=min(5, most), maximum=most)


def runner(settings: Settings) -> WorkflowRunner:
    """What runs workflow code; a replay of a history wants the same."""
    if not settings.sandbox:
        return UnsandboxedWorkflowRunner()
    restrictions = SandboxRestrictions.default.with_passthrough_modules("greenlight")
    return SandboxedWorkflowRunner(restrictions=restrictions)


def _deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """Worker versioning, off without a build id: with it on, a first worker waits to be made current."""
    if settings.build_id is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(settings.deployment_name, settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


def share_the_processor() -> None:
    """Let what is computed beside the event loop (reading a list, comparing names) hold it up little."""
    sys.setswitchinterval(SWITCH)


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM."""
    share_the_processor()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        target = await stack.enter_async_context(servers(settings))
        await stack.enter_async_context(service(settings, target))
        if target.embedded:
            # Elsewhere it is a service of its own, with a role and a key that the worker does not have.
            await stack.enter_async_context(beside(settings, target.auditor_url))
            _announce(target, settings)
        await stop.wait()


def _announce(target: Target, settings: Settings) -> None:
    """Tell a person at the terminal where everything is; whoever gave the servers knows."""
    lines = (
        "The service runs. Ctrl-C stops it.",
        "",
        f"  Temporal UI   {target.ui}",
        "",
        "  Another program connects with",
        "",
        f"    export TEMPORAL_ADDRESS={target.address}",
        f"    export TEMPORAL_NAMESPACE={target.namespace}",
        f"    export GREENLIGHT_KEY_FOLDER='{settings.keys.absolute()}'",
        f"    export DATABASE_URL='{target.database_url}'",
    )
    print("\n".join(lines), flush=True)


def main() -> int:
    """0 after a stop by signal; 2 for a wrong setting, 3 where a server cannot be started or reached."""
    try:
        load_extensions()
        settings = Settings()
    except ExtensionError as error:
        print(legible(f"greenlight: {error}"), file=sys.stderr)
        return 2
    except ValidationError as error:
        name, _, problem = first_problem(error).partition(": ")
        print(legible(f"setting GREENLIGHT_{name.upper()}: {problem}"), file=sys.stderr)
        return 2
    configure_logs(settings)
    try:
        uvloop.run(serve(settings))
    except START_ERRORS as error:
        print(legible(f"greenlight: {error}"), file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # The SDK's native threads now and then crash an interpreter that exits in the ordinary way
    # (temporalio/sdk-python issue 300); all work is done and all servers are stopped by here.
    os._exit(code)
