"""When a license expires."""

from datetime import date, datetime, timedelta

import pytest

from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.application.validity import Validity, valid_through
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseExpired
from greenlight.law.license.state import CLOSED, Stage
from tests.kernel.time.samples import washington
from tests.law.license.cases import CASES, Licensed, issued


@pytest.mark.parametrize(
    ("at", "last_day"),
    [
        (washington(2026, 9, 1), date(2030, 9, 1)),
        (washington(2026, 8, 31, 23, 59), date(2030, 8, 31)),
        (washington(2026, 9, 1, 0), date(2030, 9, 1)),
        (washington(2028, 2, 29), date(2032, 2, 29)),
        (washington(2096, 2, 29), date(2100, 2, 28)),
        (washington(2026, 12, 31, 23, 59), date(2030, 12, 31)),
    ],
    ids=["plain", "before midnight", "at midnight", "leap day", "leap day that has no other", "year end"],
)
def test_a_license_is_valid_for_four_years(at: datetime, last_day: date) -> None:
    assert valid_through(at) == last_day


def test_the_expiry_is_the_end_of_the_last_day_and_explained() -> None:
    (deadline,) = LICENSE.deadlines(issued().opened)
    assert deadline.kind == "expiry"
    assert deadline.due == washington(2030, 9, 2, 0)
    assert deadline.explanation == (
        "Expires at the end of 1 Sep 2030: issued 1 Sep 2026, 4 years (15 CFR 750.7(g))"
    )


@pytest.mark.parametrize("conditions", [(), ("No resale.",)], ids=["active", "not accepted"])
def test_a_license_expires_at_its_own_instant_however_late_it_is_noticed(conditions: tuple[str, ...]) -> None:
    license_ = issued(*conditions)
    due = washington(2030, 9, 2, 0)
    assert LICENSE.advance(license_.opened, due - timedelta(microseconds=1)) == ()
    assert LICENSE.advance(license_.opened, due) == (LicenseExpired(at=due),)
    late = license_.later(days=5000).advanced()
    assert late.events[-1] == LicenseExpired(at=due)
    assert late.opened.expired_at == due
    assert late.later(days=5000).advanced() == late.later(days=5000)


@pytest.mark.parametrize("stage", Stage)
def test_a_license_has_a_deadline_until_it_ends(stage: Stage) -> None:
    for story in CASES[stage].values():
        assert len(LICENSE.deadlines(story().opened)) == (0 if stage in CLOSED else 1)


@pytest.mark.parametrize(
    ("license_", "explanation"),
    [
        (
            issued(at=washington(2026, 9, 2)),
            "Expires at the end of 3 Sep 2030: issued 2 Sep 2026, 4 years, 2 Sep 2030 being a legal holiday"
            " (15 CFR 750.7(g))",
        ),
        (
            issued(validity=Validity.SHORT_SUPPLY),
            "Expires at the end of 1 Sep 2027: issued 1 Sep 2026, 1 year, short supply (15 CFR 750.7(g))",
        ),
        (
            issued(validity=Validity.EMERGENCY),
            "Expires at the end of 31 Oct 2026: issued 1 Sep 2026, emergency, to the end of the following"
            " month (15 CFR 750.7(g))",
        ),
    ],
    ids=["rolled", "short supply", "emergency"],
)
def test_an_expiry_says_how_its_date_came_about(license_: Licensed, explanation: str) -> None:
    (deadline,) = LICENSE.deadlines(license_.opened)
    assert deadline.explanation == explanation
    assert deadline.due == end_of_day(license_.opened.valid_through)
