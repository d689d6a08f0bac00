"""Licenses as workflows, from their first use to what is reported after their end."""

from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import license_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.license.commands import (
    AcceptTransfer,
    ApproveTransfer,
    CorrectShipment,
    Reinstate,
    ReportShipment,
    RequestTransfer,
    Revoke,
    Suspend,
    Void,
)
from greenlight.law.license.refusals import LicenseRefusal
from tests.law.license.cases import shipment
from tests.workflows.office import Office, refusal

REVOKE = Revoke(reasons="Diversion.", order="order-7")


async def test_what_the_ui_tells_of_a_license_is_there_from_its_start(office: Office) -> None:
    stream = await office.granted()
    described = await office.temporal.get_workflow_handle(stream).describe()
    assert "granted on application" in str(await described.static_summary())
    assert "at which stage it is" in str(await described.static_details())


async def test_a_license_from_its_first_use_to_its_revocation(office: Office) -> None:
    stream = await office.granted()
    day = agency_date((await office.events(stream))[0].at)
    await office.send("acme", stream, ReportShipment(shipment=shipment(day)))
    await office.send("acme", stream, RequestTransfer(transferee="globex", reasons="Sold."))
    assert (await office.status(stream)).status.waiting_for == "licensing_officer"
    early = await refusal(office["olga"].decide(stream, ApproveTransfer()))
    assert early.code == LicenseRefusal.TRANSFER_NOT_ACCEPTED
    await office.send("globex", stream, AcceptTransfer(name="Globex Inc.", country="US"))
    await office.send("olga", stream, ApproveTransfer())
    await office.send("olga", stream, Suspend(reasons="Looked into."))
    await office.send("olga", stream, Reinstate(reasons="Nothing was found."))
    report = ReportShipment(shipment=shipment(day, number=2))
    assert (await refusal(office["acme"].decide(stream, report))).code == RefusalCode.NOT_THE_APPLICANT
    await office.send("globex", stream, report)
    await office.send("vera", stream, REVOKE)
    ended = await office.result(stream)
    assert (ended.status.stage, ended.status.outcome) == ("revoked", "revoked")
    assert (await office.types(stream))[-3:] == ["CommandRefused", "ShipmentReported", "LicenseRevoked"]


async def test_an_ended_license_takes_late_reports_and_ends_again(office: Office) -> None:
    stream = await office.granted()
    day = agency_date((await office.events(stream))[0].at)
    await office.send("vera", stream, REVOKE)
    await office.result(stream)
    late = ReportShipment(shipment=shipment(day))
    receipt = await office["acme"].decide(stream, late, command_id="late-report")
    assert receipt.stage == "revoked"
    again = await office["acme"].decide(stream, late, command_id="late-report")
    assert (again.version, again.position) == (receipt.version, receipt.position)
    wrong = await refusal(office["acme"].decide(stream, late))
    assert wrong.code == LicenseRefusal.ALREADY_REPORTED
    correction = CorrectShipment(itn=late.shipment.itn, reasons="Called off.")
    assert (await office["acme"].decide(stream, correction)).stage == "revoked"
    reinstate = Reinstate(reasons="Too late.")
    assert (await refusal(office["olga"].decide(stream, reinstate))).code == RefusalCode.CASE_CLOSED
    await office["vera"].decide(stream, Void(statement="The end user was invented."))
    assert (await refusal(office["acme"].decide(stream, late))).code == RefusalCode.CASE_CLOSED
    assert (await office.result(stream)).status.outcome == "void"
    (row,) = await office.reader.licenses(number=stream.removeprefix(license_stream("")))
    assert row.stage == "void"
    assert (await office.types(stream)) == [
        "LicenseIssued",
        "LicenseRevoked",
        "ShipmentReported",
        "CommandRefused",
        "ShipmentCorrected",
        "CommandRefused",
        "LicenseVoided",
        "CommandRefused",
    ]
