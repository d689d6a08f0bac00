"""The expiry of a license (15 CFR 750.7(g))."""

from licensing.commit import Event
from licensing.license.events import LicenseExpired
from licensing.license.state import LicenseState
from licensing.time.calendar import agency_date, end_of_day, plain_date
from licensing.time.deadlines import Deadline

CITATION = "15 CFR 750.7(g)"


def deadlines(state: LicenseState) -> tuple[Deadline, ...]:
    if state.stage.closed:
        return ()
    issued = plain_date(agency_date(state.issued_at))
    through = plain_date(state.valid_through)
    return (
        Deadline(
            kind="expiry",
            label="Expiry",
            due=end_of_day(state.valid_through),
            started_at=state.issued_at,
            citation=CITATION,
            explanation=f"Expires at the end of {through}: issued {issued} ({CITATION})",
        ),
    )


def passed(state: LicenseState, deadline: Deadline) -> tuple[Event, ...]:
    return () if deadline.due is None else (LicenseExpired(at=deadline.due),)
