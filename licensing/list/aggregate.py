"""The list as one decider."""

from pydantic import TypeAdapter

from licensing.decider import Decider
from licensing.list.commands import COMMANDS, INTERNAL
from licensing.list.deadlines import deadlines, passed
from licensing.list.decide import decide
from licensing.list.events import EVENTS
from licensing.list.state import ListState, dossier, evolve
from licensing.list.view import consequences, status, view

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
