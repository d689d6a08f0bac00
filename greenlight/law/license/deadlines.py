"""The expiry of a license (15 CFR 750.7(g))."""

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, end_of_day, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.validity import nominal_last_day
from greenlight.law.license.events import LicenseExpired
from greenlight.law.license.state import LicenseState

CITATION = "15 CFR 750.7(g)"


def deadlines(state: LicenseState) -> tuple[Deadline, ...]:
    """Validity runs while the license is suspended or exhausted; it ends with the license."""
    if state.stage.closed:
        return ()
    return (
        Deadline(
            kind="expiry",
            label="Expiry",
            due=end_of_day(state.valid_through),
            started_at=state.issued_at,
            citation=CITATION,
            explanation=_explain(state),
        ),
    )


def passed(state: LicenseState, deadline: Deadline) -> tuple[Event, ...]:
    return () if deadline.due is None else (LicenseExpired(at=deadline.due),)


def _explain(state: LicenseState) -> str:
    issued = agency_date(state.issued_at)
    how = f"issued {plain_date(issued)}, {state.validity.length}"
    nominal = nominal_last_day(issued, state.validity)
    if nominal != state.valid_through:
        how += f", {plain_date(nominal)} being a legal holiday"
    return f"Expires at the end of {plain_date(state.valid_through)}: {how} ({CITATION})"
