"""The list as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.screening_list.commands import COMMANDS, INTERNAL
from greenlight.law.screening_list.deadlines import deadlines, passed
from greenlight.law.screening_list.decide import decide
from greenlight.law.screening_list.events import EVENTS
from greenlight.law.screening_list.state import ListState, dossier, evolve
from greenlight.law.screening_list.view import consequences, status, view

LIST: Decider[ListState] = Decider(
    commands=COMMANDS,
    internal=INTERNAL,
    events=EVENTS,
    state=TypeAdapter(ListState),
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    view=view,
    consequences=consequences,
)
