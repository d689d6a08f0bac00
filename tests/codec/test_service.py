"""Keys that are lost and plain clients: a case waits, or says no, and is never wedged."""

import asyncio
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer

from greenlight.client import LicensingClient
from greenlight.codec import master
from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.connection.converter import data_converter
from greenlight.connection.executions import described
from greenlight.connection.settings import Settings
from greenlight.connection.target import UnreachableError, connect
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.commands import Assign, Countersign, Submit
from greenlight.law.contract import TASK_QUEUE
from tests.law.application.cases import GRANT, new_submission
from tests.service.processes import PATIENCE
from tests.service.site import Site, insist, kill
from tests.workflows.test_replay import STORED, WORKFLOWS, load
from worker import runner


async def _plain(site: Site, officer: str) -> LicensingClient:
    """Somebody whose client knows nothing of the codec's keys, and sends plain payloads."""
    target = replace(site.target, sealing=Sealing(CodecMode.OFF, site.target.sealing.keys))
    return LicensingClient(await connect(target), (await site.officer(officer)).signer)


def _handle(client: Client, stream: str) -> WorkflowHandle[object, object]:
    return client.get_workflow_handle(stream)


async def test_a_case_whose_key_is_lost_waits_and_goes_on_with_it(site: Site, tmp_path: Path) -> None:
    """The worker starts without the key: nothing fails, nothing is decided, and the key is named."""
    keys = site.target.sealing.keys
    assert keys is not None
    olga = await site.officer("olga")
    async with site.worker(tmp_path / "before"):
        stream = (await (await site.officer("acme")).submit(new_submission())).stream
    lost = tmp_path / "lost.json"
    shutil.copy(keys, lost)
    only_new = tmp_path / "codec.json"
    current = master.load(lost).current
    master.make(only_new)
    async with site.worker(tmp_path / "without", GREENLIGHT_CODEC_KEYS=str(only_new)) as worker:
        answer = asyncio.create_task(
            insist(partial(olga.decide, stream, Assign(officer="olga"), command_id="assigned-once"))
        )
        async with asyncio.timeout(PATIENCE):
            # Another process says it, in a file.
            while f"the codec key {current}" not in worker.err:  # noqa: ASYNC110  # A process of its own, which tells nobody.
                await asyncio.sleep(0.1)
        failed = worker.err.count("Failed handling activation")
        await asyncio.sleep(5)
        # Ever more rarely: not one try after the other.
        assert worker.err.count("Failed handling activation") - failed < 10
        assert (await described(olga.temporal, stream)).lives
        assert not answer.done()
        back = master.load(lost).keys[current]
        master.change(only_new, lambda before: before.with_added(back).with_current(current))
        assert (await answer).stage == "review"
    assert (await described(olga.temporal, stream)).lives


async def test_what_was_sent_under_a_key_that_nobody_knows_is_refused_and_the_case_goes_on(
    site: Site, tmp_path: Path
) -> None:
    foreign = Sealing(CodecMode.ACCEPT_PLAIN, tmp_path / "foreign.json", make=True)
    acme, olga = await site.officer("acme"), await site.officer("olga")
    async with site.worker(tmp_path / "worker"):
        stream = (await acme.submit(new_submission())).stream
        stranger = await connect(replace(site.target, sealing=foreign))
        command = olga.signer.sign("assign", stream, Assign(officer="olga"))
        await _handle(stranger, stream).signal("assign", command)
        with pytest.raises(WorkflowUpdateFailedError) as raised:
            await _handle(stranger, stream).execute_update("assign", command)  # pyright: ignore[reportUnknownMemberType]
        assert isinstance(raised.value.cause, ApplicationError)
        assert raised.value.cause.type == RefusalCode.MALFORMED
        assert (await olga.decide(stream, Assign(officer="olga"))).stage == "review"


@pytest.mark.parametrize("mode", ["off", "accept_plain", "required"])
async def test_a_plain_client_wedges_no_case(site: Site, tmp_path: Path, mode: str) -> None:
    olga = await site.officer("olga")
    refused = mode == "required"
    async with site.worker(tmp_path / "worker", GREENLIGHT_CODEC=mode) as worker:
        stream = (await (await site.officer("acme")).submit(new_submission())).stream
        plain = await _plain(site, "olga")
        command = plain.signer.sign("assign", stream, Assign(officer="olga"))
        await _handle(plain.temporal, stream).signal("assign", command)
        another = plain.signer.sign("assign", stream, Assign(officer="olga"))
        update = _handle(plain.temporal, stream).execute_update("assign", another)  # pyright: ignore[reportUnknownMemberType]
        if refused:
            with pytest.raises(WorkflowUpdateFailedError) as raised:
                await update
            assert isinstance(raised.value.cause, ApplicationError)
            assert raised.value.cause.type == RefusalCode.MALFORMED
            assert "GREENLIGHT_CODEC=required" in raised.value.cause.message
        else:
            await update
        other = f"application-Y{len(mode):06}"
        acme = await _plain(site, "acme")
        start = acme.signer.sign("submit", other, Submit(application=new_submission()))
        await acme.temporal.start_workflow("LicenseApplication", start, id=other, task_queue=TASK_QUEUE)
        if refused:
            with pytest.raises(Exception, match="failed"):
                await _handle(acme.temporal, other).result()
        else:
            assert (await acme.status(other)).status.stage == "review"
        await worker.kill()
        await worker.start()
        await worker.ready()
        # Replayed from its beginning, by a worker that was killed.
        assert (await insist(partial(olga.decide, stream, GRANT))).stage == "countersignature"
        carla = await site.officer("carla")
        assert (await carla.decide(stream, Countersign(agrees=True))).stage == "granted"
        assert "Failed handling activation" not in worker.err


async def test_the_codec_is_switched_on_beneath_cases_that_began_without(site: Site, tmp_path: Path) -> None:
    """And off again, and to required: what is on record plain, and what is encrypted, is read by each."""
    acme, olga = await _plain(site, "acme"), await site.officer("olga")
    async with site.worker(tmp_path / "worker", GREENLIGHT_CODEC="off"):
        stream = (await acme.submit(new_submission())).stream
    for mode in ("required", "off", "accept_plain"):
        async with site.worker(tmp_path / mode, GREENLIGHT_CODEC=mode) as worker:
            assert (await insist(partial(olga.decide, stream, Assign(officer="olga")))).stage == "review"
            assert "Failed handling activation" not in worker.err


async def test_nothing_is_lost_where_all_is_killed_and_the_keys_are_rotated(
    site: Site, tmp_path: Path
) -> None:
    keys = site.target.sealing.keys
    assert keys is not None
    acme, olga = await site.officer("acme"), await site.officer("olga")
    async with site.supervised(tmp_path / "worker") as worker:
        streams = [(await insist(partial(acme.submit, new_submission()))).stream for _ in range(3)]
        for stream in streams:
            master.change(keys, master.rotated)
            await asyncio.gather(worker.kill(), kill(site.temporal))
            assert (await insist(partial(olga.decide, stream, Assign(officer="olga")))).stage == "review"


async def test_without_its_keys_no_client_connects_and_it_says_what_to_do(site: Site, tmp_path: Path) -> None:
    absent = Sealing(CodecMode.ACCEPT_PLAIN, tmp_path / "codec.json")
    with pytest.raises(UnreachableError, match=r"there are no codec keys at .*: let GREENLIGHT_CODEC_KEYS"):
        await connect(replace(site.target, sealing=absent))


@pytest.mark.parametrize("mode", [CodecMode.ACCEPT_PLAIN, CodecMode.REQUIRED])
@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_plain_histories_replay_whatever_is_set(path: Path, mode: CodecMode, tmp_path: Path) -> None:
    sealing = Sealing(mode, tmp_path / "codec.json", make=True)
    replayer = Replayer(
        workflows=WORKFLOWS, workflow_runner=runner(Settings()), data_converter=data_converter(sealing)
    )
    result = await replayer.replay_workflow(load(path), raise_on_replay_failure=False)
    assert result.replay_failure is None
