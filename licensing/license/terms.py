"""How long a license is valid (15 CFR 750.7(g))."""

from datetime import date, datetime

from licensing.time.calendar import agency_date, years_after

VALIDITY_YEARS = 4


def valid_through(issued_at: datetime) -> date:
    """The last day of validity of a license issued at ``issued_at``, in Washington."""
    return years_after(agency_date(issued_at), VALIDITY_YEARS)
