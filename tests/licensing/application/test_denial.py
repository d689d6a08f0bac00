"""The times of a notice, by hand from 15 CFR 750.6(a)."""

from datetime import UTC, datetime

import pytest

from licensing.application.denial import notice_due
from tests.licensing.time.samples import washington


@pytest.mark.parametrize(
    ("decided_at", "due"),
    [
        (washington(2026, 9, 1), datetime(2026, 9, 7, 4, tzinfo=UTC)),
        (washington(2026, 9, 1, 23, 59), datetime(2026, 9, 7, 4, tzinfo=UTC)),
        # Clocks are put back on 1 November 2026, and days stay days.
        (washington(2026, 10, 30), datetime(2026, 11, 5, 5, tzinfo=UTC)),
    ],
)
def test_a_notice_goes_out_within_five_days(decided_at: datetime, due: datetime) -> None:
    assert notice_due(decided_at) == due
