"""What cancelling means: nothing to a case, and to a caller just that."""

import asyncio

import pytest

from greenlight.law.application.commands import Countersign
from tests.workflows.office import Office


async def test_a_cancelled_case_goes_on(office: Office) -> None:
    stream = await office.recommended()
    await office.handle(stream).cancel()
    receipt = await office["carla"].decide(stream, Countersign(agrees=True))
    assert receipt.stage == "granted"
    assert (await office["acme"].status(stream)).status.outcome == "granted"


async def test_a_cancelled_caller_is_cancelled_and_not_told_that_nobody_answered(office: Office) -> None:
    stream = await office.recommended()
    read = await office["carla"].dossier(stream)
    calling = asyncio.create_task(
        office["carla"].decide(stream, Countersign(agrees=True), dossier=read.digest)
    )
    await asyncio.sleep(0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
