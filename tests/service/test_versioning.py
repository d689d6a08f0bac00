"""Worker versioning: off without a build id; with one, a build works once somebody has made it current."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio.api.workflow.v1 import WorkflowExecutionVersioningInfo
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError

from greenlight.client import Keyring, LicensingClient, Unanswered
from greenlight.connection.target import Target, connect
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Withdraw
from tests.law.application.cases import new_submission
from tests.service.processes import PATIENCE
from tests.service.site import IMPATIENCE, Site, insist

DEPLOYMENT, BUILD = "licensing", "4f2c1a9"
WITHDRAW = Withdraw(reason="Cancelled")


async def _applicant(site: Site, target: Target, patience: timedelta = IMPATIENCE) -> LicensingClient:
    signer = Keyring(site.settings.keys).signer("acme")
    return LicensingClient(await connect(target), signer, patience=patience)


async def _versioning(temporal: Client, stream: str) -> WorkflowExecutionVersioningInfo:
    description = await temporal.get_workflow_handle(stream).describe()
    return description.raw_description.workflow_execution_info.versioning_info


async def _make_current(temporal: Client) -> None:
    """What ``temporal worker deployment set-current-version`` does, once the build has asked for work."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=temporal.namespace, deployment_name=DEPLOYMENT, build_id=BUILD, identity="test"
    )
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await temporal.workflow_service.set_worker_deployment_current_version(request)
            except RPCError:
                await asyncio.sleep(0.1)
            else:
                return


async def test_without_a_build_id_a_first_worker_works_at_once(site: Site, tmp_path: Path) -> None:
    stream = application_stream("V000001")
    target = await site.new_namespace("unversioned")
    applicant = await _applicant(site, target)
    async with site.worker(tmp_path, TEMPORAL_NAMESPACE=target.namespace):
        await insist(partial(applicant.submit, new_submission(), acn="V000001"))
        assert not (await _versioning(applicant.temporal, stream)).HasField("deployment_version")


async def test_a_build_works_from_the_moment_it_is_current(site: Site, tmp_path: Path) -> None:
    stream = application_stream("V000002")
    target = await site.new_namespace("versioned")
    applicant = await _applicant(site, target)
    hasty = await _applicant(site, target, patience=timedelta(seconds=1))
    new = {"acn": "V000002", "command_id": "V000002-submit"}
    application = new_submission()
    settings = {"TEMPORAL_NAMESPACE": target.namespace, "GREENLIGHT_BUILD_ID": BUILD}
    async with site.worker(tmp_path, **settings):
        with pytest.raises(Unanswered):
            await hasty.submit(application, **new)
        await _make_current(applicant.temporal)
        await insist(partial(applicant.submit, application, **new))
        receipt = await insist(partial(applicant.decide, stream, WITHDRAW, command_id="V000002-withdraw"))
        await applicant.temporal.get_workflow_handle(stream).result()
        version = (await _versioning(applicant.temporal, stream)).deployment_version
    assert (receipt.version, version.deployment_name, version.build_id) == (3, DEPLOYMENT, BUILD)
