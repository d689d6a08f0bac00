"""The license as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.license.commands import COMMANDS, INTERNAL
from greenlight.law.license.deadlines import deadlines, passed
from greenlight.law.license.decide import decide
from greenlight.law.license.directed import directed
from greenlight.law.license.events import EVENTS
from greenlight.law.license.state import LicenseState, dossier, evolve, noted
from greenlight.law.license.view import consequences, status, view

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
