"""What is reported under a license, when, and when it is used up."""

from datetime import date, timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.law.license.commands import CorrectShipment, ReportShipment
from greenlight.law.license.events import (
    ExhaustionLifted,
    LicenseExhausted,
    ShipmentCorrected,
    ShipmentReported,
)
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.state import Stage
from greenlight.law.license.usage import ReportKind, Used
from tests.kernel.time.samples import washington
from tests.law import actors
from tests.law.application.cases import BEGIN
from tests.law.decisions import accepted, code_of
from tests.law.license.cases import ALL, REPLACE, REVOKE, issued, itn, shipment, used_up

EXPIRY = washington(2030, 9, 2, 0)
ISSUED_ON = date(2026, 9, 1)
CUMULATIVE = ReportKind.CUMULATIVE


def _corrected(*lines: tuple[int, int, int], number: int = 1) -> Body:
    return CorrectShipment(
        itn=itn(ISSUED_ON, number),
        shipment=shipment(ISSUED_ON, *lines, number=number) if lines else None,
        reasons="A slip of the pen.",
    )


def test_a_report_is_kept_as_it_came_and_counts() -> None:
    sent = shipment(ISSUED_ON, (1, 3, 30_000_00), (2, 1, 9_000_00))
    (event,) = accepted(issued().asked(ReportShipment(shipment=sent)))
    assert event == ShipmentReported(at=BEGIN, by=actors.APPLICANT, shipment=sent)
    assert issued().with_events(event).used == {1: Used(3, 30_000_00), 2: Used(1, 9_000_00)}


def test_the_same_itn_is_not_taken_twice_even_if_it_was_cancelled() -> None:
    reported = issued().shipped((1, 3, 1))
    again = ReportShipment(shipment=shipment(ISSUED_ON, (1, 3, 1)))
    assert code_of(reported.asked(again)) is LicenseRefusal.ALREADY_REPORTED
    cancelled = reported.after(_corrected())
    assert cancelled.used == {}
    assert code_of(cancelled.asked(again)) is LicenseRefusal.ALREADY_REPORTED
    assert cancelled.after(_corrected((1, 2, 1))).used == {1: Used(2, 1)}


def test_a_corrected_report_replaces_the_earlier_one() -> None:
    reported = issued().shipped((1, 9, 1)).shipped((1, 1, 1), number=2)
    corrected = reported.after(_corrected((1, 2, 5), (2, 4, 6)))
    assert corrected.used == {1: Used(3, 6), 2: Used(4, 6)}
    assert isinstance(corrected.events[-1], ShipmentCorrected)
    assert code_of(reported.asked(_corrected((1, 10, 1)))) is LicenseRefusal.QUANTITY_EXCEEDED


def test_a_correction_is_of_something_on_file() -> None:
    assert code_of(issued().asked(_corrected((1, 1, 1)))) is LicenseRefusal.UNKNOWN_SHIPMENT
    assert code_of(issued().asked(_corrected())) is LicenseRefusal.UNKNOWN_SHIPMENT


def test_a_correction_names_one_itn() -> None:
    with pytest.raises(ValueError, match="the one that is corrected"):
        CorrectShipment(itn=itn(ISSUED_ON, 2), shipment=shipment(ISSUED_ON), reasons="x")


@pytest.mark.parametrize("kind", ReportKind)
def test_what_is_yet_to_be_shipped_cannot_be_reported(kind: ReportKind) -> None:
    tomorrow = ISSUED_ON + timedelta(days=1)
    early = ReportShipment(shipment=shipment(tomorrow, kind=kind, shipped_on=ISSUED_ON))
    assert code_of(issued().asked(early)) is LicenseRefusal.NOT_SHIPPED_YET
    assert accepted(issued().later(days=1).asked(early))
    late = ReportShipment(shipment=shipment(ISSUED_ON, shipped_on=tomorrow))
    assert code_of(issued().asked(late)) is LicenseRefusal.NOT_SHIPPED_YET


def test_a_shipment_before_the_issue_is_not_under_the_license() -> None:
    before = ReportShipment(shipment=shipment(ISSUED_ON, shipped_on=ISSUED_ON - timedelta(days=1)))
    assert code_of(issued().asked(before)) is LicenseRefusal.NOT_VALID_THEN


@pytest.mark.parametrize("kind", ReportKind)
def test_what_was_filed_before_the_issue_is_not_under_the_license(kind: ReportKind) -> None:
    license_ = issued().later(days=3)
    before = ISSUED_ON - timedelta(days=1)
    on = before if kind is CUMULATIVE else ISSUED_ON
    filed = ReportShipment(shipment=shipment(before, kind=kind, shipped_on=on))
    assert code_of(license_.asked(filed)) is LicenseRefusal.NOT_VALID_THEN
    assert accepted(license_.asked(ReportShipment(shipment=shipment(ISSUED_ON, kind=kind))))


def test_a_license_issued_in_the_evening_takes_what_is_filed_on_that_day_in_washington() -> None:
    evening = issued(at=washington(2026, 9, 1, 22))
    assert accepted(evening.asked(ReportShipment(shipment=shipment(ISSUED_ON))))


def test_what_is_reported_after_a_total_of_the_same_day_is_added() -> None:
    total = issued().shipped((1, 5, 50_000_00), kind=CUMULATIVE, number=7)
    assert total.shipped((1, 2, 20_000_00), number=3).used == {1: Used(7, 70_000_00)}
    too_many = ReportShipment(shipment=shipment(ISSUED_ON, (1, 6, 1), number=3))
    assert code_of(total.asked(too_many)) is LicenseRefusal.QUANTITY_EXCEEDED


def test_a_late_report_is_taken_of_what_was_shipped_in_time() -> None:
    expired = issued().at(EXPIRY + timedelta(days=30)).advanced()
    last = date(2030, 9, 1)
    reported = expired.after(ReportShipment(shipment=shipment(last, *ALL)))
    assert reported.opened.stage is Stage.EXPIRED
    assert reported.used == {1: Used(10, 100_000_00), 2: Used(10, 100_000_00)}
    after = ReportShipment(shipment=shipment(last + timedelta(days=1)))
    assert code_of(expired.asked(after)) is LicenseRefusal.NOT_VALID_THEN
    too_many = ReportShipment(shipment=shipment(last, (1, 11, 1)))
    assert code_of(expired.asked(too_many)) is LicenseRefusal.QUANTITY_EXCEEDED


@pytest.mark.parametrize("body", [REVOKE, REPLACE], ids=["revoked", "replaced"])
def test_nothing_is_shipped_after_the_day_on_which_a_license_ends(body: Body) -> None:
    ended = issued().later(days=10).after(body).later(days=5)
    day = ISSUED_ON + timedelta(days=10)
    assert accepted(ended.asked(ReportShipment(shipment=shipment(day))))
    after = ReportShipment(shipment=shipment(day + timedelta(days=1)))
    assert code_of(ended.asked(after)) is LicenseRefusal.NOT_VALID_THEN


def test_nothing_is_shipped_while_a_license_is_suspended() -> None:
    held = issued().later(days=10).suspended().later(days=5)
    lifted = held.reinstated().later(days=5)
    codes = {
        days: code_of(lifted.asked(ReportShipment(shipment=shipment(ISSUED_ON + timedelta(days=days)))))
        for days in (9, 10, 11, 14, 15, 16)
    }
    then = LicenseRefusal.NOT_VALID_THEN
    assert codes == {9: None, 10: None, 11: then, 14: then, 15: None, 16: None}
    assert code_of(held.asked(ReportShipment(shipment=shipment(held.today)))) is then
    assert accepted(held.asked(ReportShipment(shipment=shipment(ISSUED_ON))))


def test_a_correction_cannot_move_a_shipment_to_a_day_without_a_license() -> None:
    license_ = issued().shipped()
    moved = CorrectShipment(
        itn=itn(ISSUED_ON),
        shipment=shipment(ISSUED_ON, shipped_on=ISSUED_ON - timedelta(days=1)),
        reasons="x",
    )
    assert code_of(license_.asked(moved)) is LicenseRefusal.NOT_VALID_THEN


def test_the_shipment_of_the_last_unit_exhausts_the_license() -> None:
    license_ = issued().shipped((1, 10, 1), (2, 9, 1))
    assert license_.opened.stage is Stage.ACTIVE
    report = ReportShipment(shipment=shipment(ISSUED_ON, (2, 1, 1), number=2))
    _, event, *_ = accepted(license_.asked(report))
    assert event == LicenseExhausted(at=BEGIN)
    assert license_.after(report).opened.stage is Stage.EXHAUSTED


def test_the_value_alone_exhausts_nothing() -> None:
    license_ = issued().shipped((1, 9, 110_000_00), (2, 9, 110_000_00))
    assert license_.opened.stage is Stage.ACTIVE


def test_once_all_is_shipped_nothing_more_is_and_no_tolerance_helps() -> None:
    one_more = ReportShipment(shipment=shipment(ISSUED_ON, (1, 1, 1), number=9))
    assert code_of(used_up().asked(one_more)) is LicenseRefusal.QUANTITY_EXCEEDED


def test_a_shipment_that_a_total_has_covered_is_still_taken_on_record() -> None:
    total = issued().later(days=3).shipped(*ALL, kind=CUMULATIVE)
    single = ReportShipment(shipment=shipment(ISSUED_ON, (1, 4, 40_000_00)))
    late = total.after(single)
    early = issued().after(single).later(days=3).shipped(*ALL, kind=CUMULATIVE)
    assert late.used == early.used == total.used
    assert late.opened.shipments == early.opened.shipments
    assert late.opened.stage is early.opened.stage is Stage.EXHAUSTED


def test_a_correction_may_free_quantity_while_the_license_is_valid() -> None:
    license_ = used_up()
    _, lifted = accepted(license_.asked(_corrected((1, 3, 1))))
    assert lifted == ExhaustionLifted(at=BEGIN)
    freed = license_.after(_corrected((1, 3, 1)))
    assert freed.opened.stage is Stage.ACTIVE
    assert freed.shipped((1, 1, 1), number=7).opened.stage is Stage.EXHAUSTED
    assert license_.after(_corrected((1, 4, 9))).opened.stage is Stage.EXHAUSTED
    expired = license_.at(EXPIRY).advanced()
    assert expired.after(_corrected((1, 3, 1))).opened.stage is Stage.EXPIRED


def test_a_suspension_does_not_hide_that_all_is_shipped() -> None:
    rest = ReportShipment(shipment=shipment(ISSUED_ON, *ALL, kind=CUMULATIVE))
    held = issued().suspended().after(rest)
    assert held.opened.stage is Stage.SUSPENDED
    assert held.reinstated().opened.stage is Stage.EXHAUSTED
    assert isinstance(held.reinstated().events[-1], LicenseExhausted)
    freed = used_up().suspended()
    assert freed.after(_corrected()).reinstated().opened.stage is Stage.ACTIVE
