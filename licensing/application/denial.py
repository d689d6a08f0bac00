"""The times of the notice of an intent to deny, and those that run from it, in calendar days."""

from datetime import datetime, timedelta

from licensing.time.calendar import agency_date, end_of_day

NOTICE_DAYS = 5
"""For the notice to go out, from the decision (15 CFR 750.6(a)). The service gives every letter as long."""

RESPONSE_DAYS = 20
"""To respond, from the date of the notice (15 CFR 750.6(b))."""

FINAL_DAYS = 45
"""After which the denial is final, from the date of the notice (15 CFR 750.6(b))."""

APPEAL_DAYS = 45
"""For an appeal to be received, from the date of the notice (15 CFR 756.2(b)(1))."""


def notice_due(decided_at: datetime) -> datetime:
    """Until when a letter is to go out on what was decided then: the end of the last day in Washington."""
    return end_of_day(agency_date(decided_at) + timedelta(days=NOTICE_DAYS))
