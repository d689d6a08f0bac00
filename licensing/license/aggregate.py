"""The license as one decider."""

from pydantic import TypeAdapter

from licensing.decider import Decider
from licensing.license.commands import COMMANDS, INTERNAL
from licensing.license.deadlines import deadlines, passed
from licensing.license.decide import decide
from licensing.license.directed import directed
from licensing.license.events import EVENTS
from licensing.license.state import LicenseState, dossier, evolve, noted
from licensing.license.view import consequences, status, view

LICENSE: Decider[LicenseState] = Decider(
    commands=COMMANDS,
    internal=INTERNAL,
    events=EVENTS,
    state=TypeAdapter(LicenseState),
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
