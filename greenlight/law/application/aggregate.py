"""The application as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.application.commands import COMMANDS
from greenlight.law.application.deadlines import deadlines, passed
from greenlight.law.application.decide import decide
from greenlight.law.application.directed import directed
from greenlight.law.application.events import EVENTS
from greenlight.law.application.state import ApplicationState, dossier, evolve, noted
from greenlight.law.application.view import consequences, status, view

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
