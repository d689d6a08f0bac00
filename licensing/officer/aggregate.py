"""The register of officers as one decider."""

from pydantic import TypeAdapter

from licensing.decider import Decider
from licensing.officer.commands import COMMANDS
from licensing.officer.deadlines import deadlines, passed
from licensing.officer.decide import decide
from licensing.officer.events import EVENTS
from licensing.officer.state import OfficerState, dossier, evolve
from licensing.officer.view import consequences, status, view

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
