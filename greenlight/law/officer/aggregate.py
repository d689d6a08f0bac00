"""The register of officers as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.officer.commands import COMMANDS
from greenlight.law.officer.deadlines import deadlines, passed
from greenlight.law.officer.decide import decide
from greenlight.law.officer.events import EVENTS
from greenlight.law.officer.state import OfficerState, dossier, evolve
from greenlight.law.officer.view import consequences, status, view

OFFICER: Decider[OfficerState] = Decider(
    commands=COMMANDS,
    events=EVENTS,
    state=TypeAdapter(OfficerState),
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    view=view,
    consequences=consequences,
)
