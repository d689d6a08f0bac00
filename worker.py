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
from activities.moments import MomentActivities
from activities.rescreening import RescreeningActivities
from activities.telling import TellingActivities
from greenlight import embedded
from greenlight.answers.listed import Shipped
from greenlight.answers.scope import Scope
from greenlight.beside import announce, beside, codec_listening
from greenlight.codec import master
from greenlight.codec_server.serving import CodecServerError
from greenlight.connection import runtime
from greenlight.connection.endpoint import EndpointTakenError, ensure_endpoint
from greenlight.connection.folders import FolderError, worker_folders
from greenlight.connection.logs import configure_logs
from greenlight.connection.namespace import Holder, NamespaceError, claim
from greenlight.connection.search_attributes import SearchAttributeError, ensure_search_attributes
from greenlight.connection.settings import Settings
from greenlight.connection.target import (
    Target,
    UnreachableError,
    connect,
    embedded_target,
    external_target,
)
from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError, connection
from greenlight.eventlog.migrate import MigrationError, check, migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.stored import LogMissingError, read_place
from greenlight.extensions import ExtensionError, load_extensions
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.legible import legible
from greenlight.kernel.problems import first_problem
from greenlight.law.contract import TASK_QUEUE, SearchAttribute
from greenlight.letters.sheet import LetterSettingError
from greenlight.nexus import ENDPOINT
from greenlight.nexus.handlers import LicensingHandler
from greenlight.nexus.library import Library
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import kept_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.service import health, moments, upkeep
from greenlight.service.background import Background
from greenlight.service.bulk import Bulk
from greenlight.service.determination import ListDeterminer
from greenlight.service.licenses import Licenses
from greenlight.service.priorities import Priorities
from greenlight.service.records import Records
from greenlight.service.screening import ListScreener
from greenlight.service.suppliers import Suppliers
from greenlight.service.telling import Teller
from greenlight.service.versions import Versions
from greenlight.service.workers import (
    WorkersError,
    number_of,
    supervised,
    told,
    until_eof,
)
from greenlight.serving.listening import AddressError
from greenlight.signing.keys import KeyFileError
from workflows.registered import workflows

_log = structlog.stdlib.get_logger("worker")

PROGRAM = os.path.abspath(__file__)

SWITCH = 0.001
"""Seconds after which a thread that computes lets the event loop have its turn: a fifth of what is usual."""

START_ERRORS = (
    embedded.StartError,
    UnreachableError,
    runtime.MetricsError,
    FolderError,
    LetterSettingError,
    NamespaceError,
    health.HealthError,
    AddressError,
    WorkersError,
    SearchAttributeError,
    MigrationError,
    LogMissingError,
    KeyFileError,
    master.CodecKeysError,
    CodecServerError,
    ReferenceDataError,
    OSError,
    DatabaseError,
)
"""Errors that can keep the service from starting; each says in its message what to do."""


@dataclass(frozen=True, slots=True)
class Service:
    """A worker that runs, and what it runs on."""

    target: Target
    client: Client
    recorder: Recorder
    background: Background
    moments: moments.Moments


@asynccontextmanager
async def servers(settings: Settings, codec: str = "") -> AsyncGenerator[Target]:
    """The servers that the environment names, or this machine's own, up while the context lasts. The UI of
    those is told where ``codec`` opens payloads."""
    target = external_target(settings)
    if target is not None:
        yield target
        return
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    sealing = settings.sealing(make=True)
    master.ready(sealing)
    async with embedded.start(
        settings.data,
        temporal_port=settings.temporal_port,
        ui_port=settings.ui_port,
        search_attributes=attributes,
        codec=codec,
    ) as up:
        yield embedded_target(up.temporal, up.namespace, up, up.ui, sealing=sealing)


async def prepare(target: Target, client: Client, kind: Kind, seed: int | None = None) -> None:
    """Bring database and namespace to where this version of the service needs them, and hold them together.

    The embedded database is migrated on the way. Anybody else's is only checked: its owner migrates it.
    """
    try:
        if target.embedded:
            await migrate(target.owner_url, kind=kind, seed=seed)
        else:
            await check(target.writer_url, kind=kind)
        async with connection(target.writer_url, application="greenlight-worker") as database:
            place = await read_place(database)
    except (DatabaseError, *LOST_CONNECTION) as error:
        raise UnreachableError(f"the database that DATABASE_URL names cannot be used: {error}") from error
    if not await claim(client, Holder(place.log, place.database)):
        _log.warning(
            "the namespace does not say whose it is, so that a copy of this log could act there: have its "
            "administrator run starter.py namespace adopt",
            namespace=client.namespace,
        )
    await ensure_search_attributes(client)
    if target.embedded:
        # Elsewhere it is for whoever runs the cluster to say who is reached by which name.
        try:
            await ensure_endpoint(client, ENDPOINT)
        except EndpointTakenError as error:
            _log.warning("no other namespace can call this service", why=str(error))


@asynccontextmanager
async def service(
    settings: Settings, target: Target, *, number: int | None = None
) -> AsyncGenerator[Service]:
    """A worker on ``target``, running while the context lasts and shut down gracefully after it.

    ``number`` is its own among several worker processes: the first does the work beside the cases.
    """
    client = await connect(target, runtime=runtime.core(settings.metrics_address))
    await prepare(target, client, settings.kind, settings.seed)
    book = load_listings(settings.listings)
    kept, rules = kept_tables(settings.tables), load_rules()
    recorder = Recorder(target.writer_url)
    try:
        days = settings.listings_max_age_days
        max_age = timedelta(days=days) if days else None
        screener = ListScreener(book, Versions(recorder, book), Records(recorder), max_age=max_age)
        determiner = ListDeterminer(screener, kept, rules, recorder)
        suppliers, licenses = Suppliers(recorder, screener, determiner), Licenses(recorder, client)
        bulk = Bulk(recorder, suppliers, settings.kind)
        teller = Teller(client, licenses, bulk.idle)
        cases = CaseActivities(recorder, suppliers, licenses, Priorities(client), settings.kind)
        fan_out = FanOutActivities(recorder, bulk, teller)
        law = moments.Law(target.database_url, Shipped(book, days), kept, rules)
        noticed = moments.Moments(law, recorder, bulk, client)
        library = Library(target.database_url, Shipped(book, days), kept, rules)
        worker = new_worker(
            settings,
            client,
            task_queue=TASK_QUEUE,
            workflows=workflows(),
            activities=[
                cases.decide_and_record,
                cases.sift,
                cases.read_stream,
                BatchActivities(recorder, bulk, teller).deliver_decisions,
                fan_out.count_pending,
                fan_out.fan_out,
                fan_out.supersede,
                RescreeningActivities(recorder, screener, bulk, teller).rescreen,
                MomentActivities(recorder, law, bulk).ask_anew,
                TellingActivities(teller).tell,
            ],
            nexus=[LicensingHandler(recorder, library)],
        )
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(library)
            await stack.enter_async_context(law.reader)
            tasks = [upkeep.reading_ahead(recorder, screener)]
            if not number:
                scope = await stack.enter_async_context(Scope(target.writer_url))
                tasks = [
                    await stack.enter_async_context(upkeep.publishing(settings, target.writer_url)),
                    upkeep.letters(settings, target.writer_url, await recorder.log_name()),
                    upkeep.mending(settings, client, recorder),
                    upkeep.taking_back(settings, client, recorder),
                    upkeep.cleaning(settings, target.sealing, target.writer_url),
                    *upkeep.noticing_moments(settings, noticed),
                    await stack.enter_async_context(
                        upkeep.webhooks(settings, target.writer_url, scope.readable)
                    ),
                    *tasks,
                ]
            background = Background(tasks, runtime.core(settings.metrics_address).metric_meter)
            if settings.health_address is not None:
                await stack.enter_async_context(
                    health.served(settings.health_address, lambda: background.health)
                )
            # The last checkpoint comes after the last event, and so do the last letters.
            await stack.enter_async_context(background.running())
            await stack.enter_async_context(worker)
            _log.info(
                "worker started",
                address=target.address,
                namespace=target.namespace,
                listings=book.id,
                kind=settings.kind.value,
            )
            yield Service(target, client, recorder, background, noticed)
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
    nexus: Sequence[object] = (),
) -> Worker:
    """A worker set up as ``settings`` say."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=workflows,
        activities=activities,
        nexus_service_handlers=nexus,
        workflow_runner=runner(settings),
        # Temporal says of what is too large that it is; failed before it is sent, a task is tried for ever.
        disable_payload_error_limit=True,
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=settings.max_workflow_tasks,
        max_concurrent_local_activities=settings.max_local_activities,
        workflow_task_poller_behavior=_pollers(settings.workflow_pollers),
        activity_task_poller_behavior=_pollers(settings.activity_pollers),
        nexus_task_poller_behavior=_pollers(settings.activity_pollers),
        # A case whose worker died waits so long before another one may take it.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=3),
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown),
        deployment_config=_deployment(settings),
    )


def _pollers(most: int) -> PollerBehaviorAutoscaling:
    return PollerBehaviorAutoscaling(initial=min(5, most), maximum=most)


def runner(settings: Settings) -> WorkflowRunner:
    """The runner of workflow code; a replay of a history wants the same."""
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
    worker_folders(settings)
    stop = _stopped_by_signal()
    async with AsyncExitStack() as stack:
        codec = stack.enter_context(codec_listening(settings))
        target = await stack.enter_async_context(servers(settings, codec.url))
        if settings.workers > 1:
            await stack.enter_async_context(supervised(settings, target, PROGRAM))
        else:
            share_the_processor()
            await stack.enter_async_context(service(settings, target))
        if target.embedded:
            places = await stack.enter_async_context(beside(settings, target, codec))
            announce(target, settings, places)
        await stop.wait()


async def serve_supervised(settings: Settings, number: int) -> None:
    """Run as one of several worker processes, until a signal or the end of who started it."""
    share_the_processor()
    stop = _stopped_by_signal()
    target = external_target(settings)
    assert target is not None, "whoever starts several worker processes names the servers"
    async with service(settings, target, number=number) as running:
        beside_it = [
            asyncio.create_task(told(lambda: running.background.health)),
            asyncio.create_task(until_eof(stop)),
        ]
        await stop.wait()
        for each in beside_it:
            each.cancel()


def _stopped_by_signal() -> asyncio.Event:
    """Set by SIGINT and SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def main(words: Sequence[str]) -> int:
    """0 after a stop by signal; 2 for a wrong setting, 3 where a server cannot be started or reached."""
    number = number_of(words)
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
        uvloop.run(serve(settings) if number is None else serve_supervised(settings, number))
    except START_ERRORS as error:
        print(legible(f"greenlight: {error}"), file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # The SDK's native threads now and then crash an interpreter that exits in the ordinary way
    # (temporalio/sdk-python issue 300); all work is done and all servers are stopped by here.
    os._exit(code)
