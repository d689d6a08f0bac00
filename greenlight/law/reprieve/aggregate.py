"""The reprieve as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.reprieve.commands import COMMANDS
from greenlight.law.reprieve.deadlines import deadlines, passed
from greenlight.law.reprieve.decide import decide
from greenlight.law.reprieve.events import EVENTS
from greenlight.law.reprieve.state import ReprieveState, dossier, evolve
from greenlight.law.reprieve.view import consequences, status, view

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
