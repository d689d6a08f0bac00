"""The application as one decider."""

from pydantic import TypeAdapter

from licensing.application.commands import COMMANDS
from licensing.application.deadlines import deadlines, passed
from licensing.application.decide import decide
from licensing.application.directed import directed
from licensing.application.events import EVENTS
from licensing.application.state import ApplicationState, dossier, evolve, noted
from licensing.application.view import consequences, status, view
from licensing.decider import Decider

APPLICATION: Decider[ApplicationState] = Decider(
    commands=COMMANDS,
    events=EVENTS,
    state=TypeAdapter(ApplicationState),
    decide=decide,
    evolve=evolve,
    attempted=noted,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    view=view,
    consequences=consequences,
    directed=directed,
)
