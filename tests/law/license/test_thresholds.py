"""A licensee is told how much of a license is used: at 80, 90, 95 and 100 percent of each line, each once."""

from greenlight.kernel.time.calendar import agency_date
from greenlight.law.license.commands import CorrectShipment
from greenlight.law.license.events import ShipmentReported, UsageReached
from greenlight.law.license.state import Stage
from tests.law.actors import APPLICANT
from tests.law.license.cases import BEGIN, Licensed, issued, itn, shipment

ISSUED_ON = agency_date(BEGIN)


def told(license_: Licensed) -> list[tuple[int, tuple[int, ...]]]:
    return [(e.line, e.thresholds) for e in license_.events if isinstance(e, UsageReached)]


def test_each_threshold_is_told_once_as_reports_come() -> None:
    license_ = issued()
    assert told(license_.shipped((1, 7, 1))) == []
    license_ = license_.shipped((1, 8, 1))
    assert told(license_) == [(1, (80,))]
    license_ = license_.shipped((1, 1, 1), number=2)
    assert told(license_) == [(1, (80,)), (1, (90,))]
    license_ = license_.shipped((1, 1, 1), number=3)
    assert told(license_) == [(1, (80,)), (1, (90,)), (1, (95, 100))]
    assert all(event.by == APPLICANT for event in license_.events if isinstance(event, UsageReached))


def test_one_report_may_pass_several_and_each_line_is_told_for_itself() -> None:
    assert told(issued().shipped((1, 10, 1), (2, 9, 1))) == [(1, (80, 90, 95, 100)), (2, (80, 90))]


def test_a_threshold_is_reached_at_it_and_not_a_cent_before() -> None:
    assert told(issued().shipped((1, 1, 79_999_99))) == []
    assert told(issued().shipped((1, 1, 80_000_00))) == [(1, (80,))]
    assert told(issued().shipped((1, 1, 99_999_99))) == [(1, (80, 90, 95))]


def test_value_counts_as_quantity_does_and_its_tolerance_is_no_more_than_all() -> None:
    assert told(issued().shipped((1, 1, 85_000_00))) == [(1, (80,))]
    assert told(issued().shipped((1, 9, 110_000_00))) == [(1, (80, 90, 95, 100))]


def test_what_was_told_is_not_told_again_after_a_correction() -> None:
    license_ = issued().shipped((1, 9, 1))
    less = CorrectShipment(itn=itn(ISSUED_ON), shipment=shipment(ISSUED_ON, (1, 2, 1)), reasons="A slip.")
    more = CorrectShipment(itn=itn(ISSUED_ON), shipment=shipment(ISSUED_ON, (1, 10, 1)), reasons="No slip.")
    license_ = license_.after(less)
    assert told(license_) == [(1, (80, 90))]
    assert told(license_.after(more)) == [(1, (80, 90)), (1, (95, 100))]


def test_a_correction_may_reach_what_the_report_did_not_and_exhaust_the_license() -> None:
    license_ = issued().shipped((1, 1, 1), (2, 10, 1))
    more = CorrectShipment(
        itn=itn(ISSUED_ON), shipment=shipment(ISSUED_ON, (1, 10, 1), (2, 10, 1)), reasons="A slip."
    )
    license_ = license_.after(more)
    assert told(license_) == [(2, (80, 90, 95, 100)), (1, (80, 90, 95, 100))]
    assert license_.opened.stage is Stage.EXHAUSTED


def test_what_was_shipped_before_a_suspension_is_told_with_its_report_and_not_with_the_end_of_that() -> None:
    suspended = issued().suspended().shipped((1, 10, 1), (2, 10, 1))
    assert len(told(suspended)) == 2
    reinstated = suspended.reinstated()
    assert reinstated.opened.stage is Stage.EXHAUSTED
    assert len(told(reinstated)) == 2


def test_what_a_release_of_before_did_not_tell_is_told_with_the_next_report() -> None:
    untold = issued().with_events(
        ShipmentReported(at=BEGIN, by=APPLICANT, shipment=shipment(ISSUED_ON, (1, 9, 1)))
    )
    assert told(untold.suspended().reinstated()) == []
    assert told(untold.shipped((2, 1, 1), number=2)) == [(1, (80, 90))]
