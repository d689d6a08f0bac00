"""Servers that the tests share: one PostgreSQL and one Temporal for the whole run of a process."""

import os
import sys
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bench.named import named_servers, sealed
from greenlight.connection.settings import Settings
from greenlight.connection.target import Addressed, Target, embedded_target
from greenlight.embedded import Postgres, TemporalServer
from greenlight.embedded.temporal import NAMESPACE
from greenlight.law.contract import SearchAttribute
from tests import repeating
from tests.logging_as_it_was import logging_as_it_was
from tests.tlog.stranger import Stranger

_EXIT_CODE = pytest.StashKey[int]()

TIME_SKIPPING = {"frontend.WorkflowTimeSkippingEnabled": "true"}


@asynccontextmanager
async def servers(folder: Path) -> AsyncGenerator[Target]:
    """Real servers: those that the environment names, or else on free ports, their data in ``folder``."""
    async with named_servers(folder) as named:
        if named is not None:
            yield named
            return
    postgres = Postgres(folder)
    try:
        await postgres.start()
        async with temporal_server(folder, postgres) as target:
            yield target
    finally:
        await postgres.stop()


@asynccontextmanager
async def temporal_server(
    folder: Path, database: Addressed, dynamic_config: Mapping[str, str] | None = None
) -> AsyncGenerator[Target]:
    """A Temporal, with time skipping switched on, beside a database that is there already."""
    temporal = TemporalServer(
        folder,
        port=0,
        ui_port=0,
        search_attributes={attribute.value: attribute.indexed_as for attribute in SearchAttribute},
        dynamic_config={**TIME_SKIPPING, **(dynamic_config or {})},
    )
    try:
        await temporal.start()
        sealing = sealed(folder)
        yield embedded_target(temporal.address, NAMESPACE, database, temporal.ui, sealing=sealing)
    finally:
        await temporal.stop()


@pytest.fixture(autouse=True)
def plain_logs() -> Generator[None]:
    """A program that a test runs in this process configures logging for all of it."""
    with logging_as_it_was():
        yield


@pytest_asyncio.fixture(scope="session")
async def target(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Target]:
    async with servers(tmp_path_factory.mktemp("servers")) as target:
        yield target


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a worker under test: everything in a folder of its own.

    Workflows run in the sandbox, unless ``GREENLIGHT_SANDBOX=false`` says otherwise.
    """
    sandbox = os.environ.get("GREENLIGHT_SANDBOX", "true") != "false"
    return Settings(data=tmp_path_factory.mktemp("data"), sandbox=sandbox, graceful_shutdown=5)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--large", action="store_true", help="run the tests that take minutes, too")


# What is drawn differs from run to run, also on what Hypothesis takes for continuous integration.
# A busy machine is no failure.
hypothesis_settings.register_profile(
    "repeatable",
    hypothesis_settings.get_profile("default"),
    derandomize=False,
    print_blob=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("repeatable")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    repeating.sow(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: repeating.Node) -> None:
    repeating.share(node)


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed: --hypothesis-seed={repeating.sow(config)}"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    repeating.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        report.sections.append(("To repeat it", repeating.how(item)))
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--large"):
        return
    for item in items:
        if item.get_closest_marker("large"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run with --large"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_EXIT_CODE] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave at once: the SDK's native threads now and then crash an interpreter that exits in the ordinary
    way (temporalio/sdk-python issue 300), and the exit code of a green run would be a lie."""
    if _EXIT_CODE in config.stash and not hasattr(config, "workerinput"):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[_EXIT_CODE])


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """A program of others that checks a published log; where there is no Go, the test is skipped."""
    return Stranger(tmp_path_factory.mktemp("stranger"))
