"""The button "Request Cancellation" in the UI does not end a case."""

from licensing.application.commands import Countersign
from tests.workflows.office import Office


async def test_a_cancelled_case_goes_on(office: Office) -> None:
    stream = await office.recommended()
    await office.handle(stream).cancel()
    receipt = await office["carla"].decide(stream, Countersign(agrees=True))
    assert receipt.stage == "granted"
    assert (await office["acme"].status(stream)).status.outcome == "granted"
