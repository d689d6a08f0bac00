"""The steps that prepare Temporal: the namespace on a real server, the schema with a tool that records."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from greenlight.connection.endpoint import ensure_endpoint
from greenlight.connection.search_attributes import ensure_search_attributes
from greenlight.embedded import TemporalServer, programs
from greenlight.nexus import ENDPOINT
from tests.deploy.files import ROOT, compose, environment
from tests.deploy.shell import run

SERVICES = compose().services
VARIABLES = {"TEMPORAL_DB_PASSWORD": "temporals"}
SCHEMA = ROOT / "deploy" / "temporal" / "schema.sh"
NAMESPACE = ROOT / "deploy" / "temporal" / "namespace.sh"

SLEEP = """#!/bin/sh
exec /bin/sleep 0.05
"""
SQL_TOOL = """#!/bin/sh
echo "$SQL_PLUGIN $SQL_USER:$SQL_PASSWORD@$SQL_HOST:$SQL_PORT $*"
[ "$3" != "${FAILING:-}" ]
"""


@dataclass(frozen=True)
class NamespaceStep:
    """The step, and the server that it prepares."""

    client: Client
    tools: Path

    def run(self, **changed: str) -> tuple[int, str]:
        """Runs it with the environment of its container, but for the address and what is `changed`."""
        given = environment(SERVICES["temporal-namespace"], VARIABLES)
        address = {"TEMPORAL_ADDRESS": self.client.service_client.config.target_host}
        done = run(NAMESPACE, {**given, **address, **changed}, self.tools)
        return done.returncode, done.stdout + done.stderr

    async def search_attributes(self) -> dict[str, int]:
        request = ListSearchAttributesRequest(namespace=self.client.namespace)
        return dict((await self.client.operator_service.list_search_attributes(request)).custom_attributes)

    async def retention(self) -> timedelta:
        request = DescribeNamespaceRequest(namespace=self.client.namespace)
        answer = await self.client.workflow_service.describe_namespace(request)
        return answer.config.workflow_execution_retention_ttl.ToTimedelta()


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """The programs of the image: the real command line, a tool that records, and a second that is shorter."""
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "temporal").symlink_to(programs.temporal())
    for name, text in (("temporal-sql-tool", SQL_TOOL), ("sleep", SLEEP)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
async def step(tmp_path: Path, tools: Path) -> AsyncGenerator[NamespaceStep]:
    server = TemporalServer(tmp_path / "server", port=0, ui_port=0)
    namespace = environment(SERVICES["worker"], {"WORKER_DB_PASSWORD": ""})["TEMPORAL_NAMESPACE"]
    await server.start()
    try:
        yield NamespaceStep(await Client.connect(server.address, namespace=namespace), tools)
    finally:
        await server.stop()


async def test_the_namespace_is_made_once_and_then_left_as_it_is(step: NamespaceStep) -> None:
    code, said = step.run()
    assert code == 0, said
    assert await step.retention() == timedelta(days=90)
    made = await step.search_attributes()
    assert made
    # What the worker looks for at its start: it finds nothing missing, and no other types.
    await ensure_search_attributes(step.client)
    assert await step.search_attributes() == made
    # Nor does the endpoint lead elsewhere.
    assert not await ensure_endpoint(step.client, ENDPOINT)

    code, said = step.run(RETENTION="30d")
    assert code == 0, said
    assert await step.retention() == timedelta(days=30)
    assert await step.search_attributes() == made

    code, said = step.run(SEARCH_ATTRIBUTES="Due=Keyword")
    assert code != 0
    assert "Due already exists and has different type" in said


@pytest.mark.parametrize(
    "missing", ["TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "RETENTION", "SEARCH_ATTRIBUTES"]
)
def test_the_namespace_step_names_what_it_is_not_given(missing: str) -> None:
    given = environment(SERVICES["temporal-namespace"], VARIABLES)
    done = run(NAMESPACE, {name: value for name, value in given.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr


def test_the_schema_step_sets_up_and_updates_both_databases(tools: Path) -> None:
    done = run(SCHEMA, environment(SERVICES["temporal-schema"], VARIABLES), tools)
    assert done.returncode == 0, done.stderr
    server = "postgres12_pgx temporal:temporals@postgresql:5432"
    assert done.stdout.splitlines() == [
        f"{server} --database temporal setup-schema --version 0.0",
        f"{server} --database temporal update-schema --schema-name postgresql/v12/temporal",
        f"{server} --database temporal_visibility setup-schema --version 0.0",
        f"{server} --database temporal_visibility update-schema --schema-name postgresql/v12/visibility",
    ]


def test_the_schema_step_stops_where_the_tool_fails(tools: Path) -> None:
    given = environment(SERVICES["temporal-schema"], VARIABLES)
    done = run(SCHEMA, {**given, "FAILING": "setup-schema"}, tools)
    assert done.returncode != 0
    assert len(done.stdout.splitlines()) == 1
