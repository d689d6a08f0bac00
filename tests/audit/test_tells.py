"""What a later release tells beside an event is not missed in the commits of an earlier one."""

import pytest

from greenlight.audit.lawful import Case, of_command
from greenlight.kernel.authority import Claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import ReportShipment
from greenlight.law.license.events import LicenseExhausted, ShipmentReported, UsageReached
from tests.law.actors import APPLICANT
from tests.law.license.cases import Licensed, issued, shipment

ISSUED = issued()


def signed(license_: Licensed, body: ReportShipment) -> Claims:
    return Claims(
        sub=APPLICANT.officer,
        person=APPLICANT.person,
        org=APPLICANT.organisation,
        role=APPLICANT.role,
        aud=LICENSE.stream(license_.opened.number),
        cmd="report_shipment",
        body=digest(body.model_dump(mode="json")),
        iat=1,
        exp=2,
        jti="command-0001",
    )


@pytest.mark.parametrize(
    ("lines", "left_out", "fault"),
    [
        (((1, 9, 1),), (), None),
        (((1, 9, 1),), (UsageReached,), None),
        (((1, 10, 1), (2, 10, 1)), (UsageReached,), None),
        (((1, 10, 1), (2, 10, 1)), (LicenseExhausted,), "UsageReached"),
        (((1, 10, 1), (2, 10, 1)), (UsageReached, LicenseExhausted), "LicenseExhausted"),
    ],
)
def test_it_may_be_left_out_and_nothing_else(
    lines: tuple[tuple[int, int, int], ...], left_out: tuple[type[Event], ...], fault: str | None
) -> None:
    body = ReportShipment(shipment=shipment(ISSUED.today, *lines))
    recorded = ISSUED.after(body).events[len(ISSUED.events) :]
    assert isinstance(recorded[0], ShipmentReported)
    kept = tuple(event for event in recorded if not isinstance(event, left_out))
    case = Case(LICENSE, LICENSE.stream(ISSUED.opened.number), ISSUED.opened)
    found = of_command(case, "report_shipment", signed(ISSUED, body), kept)
    assert (found is None) == (fault is None)
    if found is not None and fault is not None:
        assert fault in found.reason
