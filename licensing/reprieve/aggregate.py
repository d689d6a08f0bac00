"""The reprieve as one decider."""

from pydantic import TypeAdapter

from licensing.decider import Decider
from licensing.reprieve.commands import COMMANDS
from licensing.reprieve.deadlines import deadlines, passed
from licensing.reprieve.decide import decide
from licensing.reprieve.events import EVENTS
from licensing.reprieve.state import ReprieveState, dossier, evolve
from licensing.reprieve.view import consequences, status, view

REPRIEVE: Decider[ReprieveState] = Decider(
    commands=COMMANDS,
    events=EVENTS,
    state=TypeAdapter(ReprieveState),
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    view=view,
    consequences=consequences,
)
