"""The time for which a license is valid (15 CFR 750.7(g)) and its records are kept (15 CFR 762.6)."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from greenlight.kernel.time.calendar import (
    agency_date,
    business_day_from,
    end_of_following_month,
    legal_holiday,
    years_after,
)

VALIDITY_YEARS = 4
SHORT_SUPPLY_YEARS = 1
RETENTION_YEARS = 5


class Validity(StrEnum):
    """For how long a license is issued (15 CFR 750.7(g)).

    ``standard``: four years. ``short_supply``: one year. ``emergency``: through the last day of the month
    after that of the issue.
    """

    STANDARD = "standard"
    SHORT_SUPPLY = "short_supply"
    EMERGENCY = "emergency"

    @property
    def length(self) -> str:
        match self:
            case Validity.STANDARD:
                return f"{VALIDITY_YEARS} years"
            case Validity.SHORT_SUPPLY:
                return f"{SHORT_SUPPLY_YEARS} year, short supply"
            case Validity.EMERGENCY:
                return "emergency, to the end of the following month"


def nominal_last_day(issued: date, validity: Validity) -> date:
    """The last day of a license issued on ``issued``, holidays apart."""
    match validity:
        case Validity.STANDARD:
            return years_after(issued, VALIDITY_YEARS)
        case Validity.SHORT_SUPPLY:
            return years_after(issued, SHORT_SUPPLY_YEARS)
        case Validity.EMERGENCY:
            return end_of_following_month(issued)


def valid_through(issued_at: datetime, validity: Validity = Validity.STANDARD) -> date:
    """The last day of validity of a license issued at ``issued_at``, in Washington.

    A last day on a legal holiday rolls to the next business day (15 CFR 750.7(g)). The rule names legal
    holidays alone, so a license that ends on an ordinary Saturday or Sunday ends there; one that rolls does
    not stop at a weekend, since that is no business day.
    """
    last = nominal_last_day(agency_date(issued_at), validity)
    return business_day_from(last) if legal_holiday(last) else last


def retained_through(triggers: Iterable[date]) -> date:
    """Five years after the latest of ``triggers`` (15 CFR 762.6): shipments, and the end of the license.

    The last day through which records must be kept at least; longer if an agency asks for them.
    """
    return years_after(max(triggers), RETENTION_YEARS)
