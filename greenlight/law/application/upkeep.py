"""Do what the service owes an application: hold its parties against the list."""

from datetime import datetime

from greenlight.kernel.need import Facts
from greenlight.law.application.commands import RecordScreening
from greenlight.law.application.directed import OPEN
from greenlight.law.application.dossier import Screening, named
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.standing import StandingNow


def screen_again(state: ApplicationState, facts: Facts, now: datetime) -> RecordScreening | None:
    """Try what could not be done when the parties came."""
    screening = facts.told(ScreeningOf(named(state.parties)))
    return None if screening == state.screening else _record(state, screening)


def rescreen(state: ApplicationState, facts: Facts, now: datetime) -> RecordScreening | None:
    """Record what the list and the record tell otherwise than they did before."""
    if state.stage not in OPEN or not facts.told(StandingNow()).tells_of_parties:
        return None
    screening = facts.told(ScreeningOf(named(state.parties)))
    return _record(state, screening) if tells_otherwise(state, screening) else None


def tells_otherwise(state: ApplicationState, screening: Screening) -> bool:
    """Tell whether a screening of an open application's parties has other findings than the one on record.

    One that could not be carried out tells nothing. That the list has another version alone changes nothing.
    """
    if state.stage not in OPEN or not screening.complete:
        return False
    return state.screening is None or screening.findings != state.screening.findings


def _record(state: ApplicationState, screening: Screening) -> RecordScreening:
    return RecordScreening(screening=screening, parties=state.parties)


UPKEEP = {"screening": screen_again, "directives": rescreen}
