"""The next deadline of a case that was held again and again."""

import time
from datetime import UTC, datetime, timedelta

from bench.cases import APPLICATION as SUBMISSION
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import Finding, Screening
from greenlight.law.application.events import (
    ApplicationSubmitted,
    CaseAssigned,
    CaseReferred,
    HoldLifted,
    HoldPlaced,
    PartiesScreened,
)
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.state import ApplicationState

ROUNDS = 7
REPEATS = 500
EVENTS, HOLDS = 200, 50
GROWTH = 10

START = datetime(2026, 9, 1, 14, tzinfo=UTC)
APPLICANT = Actor(officer="acme", person="p-1", organisation="acme-networks", role=Role.APPLICANT)
OFFICER = Actor(officer="olga", person="p-2", organisation="agency", role=Role.LICENSING_OFFICER)


def measure() -> dict[str, float]:
    """Microseconds for a case with 200 events and 50 holds, and with four agencies looking at it besides;
    and how many times longer a case takes that is ten times as long."""
    plain, referred = _case(EVENTS, HOLDS), _case(EVENTS, HOLDS, *Agency)
    alone = _microseconds(plain)
    return {
        "next_deadline_us": alone,
        "next_deadline_with_agencies_us": _microseconds(referred),
        "next_deadline_growth_x10": _microseconds(_case(EVENTS * GROWTH, HOLDS * GROWTH)) / alone,
    }


def _microseconds(state: ApplicationState) -> float:
    def once() -> float:
        began = time.perf_counter()
        for _ in range(REPEATS):
            APPLICATION.next_deadline(state)
        return (time.perf_counter() - began) / REPEATS * 1e6

    return min(once() for _ in range(ROUNDS))


def _case(events: int, holds: int, *agencies: Agency) -> ApplicationState:
    """Two hours held, one hour not, and so on; assigned for the rest of the events."""
    submitted = ApplicationSubmitted(at=START, by=APPLICANT, acn="A000001", application=SUBMISSION)
    finding = Finding(party=0, outcome="no_match")
    state = APPLICATION.evolve(None, submitted)
    state = APPLICATION.evolve(
        state, PartiesScreened(at=START, screening=Screening(list_version=None, findings=(finding,)))
    )
    at, hour = START, timedelta(hours=1)
    for number in range(1, holds + 1):
        placed = HoldPlaced(at=at, by=OFFICER, kind=HoldKind.PRE_LICENSE_CHECK, reason="A visit")
        lifted = HoldLifted(at=at + 2 * hour, by=OFFICER, hold=number)
        state, at = APPLICATION.evolve(APPLICATION.evolve(state, placed), lifted), at + 3 * hour
    if agencies:
        state = APPLICATION.evolve(state, CaseReferred(at=at, by=OFFICER, agencies=agencies))
    for _ in range(events - 2 * holds - 2):
        state = APPLICATION.evolve(state, CaseAssigned(at=at, by=OFFICER, officer=OFFICER.officer))
    return state
